"""Every literal as clauses: the scores of the factors, in integers, say exactly where the comparison holds."""

from collections.abc import Callable

import numpy as np
import pytest

from compiler.analysis.selectors import EQUAL, GREATER, LESS, Relation
from compiler.lowering.clauses import Clauses, Orders
from compiler.target import Target
from rasp.graph.nodes import Atom, Const, Input, Map, Op, Param, Sop
from tests.compiler.circuits import Run, lowering_of

TOKENS = Input("tokens_int")
INDICES = Input("indices")
TARGET = Target.of([-7, -3, 0, 1, 2, 3, 5, 8, 13, 40], 24, False)
INPUT: list[Atom] = [*TARGET.vocab, *TARGET.vocab[::-1], 5, 5, 0, 1]
SIDES: dict[str, tuple[Sop, Sop]] = {
    "same": (TOKENS, TOKENS),
    "key is the index": (INDICES, TOKENS),
    "query is the index": (TOKENS, INDICES),
    "constant": (TOKENS, Const(2)),
    "no value in common": (TOKENS, Const(4)),
    "indices": (INDICES, INDICES),
}
ORDERS = [Orders(whole=10**6, base=0), Orders(whole=1, base=0), Orders(whole=4, base=4), Orders(whole=1, base=2)]


def check(relation: Relation, outcomes: int, orders: Orders, *, one: bool = False) -> int:
    """Assert that the combination is 1 where the literal holds and 0 elsewhere; how many heads it takes."""
    lowering = lowering_of(TARGET, orders.whole, orders.base)
    clauses = Clauses(lowering.values, lowering.features, lowering, orders).of(relation, outcomes, one=one)
    run = Run(TARGET, INPUT)
    keys, queries = (_values(node) for node in (relation.key, relation.query))
    found = sum(coefficient * run.selected(clause).astype(int) for coefficient, clause, _ in clauses)
    wanted = [[int(relation.holds(outcomes, key, query)) for key in keys] for query in queries]
    assert np.array_equal(np.broadcast_to(found, (len(INPUT), len(INPUT))), wanted)
    if one:
        assert [coefficient for coefficient, _, _ in clauses] in ([1], [])
    return len(clauses)


def _values(node: Sop) -> list[Atom]:
    match node:
        case Const(value=value):
            return [value] * len(INPUT)
        case Input(name="indices"):
            return list(range(len(INPUT)))
        case _:
            return INPUT


@pytest.mark.parametrize("orders", ORDERS, ids=str)
@pytest.mark.parametrize("outcomes", [EQUAL, LESS, GREATER, LESS | EQUAL, GREATER | EQUAL, LESS | GREATER])
@pytest.mark.parametrize("sides", SIDES)
def test_comparisons(sides: str, outcomes: int, orders: Orders) -> None:
    relation = Relation(*SIDES[sides])
    check(relation, outcomes, orders)
    check(relation, outcomes, orders, one=True)


@pytest.mark.parametrize("outcomes", [EQUAL, LESS | GREATER])
def test_any_predicate(outcomes: int) -> None:
    """``(key * query) % 3 == 1``, or not."""
    product = Map(Op.MOD, (Map(Op.MUL, (Param("key"), Param("query"))), Const(3)))
    body = Map(Op.EQ, (product, Const(1)))
    assert check(Relation(TOKENS, TOKENS, body), outcomes, ORDERS[0]) == 1


def test_two_digits_are_two_heads_and_more_digits_more() -> None:
    heads: Callable[[Orders], int] = lambda orders: check(Relation(INDICES, INDICES), LESS, orders)  # noqa: E731
    assert [heads(orders) for orders in ORDERS] == [1, 2, 3, 5]


def test_unequal_of_many_values_is_everything_less_the_equal() -> None:
    assert check(Relation(TOKENS, TOKENS), LESS | GREATER, ORDERS[0]) == 2
    assert check(Relation(TOKENS, TOKENS), LESS | GREATER, ORDERS[0], one=True) == 1
