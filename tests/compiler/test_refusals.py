from collections.abc import Iterable

import numpy as np
import pytest

import compiler
import rasp
from rasp.errors import RaspError


def refuse(program: str, name: str = "x", vocab: object = "abc", max_length: int = 8, causal: bool = False) -> RaspError:
    module = rasp.loads(program)
    with pytest.raises(compiler.CompileError) as caught:
        compiler.compile(module[name], vocab=vocab, max_length=max_length, causal=causal)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("program", "vocab"),
    [
        ('s = select(tokens, "a", ==) or select(indices, 0, ==); x = aggregate(s, tokens, "-");', "abc"),
        ("second = aggregate(select(indices, 1, ==), tokens); x = aggregate(select(tokens, tokens, ==), second);", "abc"),
        ("x = aggregate(select(tokens, tokens, ==), tokens if indices >= 0 else 1);", "abc"),
        ("x = indices * 1000 + indices * tokens_int + length * tokens_int;", range(200)),
    ],
)
def test_what_is_hard_to_compile_is_exact(program: str, vocab: Iterable[object]) -> None:
    """An or that a value is read through; strings or numbers; kinds that do not occur; many values combined."""
    model = compiler.compile(rasp.loads(program)["x"], vocab=vocab, max_length=8)
    report = compiler.verify(model, exhaustive=400, adversarial=40, samples=60)
    assert report.passed, report.mismatches[:1]


def test_two_means_that_can_not_be_listed_are_not_compared_as_key_and_query() -> None:
    program = "mean = aggregate(select(indices, indices, <=), indices);\nx = selector_width(select(mean, mean, <));"
    error = refuse(program, max_length=200)
    assert (error.span.line, error.span.column) == (1, 8) if error.span else False
    assert "too many values to be listed" in error.message
    assert error.hint


def test_too_many_heads_name_the_number() -> None:
    """Of nine comparisons an odd number holds: no way of writing this has few conjunctions."""
    odd = "s0 = select(tokens_int, indices, ==);"
    for k in range(1, 9):
        odd += f"t{k} = select(tokens_int + {k}, indices, ==);"
        odd += f"s{k} = (s{k - 1} and not t{k}) or (t{k} and not s{k - 1});"
    error = refuse(f"{odd} x = selector_width(s8);", vocab=range(4), max_length=16)
    assert "attention heads; the limit is 256" in error.message


@pytest.mark.parametrize(
    "program",
    [
        's = select("a", 1.5, >=); x = selector_width(s);',
        "u = 1 / (indices - indices); x = 1 if u > 2 else 0;",
        "u = round(1 / (indices - indices)); x = selector_width(select(u, indices, <));",
        "x = aggregate(select(tokens_str < 1, True, ==), indices);",
        'u = tokens + 1; x = selector_width(select(u, "a", >)) * 2 + indices;',
    ],
)
def test_parts_that_are_undefined_on_every_input(program: str) -> None:
    assert "undefined on every input" in refuse(program).message


def test_looking_ahead_in_a_causal_model() -> None:
    error = refuse("x = selector_width(select(tokens, tokens, ==));", causal=True)
    assert "later positions" in error.message


def test_a_program_that_is_undefined_everywhere() -> None:
    assert "undefined on every input" in refuse("x = 1 / (indices - indices);").message


@pytest.mark.parametrize(
    ("vocab", "max_length", "message"),
    [
        ("", 5, "empty"),
        ("aa", 5, "twice"),
        ("ab", 0, "max_length"),
        ("ab", 10**9, "max_length"),
        ("ab", True, "max_length"),
        ("ab", 2.0, "max_length"),
        ([object()], 5, "not an atom"),
        (5, 5, "a sequence of tokens, not int"),
        (None, 5, "a sequence of tokens, not NoneType"),
    ],
)
def test_a_target_that_makes_no_sense(vocab: object, max_length: int, message: str) -> None:
    assert message in refuse("x = indices;", vocab=vocab, max_length=max_length).message


def test_a_max_length_of_numpy() -> None:
    model = compiler.compile(rasp.loads("x = indices;")["x"], vocab="ab", max_length=np.int64(3))  # pyright: ignore[reportArgumentType]
    assert type(model.target.max_length) is int
    assert model("aba") == [0, 1, 2]


@pytest.mark.parametrize("optimize", ["speed", [], None])
def test_what_can_not_be_optimized(optimize: object) -> None:
    with pytest.raises(compiler.CompileError, match="optimize is 'depth' or 'width'"):
        compiler.compile(rasp.loads("x = indices;")["x"], vocab="ab", max_length=3, optimize=optimize)  # type: ignore[arg-type]


def test_a_vocabulary_of_the_wrong_kind() -> None:
    error = refuse("x = tokens_int + 1;", vocab="1a")
    assert "does not fit" in error.message


@pytest.mark.parametrize(
    ("program", "what"), [("x = select(1, 1, ==);", "selector"), ("x = 3;", "int"), ("def x(a) { return a; }", "function")]
)
def test_only_s_ops_are_compiled(program: str, what: str) -> None:
    assert what in refuse(program).message


def test_bad_inputs_of_a_model() -> None:
    model = compiler.compile(rasp.loads("x = indices;")["x"], vocab="ab", max_length=4)
    for tokens, message in [
        ("", "empty"),
        ("ababa", "at most 4"),
        ("abz", "position 2"),
        ([1], "not in the vocabulary"),
        (3, "sequence"),
    ]:
        with pytest.raises(compiler.ModelInputError, match=message):
            model(tokens)  # type: ignore[arg-type]


@pytest.mark.parametrize("used", ["selector_width({})", pytest.param("aggregate({}, indices)", marks=pytest.mark.slow)])
def test_selectors_of_many_parts_are_refused_soon(used: str) -> None:
    parts = (f"(select(tokens_int + {k}, indices, ==) or select(tokens_int + {k}, indices + 1, ==))" for k in range(30))
    error = refuse(f"x = {used.format(' and '.join(parts))};", vocab=range(2), max_length=8)
    assert "too many comparisons" in error.message
    assert error.span is not None


def test_a_number_without_a_bound() -> None:
    """Means of numbers of either sign, which can't be listed, may come close to 0."""
    inner = "inner = aggregate(select(tokens, tokens, ==), indices * 30000 - tokens_int * 70000);\n"
    mean = "mean = aggregate(select(indices, indices, <=), inner);\n"
    error = refuse(f"{inner}{mean}x = round(1000 / mean);", vocab=range(1, 3), max_length=16)
    assert "no bound of this number is known" in error.message
    assert error.hint
