"""Operators on their own: the numbers between which one is constant."""

from fractions import Fraction

import pytest

from compiler.analysis.elementwise import MOST_CUTS, Operator
from compiler.analysis.intervals import Interval
from rasp import atoms
from rasp.graph.nodes import Const, Input, Map, Op, Sop

X = Input("indices")
OPERATORS: dict[str, Sop] = {
    "round": Map(Op.ROUND, (X,)),
    "trunc": Map(Op.TRUNC, (X,)),
    "thirds": Map(Op.FLOORDIV, (X, Const(Fraction(1, 3)))),
    "above": Map(Op.GT, (X, Const(2))),
    "not": Map(Op.NOT, (X,)),
}


@pytest.mark.parametrize("name", OPERATORS)
def test_an_operator_is_constant_between_its_cuts(name: str) -> None:
    operator = Operator.of(OPERATORS[name])
    cuts = operator.cuts(Interval(Fraction(-4), Fraction(4)))
    assert cuts
    known: dict[tuple[int, int], object] = {}
    for number in (Fraction(k, 12) for k in range(-48, 49)):
        piece = sum(cut < number for cut in cuts), sum(cut <= number for cut in cuts)
        value = operator.at({X: atoms.from_host(number)})
        assert known.setdefault(piece, value) == value, number
    assert len(set(known.values())) > 1


def test_what_is_not_piecewise_constant_has_no_cuts() -> None:
    for operator in (Map(Op.NEG, (X,)), Map(Op.ADD, (X, X)), Map(Op.GT, (X, Input("tokens_int")))):
        assert Operator.of(operator).cuts(Interval(Fraction(0), Fraction(4))) is None


@pytest.mark.parametrize("name", ["round", "trunc"])
def test_too_many_cuts_are_not_listed(name: str) -> None:
    operator = Operator.of(OPERATORS[name])
    assert len(operator.cuts(Interval(Fraction(0), Fraction(MOST_CUTS))) or []) > MOST_CUTS
    assert operator.cuts(Interval(Fraction(0), Fraction(MOST_CUTS + 1))) is None
