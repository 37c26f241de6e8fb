import random
import string
from dataclasses import replace

import pytest

import compiler
import rasp
from compiler.verification.verify import same_atoms
from rasp.errors import RaspError
from tests.compiler.programs import ISSUE_NAMES, LIBRARY, NAMES

MODULE = rasp.loads(LIBRARY)


@pytest.mark.parametrize("name", NAMES)
def test_equal_to_the_interpreter_on_every_short_input_and_on_random_ones(name: str) -> None:
    model = compiler.compile(MODULE[name], vocab="abc", max_length=12)
    report = compiler.verify(model, exhaustive=1_100, samples=200)
    assert report.passed, report.mismatches[:3]
    assert report.complete_to == 6
    assert report.margin > 0


@pytest.mark.parametrize("name", ISSUE_NAMES)
def test_the_promised_programs_at_length_64(name: str) -> None:
    source = random.Random(64)
    vocab = string.ascii_letters + string.digits + "+-"
    model = compiler.compile(MODULE[name], vocab=vocab, max_length=64)
    draw = (
        (lambda: source.sample(vocab, 64))
        if name == "sort_unique"
        else (lambda: source.choices(vocab[: source.choice([2, 5, 64])], k=64))
    )
    inputs = [draw() for _ in range(1_000)]
    for tokens, found in zip(inputs, model.batch_atoms(inputs), strict=True):
        assert same_atoms(found, MODULE[name].column(tokens).to_atoms())


@pytest.mark.parametrize(
    ("name", "layers", "heads"),
    [
        ("histogram", 1, (1,)),
        ("double_histogram", 2, (2, 1)),
        ("reverse", 2, (1, 1)),
        ("sorted", 2, (2, 1)),
        ("shifted", 1, (1,)),
    ],
)
def test_layers_and_heads(name: str, layers: int, heads: tuple[int, ...]) -> None:
    config = compiler.compile(MODULE[name], vocab="abc", max_length=16).config
    assert (config.layers, config.heads) == (layers, heads)


@pytest.mark.parametrize(
    ("file", "name", "vocab", "layers"),
    [
        ("histogram", "histogram", "abcd", 1),
        ("double_histogram", "double_histogram", "abcd", 2),
        ("reverse", "reverse", "abcd", 2),
        ("sort", "sorted", "abcd", 2),
        ("most_frequent_first", "most_frequent_first", "abcd", 3),
        ("dyck1", "dyck1", "()", 2),
        ("dyck_k", "dyck2", "(){}", 4),
        ("long_addition", "long_addition", "0123456789+", 5),
    ],
)
@pytest.mark.parametrize("length", [12, 40])
def test_no_more_layers_than_in_the_paper(file: str, name: str, vocab: str, layers: int, length: int) -> None:
    """Weiss et al. 2021, as their analyser counts; ``tests/rasp/measure`` has the table."""
    model = compiler.compile(rasp.load(f"examples/{file}.rasp")[name], vocab=vocab, max_length=length)
    assert model.config.layers <= layers


def test_causal_attention_gives_the_same_values_for_a_program_that_looks_back() -> None:
    module = rasp.loads("n = selector_width(select(tokens, tokens, ==) and select(indices, indices, <=));")
    model = compiler.compile(module["n"], vocab="ab", max_length=10, causal=True)
    assert compiler.verify(model, exhaustive=600, samples=100).passed
    assert model("aabab") == [1, 2, 1, 3, 2]


def test_strings_of_several_characters_and_numbers_are_tokens_too() -> None:
    module = rasp.loads("t = tokens_int * 2; d = shift(tokens, 1, 0);")
    model = compiler.compile(module["t"], vocab=[3, 5, "7"], max_length=4)
    assert model([3, "7", 5]) == [6, 14, 10]


def test_a_float_result_is_exact() -> None:
    module = rasp.loads("x = 1 / 49 * 49 * (indices + 1) / 3;")
    model = compiler.compile(module["x"], vocab="a", max_length=6)
    assert model.batch_atoms(["aaaaaa"])[0] == module["x"].column("aaaaaa").to_atoms()


def test_compiling_is_deterministic_in_shape() -> None:
    sizes = {compiler.compile(MODULE["sorted"], vocab="abc", max_length=16).config.parameters for _ in range(3)}
    assert len(sizes) == 1


def test_verify_reports_a_wrong_model() -> None:
    right = compiler.compile(MODULE["histogram"], vocab="ab", max_length=5)
    broken = replace(right, sop=MODULE["reverse"])
    report = compiler.verify(broken, exhaustive=20, samples=10)
    assert not report.passed
    assert report.mismatches[0].tokens == ("a",)


def test_inputs_on_which_the_program_is_undefined_are_not_compared() -> None:
    module = rasp.loads("u = aggregate(select(indices, indices + 1, ==), tokens);")
    model = compiler.compile(module["u"], vocab="ab", max_length=3)
    with pytest.raises(RaspError):
        module["u"]("ab")  # the last position selects nothing, and the default is no string
    report = compiler.verify(model, exhaustive=14, samples=0)
    assert (report.tried, report.undefined) == (2, 12)
    assert report.passed
    assert model("b") == module["u"]("b") == [0]
