"""Inputs that the examples are meant for: prompts, for the most part with their answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from benchmarks import programs
from benchmarks.compiler_inputs import Draw, Token, Tokens


def cut_to_length(make: Callable[[Random, int], Sequence[Token]]) -> Draw:
    """A generator of ``programs.py``, whose shortest inputs may be longer than what was asked for."""
    return lambda rng, _, length: list(make(rng, length))[:length]


long_addition = cut_to_length(programs.decimal_sum)
counting = cut_to_length(programs.counting)
addition_forward = cut_to_length(programs.addition_forward)
addition_reversed = cut_to_length(programs.addition_reversed)


def _numbers(vocab: Sequence[Token]) -> list[int]:
    return [token for token in vocab if isinstance(token, int) and token >= 0]


def copying(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """START, different numbers, SEP, the numbers again, END."""
    numbers = _numbers(vocab)
    items = rng.sample(numbers, min(max(1, (length - 3) // 2), len(numbers)))
    tokens: Tokens = [-1, *items, -2, *items, -3]
    return tokens[:length]


def sorting(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """Numbers, SEP, the numbers in order, END."""
    items = rng.choices(_numbers(vocab), k=max(1, (length - 2) // 2))
    tokens: Tokens = [*items, -1, *sorted(items), -2]
    return tokens[:length]


def symbols_and_separator(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """Numbers, SEP."""
    return [*rng.choices(_numbers(vocab), k=length - 1), -1]


def parity(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """The (hint, bit) of each place, EQUALS, the (hint, running parity) of each one, RESULT, parity, END."""
    bits = rng.choices([0, 1], k=max(1, (length - 4) // 4))
    answer: list[Token] = []
    running = 0
    for place, bit in enumerate(bits):
        if bit:
            running = 1 - running
            answer += [-100 - place, running]
    prompt = [token for place, bit in enumerate(bits) for token in (-100 - place, bit)]
    return [*prompt, -3, *answer, -4, running, -5][:length]


def retrieval(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """Assignments of numbers or of variables that were assigned before, QUERY, a variable."""
    variables = [token for token in _numbers(vocab) if token >= 100]
    values: list[Token] = [token for token in _numbers(vocab) if token < 100]
    assigned: list[Token] = []
    tokens: Tokens = []
    for variable in rng.sample(variables, min(len(variables), max(1, (length - 2) // 3))):
        value = rng.choice(assigned) if assigned and rng.random() < 0.7 else rng.choice(values)
        tokens += [variable, -1, value]
        assigned.append(variable)
    return [*tokens, -2, rng.choice(assigned)][:length]
