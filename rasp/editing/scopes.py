"""What is bound where and when: a use of a name means the last binding before it that it can see."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from operator import itemgetter
from typing import Literal, TypeAlias

from rasp.errors import Span

Kind: TypeAlias = Literal["variable", "function", "parameter", "import"]


@dataclass(frozen=True, eq=False)
class Binding:
    """A place that binds a name.

    Attributes:
        span: of the name.
        scope: the text in which it is known; None for the whole file.
        statement: the statement above which its comment stands.
        parameters: those of a function.
    """

    name: str
    kind: Kind
    span: Span
    scope: Span | None
    statement: Span
    parameters: tuple[Binding, ...] = ()


@dataclass(eq=False)
class Scope:
    """What a file, a call or a comprehension binds.

    Attributes:
        around: what it looks in next.
        text: where its names are known; None for the whole file.
        closed: names that nothing can bind here.
        made: the bindings of each name, with the moment of each, in order.
        functions: those defined here.
    """

    around: View | None
    text: Span | None = None
    closed: frozenset[str] = frozenset()
    made: dict[str, list[tuple[int, Binding]]] = field(default_factory=dict)
    functions: list[Binding] = field(default_factory=list)

    def bind(self, name: str, binding: Binding, moment: int) -> bool:
        """Bind a name, unless it is closed; moments only grow."""
        if name in self.closed:
            return False
        self.made.setdefault(name, []).append((moment, binding))
        return True

    def last(self) -> dict[str, Binding]:
        """What the names mean at the end."""
        return {name: made[-1][1] for name, made in self.made.items()}


@dataclass(frozen=True)
class View:
    """A scope, and those around it, as they are at a moment.

    Attributes:
        hidden: the moments of branches that exclude the one that looks.
    """

    scope: Scope
    moment: float = inf
    hidden: tuple[range, ...] = ()

    def find(self, name: str) -> tuple[Binding, View] | None:
        """What a name means, and the view of the scope that binds it."""
        for view in self._chain():
            made = view.scope.made.get(name, [])
            for place in range(bisect_right(made, view.moment, key=itemgetter(0)), 0, -1):
                moment, binding = made[place - 1]
                if not any(moment in branch for branch in view.hidden):
                    return binding, view
        return None

    def find_later(self, name: str) -> Binding | None:
        """The first binding of a name that a use could see at a later moment."""
        return next((view.scope.made[name][0][1] for view in self._chain() if name in view.scope.made), None)

    def _chain(self) -> Iterator[View]:
        view: View | None = self
        while view is not None:
            yield view
            view = view.scope.around
