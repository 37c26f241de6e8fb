"""The question that the lowering answers to each of its parts: which form is the integer f(value) of an s-op?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from compiler.circuit import Form
from rasp.graph.nodes import Atom, Sop

ToInt: TypeAlias = Callable[[Atom], int]


class Forms(Protocol):
    """What the parts ask of the lowering, for the s-ops below theirs; ``compiler/lowering/graph.py`` has the docstrings."""

    def form(self, node: Sop, function: ToInt, cuts: Sequence[Atom] | None = None) -> Form: ...
    def imaged(self, node: Sop, images: tuple[int, ...]) -> Form: ...
    def truth(self, node: Sop) -> Form: ...
    def integer(self, node: Sop) -> tuple[Form, Form] | None: ...


def scaled(value: Atom, scale: int = 1) -> int:
    """A number times a scale that makes it integral; 0 of a string, where a number beside strings is read."""
    return 0 if isinstance(value, str) else int(value * scale)
