"""Boolean AND with bits that never vary in training: what the min-degree interpolator, the program and transformers make of it.

Source: Zhou et al. 2023 (arXiv 2310.16028), the counterexample to the min-degree interpolator of Abbe et al. 2023. Inputs have 20
bits, the last five of them always 1 in training; half of the training inputs hold a single 0. So 16 different ones occur.

To a transformer with learned positions, a frozen bit is a position at which it never sees a 0 in training. The lab puts samples
at random positions of a model that has room for more than a sample; then the last bits of one sample stand where other bits of
another one do, and what is frozen is a place in the sequence but no position. So a model for exactly 20 bits, where bit i
always has position i, is the hardest test of whether a transformer looks at the frozen bits. Both are tried, and no positions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, random
from numpy.typing import NDArray

import compiler
from conjecture.alphabet import Alphabet
from conjecture.files import write_whole
from conjecture.interpolation import Integers, Spectrum, interpolator, on_subcube
from conjecture.model.forward import outputs_on
from conjecture.recipe import Recipe
from conjecture.rows import single_rows
from conjecture.sample import Number, Sample, continuation
from conjecture.task_type import Key, Program, Task
from conjecture.tasks import boolean_and
from conjecture.training.train import Trained, train

BITS, FROZEN = 20, 5
FREE = BITS - FROZEN
SEP, END = boolean_and.SEP, boolean_and.END

TRAINING: Integers = np.array([0, *(1 << bit for bit in range(FREE))])
"""The inputs that training has, as sets of zeros (see ``conjecture/interpolation.py``)."""

Truths: TypeAlias = NDArray[np.bool_]
Maker: TypeAlias = Callable[[Array, Number, int], Sample]
"""The sample of so many bits, in room for the longest length."""


def sample_of(bits: Array, length: Number, longest: int) -> Sample:
    """The bits, SEP, and whether all are 1.

    It ends in END, which is said but never read. The sample has no room for it, for a model that has is given random positions.
    """
    conjunction = ((bits == 1) | (jnp.arange(longest) >= length)).all().astype(jnp.int32)
    whole = continuation(longest + 3, [(bits, length), SEP], [conjunction, END])
    return replace(whole, tokens=whole.tokens[:-1], targets=whole.targets[:-1], asked=whole.asked[:-1])


def own_sample_of(bits: Array, length: Number, longest: int) -> Sample:
    """The same with tokens of their own for each bit: bit i is 2 + 2i if it is 0 and 3 + 2i if it is 1."""
    shared = sample_of(bits, length, longest)
    places = jnp.arange(longest + 2)
    return replace(shared, tokens=jnp.where(places < length, 2 + 2 * places + shared.tokens, shared.tokens))


def frozen(make: Maker) -> Callable[[Key, Array, int], Sample]:
    """A sampler: all ones, or as often a single 0 that is none of the last five bits."""

    def sample(key: Key, length: Array, longest: int) -> Sample:
        which, place = random.split(key)
        zero = jnp.where(random.bernoulli(which), random.randint(place, (), 0, length - FROZEN), length)
        return make(jnp.where(jnp.arange(longest) == zero, 0, 1), length, longest)

    return sample


TASK = replace(
    boolean_and.TASK,
    name="boolean-and-frozen",
    summary="tell whether all bits are 1; the last five always are",
    sample=frozen(sample_of),
    room=lambda longest: longest + 2,
    shortest=FROZEN + 1,
)

OWN_TASK = replace(
    TASK,
    name="boolean-and-own",
    sample=frozen(own_sample_of),
    alphabet=lambda longest: Alphabet.of((SEP, END, *range(2 + 2 * longest))),
    program=Program(
        "boolean_and_own.raspl",
        text=f"""\
def next_token(x):
    conjunction = kqv(x % 2, full(x, 0), full(x, 0), equals, default=1)
    return where(x == {SEP}, conjunction, full(x, {END}))
