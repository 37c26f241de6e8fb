"""``subject[index]`` for every kind of subject."""

from __future__ import annotations

from rasp.elaborate.kinds import Value, a_kind, describe, operand, sop
from rasp.elaborate.run import Run
from rasp.elaborate.scope import Scope
from rasp.errors import RaspTypeError, RaspValueError, Span
from rasp.graph.nodes import Aggregate, Atom, Compare, Comparison, Const, Input, Lookup, Map, Op, Sop
from rasp.values import SOp

_ITEMS_A_STEP = 16


def index(subject: Value, place: Value, label: str, span: Span, scope: Scope, run: Run) -> Value:
    """The value at an index.

    Args:
        label: the automatic name of an s-op that this makes.
        scope: where ``length`` is looked up for an index from the end of an s-op.
    """
    match subject, place:
        case SOp(), _:
            return _position(subject, place, span, scope)
        case ((list() | str() | dict()), SOp()):
            run.charge(len(subject) // _ITEMS_A_STEP, span)
            return sop(_lookup(subject, place.node, span), label)
        case ((list() | str()), _):
            return _item(subject, place, span)
        case dict(), _:
            return _entry(subject, place, span)
        case _:
            message = f"can only index into a list, dict, string, or sequence, but instead got: {describe(subject)}"
            raise RaspTypeError(message, span)


def _lookup(subject: list[Value] | str | dict[Atom, Value], place: Sop, span: Span) -> Sop:
    values = list(subject.values()) if isinstance(subject, dict) else list(subject)
    constants = tuple(value for value in values if isinstance(value, Atom))
    if len(constants) != len(values):
        wrong = next(value for value in values if not isinstance(value, Atom))
        raise RaspTypeError(f"an s-op can only index a collection of atoms; this one holds {a_kind(wrong)}", span)
    return Lookup(tuple(subject) if isinstance(subject, dict) else None, constants, place, span=span)


def _item(subject: list[Value] | str, place: Value, span: Span) -> Value:
    name = "string" if isinstance(subject, str) else "list"
    if not isinstance(place, int):
        raise RaspTypeError(f"index into {name} has to be s-op or integer, got: {describe(place)}", span)
    if not -len(subject) <= place < len(subject):
        raise RaspValueError(f"index {describe(place)} out of range for {name} of length {len(subject)}", span)
    return subject[place]


def _entry(subject: dict[Atom, Value], place: Value, span: Span) -> Value:
    if not isinstance(place, Atom):
        raise RaspTypeError(f"index into dict has to be s-op or atom, got: {describe(place)}", span)
    if place not in subject:
        raise RaspValueError(f"index [ {describe(place)} ] not in dict", span)
    return subject[place]


def _position(subject: SOp, place: Value, span: Span, scope: Scope) -> SOp:
    """The value at one position, at every position: one attention head. An out-of-range position gives the default 0."""
    if not isinstance(place, int):
        hint = "load_from_location gathers by an s-op of positions" if isinstance(place, SOp) else None
        raise RaspTypeError(f"index into sequence has to be integer, got: {describe(place)}", span, hint=hint)
    query: Sop = Const(int(place), span=span)
    if place < 0:
        length = operand(scope.lookup("length", span), span)
        if length is None:
            raise RaspTypeError("an index from the end needs 'length' to be an s-op; it is redefined here", span)
        query = Map(Op.ADD, (length, query), span=span)
    here = Compare(Input("indices", span=span), query, Comparison.EQ, span=span)
    return sop(Aggregate(here, subject.node, span=span), f"{subject.label}[{describe(place)}]")
