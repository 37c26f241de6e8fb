"""Compiled RASP-L programs generate the whole answer and stop by themselves."""

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import compiler
import rasp
from compiler.decode import Choice, Mean, Number, Quotient
from compiler.execution import generation
from rasp.atoms import to_host
from tests.examples.test_generation import EXAMPLES, EXAMPLES_OF_THE_FILES

LONGEST = 20
CAUSAL = [file for file in EXAMPLES_OF_THE_FILES if file not in ("addition_binary", "ntp/binary_sum")]
"""The others look ahead, or have a loop."""

LONG = ("ntp/addition", "ntp/multiplication", "addition_forward", "mode_scratchpad_hard")
"""Of many layers, which take longest to compile. Programs that are alike remain."""


def counting(causal: bool = True) -> compiler.Model:
    program = rasp.loads("def next_token(x):\n    return x + 1\n", "rasp-l")["next_token"]
    return compiler.compile(program, vocab=range(5), max_length=6, causal=causal)


def test_generation_ends() -> None:
    assert counting().generate([0], max_new_tokens=2) == [0, 1, 2]
    assert counting().generate([0], max_new_tokens=0) == [0]
    assert counting().generate([0], stop=3) == [0, 1, 2, 3]
    assert counting().generate(iter([0, 1]), stop=3) == [0, 1, 2, 3]


def test_at_max_length() -> None:
    program = rasp.loads("def next_token(x):\n    return x\n", "rasp-l")["next_token"]
    model = compiler.compile(program, vocab=range(2), max_length=4, causal=True)
    assert model.generate([1]) == [1] * 5
    with pytest.raises(compiler.ModelInputError, match="after this prompt the model can generate 4 tokens, not 5"):
        model.generate([1], max_new_tokens=5)


def test_what_can_not_be_generated() -> None:
    with pytest.raises(compiler.CompileError, match="not causal"):
        counting(causal=False).generate([0])
    with pytest.raises(compiler.ModelInputError, match="empty"):
        counting().generate([])
    with pytest.raises(compiler.ModelInputError, match="a number from 0 on"):
        counting().generate([0], max_new_tokens=-1)
    with pytest.raises(compiler.ModelInputError, match="not in the vocabulary"):
        counting().generate([4])
    with pytest.raises(compiler.ModelInputError, match="not in the vocabulary"):
        counting().generate([9], max_new_tokens=0)
    with pytest.raises(compiler.ModelInputError, match="a number from 0 on"):
        counting().generate([0], max_new_tokens="2")  # pyright: ignore[reportArgumentType]
    with pytest.raises(compiler.ModelInputError, match="the input has 7 tokens"):
        counting().generate([0] * 7)
    with pytest.raises(compiler.ModelInputError, match="a sequence of tokens, not int"):
        counting().generate(5)  # pyright: ignore[reportArgumentType]
    with pytest.raises(rasp.RaspError, match="not an atom"):
        counting().generate([0], stop=[1])


def stepwise(model: compiler.Model, prompt: Sequence[Any], stop: object, most: int) -> list[object]:
    """Generation as it is defined: the whole sequence anew for each token."""
    tokens = [*prompt]
    for _ in range(most):
        (values,) = model.batch_atoms([tokens])
        assert isinstance(values, list)
        tokens.append(values[-1])
        if tokens[-1] == stop:
            break
    return [*prompt, *map(to_host, tokens[len(prompt) :])]


PROGRAMS = {
    "Choice": ('next_token = "b" if tokens == "a" else ("c" if indices > 4 else "a");', "abc"),
    "Number": ("next_token = selector_width(select(indices, indices, <=) and select(tokens, tokens, ==));", range(12)),
    "Quotient": ("next_token = aggregate(select(indices, indices, <=), indicator(tokens_asis == 1)) * 2;", [0, 1, 2, 0.0, 1.0]),
    "Mean": ("next_token = aggregate(select(indices, indices, <=), tokens_asis);", [0, 1, 2, 0.5, 1.5, Fraction(2, 3)]),
}
"""By the decoders of their models."""