""",
    ),
)

RECIPE = Recipe(
    lengths=(BITS, BITS), longest=BITS, heads=2, width=32, packing="single", batch=32, steps=300, check_every=300, stop_at=2.0
)


@dataclass(frozen=True)
class Setting:
    """A way to show bits to a transformer.

    Attributes:
        name: as tables have it.
        changes: of the recipe.
        task: what it is trained on.
        make: the samples of that task.
    """

    name: str
    changes: Mapping[str, Any]
    task: Task = TASK
    make: Maker = sample_of


SETTINGS = (
    Setting("trained transformer, no positions", {"positions": "none"}),
    Setting("trained transformer, learned positions", {"positions": "learned"}),
    Setting("trained transformer, learned positions, random offsets", {"positions": "learned", "longest": 2 * BITS}),
    Setting("trained transformer, learned positions, each bit its own tokens", {"positions": "learned"}, OWN_TASK, own_sample_of),
)


@dataclass(frozen=True)
class Row:
    """How often a predictor is right. The first four are about the answer's bit.

    Attributes:
        seed: of the training, if there was one.
        training: on the 16 inputs of training.
        one_zero: on the five with a single 0, a frozen bit.
        frozen_zeros: on the 31 with zeros among the frozen bits only.
        anywhere: on a thousand with 0 to 20 zeros, each number as likely, at random places.
        whole: on these, of the whole answer: the bit, and then END. None if the predictor says no END.
    """

    predictor: str
    seed: int | None
    training: float
    one_zero: float
    frozen_zeros: float
    anywhere: float
    whole: float | None


COLUMNS = {
    "training": "training inputs",
    "one_zero": "one 0, frozen",
    "frozen_zeros": "zeros in frozen bits only",
    "anywhere": "zeros anywhere",
    "whole": "the same, with END",
}


@dataclass(frozen=True)
class AndResult:
    """What the experiment found."""

    recipe: Recipe
    rows: tuple[Row, ...]

    def as_markdown(self) -> str:
        """A table in percent, a row for each predictor: the mean over seeds, and the range where they differ."""
        lines = [f"| predictor | {' | '.join(COLUMNS.values())} |", "|---|" + "---:|" * len(COLUMNS)]
        for predictor in dict.fromkeys(row.predictor for row in self.rows):
            rows = [row for row in self.rows if row.predictor == predictor]
            cells = (_percent([getattr(row, column) for row in rows]) for column in COLUMNS)
            lines.append(f"| {predictor} | {' | '.join(cells)} |")
        return "\n".join(lines) + "\n"

    def as_json(self, command: str) -> str:
        """The rows, one a line, with the recipe and the command that made them."""
        rows = ",\n".join(json.dumps(asdict(row)) for row in self.rows)
        return f'{{\n"command": {json.dumps(command)},\n"recipe": {json.dumps(asdict(self.recipe))},\n"rows": [\n{rows}\n]\n}}\n'


def _percent(values: Sequence[float | None]) -> str:
    known = [100 * value for value in values if value is not None]
    if not known:
        return "–"
    middle, low, high = (f"{value:.1f}" for value in (mean(known), min(known), max(known)))
    return middle if low == high else f"{middle} ({low} to {high})"


def run(seeds: int = 3, results: Path | None = None) -> str:
    """The table, for a command.

    Args:
        seeds: of each transformer.
        results: a file for the figures.

    Raises:
        LabError: the file can't be written.
        Interrupted: Ctrl-C.
    """
    result = and_experiment(seeds=seeds)
    if results is not None:
        text = result.as_json(f"conjecture interpolator --seeds {seeds} --results {results}")
        write_whole(results, lambda file: file.write_text(text, encoding="utf-8"))
    return result.as_markdown()


def and_experiment(recipe: Recipe = RECIPE, seeds: int | Sequence[int] = 3, settings: Sequence[Setting] = SETTINGS) -> AndResult:
    """Ask every predictor about the same inputs.

    Args:
        recipe: of the transformers, but for what a setting changes.
        seeds: how many, from 0 on, or which.
        settings: in which to train transformers.

    Raises:
        Interrupted: Ctrl-C.
    """
    rows = [
        _row("min-degree interpolator, all inputs with the five bits 1", spectrum_of_subcube().decisions(inputs()) == answers()),
        _row("min-degree interpolator, the 16 training inputs", spectrum_of_training().decisions(inputs()) == answers()),
        _row("RASP-L program", *program_right()),
        _row("compiled transformer", *compiled_right()),
    ]
    for setting in settings:
        trained = train(setting.task, replace(recipe, **setting.changes), seeds=seeds)
        rows += [_row(setting.name, *trained_right(setting, one), seed=one.run.seed) for one in trained]
    return AndResult(recipe, tuple(rows))


def _row(predictor: str, bit: Truths, whole: Truths | None = None, *, seed: int | None = None) -> Row:
    """From where a predictor is right."""
    ends = np.cumsum([len(part) for part in _parts()])[:-1]
    parts = [float(part.mean()) for part in np.split(bit, ends)]
    return Row(predictor, seed, *parts, whole=None if whole is None else float(np.split(whole, ends)[-1].mean()))


def _parts() -> tuple[Integers, Integers, Integers, Integers]:
    """The inputs of the four columns."""
    draws = np.random.default_rng(0)
    anywhere = [sum(1 << bit for bit in draws.permutation(BITS)[: draws.integers(BITS + 1)].tolist()) for _ in range(1000)]
    return TRAINING, 1 << np.arange(FREE, BITS), np.arange(1, 1 << FROZEN) << FREE, np.array(anywhere)


@cache
def inputs() -> Integers:
    """All that predictors are asked about, as sets of zeros."""
    return np.concatenate(_parts())


def answers() -> Truths:
    """Whether all bits are 1."""
    return inputs() == 0


def bits_of(sets: Integers) -> Integers:
    """The bits of inputs; shape (inputs, bits)."""
    return 1 - (sets[:, None] >> np.arange(BITS) & 1)


def spectrum_of_subcube() -> Spectrum:
    """The interpolator where training has all inputs whose last five bits are 1.

    It is the conjunction of the others: the product of (1 + x) / 2, whose 2 ** 15 coefficients are all 2 ** -15.
    """
    return on_subcube((np.arange(1 << FREE) == 0).astype(np.int64), range(FREE, BITS), BITS)


def spectrum_of_training() -> Spectrum:
    """The interpolator where training has the 16 inputs that it does have.

    It is 1 less the number of zeros among the first 15 bits. Degree 1 suffices: from all ones to a single 0 the value falls by
    twice the coefficient of that bit, from 1 to 0, so each free bit has 1/2; frozen bits have 0, as in any such interpolator; the
    constant is what is left. The value is nearer to 1 if and only if there is none of these zeros: a conjunction, again.
    """
    return interpolator(TRAINING.tolist(), [1] + [0] * FREE, BITS)


def program_right() -> tuple[Truths, Truths]:
    """Where the RASP-L program's bit is right, and where its whole answer."""
    program = TASK.program.sop()
    return _right([program(tokens) for tokens in _tokens()])


