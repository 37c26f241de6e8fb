"""From selector nodes and the columns they compare to formulas."""

from __future__ import annotations

from collections.abc import Hashable, MutableMapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp.errors import EvaluationError
from rasp.evaluate.column import Column, truth
from rasp.evaluate.distinct import distinct
from rasp.evaluate.elementwise import compare
from rasp.evaluate.expression import evaluate_expression
from rasp.evaluate.formula import EQUAL, GREATER, LESS, TRUE, Formula, Opaque, Pair, Table, leaf, mask_leaf
from rasp.evaluate.ranks import joint_ranks
from rasp.evaluate.text import described
from rasp.graph import Sop
from rasp.graph.nodes import Comparison, Op, ParamRole

LARGEST_TABLE = 4_000_000
"""Most pairs of distinct key and query values that a predicate is tabulated on."""

Pairs = MutableMapping[tuple[Hashable, Hashable], Pair]
"""The pairs that formulas in use have, by the sequences they compare."""

_OUTCOMES = {
    Comparison.LT: LESS,
    Comparison.LE: LESS | EQUAL,
    Comparison.EQ: EQUAL,
    Comparison.NE: LESS | GREATER,
    Comparison.GE: EQUAL | GREATER,
    Comparison.GT: GREATER,
}


@dataclass(frozen=True, eq=False)
class Side:
    """The keys or the queries of a comparison: a column, and a name that equal sequences share."""

    name: Hashable
    column: Column


def comparison(op: Comparison, key: Side, query: Side, pairs: Pairs) -> Formula:
    """The formula of ``key[j] op query[i]``.

    Raises:
        EvaluationError: an order of unlike kinds.
    """
    if key.column.is_text != query.column.is_text:
        return mask_leaf("key", compare(Op(op), key.column, query.column))
    names = key.name, query.name
    pair = pairs.get(names)
    if pair is None:
        pairs[names] = pair = Pair(key.name, *joint_ranks(key.column, query.column))
    return leaf(pair, _OUTCOMES[op])


def predicate(body: Sop, key: Column, query: Column) -> Formula:
    """The formula of a predicate that is no comparison: a table over the distinct values, if that is not too large.

    Raises:
        EvaluationError: the body is undefined on a pair of values.
    """
    keys, queries = distinct(key), distinct(query)
    key_values = key.take(keys.first)
    if keys.count * queries.count > LARGEST_TABLE:
        return leaf(Opaque(key_values, keys.ids, query, body), TRUE)
    table = evaluate_grid(body, key_values, query, queries.first)
    classes, class_of_value = np.unique(table, axis=0, return_inverse=True)
    return leaf(Table(classes, keys.ids, class_of_value.reshape(-1)[queries.ids]), TRUE)


def evaluate_grid(body: Sop, keys: Column, query: Column, positions: NDArray[np.intp]) -> NDArray[np.bool_]:
    """The truth of a body for the queries at these positions (rows) and each key (columns).

    Raises:
        EvaluationError: the body is undefined on a pair.
    """
    rows, columns = len(positions), len(keys)
    grid: dict[ParamRole, Column] = {
        "key": keys.take(np.tile(np.arange(columns), rows)),
        "query": query.take(np.repeat(positions, columns)),
    }
    try:
        return truth(evaluate_expression(body, grid, rows * columns)).reshape(rows, columns)
    except EvaluationError as error:
        row, column = divmod(error.position or 0, columns)
        position = int(positions[row])
        pair = f"key {described(keys.atom(column))}, query {described(query.atom(position))}"
        raise EvaluationError(f"{error.message}, in a selector for {pair}", position=position) from None
