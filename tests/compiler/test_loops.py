"""Compiled loops: one block of layers, run as often as the input asks for, exact in every step."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import numpy as np
import pytest

import compiler
import rasp
from compiler.errors import CompileError, ExportError, ModelInputError
from compiler.model import Model
from compiler.undefined import Undefined
from compiler.verification.trace import TraceError
from rasp.errors import RaspError
from rasp.graph.nodes import Atom
from rasp.values import SOp
from tests.compiler.loop_programs import VOCAB, random_loop
from tests.looped import LOOPED, Looped

LENGTH = 64
PARITY, *_ = LOOPED


def program(body: str) -> SOp:
    return rasp.loads(f"def f(x):\n    return {body}\n", "rasp-l")["f"].sop()


def compiled(body: str, vocab: object = (0, 1, 2), max_length: int = 6, **options: bool) -> Model:
    return compiler.compile(program(body), vocab=vocab, max_length=max_length, **{"causal": True, **options})  # pyright: ignore


def check(model: Model, inputs: list[list[int]]) -> list[list[Atom] | Undefined]:
    """The model gives what the program gives, or no value where that has none."""
    given = model.batch_atoms(inputs)
    for tokens, found in zip(inputs, given, strict=True):
        try:
            wanted = model.sop.column(tokens).to_atoms()
        except RaspError:
            assert isinstance(found, Undefined), tokens
        else:
            assert found == wanted, tokens
    return given


def every_input(vocab: tuple[int, ...], longest: int) -> list[list[int]]:
    return [list(tokens) for length in range(1, longest + 1) for tokens in itertools.product(vocab, repeat=length)]


MOST_LOOPED = [pytest.param(one, id=one.name, marks=[pytest.mark.slow] if one.name == "unique_set" else []) for one in LOOPED]
"""Without that which takes longest, which is the campaign's."""


@pytest.fixture(scope="module", params=LOOPED, ids=lambda looped: looped.name)
def looped(request: pytest.FixtureRequest) -> tuple[Looped, Model]:
    given: Looped = request.param
    return given, compiler.compile(given.program, vocab=given.vocab, max_length=LENGTH, causal=True)


# The programs of examples/looped


def test_every_short_input(looped: tuple[Looped, Model]) -> None:
    given, model = looped
    vocab = tuple(given.vocab) if len(given.vocab) < 5 else (0, 1, 2, -1)
    check(model, every_input(vocab, 6 if len(vocab) < 4 else 4))


def questions(looped: Looped) -> list[tuple[list[int], list[int]]]:
    sizes = {"multiplication": 8, "parity": 63, "copy": 32, "addition": 20, "binary_sum": 55, "unique_set": 32}
    return list(looped.samples([1 + seed % sizes[looped.name] for seed in range(30)]))


def test_random_inputs_and_questions(looped: tuple[Looped, Model]) -> None:
    given, model = looped
    asked = questions(given)
    draw = random.Random(0)
    inputs = [draw.choices(given.vocab, k=draw.randint(1, LENGTH)) for _ in range(60)]
    found = check(model, [*(question for question, _ in asked), *inputs])
    for (_, answer), values in zip(asked, found[: len(asked)], strict=True):
        assert isinstance(values, list)
        assert values[-len(answer) :] == answer
    question, answer = asked[-1]
    assert model(question)[-len(answer) :] == answer


@pytest.mark.slow
def test_questions_one_by_one(looped: tuple[Looped, Model]) -> None:
    """A single input has shapes of its own."""
    given, model = looped
    for question, answer in questions(given):
        assert model(question)[-len(answer) :] == answer


@pytest.mark.parametrize("looped", MOST_LOOPED, indirect=True)
def test_any_number_of_steps_is_exact(looped: tuple[Looped, Model]) -> None:
    """The states stay in a finite set however often the step is taken, so the certificate holds for any number."""
    given, model = looped
    (loop,) = model.blueprint.loops
    assert loop.limit is None
    draw = random.Random(1)
    often = model.with_steps(200)
    lengths = *(draw.randint(1, 8) for _ in range(3)), *(draw.randint(33, LENGTH) for _ in range(5))
    check(often, [draw.choices(given.vocab, k=length) for length in lengths])


