"""Layers and heads of the programs whose counts are known from the reference implementation's drawings."""

from __future__ import annotations

import pytest

import rasp
from rasp.graph.nodes import Aggregate, Compare, Comparison, Const, Input, Map, Op, SelectorAnd, SelectorNot, SelectorWidth
from rasp.measure import schedule
from rasp.values import SOp

PROGRAM = """
first = select(indices, 0, ==);
def width_bos(s) { return round(1 / aggregate(s or first, indicator(indices == 0))) - 1; }
same = select(tokens, tokens, ==);
earlier = select(indices, indices, <);
up_to_here = select(indices, indices, <=);

tokens_length = length;
hist_bos = width_bos(same);
hist_nobos = selector_width(same);
reverse = aggregate(select(indices, length - 1 - indices, ==), tokens, "-");
at_0 = tokens[0];
at_end = tokens[-1];
has_a = "a" in tokens;
sorted = sort(tokens, tokens);
last_l = mark_last_instance(tokens, "l");
next_identical = aggregate(select_next_identical(tokens), indices, -1);

smaller = select(tokens, tokens, <) or (select(tokens, tokens, ==) and select(indices, indices, <));
sort_bos = aggregate(select(width_bos(smaller), indices, ==), tokens, "-");

seen = aggregate(select(tokens, tokens, ==) and earlier, 1) > 0;
alike = select(hist_bos, hist_bos, ==) and select(seen, False, ==);
hist2_bos = width_bos(alike);

priority = 300 * (hist_bos if not seen else 0) - indices;
before = select(priority, priority, >) or (select(priority, priority, ==) and earlier);
by_frequency = aggregate(select(width_bos(before), indices, ==), tokens, "-");

def balance(opening, closing) {
    opened = aggregate(up_to_here, indicator(tokens in opening));
    closed = aggregate(up_to_here, indicator(tokens in closing));
    return round((indices + 1) * opened) - round((indices + 1) * closed);
}
def dyck(pairs) {
    opening = [pair[0] for pair in pairs];
    closing = [pair[1] for pair in pairs];
    depth = balance(opening, closing);
    at = depth + indicator(tokens in closing);
    number = selector_width(select(at, at, ==) and up_to_here);
    partner = select(indicator(tokens in opening), 1, ==) and select(at, at, ==) and select(number, number - 1, ==);
    matched = aggregate(partner, tokens, "-") + tokens in pairs;
    wrong = ((tokens in closing) and not matched) or depth < 0;
    failed = aggregate(up_to_here, indicator(wrong)) > 0;
    return "F" if failed else ("T" if depth == 0 else "P");
}
depth1 = balance(["("], [")"]);
dyck1 = "F" if aggregate(up_to_here, indicator(depth1 < 0)) > 0 else ("T" if depth1 == 0 else "P");
dyck2 = dyck(["()", "{}"]);
dyck3 = dyck(["()", "{}", "[]"]);

digits = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "+": 0};
digit = digits[tokens];
plus = aggregate(select(tokens, "+", ==), indices);
upper = aggregate(select(indices + length - plus, indices, ==), digit);
total = upper + (digit if indices > plus else 0);
no_carry = indicator(total < 9);
stops = round(aggregate(earlier, no_carry) * indices);
same_run = select(stops, stops, ==) and select(indices, indices, >);
carried = aggregate(same_run, indicator(total > 9)) > 0;
carries = total > 9 or (total == 9 and carried);
carried_total = total + indicator(aggregate(select(indices, indices + 1, ==), carries, False));
long_sum = carried_total % 10;
"""

WRITTEN = {
    "tokens_length": (1,),
    "hist_bos": (1,),
    "hist_nobos": (2,),
    "reverse": (1, 1),
    "at_0": (1,),
    "at_end": (1, 1),
    "has_a": (1,),
    "sorted": (2, 1),
    "sort_bos": (1, 1),
    "hist2_bos": (2, 1),
    "by_frequency": (2, 1, 1),
    "dyck1": (1, 1),
    "dyck2": (1, 2, 1, 1),
    "dyck3": (1, 2, 1, 1),
    "last_l": (1,),
    "next_identical": (2, 1),
    "long_sum": (2, 1, 1, 1, 1),
}
SIMPLIFIED = WRITTEN | {
    "hist_nobos": (1,),
    "sorted": (1, 1),
    "dyck2": (1, 1, 1, 1),
    "dyck3": (1, 1, 1, 1),
    "next_identical": (1, 1),
}
MODULE = rasp.loads(PROGRAM)


