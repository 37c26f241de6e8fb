"""What a RASP-L program works with while it is elaborated: symbolic sequences, constants, functions, and host objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, TypeAlias

from rasp import limits
from rasp.atoms import kind_of
from rasp.errors import RaspLimitError, RaspNameError, RaspTypeError, Span, did_you_mean
from rasp.graph.nodes import Const, Map, Op, Sop
from rasp.values import Function, Selector

Kind: TypeAlias = Literal["bool", "truth", "int", "number", "float"]
"""The static kind of a sequence or an element, since NumPy's operators go by it.

``bool`` is NumPy's (``+`` is *or*), ``truth`` is Python's (``+`` counts), ``number`` is an int here and a bool there. A whole
sequence is ``bool`` or ``int``; the other kinds arise inside maps and predicates only.
"""


@dataclass(frozen=True, eq=False)
class Sequence:
    """A whole sequence, as a program's variables hold it."""

    node: Sop
    kind: Kind


@dataclass(frozen=True, eq=False)
class Element:
    """One element of a sequence, as the function of a map or a predicate sees it.

    Attributes:
        choice: the condition and the two branches of a conditional whose branches are of unlike kinds.
    """

    node: Sop
    kind: Kind
    choice: tuple[Sop, Element, Element] | None = None


@dataclass(frozen=True)
class Host:
    """Something of Python's or NumPy's that no RASP-L program can use, such as ``np.array`` or ``print``."""

    name: str


Constant: TypeAlias = bool | int | Fraction | str | None
Value: TypeAlias = "Constant | Sequence | Element | Selector | Function | Host | tuple[Value, ...] | dict[str, Value]"


class HostCodeError(RaspTypeError):
    """Host code in a place where its result would be part of the program."""


@dataclass(frozen=True, eq=False)
class Scope:
    """A table of variables and the table to look in next.

    Attributes:
        library: whether the code that sees this scope is the library's.
        path: the file of a module's own scope.
    """

    names: dict[str, Value]
    parent: Scope | None = None
    library: bool = False
    path: Path | None = None

    def nested(self, names: Mapping[str, Value]) -> Scope:
        return Scope(dict(names), self, self.library, self.path)

    def chain(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def lookup(self, name: str, span: Span | None) -> Value:
        """The value of a name.

        Raises:
            RaspNameError: it has none.
        """
        for scope in self.chain():
            if name in scope.names:
                return scope.names[name]
        known = {known for scope in self.chain() for known in scope.names}
        raise RaspNameError(f"unknown name '{name}'", span, hint=did_you_mean(name, known))


@dataclass(eq=False)
class Run:
    """The state of one elaboration.

    Attributes:
        steps: statements and expressions that may still be executed.
        changed: sequences that ``+=`` has replaced, with its place: in NumPy every alias of one would have changed too.
        modules: the files that are loaded.
        loading: the files that are being loaded, outermost first.
    """

    steps: int = limits.STEPS
    changed: dict[Sequence, Span] = field(default_factory=dict)
    modules: dict[Path, dict[str, Value]] = field(default_factory=dict)
    loading: tuple[Path, ...] = ()

    def step(self, span: Span, cost: int = 1) -> None:
        """Count a statement or an expression, or work that costs as much as several.

        Raises:
            RaspLimitError: there have been too many.
        """
        self.steps -= cost
        if self.steps < 0:
            hint = "look for a recursion or a 'while' that does not end"
            raise RaspLimitError(f"the program is not done after {limits.STEPS:,} steps", span, hint=hint)


@dataclass(frozen=True, eq=False)
class Frame:
    """Where and under what condition a piece of program runs.

    Attributes:
        depth: how many function calls are under way.
        guard: inside a conditional expression of a map or predicate, the condition under which this branch counts.
        site: inside a library function, the call in the user's program: faults and nodes are placed there.
    """

    scope: Scope
    run: Run
    depth: int = 0
    guard: Sop | None = None
    site: Span | None = None

    def at(self, span: Span) -> Span:
        """Where a fault or a node of this piece of program is said to be."""
        return self.site or span

    def called(self, scope: Scope, span: Span) -> Frame:
        """The frame of a function called here.

        Raises:
            RaspLimitError: calls nest too deeply.
        """
        if self.depth >= limits.CALL_DEPTH:
            hint = "a recursion must end in an 'if' on a constant"
            raise RaspLimitError(f"function calls nest more than {limits.CALL_DEPTH} deep", self.at(span), hint=hint)
        return Frame(scope, self.run, self.depth + 1, self.guard, self.at(span) if scope.library else None)

    def where(self, condition: Sop, span: Span) -> Frame:
        """The frame of a branch that counts only where the condition is true."""
        guard = condition if self.guard is None else Map(Op.AND, (self.guard, condition), span=self.at(span))
        return replace(self, guard=guard)


def operand(value: Value, span: Span) -> tuple[Sop, Kind]:
    """The node and kind of what an operator or a map works on.

    Raises:
        HostCodeError: it is Python's or NumPy's.
        RaspTypeError: it is neither a number nor a sequence.
    """
    match value:
        case Sequence(node=node, kind=kind) | Element(node=node, kind=kind):
            return node, kind
        case bool():
            return Const(value, span=span), "truth"
        case int():
            return Const(value, span=span), "int"
        case Fraction():
            return Const(value, span=span), "float"
        case Host():
            raise host_error(value, span)
        case _:
            raise RaspTypeError(f"{describe(value)} is neither a number nor a sequence", span)


def as_int(node: Sop, kind: Kind, span: Span) -> Sop:
    """The node forced to ints: a bool becomes 0 or 1, a float is cut toward zero."""
    match kind:
        case "int":
            return node
        case "bool" | "truth":
            return Map(Op.INDICATOR, (node,), span=span)
        case "number" | "float":
            return Map(Op.TRUNC, (node,), span=span)


def host_error(value: Host, span: Span) -> HostCodeError:
    hint = "RASP-L programs are made of sequences and the library's functions; keep other code under the __main__ guard"
    return HostCodeError(f"'{value.name}' is Python's, not RASP-L's", span, hint=hint)


def describe(value: Any) -> str:
    """What a message calls a value."""
    match value:
        case Sequence(kind=kind):
            return f"a sequence of {kind}s"
        case Element():
            return "an element of a sequence"
        case Selector():
            return "a selector"
        case Function(name=name):
            return f"the function '{name}'"
        case Host(name=name):
            return f"'{name}'"
        case None:
            return "None"
        case bool() | int() | Fraction() | str():
            return f"the {kind_of(value)} {shown(value)}"
        case _:
            return "a list" if isinstance(value, tuple) else "a dictionary"


def shown(value: bool | int | Fraction | str) -> str:
    """A constant as messages quote it, cut where it is long."""
    text = repr(value) if isinstance(value, str) else _digits(value)
    return text if len(text) <= 40 else f"{text[:37]}…"


def _digits(value: bool | int | Fraction) -> str:
    if value.numerator.bit_length() > 4_000 or value.denominator.bit_length() > 4_000:
        return "of many digits"
    return str(value)