def model_of(name: str) -> compiler.Model:
    text, vocab = PROGRAMS[name]
    return compiler.compile(rasp.loads(text)["next_token"], vocab=vocab, max_length=12, causal=True)


def outcome(generate: Callable[[], Sequence[object]]) -> object:
    """The tokens with their kinds, or the error."""
    try:
        return [(type(token), token) for token in generate()]
    except rasp.RaspError as error:
        return str(error)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_cache_gives_what_the_whole_sequence_gives(name: str) -> None:
    model, vocab = model_of(name), list(PROGRAMS[name][1])
    draw = random.Random(name)
    prompts = [draw.choices(vocab[:5], k=draw.randint(1, 8)) for _ in range(12)]
    expected = [outcome(lambda prompt=prompt: stepwise(model, prompt, vocab[1], 5)) for prompt in prompts]
    for prompt, wanted in zip(prompts, expected, strict=True):
        assert outcome(lambda prompt=prompt: model.generate(prompt, stop=vocab[1], max_new_tokens=5)) == wanted
        assert outcome(lambda prompt=prompt: [*prompt, *model.stream(prompt, stop=vocab[1], max_new_tokens=5)]) == wanted
    known = [prompt for prompt, wanted in zip(prompts, expected, strict=True) if not isinstance(wanted, str)]
    rows = model.generate_batch(known, stop=vocab[1], max_new_tokens=5)
    assert [outcome(lambda row=row: row) for row in rows] == [wanted for wanted in expected if not isinstance(wanted, str)]
    assert len(known) > 3


def test_every_decoder_is_among_them() -> None:
    assert {type(model_of(name).decoder) for name in PROGRAMS} == {Choice, Number, Quotient, Mean}


@pytest.mark.parametrize("file", [pytest.param(file, marks=pytest.mark.slow) if file in LONG else file for file in CAUSAL])
def test_the_example_of_the_file(file: str) -> None:
    """Continued from every prefix at once, and alone."""
    prompt, answer = EXAMPLES_OF_THE_FILES[file]
    vocab = sorted({*prompt, *answer, *range(10)})
    model = compiler.compile(rasp.load(EXAMPLES / f"{file}.raspl")["next_token"], vocab=vocab, max_length=LONGEST, causal=True)
    whole = [*prompt, *answer]
    parts = [whole[:length] for length in range(len(prompt), len(whole))]
    assert model.generate_batch(parts, stop=answer[-1]) == [whole] * len(parts)
    assert list(model.stream(prompt, stop=answer[-1])) == answer


