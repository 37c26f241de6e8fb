"""Columns, inputs and texts."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from rasp import atoms, limits
from rasp.errors import EvaluationError, RaspLimitError, Source
from rasp.evaluate import Column, evaluate, evaluate_many, evaluate_selector, sequence_text
from rasp.evaluate.column import SMALL
from rasp.evaluate.distinct import distinct
from rasp.evaluate.ranks import joint_ranks
from rasp.graph import Atom
from rasp.graph.nodes import Aggregate, Compare, Comparison, Const, Input, Map, Op, SelectorWidth
from tests.rasp.evaluate import graphs

INDICES, TOKENS = Input("indices"), Input("tokens_asis")


@settings(max_examples=200, deadline=None)
@given(graphs.inputs())
def test_atoms_survive_a_column(items: list[Atom]):
    column = Column.from_atoms(items)
    assert [(type(atom), atom) for atom in column.to_atoms()] == [(type(atom), atom) for atom in items]
    assert len(column) == len(items)


@settings(max_examples=200, deadline=None)
@given(graphs.inputs())
def test_distinct_elements(items: list[Atom]):
    found = distinct(Column.from_atoms(items))
    keys = [(type(atom), atom) for atom in items]
    assert [keys[found.first[number]] for number in found.ids] == keys
    assert found.count == len(set(keys))
    assert [keys.index(keys[position]) for position in found.first] == found.first.tolist()


@settings(max_examples=200, deadline=None)
@given(graphs.inputs(), graphs.inputs())
def test_ranks_order_as_atoms_do(left: list[Atom], right: list[Atom]):
    if isinstance(left[0], str) != isinstance(right[0], str):
        return
    items = [*left, *right]
    n = min(len(left), len(right))
    mine, others, size = joint_ranks(Column.from_atoms(items[:n]), Column.from_atoms(items[-n:]))
    for i in range(n):
        for j in range(n):
            one, other = items[i], items[-n:][j]
            assert (mine[i] < others[j]) == (one < other)  # type: ignore[operator]
            assert (mine[i] == others[j]) == (one == other)
    assert max(mine.max(), others.max()) < size


KINDS: list[tuple[list[Atom], str]] = [
    ([True, False], "bool"),
    ([True, 1], "int"),
    ([1, Fraction(5, 2)], "float"),
    ([True, Fraction(1)], "float"),
    (["a"], "string"),
    ([], "int"),
]


@pytest.mark.parametrize(("items", "kind"), KINDS)
def test_kinds(items, kind):
    assert Column.from_atoms(items).kind == kind


def test_strings_do_not_mix_with_numbers():
    with pytest.raises(EvaluationError, match='int 1 at position 0, then string "a"') as caught:
        Column.from_atoms([1, 2, "a"])
    assert caught.value.position == 2


def test_python_values():
    assert Column.from_atoms([True, 1, Fraction(1, 3)]).to_list() == [True, 1, 1 / 3]
    assert Column.from_atoms([Fraction(1, 3), Fraction(2)]).to_list() == [1 / 3, 2.0]
    assert Column.from_atoms([Fraction(2**80 + 1, 3)]).to_list() == [(2**80 + 1) / 3]
    assert [type(value) for value in Column.from_atoms([False, True]).to_list()] == [bool, bool]


TEXTS: list[tuple[list[Atom], str]] = [
    ([True, 1], "[T]*2 (ints)"),
    ([True], "[T] (bools)"),
    ([1, Fraction(5, 2)], "[1, 2.5] (floats)"),
    (["a", "a"], "[a]*2 (strings)"),
    (["a", ""], "[a, ] (strings)"),
    ([Fraction(-1, 10_000), Fraction(1)], "[-0.0, 1.0] (floats)"),
    ([Fraction(10**21), Fraction(1)], "[1e+21, 1.0] (floats)"),
    ([Fraction(1, 3), Fraction(1, 3)], "[0.333]*2 (floats)"),
    ([10**5000], f"[1{'0' * 5000}] (ints)"),
    ([-(10**4000), 1], f"[-1{'0' * 4000}, 1] (ints)"),
    ([], "[] (ints)"),
]


@pytest.mark.parametrize(("items", "text"), TEXTS)
def test_sequence_texts(items, text):
    assert sequence_text(Column.from_atoms(items)) == text


ARRAYS = [
    np.array([3, -1]),
    np.array([3, -1], np.int8),
    np.array([3, 1], np.uint64),
    np.array([True, False]),
    np.array([0.5, 2.0]),
]


@pytest.mark.parametrize("array", ARRAYS)
def test_arrays_are_inputs(array):
    wanted = Column.from_atoms([Fraction(item) if isinstance(item, float) else item for item in array.tolist()])
    assert evaluate(TOKENS, array).to_atoms() == wanted.to_atoms()
    assert evaluate(TOKENS, array).kind == wanted.kind


def test_a_column_is_an_input():
    column = evaluate(INDICES, "abc")
    assert evaluate(Map(Op.ADD, (TOKENS, Const(1))), column).to_list() == [1, 2, 3]


def test_characters_beyond_the_basic_plane():
    assert evaluate(Input("tokens_str"), "a😀\ud800").to_list() == ["a", "😀", "\ud800"]


def test_an_empty_input_gives_an_empty_sequence_where_allowed():
    assert evaluate(SelectorWidth(Compare(TOKENS, TOKENS, Comparison.EQ)), [], allow_empty=True).to_list() == []


def test_several_s_ops_share_one_run():
    doubled = Map(Op.MUL, (TOKENS, Const(2)))
    columns = evaluate_many([doubled, TOKENS, doubled, Map(Op.MUL, (TOKENS, Const(2)))], [1, 2])
    assert [column.to_list() for column in columns] == [[2, 4], [1, 2], [2, 4], [2, 4]]
    assert columns[0] is columns[2] is columns[3]


def test_a_chain_of_any_length():
    node = INDICES
    for _ in range(5_000):
        node = Map(Op.ADD, (node, Const(1)))
    assert evaluate(node, "ab").to_list() == [5_000, 5_001]


def test_errors_name_the_place():
    source = Source("p.rasp", "x = 1/indices;")
    node = Map(Op.DIV, (Const(1), INDICES), source.span(4, 13))
    with pytest.raises(EvaluationError) as caught:
        evaluate(Map(Op.ADD, (node, Const(1))), "ab")
    assert str(caught.value) == "p.rasp:1:5: division by zero: int 1 / int 0 (at position 0)"


def test_matrices_of_long_inputs_are_refused():
    with pytest.raises(RaspLimitError, match=r"a selector on 5,000 tokens is not written out: the limit is 4,096"):
        evaluate_selector(Compare(TOKENS, TOKENS, Comparison.EQ), "a" * 5_000)


def test_numbers_have_a_limit():
    node = Const(2)
    for _ in range(20):
        node = Map(Op.MUL, (node, node))
    with pytest.raises(RaspLimitError, match="65,536 bits"):
        evaluate(Map(Op.ADD, (node, INDICES)), "ab")
    wide = 2 ** (limits.NUMBER_BITS - 1)
    with pytest.raises(RaspLimitError, match="65,536 bits"):
        evaluate(Map(Op.ADD, (TOKENS, TOKENS)), [wide, 1])


@pytest.mark.parametrize("op", [Op.ADD, Op.SUB, Op.MUL, Op.FLOORDIV, Op.MOD, Op.DIV, Op.BITAND, Op.BITXOR])
def test_int64_never_overflows(op):
    edges = [SMALL, SMALL + 1, -SMALL, -SMALL - 1, 2**63 - 1, -(2**63), 2**63, 3]
    for other in edges:
        found = evaluate(Map(op, (TOKENS, Const(other))), edges).to_atoms()
        assert found == [atoms.apply(op, edge, other) for edge in edges]


def test_sums_never_overflow():
    full = Compare(Const(0), Const(0), Comparison.EQ)
    tokens = [SMALL, SMALL, SMALL - 1]
    assert evaluate(Aggregate(full, TOKENS), tokens).to_atoms() == [Fraction(sum(tokens), 3)] * 3


def test_means_without_a_manageable_common_denominator(monkeypatch):
    monkeypatch.setattr(limits, "COLUMN_BITS", 10)
    inverse = Map(Op.DIV, (Const(1), Map(Op.ADD, (INDICES, Const(1)))))
    before = Compare(INDICES, INDICES, Comparison.LE)
    found = evaluate(Aggregate(before, inverse), "abcde").to_atoms()
    assert found == [sum((Fraction(1, k + 1) for k in range(i + 1)), start=Fraction(0)) / (i + 1) for i in range(5)]


def test_sequences_of_large_values_have_a_limit(monkeypatch):
    monkeypatch.setattr(limits, "COLUMN_BITS", 10_000)
    wide = Map(Op.ADD, (Const(2**1_000), INDICES))
    assert evaluate(wide, "abc").to_atoms() == [2**1_000, 2**1_000 + 1, 2**1_000 + 2]
    for node in (wide, Map(Op.POW, (Const(3), Map(Op.ADD, (INDICES, Const(700)))))):
        with pytest.raises(RaspLimitError, match="a sequence of very large values: more than 10,000 bits together"):
            evaluate(node, "a" * 12)
    with pytest.raises(RaspLimitError, match="very large values"):
        evaluate(Map(Op.MUL, (TOKENS, Const(500))), "abc")


def test_means_of_very_many_fractions_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "COLUMN_BITS", 10)
    monkeypatch.setattr(limits, "AVERAGED_FRACTIONS", 10)
    inverse = Map(Op.DIV, (Const(1), Map(Op.ADD, (INDICES, Const(1)))))
    before = Compare(INDICES, INDICES, Comparison.LE)
    assert len(evaluate(Aggregate(before, inverse), "abcd")) == 4
    with pytest.raises(RaspLimitError, match="exact means that add 14 fractions"):
        evaluate(Aggregate(before, inverse), "abcde")


@pytest.mark.parametrize("exponent", [2**70, 2**70 + 1, 3**50])
def test_powers_of_units_have_any_exponent(exponent: int):
    tokens: list[Atom] = [0, 1, -1, True, False]
    found = evaluate(Map(Op.POW, (TOKENS, Const(exponent))), tokens).to_atoms()
    assert [(type(atom), atom) for atom in found] == [
        (type(power), power) for power in (atoms.apply(Op.POW, token, exponent) for token in tokens)
    ]


def test_membership_goes_by_equality():
    choices = tuple(map(Const, (1, Fraction(1, 2), "a")))
    assert evaluate(Map(Op.IN, (TOKENS, *choices)), [True, Fraction(1), Fraction(1, 2), 0]).to_atoms() == [
        True,
        True,
        True,
        False,
    ]
    assert evaluate(Map(Op.IN, (TOKENS, *choices)), "ab").to_atoms() == [True, False]
    assert evaluate(Map(Op.IN, (TOKENS, INDICES, Const(7))), [0, 2, 7]).to_atoms() == [True, False, True]
    assert evaluate(Map(Op.IN, (TOKENS,)), [0]).to_atoms() == [False]


def test_strings_and_huge_counts():
    assert evaluate(Map(Op.MUL, (TOKENS, Const(-(10**100)))), "ab").to_atoms() == ["", ""]
    assert atoms.apply(Op.MUL, "", 10**100) == ""
    with pytest.raises(RaspLimitError, match="a string of more than 1,000,000 characters"):
        atoms.apply(Op.MUL, "a", 10**10_000)
