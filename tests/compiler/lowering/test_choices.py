"""Nested choices in one layer: the circuit's integers are the interpreter's values on every short input."""

import itertools

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import rasp
from compiler.analysis.kinds import KindTable
from compiler.circuit import Form
from compiler.lowering.choices import MOST_BRANCHES, Choices
from compiler.lowering.forms import scaled
from compiler.simplify import simplified
from compiler.target import Target
from rasp.evaluate import evaluate
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, Map, Op, Sop
from rasp.values import SOp
from tests.compiler.circuits import Run, lowering_of

TARGET = Target.of([0, 1, 2], 4, False)
INPUTS = [tokens for length in (1, 2, 3) for tokens in itertools.product(TARGET.vocab, repeat=length)]
DEFINITIONS = """
often = selector_width(select(tokens, tokens, ==));
mean = aggregate(select(indices, indices, <=), tokens_int);
last = round(aggregate(select(tokens, tokens, ==), indices));
"""
NUMBERS = ["tokens_int", "often", "last", "indices - often", "2", "-3", "0"]
FLAGS = ["tokens_int == 1", "mean > 0.5", "not (often == 2)", "not last"]


def sop(expression: str) -> Sop:
    return sop_of("", expression)


def sop_of(definitions: str, expression: str) -> Sop:
    written = canonical(rasp.loads(f"{DEFINITIONS}{definitions}x = {expression};")["x"].node).root
    ((root,), _) = simplified([written], {}, KindTable(TARGET))
    assert not isinstance(root, SELECTOR_TYPES)
    return root


def chosen(node: Sop) -> Form | None:
    """The choice on its own, and not whatever the lowering would take."""
    lowering = lowering_of(TARGET)
    return Choices(lowering.features, lowering, lowering.ratios.difference).form(node, scaled)


def check(node: Sop, form: Form) -> None:
    for tokens in INPUTS:
        assert Run(TARGET, tokens).form(form) == evaluate(node, list(tokens)).to_atoms(), tokens


@pytest.mark.parametrize("op", [Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE])
@pytest.mark.parametrize("negated", [False, True])
def test_a_comparison_is_not_decided_first(op: Op, negated: bool) -> None:
    condition: Sop = Map(op, (sop("last"), sop("often")))
    if negated:
        condition = Map(Op.NOT, (condition,))
    node = canonical(Map(Op.IF, (condition, sop("tokens_int - 5"), sop("3 * indices")))).root
    assert isinstance(node, Map)
    form = chosen(node)
    assert form is not None
    assert form.ready == lowering_of(TARGET).number(sop("last")).ready + 2
    check(node, form)


CONDITIONS = st.sampled_from(FLAGS) | st.tuples(
    st.sampled_from(NUMBERS), st.sampled_from(["==", "<=", "<", ">="]), st.sampled_from(NUMBERS)
).map(" ".join)
TREES = st.recursive(
    st.sampled_from(NUMBERS),
    lambda inner: st.tuples(inner, CONDITIONS, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TREES)
def test_any_nested_choice(tree: str) -> None:
    assume(isinstance(rasp.loads(f"{DEFINITIONS}x = {tree};")["x"], SOp))
    node = sop(tree)
    form = chosen(node)
    assume(form is not None)
    assert form is not None
    check(node, form)


def test_what_is_no_choice_of_few_branches() -> None:
    assert chosen(sop("tokens_int + 1")) is None
    assert chosen(sop("tokens_int if indices == 0 else 5")) is None  # an indicator is there at once: nothing to gain
    many = "0"
    for k in range(MOST_BRANCHES):
        many = f"({k} if often == {k} else {many})"
    assert chosen(sop(many)) is None


def test_shared_choices_of_very_many_branches() -> None:
    """Each level has two paths to the one below, so there are 2^40 branches."""
    definitions = "v0 = tokens_int;"
    for k in range(40):
        definitions += f"v{k + 1} = (v{k} if often == {k} else 1) if last == {k} else (v{k} if mean > {k} else 2);"
    assert chosen(sop_of(definitions, "v40")) is None
