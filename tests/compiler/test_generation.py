"""Compiled RASP-L programs generate the whole answer and stop by themselves."""

import pytest

import compiler
import rasp
from tests.examples.test_generation import EXAMPLES, EXAMPLES_OF_THE_FILES

LONGEST = 20


@pytest.mark.parametrize("file", EXAMPLES_OF_THE_FILES)
def test_the_example_of_the_file(file: str) -> None:
    prompt, answer = EXAMPLES_OF_THE_FILES[file]
    vocab = sorted({*prompt, *answer, *range(10)})
    program = rasp.load(EXAMPLES / f"{file}.raspl")["next_token"]
    model = compiler.compile(program, vocab=vocab, max_length=LONGEST, causal=True)
    assert model.generate(prompt, stop=answer[-1]) == prompt + answer


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
