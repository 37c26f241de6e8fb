"""The ways to count, sum and maximize over a selector agree with its matrix, at sizes where they switch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasp.evaluate import Column
from rasp.evaluate.blocks import block_matrix, block_maxima, block_sums
from rasp.evaluate.column import int_column
from rasp.evaluate.conjunction import disjoint_conjunctions, layout, signed_conjunctions
from rasp.evaluate.dominance import dominance_sums
from rasp.evaluate.extrema import range_maxima, selector_maxima
from rasp.evaluate.formula import Formula, combination, mask_leaf, negation
from rasp.evaluate.selectors import Pairs, Side, comparison, predicate
from rasp.evaluate.summation import selector_sums
from rasp.graph.nodes import Comparison, Const, Map, Op, Param

COLUMNS = ["indices", "later", "reversed", "letters", "others", "numbers", "halves", "constant"]
Columns = dict[str, Column]


def columns(length: int, seed: int) -> Columns:
    random = np.random.default_rng(seed)
    indices = np.arange(length)
    halves = Column.from_atoms([Column.from_atoms([int(k)]).atom(0) for k in random.integers(-3, 3, length)])
    return {
        "indices": int_column(indices),
        "later": int_column(indices + 3),
        "reversed": int_column(indices[::-1]),
        "letters": Column.from_atoms(list(map("abc".__getitem__, random.integers(0, 3, length).tolist()))),
        "others": Column.from_atoms(list(map("bcd".__getitem__, random.integers(0, 3, length).tolist()))),
        "numbers": int_column(random.integers(-(2**40), 2**40, length)),
        "halves": Column(halves.num * 2 + 1, np.full(length, 2), halves.tag + 1),
        "constant": int_column(np.full(length, length // 2)),
    }


NUMERIC = [name for name in COLUMNS if name not in ("letters", "others")]
COMPARABLE = [(key, query) for key in NUMERIC for query in NUMERIC] + [
    (key, query) for key in ("letters", "others") for query in ("letters", "others")
]
RELATED = Map(Op.EQ, (Map(Op.MOD, (Map(Op.ADD, (Param("key"), Param("query"))), Const(3))), Const(0)))


class Builder:
    """Formulas over named columns."""

    def __init__(self, length: int, seed: int) -> None:
        self.length = length
        self.columns = columns(length, seed)
        self.pairs: Pairs = {}

    def compare(self, key: str, op: Comparison, query: str) -> Formula:
        return comparison(op, Side(key, self.columns[key]), Side(query, self.columns[query]), self.pairs)

    def table(self, key: str, query: str) -> Formula:
        return predicate(RELATED, self.columns[key], self.columns[query])


def assert_all_agree(formula: Formula, length: int, seed: int) -> None:
    random = np.random.default_rng(seed + 1)
    weight, ranks = random.integers(-5, 6, length), random.integers(0, 50, length)
    huge = np.array([2**70 + int(item) for item in weight], dtype=object)
    matrix = block_matrix(formula, slice(0, length), length)
    counts, (sums, huge_sums) = selector_sums(formula, [weight, huge], length)
    assert counts.tolist() == matrix.sum(axis=1).tolist()
    assert sums.tolist() == (matrix @ weight).tolist()
    assert huge_sums.tolist() == [sum(huge[row].tolist()) for row in matrix]
    wanted = np.where(matrix, ranks[None, :], -1).max(axis=1)
    assert selector_maxima(formula, ranks, length).tolist() == wanted.tolist()


@st.composite
def formulas(draw: st.DrawFn) -> tuple[Formula, int, int]:
    length, seed = draw(st.sampled_from([1, 2, 7, 33, 64])), draw(st.integers(0, 999))
    builder = Builder(length, seed)
    one = st.one_of(
        st.builds(
            lambda names, op: builder.compare(names[0], op, names[1]),
            st.sampled_from(COMPARABLE),
            st.sampled_from(list(Comparison)),
        ),
        st.builds(builder.table, st.sampled_from(["indices", "later", "constant"]), st.sampled_from(["later", "reversed"])),
    )
    formula = draw(one)
    for _ in range(draw(st.integers(0, 3))):
        other = draw(one)
        formula = combination(draw(st.sampled_from(["and", "or"])), formula, other)
        formula = negation(formula) if draw(st.booleans()) else formula
    return formula, length, seed


@settings(max_examples=150)
@given(formulas())
def test_random_formulas(case):
    assert_all_agree(*case)


@settings(max_examples=80)
@given(formulas(), st.sampled_from([("conjunction.LINE_FACTOR", -2000), ("blocks.BLOCK_CELLS", 40)]))
def test_random_formulas_with_compression_and_small_blocks(case, switch):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"rasp.evaluate.{switch[0]}", switch[1])
        assert_all_agree(*case)


CAUSAL = ("indices", Comparison.LE, "indices")
SHAPES = {
    "nothing": [],
    "group": [("letters", Comparison.EQ, "letters")],
    "two groups": [("letters", Comparison.EQ, "letters"), ("numbers", Comparison.EQ, "halves")],
    "causal": [CAUSAL],
    "group, causal": [("letters", Comparison.EQ, "others"), CAUSAL],
    "window": [CAUSAL, ("indices", Comparison.GT, "reversed"), ("indices", Comparison.NE, "later")],
    "rectangle": [CAUSAL, ("numbers", Comparison.LT, "numbers")],
    "rectangle from below": [("numbers", Comparison.GE, "numbers"), CAUSAL],
    "group, rectangle": [("letters", Comparison.EQ, "letters"), CAUSAL, ("reversed", Comparison.GE, "later")],
    "band": [CAUSAL, ("numbers", Comparison.LT, "numbers"), ("numbers", Comparison.GT, "indices")],
    "mask, rectangle": [("indices", Comparison.LT, "constant"), ("constant", Comparison.LE, "indices"), CAUSAL],
    "three axes": [CAUSAL, ("numbers", Comparison.LT, "numbers"), ("halves", Comparison.LE, "indices")],
    "unequal": [CAUSAL, ("letters", Comparison.NE, "letters"), ("others", Comparison.NE, "letters")],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("length", [1, 2, 90, 333])
def test_conjunctions_of_each_shape(shape, length):
    builder = Builder(length, length)
    formula = mask_leaf("key", np.ones(length, np.bool_))
    for literal in SHAPES[shape]:
        formula = combination("and", formula, builder.compare(*literal))
    assert_all_agree(formula, length, length)
    assert_all_agree(negation(formula), length, length)


def layouts_needed(formula: Formula, length: int) -> tuple[int, int]:
    """How many conjunctions a count and a maximum take."""
    assert formula.cover is not None
    signed = [part for term in formula.cover for part in signed_conjunctions(term) or []]
    disjoint = [part for term in formula.cover for part in disjoint_conjunctions(term) or []]
    assert all(layout(part, length) is not None for part in disjoint)
    return len(signed), len(disjoint)


def test_the_sort_selector_takes_two_conjunctions():
    builder = Builder(20, 0)
    tie = combination(
        "and",
        builder.compare("letters", Comparison.EQ, "letters"),
        builder.compare("indices", Comparison.LT, "indices"),
    )
    formula = combination("or", builder.compare("letters", Comparison.LT, "letters"), tie)
    assert layouts_needed(formula, 20) == (2, 2)


def test_contradictions_and_tautologies_vanish():
    builder = Builder(20, 0)
    less, more = builder.compare("numbers", Comparison.LT, "numbers"), builder.compare("numbers", Comparison.GE, "numbers")
    assert combination("and", less, more).cover == ()
    assert combination("or", less, more).cover == ({},)
    assert negation(combination("or", less, more)).cover == ()


def test_unequal_is_counted_by_equalities():
    builder = Builder(20, 0)
    assert layouts_needed(builder.compare("letters", Comparison.NE, "letters"), 20) == (2, 2)


def test_many_conditions_on_keys_are_one_mask():
    builder = Builder(20, 0)
    formula = builder.compare("indices", Comparison.LT, "constant")
    for _ in range(200):
        formula = combination("or", formula, builder.compare("numbers", Comparison.EQ, "constant"))
    assert formula.cover is not None
    assert len(formula.cover) == 1


def test_a_formula_with_too_many_terms_goes_by_blocks():
    builder = Builder(40, 3)
    formula = builder.compare("letters", Comparison.EQ, "letters")
    for key, query in COMPARABLE[:14]:
        same = combination("and", builder.compare(key, Comparison.EQ, query), builder.compare(query, Comparison.LT, key))
        formula = combination("or", formula, same)
    assert formula.cover is None
    assert_all_agree(formula, 40, 3)


def test_a_table_of_many_classes_goes_by_blocks():
    builder = Builder(150, 5)
    total = Map(Op.EQ, (Map(Op.ADD, (Param("key"), Param("query"))), Const(200)))
    formula = predicate(total, builder.columns["indices"], builder.columns["later"])
    assert formula.cover is not None
    assert signed_conjunctions(formula.cover[0]) is None
    assert_all_agree(combination("and", formula, builder.compare(*CAUSAL)), 150, 5)


def test_a_relation_too_large_to_tabulate_goes_by_blocks(monkeypatch):
    monkeypatch.setattr("rasp.evaluate.selectors.LARGEST_TABLE", 100)
    monkeypatch.setattr("rasp.evaluate.blocks.BLOCK_CELLS", 500)
    builder = Builder(60, 5)
    formula = builder.table("indices", "later")
    assert formula.cover is None
    assert_all_agree(combination("or", formula, builder.compare(*CAUSAL)), 60, 5)


@settings(max_examples=100)
@given(st.integers(0, 10**6), st.integers(0, 40), st.integers(1, 30))
def test_rectangle_sums(seed, keys, rows):
    random = np.random.default_rng(seed)
    values, weight = random.integers(0, max(1, keys), keys), random.integers(-9, 10, keys)
    low, high = np.sort(random.integers(0, keys + 1, (2, rows)), axis=0)
    bound = random.integers(0, keys + 3, rows)
    inside = [[p for p in range(lo, hi) if values[p] < top] for lo, hi, top in zip(low, high, bound, strict=True)]
    counts, (sums,) = dominance_sums(values, low, high, bound, [weight])
    assert counts.tolist() == [len(places) for places in inside]
    assert sums.tolist() == [int(weight[places].sum()) for places in inside]


@settings(max_examples=100)
@given(st.integers(0, 10**6), st.integers(0, 70), st.integers(1, 30))
def test_range_maxima(seed, size, rows):
    random = np.random.default_rng(seed)
    values = random.integers(-1, 99, size)
    low, high = np.sort(random.integers(0, size + 1, (2, rows)), axis=0)
    wanted = [max(values[lo:hi].tolist(), default=-1) for lo, hi in zip(low, high, strict=True)]
    assert range_maxima(values, low, high).tolist() == wanted


def test_block_results_have_the_exact_sums_of_large_weights():
    builder = Builder(5, 1)
    formula = builder.compare(*CAUSAL)
    weight = np.array([2**53 + 1] * 5)
    assert block_sums(formula, [weight], 5)[1][0].tolist() == [(2**53 + 1) * (i + 1) for i in range(5)]
    assert block_maxima(formula, np.arange(5), 5).tolist() == [0, 1, 2, 3, 4]
