"""The interpreter: a graph and an input become a sequence.

Every node of the canonical graph is evaluated once, in an order without recursion, and forgotten after its last reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from rasp import limits
from rasp.errors import EvaluationError, InputError, RaspError, RaspLimitError, Span
from rasp.evaluate.aggregate import aggregate, selector_width
from rasp.evaluate.blocks import block_matrix, row_blocks
from rasp.evaluate.column import Column, constant
from rasp.evaluate.convert import Tokens, base_column, read_tokens
from rasp.evaluate.elementwise import apply_elementwise
from rasp.evaluate.expression import lookup
from rasp.evaluate.formula import Formula, combination, negation
from rasp.evaluate.selectors import Pairs, Side, comparison, predicate
from rasp.evaluate.text import described
from rasp.graph import Node, Selector, Sop, canonical
from rasp.graph.loops import varying
from rasp.graph.nodes import (
    SELECTOR_TYPES,
    Aggregate,
    Carried,
    Compare,
    Const,
    Input,
    Iterate,
    Lookup,
    Loop,
    Map,
    Param,
    Predicate,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
    children,
    topological,
)

LARGEST_MATRIX = 4_096
"""Longest input for which a selector is written out as a matrix."""


def evaluate(node: Sop, tokens: object, *, allow_empty: bool = False) -> Column:
    """The sequence that an s-op yields on an input.

    Args:
        tokens: a string (its characters), a list, tuple or array of atoms, a dictionary (its keys), or a ``Column``.
        allow_empty: give an empty sequence for an empty input instead of an error, as RASP-L does.

    Raises:
        InputError: no sequence of atoms, an empty one, or tokens that a base s-op can't convert.
        EvaluationError: the program is undefined on this input; the error has the place and the first position.
        RaspLimitError: a value is too large.
    """
    return evaluate_many([node], tokens, allow_empty=allow_empty)[0]


def evaluate_many(nodes: Sequence[Sop], tokens: object, *, allow_empty: bool = False) -> list[Column]:
    """The sequences of several s-ops on one input; what they share is evaluated once. Raises as ``evaluate`` does."""
    items = _checked(tokens, allow_empty=allow_empty)
    if not len(items):
        return [Column.from_atoms([]) for _ in nodes]
    columns = _evaluated(nodes, items).columns
    return [columns[canonical(node).root] for node in nodes]


def evaluate_selector(node: Selector, tokens: object) -> NDArray[np.bool_]:
    """The matrix of a selector on an input: rows are query positions, columns are key positions; shape (n, n).

    Raises:
        RaspLimitError: the input is longer than ``LARGEST_MATRIX``.
        InputError, EvaluationError: as for ``evaluate``.
    """
    items = _checked(tokens, allow_empty=False)
    if len(items) > LARGEST_MATRIX:
        raise RaspLimitError(
            f"a selector on {len(items):,} tokens is not written out: the limit is {LARGEST_MATRIX:,}",
            hint="aggregate it, or take a shorter input",
        )
    formula = _evaluated([node], items).formulas[canonical(node).root]
    return np.concatenate([block_matrix(formula, rows, len(items)) for rows in row_blocks(len(items))])


def _checked(tokens: object, *, allow_empty: bool) -> Tokens:
    items = read_tokens(tokens)
    if not len(items) and not allow_empty:
        raise InputError("the input is empty: a sequence has at least one token")
    return items


@dataclass(frozen=True, eq=False)
class _Values:
    """What is known while a graph is evaluated.

    Attributes:
        spans: where the nodes stand in the source.
        carried: the sequences that the loop around carries, inside its step.
        loops: the states of each loop after its last step.
    """

    tokens: Tokens
    spans: Mapping[Node, Span]
    carried: tuple[Column, ...] = ()
    columns: dict[Node, Column] = field(default_factory=dict)
    formulas: dict[Node, Formula] = field(default_factory=dict)
    loops: dict[Loop, tuple[Column, ...]] = field(default_factory=dict)
    pairs: Pairs = field(default_factory=WeakValueDictionary)

    def run(self, order: Iterable[Node], readers: dict[Node, int]) -> None:
        """Evaluate nodes, each after what it reads, and forget each after its last reader.

        Args:
            readers: how often each node is read from now on.
        """
        for node in order:
            try:
                _evaluate_node(node, self)
            except RaspError as error:
                raise _placed(error, self.spans.get(node)) from None
            for child in children(node):
                readers[child] -= 1
                if not readers[child]:
                    self.forget(child)

    def forget(self, node: Node) -> None:
        self.columns.pop(node, None)
        self.formulas.pop(node, None)


def _evaluated(nodes: Sequence[Node], tokens: Tokens) -> _Values:
    """The values of these nodes, under their canonical forms."""
    graphs = [canonical(node) for node in nodes]
    spans: dict[Node, Span] = {}
    for graph in graphs:
        spans = {**graph.spans, **spans}
    order = topological(*(graph.root for graph in graphs))
    readers = _readers(order)
    for graph in graphs:
        readers[graph.root] += 1
    values = _Values(tokens, spans)
    values.run(order, readers)
    return values


def _states(loop: Loop, outside: _Values) -> tuple[Column, ...]:
    """The states of a loop after its last step. What does not change from step to step is evaluated once."""
    times = _times(outside.columns[loop.times])
    columns = tuple(outside.columns[read] for read in loop.carried)
    values = _Values(outside.tokens, outside.spans, columns)
    changing = varying(loop)
    order = topological(*loop.steps)
    readers = _readers(order)
    for step in loop.steps:
        readers[step] += 1
    for node in order:
        if node not in changing:
            readers[node] += 1  # kept for the next step
    values.run([node for node in order if node not in changing], readers.copy())
    repeated = [node for node in order if node in changing]
    for _ in range(times):
        values.run(repeated, readers.copy())
        states = tuple(values.columns[step] for step in loop.steps)
        values = replace(values, carried=(*states, *columns[len(states) :]), loops={})
    return values.carried[: len(loop.steps)]


def _times(column: Column) -> int:
    """How many steps a loop takes."""
    times = column.to_atoms()[-1]
    if isinstance(times, bool) or not isinstance(times, int):
        raise EvaluationError(f"a loop runs a whole number of times, not {described(times)}")
    if times < 0:
        raise EvaluationError(f"a loop can't run {times} times")
    if times > limits.LOOP_STEPS:
        raise RaspLimitError(f"a loop of {times:,} steps; the limit is {limits.LOOP_STEPS:,}")
    return times


def _readers(order: list[Node]) -> dict[Node, int]:
    count = dict.fromkeys(order, 0)
    for node in order:
        for child in children(node):
            count[child] += 1
    return count


def _placed(error: RaspError, span: Span | None) -> RaspError:
    """The error with its place in the source, and its position in the message."""
    if isinstance(error, EvaluationError) and error.position is not None:
        where = f" (at position {error.position})"
        message = error.message.removesuffix(where) + where  # an error in a loop passes here twice
        return EvaluationError(message, error.span or span, position=error.position, hint=error.hint)
    return error.located(span)


def _evaluate_node(node: Node, values: _Values) -> None:
    if isinstance(node, SELECTOR_TYPES):
        values.formulas[node] = _formula(node, values)
    else:
        values.columns[node] = _column(node, values)


def _column(node: Sop, values: _Values) -> Column:
    columns, formulas = values.columns, values.formulas
    match node:
        case Input(name=name):
            return base_column(name, values.tokens)
        case Const(value=value):
            return constant(value, len(values.tokens))
        case Map(op=op, args=args):
            return apply_elementwise(op, tuple(columns[arg] for arg in args))
        case Lookup(index=index):
            return lookup(node, columns[index])
        case SelectorWidth(selector=selector):
            return selector_width(formulas[selector], len(values.tokens))
        case Aggregate(selector=selector, value=value, default=default, reduction=reduction):
            return aggregate(reduction, formulas[selector], columns[value], default)
        case Carried(index=index):
            return values.carried[index]
        case Iterate(loop=loop, index=index):
            if loop not in values.loops:
                values.loops[loop] = _states(loop, values)
            return values.loops[loop][index]
        case Param():
            raise AssertionError("a parameter outside a predicate")
        case _:
            assert_never(node)


def _formula(node: Selector, values: _Values) -> Formula:
    columns, formulas = values.columns, values.formulas
    match node:
        case Compare(key=key, query=query, op=op):
            return comparison(op, Side(key, columns[key]), Side(query, columns[query]), values.pairs)
        case Predicate(key=key, query=query, body=body):
            return predicate(body, columns[key], columns[query])
        case SelectorNot(operand=operand):
            return negation(formulas[operand])
        case SelectorAnd(left=left, right=right):
            return combination("and", formulas[left], formulas[right])
        case SelectorOr(left=left, right=right):
            return combination("or", formulas[left], formulas[right])
        case _:
            assert_never(node)
