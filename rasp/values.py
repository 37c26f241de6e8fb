"""The values of the languages that users hold: s-ops, selectors and functions. Atoms, lists and dictionaries are Python's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rasp.graph.nodes import Selector as SelectorNode
from rasp.graph.nodes import Sop

if TYPE_CHECKING:
    import numpy as np

    from rasp.evaluate.column import Column

Tokens = Iterable[Any]
"""An input: a string (of characters), or a list, tuple or array of atoms."""


@dataclass(frozen=True, eq=False)
class SOp:
    """A sequence operator: a function from an input of length n to a sequence of n atoms.

    Attributes:
        node: the graph as the program wrote it.
        name: what the program calls it, if it has a name.
        label: what a display calls it: its name, or a text made from the operation that it is.
    """

    node: Sop
    name: str | None = None
    label: str = "s-op"

    def __call__(self, tokens: Tokens) -> list[bool | int | float | str]:
        """The values on an input. Exact numbers are given by ``column(tokens).to_atoms()``."""
        return self.column(tokens).to_list()

    def column(self, tokens: Tokens) -> Column:
        """The exact, typed sequence on an input.

        Raises:
            InputError: ``tokens`` is no sequence of atoms, or empty.
            EvaluationError: the program is undefined on this input.
        """
        from rasp.evaluate import evaluate

        return evaluate(self.node, tokens)

    def _repr_html_(self) -> str:
        from rasp.notebook import sop_html

        return sop_html(self)


@dataclass(frozen=True, eq=False)
class Selector:
    """A function from an input of length n to an n×n Boolean matrix; rows are query positions, columns key positions."""

    node: SelectorNode
    name: str | None = None
    label: str = "plain select"

    def __call__(self, tokens: Tokens) -> np.ndarray:
        """The matrix on an input, as a Boolean array of shape (n, n)."""
        from rasp.evaluate import evaluate_selector

        return evaluate_selector(self.node, tokens)

    def _repr_html_(self) -> str:
        from rasp.notebook import selector_html

        return selector_html(self)


def as_sop(value: object) -> SOp | None:
    """The s-op that a value is: an s-op itself, or what a RASP-L function of one sequence makes of the input; None for others.

    Raises:
        RaspTypeError: the function needs more than its input.
    """
    if isinstance(value, SOp):
        return value
    if not isinstance(value, Function) or not hasattr(value, "sop"):
        return None
    function: Any = value
    return function.sop()


class Function(ABC):
    """A function of a program."""

    name: str
    parameters: tuple[str, ...]

    @abstractmethod
    def __call__(self, *arguments: Any, **constants: Any) -> Any:
        """Apply the function to values of its language."""
