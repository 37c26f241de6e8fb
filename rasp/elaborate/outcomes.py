"""What executing a statement did, for whoever shows it. Elaboration itself prints nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from rasp.elaborate.kinds import MatrixResult, SequenceResult, Value
from rasp.errors import RaspError
from rasp.syntax.ast import Subset
from rasp.values import SOp, Tokens

if TYPE_CHECKING:
    from rasp.elaborate.run import Settings


@dataclass(frozen=True)
class Binding:
    """A name and its new value."""

    name: str
    value: Value


@dataclass(frozen=True)
class Assigned:
    """An assignment, with one binding a target; or a function definition, with one."""

    bindings: tuple[Binding, ...]


@dataclass(frozen=True)
class Evaluated:
    """An expression statement.

    Attributes:
        name: the variable, if the expression is nothing but a name; else ``out``.
    """

    name: str
    value: Value


@dataclass(frozen=True)
class Applied:
    """An expression statement whose value is what an s-op or a selector gave on an input."""

    result: SequenceResult | MatrixResult


@dataclass(frozen=True)
class Drawing:
    """A request to draw an s-op on an input.

    Attributes:
        result: its values on that input.
    """

    subject: SOp
    tokens: Tokens
    result: SequenceResult


@dataclass(frozen=True)
class ExamplesShown:
    """``show example``: the running examples of a subset, None for both, are to be shown."""

    subset: Subset


@dataclass(frozen=True)
class Silent:
    """A loop, or a command that changed the settings."""


@dataclass(frozen=True)
class Exited:
    """``exit`` or ``quit``."""


@dataclass(frozen=True)
class Loaded:
    """A ``load`` statement. The load failed if it has errors; what the file could define is defined all the same.

    Attributes:
        path: as the statement spells it.
        items: what each item of the file did, or the error that stopped it, in order.
        settings: as they were at the end of the file.
    """

    path: str
    items: tuple[Outcome | RaspError, ...]
    settings: Settings

    @property
    def errors(self) -> tuple[RaspError, ...]:
        """All errors of the file and of the files that it loads."""
        return errors_of(self.items)


Outcome: TypeAlias = Assigned | Evaluated | Applied | Drawing | ExamplesShown | Silent | Exited | Loaded


def errors_of(items: tuple[Outcome | RaspError, ...]) -> tuple[RaspError, ...]:
    """The errors among the outcomes of a file's items, those of loaded files included, in order."""
    errors: list[RaspError] = []
    for item in items:
        match item:
            case RaspError():
                errors.extend(item.errors)
            case Loaded():
                errors.extend(item.errors)
            case _:
                pass
    return tuple(errors)