@pytest.mark.slow
def test_ten_thousand_random_inputs(looped: tuple[Looped, Model]) -> None:
    given, model = looped
    draw = random.Random(2)
    check(model, [draw.choices(given.vocab, k=draw.randint(1, LENGTH)) for _ in range(10_000)])
    vocab = tuple(given.vocab) if len(given.vocab) < 5 else (0, 1, 2, -1)
    check(model, every_input(vocab, 8))


# Random programs


@pytest.mark.parametrize("seed", range(8))
def test_random_loops(seed: int) -> None:
    chance = random.Random(seed)
    sop = rasp.loads(random_loop(chance), "rasp-l")["program"].sop()
    model = compiler.compile(
        sop, VOCAB, max_length=7, causal=chance.random() < 0.7, optimize="depth" if chance.random() < 0.5 else "width"
    )
    draw = random.Random(seed)
    check(model, [*every_input(VOCAB, 3), *(draw.choices(VOCAB, k=draw.randint(4, 7)) for _ in range(40))])


# How a program becomes a loop


def test_the_block_is_there_once() -> None:
    short, long = (compiler.compile(PARITY.program, vocab=PARITY.vocab, max_length=n, causal=True) for n in (8, 64))
    assert short.config.layers == long.config.layers == 1
    assert long.steps([1] * 40 + [-1]) == (40,)
    assert len(long.transformer.unrolled((40,)).layers) == 40


@pytest.mark.parametrize(
    "body",
    [
        "iterate(lambda s: (s + 1) % 3, x, x)",
        "iterate(lambda s: ~s, x == 1, 3)",
        "iterate(lambda s, t: (t, s), (x, num_prev(x, x)), indices(x))[0]",
        "iterate(lambda s: shift_right(s, 1), num_prev(x, x), 2) + iterate(lambda s: maximum(s), x, 1)",
        "iterate(lambda s: (s + t_) % 4, x, iterate(lambda n: (n + 1) % 3, x, 2))".replace("t_", "num_prev(x, x)"),
        "num_prev(iterate(lambda s: num_prev(s, s) % 3, x, indices(x)), x)",
        "iterate(lambda s: x, 0 * x, indices(x))",
        "iterate(lambda s: s, num_prev(x, x), 4)",
        "iterate(lambda s: full(x, 2), x, indices(x))",
        "iterate(lambda s: s + 1, x, 0)",
    ],
)
def test_shapes_of_loops(body: str) -> None:
    check(compiled(body), every_input((0, 1, 2), 5))


def test_a_bidirectional_loop() -> None:
    text = "def f(x):\n    return iterate(lambda s: aggr(select(s, s, equals, causal=False), x, reduction='max'), x, 3)\n"
    model = compiler.compile(rasp.loads(text, "rasp-l")["f"], vocab=(0, 1, 2), max_length=6)
    check(model, every_input((0, 1, 2), 5))


def test_a_state_that_grows_has_a_limit() -> None:
    model = compiled("iterate(lambda s: s + 1, x, indices(x))")
    (loop,) = model.blueprint.loops
    assert (loop.most, loop.limit) == (5, 5)
    check(model, every_input((0, 1, 2), 5))
    check(model.with_steps(5), every_input((0, 1, 2), 3))
    with pytest.raises(ModelInputError, match="exact for at most 5 steps, not for 6"):
        model.with_steps(6)


def test_states_are_refused_when_they_can_be_too_much() -> None:
    with pytest.raises(CompileError, match="too many values"):
        compiled("iterate(lambda s: s * s + x, x, 30)")


# Where there is no value


def test_a_number_of_steps_that_is_none() -> None:
    model = compiled("iterate(lambda s: (s + 1) % 3, x, indices(x) - 2)")
    check(model, every_input((0, 1, 2), 5))
    with pytest.raises(compiler.UndefinedError, match="a loop can't be run so often"):
        model([1])


def test_a_loop_that_no_input_can_run_is_refused() -> None:
    with pytest.raises(CompileError, match="this loop can't be run on any input"):
        compiled("iterate(lambda s: s, x, 0 * x - 1)")


