import pytest

import compiler
import rasp
from rasp.errors import RaspError


def refuse(program: str, name: str = "x", vocab: object = "abc", max_length: int = 8, causal: bool = False) -> RaspError:
    module = rasp.loads(program)
    with pytest.raises(compiler.CompileError) as caught:
        compiler.compile(module[name], vocab=vocab, max_length=max_length, causal=causal)  # type: ignore[arg-type]
    return caught.value


def test_an_or_that_a_value_is_read_through_is_refused_at_its_place() -> None:
    error = refuse('s = select(tokens, "a", ==) or select(indices, 0, ==);\nx = aggregate(s, tokens, "-");')
    assert (error.span.line, error.span.column) == (2, 5) if error.span else False
    assert "or" in error.message
    assert error.hint


def test_too_many_combinations_name_the_number() -> None:
    error = refuse("x = indices * 1000 + indices * tokens_int + length * tokens_int;", vocab=range(2000), max_length=512)
    assert "ways; the limit is" in error.message


def test_an_aggregate_that_may_average_numbers_or_read_strings() -> None:
    error = refuse("second = aggregate(select(indices, 1, ==), tokens); x = aggregate(select(tokens, tokens, ==), second);")
    assert "strings or numbers" in error.message


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
        ([object()], 5, "not an atom"),
    ],
)
def test_a_target_that_makes_no_sense(vocab: object, max_length: int, message: str) -> None:
    assert message in refuse("x = indices;", vocab=vocab, max_length=max_length).message


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
