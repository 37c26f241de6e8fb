"""What a task is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import jax

import rasp
from conjecture.alphabet import Alphabet
from conjecture.errors import LabError
from conjecture.sample import Sample
from rasp.examples import example_folders
from rasp.values import SOp, as_sop

Key: TypeAlias = jax.Array
Sampler: TypeAlias = Callable[[Key, jax.Array, int], Sample]


@dataclass(frozen=True)
class Program:
    """A program in a file, or a RASP-L program given as text.

    Attributes:
        file: in ``examples/``, or a path; with a text, only what the program is called.
        name: what the program calls the s-op or function.
        text: the program itself, if it is in no file.
    """

    file: str
    name: str = "next_token"
    text: str | None = None

    @property
    def path(self) -> Path:
        """Where the file is.

        Raises:
            LabError: it is nowhere.
        """
        if self.text is not None:
            raise LabError(f"the program {self.file} is in no file", hint="it is given as text: its text attribute holds it")
        places = (Path(), *example_folders())
        for folder in places:
            if (folder / self.file).is_file():
                return folder / self.file
        raise LabError(f"the program {self.file} is not there", hint=f"looked in {', '.join(map(str, places))}")

    def module(self) -> rasp.Module:
        """The loaded program."""
        return _loaded(self.path) if self.text is None else _read(self.text)

    def sop(self) -> SOp:
        """What the program computes of its input."""
        sop = as_sop(self.module()[self.name])
        if sop is None:
            raise LabError(f"'{self.name}' of {self.file} is no s-op and no function of one sequence", hint="name one that is")
        return sop


@cache
def _loaded(path: Path) -> rasp.Module:
    return rasp.load(path)


@cache
def _read(text: str) -> rasp.Module:
    return rasp.loads(text, dialect="rasp-l")


@dataclass(frozen=True)
class Published:
    """A figure of the literature.

    Attributes:
        source: paper and place.
        trained: the training lengths.
        tested: the test lengths.
        percent: mean exact match.
        setting: what else belongs to it: positions, architecture.
    """

    source: str
    trained: tuple[int, int]
    tested: tuple[int, int]
    percent: float
    setting: str = ""


@dataclass(frozen=True)
class Task:
    """What a transformer is trained to do, and the program that does it.

    Attributes:
        name: as commands and results call it.
        summary: one line: what is asked.
        sample: one sample of a length, given the longest length that matters; runs inside jit, and has room(longest) tokens.
        room: the most tokens of a sample of at most a length, prompt and answer together.
        alphabet: the tokens that samples of at most a length may hold.
        program: solves the task at any length: names the next token, or the label of each position.
        source: where the task is from.
        form: "continue" a prompt by an answer that ends in ``stop``, or "label" every position, or those at the end that wait for
            the answer.
        stop: the code of the token that ends an answer.
        labels: the labels that can be asked for, if they are other than the tokens.
        causal: whether a model for it looks back only.
        looks_ahead: whether the program does not, though a model does: it is then asked for one token at a time, each after those
            before it only.
        steps: how many steps a looped model takes on a sample of a length, which may be traced; None if the task is for none.
        shortest: the least length.
        family: of tasks that ask for nearly the same, and so don't count as independent evidence; None if it is alone.
        published: figures of the literature.
        shortcut: a program that is right on most training samples and wrong on longer ones, where one is known.
    """

    name: str
    summary: str
    sample: Sampler
    room: Callable[[int], int]
    alphabet: Callable[[int], Alphabet]
    program: Program
    source: str
    form: Literal["continue", "label"] = "continue"
    stop: int | None = None
    labels: Callable[[int], Alphabet] | None = None
    causal: bool = True
    looks_ahead: bool = False
    steps: Callable[[Any], Any] | None = None
    shortest: int = 1
    family: str | None = None
    published: tuple[Published, ...] = ()
    shortcut: Program | None = None

    def outputs(self, longest: int) -> Alphabet:
        """What a model for lengths up to one can be asked to give."""
        return (self.labels or self.alphabet)(longest)