def test_what_comes_before_and_after_may_be_undefined() -> None:
    check(compiled("iterate(lambda s: shift_right(s, 1), 6 // x, indices(x))"), every_input((0, 1, 2), 5))
    check(compiled("6 // iterate(lambda s: shift_right(s, 1, default=1), x, indices(x))"), every_input((0, 1, 2), 5))


def test_a_step_that_may_be_undefined_is_refused() -> None:
    with pytest.raises(CompileError, match="may be undefined in some step of a loop") as caught:
        compiled("iterate(lambda s: 6 // s, x, 2)")
    assert caught.value.span is not None


def test_a_loop_in_a_loop_is_refused() -> None:
    with pytest.raises(CompileError, match="this loop is inside the step of another") as caught:
        compiled("iterate(lambda s: iterate(lambda t: (t + s) % 2, s, 2), x, 2)")
    assert caught.value.span is not None
    assert caught.value.span.text.startswith("iterate(lambda t")


@pytest.mark.parametrize("steps", [(), (1, 2), (-1,), (2.5,), (True,)])
def test_steps_must_be_numbers(steps: tuple[int, ...]) -> None:
    model = compiled("iterate(lambda s: (s + 1) % 3, x, x)")
    with pytest.raises(ModelInputError):
        model.with_steps(*steps)


# What else can be done with a model


def test_given_steps() -> None:
    model = compiled("iterate(lambda s: (s + 1) % 3, x, x)")
    assert model([0, 1, 2]) == [2, 0, 1]
    assert model.with_steps(1)([0, 1, 2]) == [1, 2, 0]
    assert model.steps([0, 1, 2]) == (2,)
    assert model.with_steps(1).steps([0, 1, 2]) == (1,)
    assert compiler.verify(model.with_steps(4), exhaustive=200, samples=50).passed


def test_a_saved_model(tmp_path: Path) -> None:
    model = compiled("iterate(lambda s: (s + shift_right(s, 1)) % 3, x, indices(x))")
    model.save(tmp_path / "loop.safetensors")
    again = compiler.load(tmp_path / "loop.safetensors")
    assert again.blueprint == model.blueprint
    check(again, every_input((0, 1, 2), 5))


def test_attention_maps_step_by_step() -> None:
    model = compiled("iterate(lambda s: shift_right(s, 1), x, 3)")
    maps = compiler.inspect(model).attention([1, 2, 0, 1])
    assert [str(head.executed) for head in maps.heads] == [f"layer 1 in step {step}" for step in (1, 2, 3)]
    assert all(np.array_equal(head.weights, maps.heads[0].weights) for head in maps.heads)


def test_inspection_shows_the_block_once_with_its_loop() -> None:
    shown = str(compiler.inspect(compiler.compile(PARITY.program, vocab=PARITY.vocab, max_length=9, causal=True)))
    assert "loop: layer 1 is repeated in as many steps as cell 6 holds at the last position, 8 at most; exact for any" in shown
    assert shown.count("layer 1: 1 head") == 1
    assert "cell 6        steps: carried, 0 to 8" in shown


def test_what_needs_a_fixed_number_of_steps() -> None:
    model = compiled("iterate(lambda s: (s + 1) % 3, x, x)")
    with pytest.raises(CompileError, match="can't generate token by token"):
        model.generate([1])
    with pytest.raises(ExportError, match="the input tells how many steps"):
        compiler.export.to_onnx(model)
    with pytest.raises(TraceError, match="can't be traced"):
        compiler.trace(model, [1, 2])


def test_a_vocabulary_of_one_token() -> None:
    check(compiled("iterate(lambda s: (s + 1) % 3, x, 4)", vocab=(1,), max_length=3), [[1], [1, 1], [1, 1, 1]])


def test_the_page_has_the_sizes(looped: tuple[Looped, Model]) -> None:
    given, model = looped
    (loop,) = model.blueprint.loops
    page = (Path(__file__).parents[2] / "docs" / "compiler" / "loops.md").read_text(encoding="utf-8")
    (row,) = (line for line in page.splitlines() if line.startswith("|") and f"looped/{given.name}.raspl" in line)
    layers = f"{loop.first - 1}, {loop.last - loop.first + 1}, {model.config.layers - loop.last}"
    assert f"| {layers} | {model.config.d_model} | {model.config.parameters:,} |" in row
