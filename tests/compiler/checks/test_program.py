"""A model gives a value exactly where the program has one; elsewhere it names the expression that has none."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import pytest

import compiler
import rasp
from compiler.undefined import Undefined
from compiler.verification.comparison import same_atoms
from rasp.errors import RaspError
from rasp.graph.nodes import (
    Aggregate,
    Atom,
    Compare,
    Comparison,
    Const,
    Input,
    Map,
    Op,
    Param,
    Predicate,
    Reduction,
    SelectorAnd,
    SelectorWidth,
    Sop,
)
from rasp.values import SOp

PROGRAM = """
same = selector_width(select(tokens, tokens, ==));
so_far = select(indices, indices, <=);
two = "text" if tokens[-1] == "a" else indices;
here = "text" if tokens == "a" else indices;
first_is_a = tokens[0] == "a";
whole = "text" if first_is_a else indices;

division = 1 / indicator(tokens == "a");
floats = 1 / (aggregate(so_far, indicator(tokens == "a")) - 1/3);
modulo = indices % (same - 1);
branch = (1 / (same - 1)) if same > 1 else 0;
list = [1, 2][same - 1];
negative = [1, 2][0 - same];
dictionary = {"a": 1}[tokens];
one_base = (same - 2) ^ -1;
power = (same - 1) ^ (indices - 1);
root = (same - 2) ^ 0.5;
mixture = here == 1;
mixed_result = here;
one_kind = whole == 1;
defaults = aggregate(select(tokens, "a", ==) and select(indices, 0, ==), tokens) == "a";
inherited = (whole * 2) == 2;
concatenated = tokens + whole;
ordered = whole < 2;
both = whole < two;
strings = aggregate(select(same, indices, ==), tokens, "-");
bools = aggregate(so_far, tokens == "a");
strings_or_bools = aggregate(so_far, "text" if first_is_a else tokens == "b");
strings_or_numbers = aggregate(select(same, indices, ==), whole);
numbers_or_bools = aggregate(so_far, (tokens == "a") if tokens == "a" or indices > 1 else indices);
all_three = aggregate(so_far, "text" if first_is_a else (False if tokens == "b" else 1));
selected = selector_width(select(tokens, whole, <));
unused = selector_width(select(tokens, whole, <) and select(0, 1, ==));
after = 1 / (division + indices - 2);
twice = 2 / (1 / indicator(tokens == "a"));
"""
MODULE = rasp.loads(PROGRAM)
NEVER = ("one_kind", "defaults", "inherited")
"""Defined everywhere, which the compiler does not know."""
NAMES = [line.split(" =")[0] for line in PROGRAM.split("\n\n")[1].splitlines()]
CAUSAL = """
so_far = select(indices, indices, <=);
same = selector_width(so_far and select(tokens, tokens, ==));
division = 1 / indicator(tokens == "a");
floats = 1 / (aggregate(so_far, indicator(tokens == "a")) - 1/3);
mixture = ("text" if tokens == "a" else indices) == 1;
bools = aggregate(so_far, tokens == "a");
numbers_or_bools = aggregate(so_far, (tokens == "a") if tokens == "a" or indices > 1 else indices);
after = 1 / (division + indices - 2);
"""
ALWAYS = """
order = select(1, "a", <);
width = selector_width(order);
tokens_order = selector_width(select(tokens, 1, <));
never = indices / 0;
"""


def inputs(vocab: Iterable[object], longest: int) -> list[tuple[object, ...]]:
    return [tokens for length in range(1, longest + 1) for tokens in itertools.product(vocab, repeat=length)]


def undefined(sop: SOp, vocab: Sequence[object], longest: int, *, causal: bool = False) -> tuple[int, compiler.Model]:
    """On how many inputs the program is undefined; the model must agree on all."""
    model = compiler.compile(sop, vocab=vocab, max_length=longest, causal=causal)
    tried = inputs(vocab, longest)
    count = 0
    for tokens, found in zip(tried, model.batch_atoms(tried), strict=True):
        wanted = interpreted(sop, tokens)
        if isinstance(wanted, Undefined):
            assert isinstance(found, Undefined), tokens
            assert None in (found.span, wanted.span) or str(found.span) == str(wanted.span)
            count += 1
        else:
            assert same_atoms(wanted, found), (tokens, found)
    return count, model


def interpreted(sop: SOp, tokens: Sequence[object]) -> list[Atom] | Undefined:
    try:
        return sop.column(tokens).to_atoms()
    except RaspError as error:
        return Undefined.of(error)


@pytest.mark.parametrize("name", NAMES)
def test_every_reason(name: str) -> None:
    count, model = undefined(MODULE[name], "ab", 4)
    assert 0 < count < 30 or (name in NEVER and count == 0)
    assert model.alarms or name == "mixed_result"


@pytest.mark.parametrize("name", [line.split(" =")[0] for line in CAUSAL.splitlines()[3:]])
def test_causal_models(name: str) -> None:
    count, _ = undefined(rasp.loads(CAUSAL)[name], "ab", 4, causal=True)
    assert 0 < count < 30


@pytest.mark.parametrize("name", ["width", "tokens_order", "never"])
def test_what_is_undefined_on_every_input_is_refused(name: str) -> None:
    with pytest.raises(compiler.CompileError, match="undefined on every input"):
        compiler.compile(rasp.loads(ALWAYS)[name], vocab="ab", max_length=4)


@pytest.mark.parametrize("vocab", [["a", 1], ["a", 1, True, "b"]])
def test_inputs_of_mixed_tokens(vocab: list[object]) -> None:
    tokens = Input("tokens_asis")
    assert undefined(MODULE["same"], vocab, 3)[0] == 0
    mixed, _ = undefined(SOp(tokens), vocab, 3)
    assert mixed > 0
    assert undefined(SOp(SelectorWidth(Compare(tokens, tokens, Comparison.EQ))), vocab, 3)[0] == mixed
    assert undefined(SOp(SelectorWidth(Compare(tokens, Const(1), Comparison.LE))), vocab, 3)[0] > mixed


KEY, QUERY = Param("key"), Param("query")
TOKENS, INDICES = Input("tokens_int"), Input("indices")


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        Map(Op.EQ, (Map(Op.MOD, (KEY, QUERY)), Const(0))),
        Map(Op.EQ, (Map(Op.MOD, (QUERY, KEY)), Const(0))),
        Map(Op.GT, (Map(Op.DIV, (Const(1), Map(Op.SUB, (KEY, Map(Op.MUL, (QUERY, Const(2))))))), Const(0))),
        Map(Op.GT, (Map(Op.POW, (KEY, QUERY)), Const(1))),
    ],
)
def test_predicates(body: Sop, causal: bool) -> None:
    selector = Predicate(TOKENS, TOKENS, body)
    if causal:
        selector = SelectorAnd(selector, Compare(INDICES, INDICES, Comparison.LE))
    count, _ = undefined(SOp(SelectorWidth(selector)), [-1, 0, 1, 2, 3], 3, causal=causal)
    assert 0 < count < 155


@pytest.mark.parametrize("reduction", ["min", "max"])
def test_extremes_of_strings(reduction: Reduction) -> None:
    selector = Compare(Input("tokens_str"), Input("tokens_str"), Comparison.EQ)
    count, _ = undefined(SOp(Aggregate(selector, Input("tokens_str"), "", reduction)), "ab", 4)
    assert count == 30 - 2 - 2


def test_no_check_where_nothing_can_be_undefined() -> None:
    module = rasp.loads("""
        reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);
        sorted = sort(tokens, tokens);
        shifted = shift(tokens, 1, "_");
        parity = selector_width(select(tokens, tokens, ==)) % 2;
        inverse = 1 / selector_width(select(tokens, tokens, ==));
        fraction = aggregate(select(indices, indices, <=), indicator(tokens == "a"));
        word = "odd" if parity == 1 else tokens + "!";
    """)
    for name in ("reverse", "sorted", "shifted", "parity", "inverse", "fraction", "word"):
        assert compiler.compile(module[name], vocab="abc", max_length=8).alarms == ()


def test_a_result_may_be_strings_or_numbers() -> None:
    count, model = undefined(SOp(MODULE["whole"].node), "ab", 4)
    assert (count, model.alarms) == (0, ())
    assert model("ab") == ["text", "text"]
    assert model("ba") == [0, 1]
