"""The programs that the interpreters run, and inputs of any length on which each of them has work to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Literal, TypeAlias

import rasp
from rasp.values import SOp

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

Peer: TypeAlias = Literal["tech-srl/RASP", "np_rasp"]
Tokens: TypeAlias = str | list[int]

START, PLUS, EQUALS, FIRST_HINT = -1, -2, -3, -100


@dataclass(frozen=True)
class PeerText:
    """The same task as the peer has it: ``name`` of a file of its checkout, or of a text where it has no file.

    Attributes:
        constants: further arguments of a RASP-L function.
    """

    name: str
    file: str | None = None
    text: str = ""
    constants: dict[str, Any] = field(default_factory=dict)

    def sop(self, checkout: Path, dialect: Literal["rasp", "rasp-l"]) -> SOp:
        """What the peer's text defines when this interpreter reads it."""
        module = rasp.loads(self.text, dialect) if self.file is None else rasp.load(checkout / self.file)
        value = module[self.name]
        return value if isinstance(value, SOp) else value.sop(**self.constants)


@dataclass(frozen=True)
class Program:
    """A task.

    Attributes:
        file: the example that solves it.
        definition: what of the example is run.
        tokens: a random input of about the given length.
        at_a_million: whether the goal for a million tokens speaks of it.
    """

    name: str
    file: str
    definition: str
    tokens: Callable[[Random, int], Tokens]
    peer: Peer
    peer_text: PeerText
    at_a_million: bool = True

    def example(self) -> SOp:
        value = rasp.load(EXAMPLES / self.file)[self.definition]
        return value if isinstance(value, SOp) else value.sop()

    def on_peer_text(self, checkout: Path) -> SOp:
        return self.peer_text.sop(checkout, "rasp" if self.peer == "tech-srl/RASP" else "rasp-l")


def letters(rng: Random, length: int) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=length))


def brackets(rng: Random, length: int) -> str:
    """Balanced brackets of two kinds; the depth grows like the root of the length."""
    text: list[str] = []
    owed: list[str] = []
    for left in range(length - length % 2, 0, -1):
        if owed and (len(owed) == left or rng.random() < 0.5):
            text.append(owed.pop())
        else:
            opening, closing = rng.choice(["()", "{}"])
            text.append(opening)
            owed.append(closing)
    return "".join(text)


def decimal_sum(rng: Random, length: int) -> str:
    """Two numbers and a plus."""
    right = (length - 1) // 2
    digits = rng.choices("0123456789", k=length - 1)
    return "".join([*digits[: length - 1 - right], "+", *digits[length - 1 - right :]])


def counting(_: Random, length: int) -> list[int]:
    """From 0 to beyond what is written."""
    return [START, 0, length, *range(length - 3)]


def symbols(rng: Random, length: int) -> list[int]:
    return rng.choices(range(100), k=length)


def addition_forward(rng: Random, length: int) -> list[int]:
    prompt, answer = _addition(rng, length)
    return prompt + [token for hint, digit in enumerate(answer) for token in (FIRST_HINT - hint, digit)]


def addition_reversed(rng: Random, length: int) -> list[int]:
    prompt, answer = _addition(rng, length)
    return prompt + [token for hint, digit in reversed(list(enumerate(answer))) for token in (FIRST_HINT - hint, digit)]


def _addition(rng: Random, length: int) -> tuple[list[int], list[int]]:
    """A prompt with hints, and the digits of the sum; both together take about ``length`` tokens."""
    places = max(1, (length - 3) // 6)
    left, right = ([0, *rng.choices(range(10), k=places - 1)] for _ in range(2))
    total, carry = [0] * places, 0
    for place in reversed(range(places)):
        carry, total[place] = divmod(left[place] + right[place] + carry, 10)
    numbers = ([token for hint, digit in enumerate(n) for token in (FIRST_HINT - hint, digit)] for n in (left, right))
    first, second = numbers
    return [START, *first, PLUS, *second, EQUALS], total


_PAPER = "paper_examples.rasp"
_INDUCTION = "def program(x):\n    return induct(x, shift_right(x, 1), 1)\n"
_MODE = "def program(x):\n    return mode(x)\n"

PROGRAMS = (
    Program("hist", "histogram.rasp", "histogram", letters, "tech-srl/RASP", PeerText("hist_nobos", _PAPER)),
    Program("reverse", "reverse.rasp", "reverse", letters, "tech-srl/RASP", PeerText("reverse", _PAPER)),
    Program("sort", "sort.rasp", "sorted", letters, "tech-srl/RASP", PeerText("s", text="s = sort(tokens_str, tokens_str);")),
    Program("dyck2", "dyck_k.rasp", "dyck2", brackets, "tech-srl/RASP", PeerText("dyck2_ptf", _PAPER)),
    Program(
        "long addition",
        "long_addition.rasp",
        "long_addition",
        decimal_sum,
        "tech-srl/RASP",
        PeerText("longsum", "long_addition.rasp"),
        at_a_million=False,
    ),
    Program("count", "count.raspl", "next_token", counting, "np_rasp", PeerText("count", "examples/count.py")),
    Program("mode", "mode.raspl", "next_token", symbols, "np_rasp", PeerText("program", text=_MODE)),
    Program(
        "induct", "induction.raspl", "next_token", symbols, "np_rasp", PeerText("program", text=_INDUCTION), at_a_million=False
    ),
    Program(
        "addition, forward",
        "addition_forward.raspl",
        "next_token",
        addition_forward,
        "np_rasp",
        PeerText("next_tok_addition", "examples/add.py", constants={"reverse": False}),
        at_a_million=False,
    ),
    Program(
        "addition, reversed",
        "addition_reversed.raspl",
        "next_token",
        addition_reversed,
        "np_rasp",
        PeerText("next_tok_addition", "examples/add.py", constants={"reverse": True}),
        at_a_million=False,
    ),
)

BY_NAME = {program.name: program for program in PROGRAMS}