def compiled_right() -> tuple[Truths, Truths]:
    """The same of the compiled transformer."""
    model = compiler.compile(TASK.program.sop(), TASK.alphabet(BITS).codes, BITS + 2, causal=True)
    return _right(model.batch(_tokens()))


def _tokens() -> list[list[int]]:
    """The inputs with the right bit as the answer so far; a program that looks back says at SEP what it would say without it."""
    return [[*bits, SEP, int(answer)] for bits, answer in zip(bits_of(inputs()).tolist(), answers(), strict=True)]


def _right(values: Sequence[Sequence[object]]) -> tuple[Truths, Truths]:
    said = np.array([value[-2:] for value in values])
    bit = said[:, 0] == answers()
    return bit, bit & (said[:, 1] == END)


def trained_right(setting: Setting, trained: Trained) -> tuple[Truths, Truths]:
    """The same of a trained transformer. Given the right bit it says END if and only if generation does so after that bit."""
    longest = trained.recipe.longest
    bits = np.pad(bits_of(inputs()), ((0, 0), (0, longest - BITS)), constant_values=1)
    samples = jax.vmap(lambda row: setting.make(row, BITS, longest))(jnp.asarray(bits))
    rows = single_rows(setting.task, longest, samples)
    right = np.asarray(jax.jit(outputs_on)(trained.model, rows).argmax(axis=-1) == rows.targets)
    bit, end = right[:, BITS + 1], right[:, BITS + 2]  # BOS is first
    return bit, bit & end