@pytest.mark.parametrize("name", WRITTEN)
def test_heads_by_layer(name: str) -> None:
    measures = rasp.measure(MODULE[name])
    assert measures.written.heads_by_layer == WRITTEN[name]
    assert measures.simplified.heads_by_layer == SIMPLIFIED[name]
    assert measures.written.depth == measures.written.layers == len(WRITTEN[name])
    assert measures.name == name


@pytest.mark.parametrize(
    ("name", "tokens", "values"),
    [
        ("hist2_bos", "§abbc", [0, 2, 1, 1, 2]),
        ("dyck2", "({})(", list("PPPTP")),
        ("dyck2", "(}", list("PF")),
        ("long_sum", "0199+0003", [0, 0, 0, 0, 0, 0, 2, 0, 2]),
    ],
)
def test_the_programs_mean_what_their_names_say(name: str, tokens: str, values: list[object]) -> None:
    assert MODULE[name](tokens) == values


TOKENS, INDICES = Input("tokens_str"), Input("indices")


def test_a_selector_counts_where_it_is_read() -> None:
    """A selector that could be used in layer 1 but feeds an aggregate of layer 2 is a head of layer 2, or of both."""
    causal = Compare(INDICES, INDICES, Comparison.LE)
    first = Aggregate(causal, INDICES)
    second = Aggregate(causal, first)
    both = schedule(Map(Op.ADD, (first, second)))
    assert [[head.selector for head in layer.heads] for layer in both.layers] == [[], [causal], [causal]]
    assert both.depths[causal] == 1


def test_operations_of_a_layer_share_their_selector() -> None:
    causal = Compare(INDICES, INDICES, Comparison.LE)
    operations = (Aggregate(causal, INDICES), Aggregate(causal, Const(1)), SelectorWidth(causal))
    plan = schedule(Map(Op.IF, operations))
    assert [head.operations for head in plan.layers[1].heads] == [operations]


def test_equal_selectors_are_two_heads_until_simplified() -> None:
    copies = [Aggregate(Compare(TOKENS, TOKENS, Comparison.EQ), value) for value in (INDICES, Const(1))]
    measures = rasp.measure(SOp(Map(Op.ADD, tuple(copies))))
    assert measures.written.heads_by_layer == (2,)
    assert measures.simplified.heads_by_layer == (1,)


def test_combined_selectors_are_one_head_at_the_depth_of_the_deepest() -> None:
    deep = Aggregate(Compare(INDICES, TOKENS, Comparison.EQ), INDICES)
    combined = SelectorAnd(SelectorNot(Compare(deep, INDICES, Comparison.LT)), Compare(INDICES, INDICES, Comparison.LE))
    plan = schedule(SelectorWidth(combined))
    assert [len(layer.heads) for layer in plan.layers] == [0, 1, 1]
    assert plan.depths[combined] == 2


def test_elementwise_operations_are_free() -> None:
    negated = Map(Op.NEG, (Map(Op.ADD, (INDICES, Const(1))),))
    plan = schedule(negated)
    assert plan.depths[negated] == 0
    assert [operation.op for operation in plan.layers[0].elementwise if isinstance(operation, Map)] == [Op.ADD, Op.NEG]


def test_the_values_of_an_aggregate_come_from_the_layer_below() -> None:
    inner = Aggregate(Compare(INDICES, Const(0), Comparison.EQ), INDICES)
    outer = Aggregate(Compare(INDICES, Const(0), Comparison.EQ), inner)
    assert schedule(outer).depths[outer] == 2


def test_the_depth_of_a_selector_is_the_layer_that_can_use_it() -> None:
    measures = rasp.measure(Compare(INDICES, INDICES, Comparison.LE))
    assert (measures.written.depth, measures.written.layers, measures.written.heads) == (1, 0, 0)