def test_groups_of_prompts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit into memory at once is generated one group after the other."""
    monkeypatch.setattr(generation, "MOST_REMEMBERED", 1)
    assert counting().generate_batch([[0], [1], [2]], stop=3) == [[0, 1, 2, 3], [1, 2, 3], [2, 3]]


def test_no_prompts() -> None:
    assert counting().generate_batch([]) == []


def test_more_tokens_than_one_call_decodes() -> None:
    program = rasp.loads("def next_token(x):\n    return indices(x) + 1\n", "rasp-l")["next_token"]
    model = compiler.compile(program, vocab=range(201), max_length=200, causal=True)
    assert model.generate([0]) == list(range(201))
    assert model.generate_batch([[0], [0, 1]]) == [list(range(201))] * 2
    assert list(model.stream([0], max_new_tokens=150)) == list(range(1, 151))


def test_a_stream_begins_before_it_is_through() -> None:
    stream = counting().stream([2])
    assert next(stream) == 3
    assert next(stream) == 4
    with pytest.raises(compiler.ModelInputError, match="token 5 at position 3 is not in the vocabulary"):
        list(stream)


def test_a_stream_is_checked_when_it_is_asked_for() -> None:
    with pytest.raises(compiler.ModelInputError, match="empty"):
        counting().stream([])


def test_a_stop_token_outside_the_vocabulary() -> None:
    assert counting().generate([2], stop=5) == [2, 3, 4, 5]
    assert counting().generate_batch([[2], [4]], stop=5) == [[2, 3, 4, 5], [4, 5]]


def test_equal_tokens_of_other_kinds_stop() -> None:
    assert counting().generate([2], stop=4.0) == [2, 3, 4]


def test_where_the_program_is_undefined() -> None:
    program = rasp.loads("def next_token(x):\n    return 6 // (3 - indices(x))\n", "rasp-l")["next_token"]
    model = compiler.compile(program, vocab=range(10), max_length=8, causal=True)
    assert model.generate([0], max_new_tokens=3) == [0, 2, 3, 6]
    for generated in (lambda: model.generate([0]), lambda: list(model.stream([0])), lambda: model.generate_batch([[0], [0, 1]])):
        with pytest.raises(compiler.UndefinedError, match=r"undefined on what was generated so far.*\(at position 3\)"):
            generated()
    stream = model.stream([0])
    assert [next(stream) for _ in range(3)] == [2, 3, 6]
    with pytest.raises(compiler.UndefinedError, match=r"prompts\[1\]"):
        model.generate_batch([[0], [0, 1]], max_new_tokens=3)


def test_strings_beside_numbers() -> None:
    text = 'x = "a" if indices == 2 else 1;'
    model = compiler.compile(rasp.loads(text)["x"], vocab=["a", 1], max_length=6, causal=True)
    assert model.generate([1, 1], max_new_tokens=1) == [1, 1, 1]
    with pytest.raises(compiler.UndefinedError, match="values of different types"):
        model.generate([1, 1])


def test_a_mixture_after_an_undefined_prefix_that_is_excused_later() -> None:
    text = """
        X = True if tokens == "b" else (1 if tokens == "n" else False);
        mean = aggregate(select(indices, indices, <=), X);
        next_token = "s" if tokens == "s" else mean;
    """
    model = compiler.compile(rasp.loads(text)["next_token"], vocab=["b", "n", "s"], max_length=8, causal=True)
    for prompt in (["b", "b", "n", "s"], ["b", "s", "n", "s"]):
        with pytest.raises(compiler.UndefinedError):
            model(prompt)
        with pytest.raises(compiler.UndefinedError):
            model.generate(prompt, max_new_tokens=1)


def test_stop_tokens_that_no_double_is() -> None:
    mean = "next_token = aggregate(select(indices, indices, <=), tokens_asis);"
    model = compiler.compile(rasp.loads(mean)["next_token"], vocab=[0.1, 0.5, 0.3], max_length=8, causal=True)
    assert model.generate([0.1], stop=0.1) == [0.1, 0.1]
    assert model.generate([0.1, 0.3], stop=0.2) == [0.1, 0.3, 0.2]
    choice = "next_token = 0.7 if tokens_asis == 0.5 else 0.5;"
    model = compiler.compile(rasp.loads(choice)["next_token"], vocab=[0.1, 0.5], max_length=8, causal=True)
    assert model.generate([0.1], stop=0.7) == [0.1, 0.5, 0.7]


def test_a_stream_gives_everything_before_it_is_undefined() -> None:
    text = 'next_token = "a" if 1 / (6 - indices) > 9 else tokens;'
    model = compiler.compile(rasp.loads(text)["next_token"], vocab="ab", max_length=20, causal=True)
    stream, found = model.stream("a"), []
    with pytest.raises(compiler.UndefinedError):
        found.extend(iter(stream))
    assert found == ["a"] * 6


def test_prompts_of_any_type() -> None:
    assert [type(token) for token in counting().generate(np.array([0, 1]), max_new_tokens=1)] == [int] * 3
    assert counting().generate_batch([(0,), iter([1])], stop=np.int64(2), max_new_tokens=np.int64(2)) == [[0, 1, 2], [1, 2]]  # pyright: ignore[reportArgumentType]
    with pytest.raises(compiler.ModelInputError, match="prompts are a sequence of prompts, not int"):
        counting().generate_batch(5)  # pyright: ignore[reportArgumentType]
    for number in (np.array([1, 2]), np.array(3.0), 1.0, True):
        with pytest.raises(compiler.ModelInputError, match="a number from 0 on"):
            counting().generate([0], max_new_tokens=number)  # pyright: ignore[reportArgumentType]
