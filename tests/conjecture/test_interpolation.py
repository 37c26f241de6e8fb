"""The min-degree-profile interpolator against brute force, and what it and others make of boolean AND with frozen bits."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from math import comb
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import conjecture.interpolation_experiment as experiment
from conjecture.evaluation.scores import marks_of
from conjecture.interpolation import Spectrum, interpolator, on_subcube, walsh_hadamard
from conjecture.interpolation_experiment import BITS, FREE, SETTINGS, TASK, AndResult, Row
from conjecture.model.build import context_of
from conjecture.recipe import Recipe
from conjecture.rows import single_rows, training_rows
from conjecture.training.train import train

DOCS = Path(__file__).parents[2] / "docs"

tables = st.integers(0, 5).flatmap(lambda bits: st.lists(st.integers(-9, 9), min_size=2**bits, max_size=2**bits))


@st.composite
def problems(draw: st.DrawFn, most: int = 4) -> tuple[list[int], list[int], int]:
    """Some inputs, their values and the number of bits."""
    bits = draw(st.integers(1, most))
    inputs = draw(st.lists(st.integers(0, 2**bits - 1), min_size=1, max_size=2**bits, unique=True))
    values = draw(st.lists(st.integers(-2, 2), min_size=len(inputs), max_size=len(inputs)))
    return inputs, values, bits


def character(chosen: int, zeros: int) -> int:
    """The product of the chosen bits of an input, bit by bit."""
    product = 1
    for bit in range(BITS):
        if chosen >> bit & 1:
            product *= -1 if zeros >> bit & 1 else 1
    return product


def value(spectrum: Spectrum, zeros: int) -> Fraction:
    return sum((part * character(chosen, zeros) for chosen, part in spectrum.coefficients.items()), Fraction(0))


def profile(values: list[Fraction]) -> tuple[Fraction, ...]:
    """The degree profile of a function with given values at all inputs, from the definition of its coefficients."""
    size = len(values)
    weights = [Fraction(0)] * size.bit_length()
    for chosen in range(size):
        part = sum((number * character(chosen, zeros) for zeros, number in enumerate(values)), Fraction(0)) / size
        weights[chosen.bit_count()] += part * part
    return tuple(reversed(weights))


# The transform


@given(tables)
def test_transform_is_its_definition(table: list[int]) -> None:
    size = range(len(table))
    expected = [sum(table[chosen] * character(chosen, zeros) for chosen in size) for zeros in size]
    assert walsh_hadamard(np.array(table)).tolist() == expected


@given(tables)
def test_transform_is_its_own_inverse_and_keeps_the_norm(table: list[int]) -> None:
    numbers = np.array(table)
    once = walsh_hadamard(numbers)
    assert walsh_hadamard(once).tolist() == (len(numbers) * numbers).tolist()
    assert (once**2).sum() == len(numbers) * (numbers**2).sum()  # Parseval


def test_sums_that_do_not_fit_are_refused() -> None:
    with pytest.raises(OverflowError, match="64 bits"):
        walsh_hadamard(np.array([2**61, 2**61]))


# The interpolator


@given(problems())
def test_it_interpolates(problem: tuple[list[int], list[int], int]) -> None:
    inputs, values, bits = problem
    found = interpolator(inputs, values, bits)
    assert [value(found, zeros) for zeros in inputs] == values
    numerators, denominator = found.values()
    assert [Fraction(int(numerators[zeros]), denominator) for zeros in inputs] == values
    assert found.profile == profile([Fraction(int(number), denominator) for number in numerators])
    assert len(found.profile) == bits + 1


@given(problems(most=3), st.data())
def test_no_other_interpolator_is_less(problem: tuple[list[int], list[int], int], data: st.DataObject) -> None:
    inputs, values, bits = problem
    found = interpolator(inputs, values, bits)
    here = [value(found, zeros) for zeros in range(2**bits)]
    step = st.fractions(-2, 2, max_denominator=1000)
    other = [number if zeros in inputs else number + data.draw(step) for zeros, number in enumerate(here)]
    assert profile(here) < profile(other) or here == other


@given(problems())
def test_it_is_the_limit_of_ever_dearer_levels(problem: tuple[list[int], list[int], int]) -> None:
    """The interpolator for which the sum over sets of price ** size · coefficient² is least, as the price grows.

    It is D⁻¹ Aᵀ (A D⁻¹ Aᵀ)⁻¹ values, with the characters A on the inputs and the prices D.
    """
    inputs, values, bits = problem
    price = 10**9
    rows = [[character(chosen, zeros) for chosen in range(2**bits)] for zeros in inputs]
    cheap = [Fraction(1, price ** chosen.bit_count()) for chosen in range(2**bits)]
    gram = [[sum((x * y * z for x, y, z in zip(one, two, cheap, strict=True)), Fraction(0)) for two in rows] for one in rows]
    weights = eliminated(gram, values)
    found = interpolator(inputs, values, bits).coefficients
    for chosen in range(2**bits):
        limit = cheap[chosen] * sum((weight * row[chosen] for weight, row in zip(weights, rows, strict=True)), Fraction(0))
        assert abs(limit - found.get(chosen, 0)) < Fraction(1, 10**6)


def eliminated(matrix: list[list[Fraction]], right: list[int]) -> list[Fraction]:
    """The solution of equations that have exactly one, with a positive definite matrix."""
    rows = [[*row, Fraction(number)] for row, number in zip(matrix, right, strict=True)]
    for pivot in range(len(rows)):
        rows[pivot] = [number / rows[pivot][pivot] for number in rows[pivot]]
        for other in range(len(rows)):
            if other != pivot:
                factor = rows[other][pivot]
                rows[other] = [x - factor * y for x, y in zip(rows[other], rows[pivot], strict=True)]
    return [row[-1] for row in rows]


@given(problems())
def test_it_depends_on_no_frozen_bit(problem: tuple[list[int], list[int], int]) -> None:
    inputs, values, bits = problem
    frozen = {bit for bit in range(bits) if len({zeros >> bit & 1 for zeros in inputs}) == 1}
    assert not interpolator(inputs, values, bits).relevant & frozen


@given(st.data(), st.integers(1, 4))
def test_on_a_subcube_the_transform_gives_it(data: st.DataObject, bits: int) -> None:
    frozen = data.draw(st.lists(st.integers(0, bits - 1), unique=True))
    held = data.draw(st.integers(0, 2**bits - 1))
    inputs = [zeros for zeros in range(2**bits) if all((zeros ^ held) >> bit & 1 == 0 for bit in frozen)]
    values = data.draw(st.lists(st.integers(-3, 3), min_size=len(inputs), max_size=len(inputs)))
    found, expected = on_subcube(values, frozen, bits), interpolator(inputs, values, bits)
    assert found.coefficients == expected.coefficients
    assert found.degree == expected.degree


@given(problems(most=3), st.integers(-3, 3), st.integers(-3, 3))
def test_it_follows_the_unit_and_the_zero_of_the_values(problem: tuple[list[int], list[int], int], a: int, b: int) -> None:
    inputs, values, bits = problem
    found = interpolator(inputs, values, bits)
    moved = interpolator(inputs, [a + b * number for number in values], bits)
    assert all(value(moved, zeros) == a + b * value(found, zeros) for zeros in range(2**bits))


@pytest.mark.parametrize(("inputs", "values"), [([], []), ([1, 1], [0, 0]), ([1, 2], [0])])
def test_what_is_no_training_set(inputs: list[int], values: list[int]) -> None:
    with pytest.raises(ValueError, match="one value for each"):
        interpolator(inputs, values, 2)


def test_a_subcube_with_a_wrong_number_of_values() -> None:
    with pytest.raises(ValueError, match="2 free bits have 4 values, not 3"):
        on_subcube([0, 1, 0], [1], 3)


# Boolean AND of 20 bits


def test_the_interpolator_of_the_subcube() -> None:
    found = experiment.spectrum_of_subcube()
    assert found.relevant == frozenset(range(FREE))
    assert found.coefficients == {chosen: Fraction(1, 2**FREE) for chosen in range(2**FREE)}
    assert found.profile == tuple(Fraction(comb(FREE, level), 4**FREE) for level in range(BITS, -1, -1))


def test_the_interpolator_of_the_training_inputs() -> None:
    found = experiment.spectrum_of_training()
    ones = {1 << bit: Fraction(1, 2) for bit in range(FREE)}
    assert found.coefficients == {0: Fraction(2 - FREE, 2), **ones}
    assert (found.degree, found.relevant) == (1, frozenset(range(FREE)))


@pytest.mark.parametrize("found", [experiment.spectrum_of_subcube(), experiment.spectrum_of_training()])
def test_both_are_wrong_where_zeros_are_in_frozen_bits_only(found: Spectrum) -> None:
    everything = np.arange(2**BITS)
    decisions = found.decisions(everything)
    assert np.array_equal(decisions, everything % 2**FREE == 0)
    assert np.flatnonzero(decisions != (everything == 0)).tolist() == [number << FREE for number in range(1, 32)]


def test_the_program_and_its_transformer_are_right() -> None:
    for right in (experiment.program_right, experiment.compiled_right):
        bit, whole = right()
        assert bit.all()
        assert whole.all()


def test_the_bits_of_inputs() -> None:
    assert experiment.bits_of(np.array([0, 1, 1 << 19])).tolist() == [[1] * 20, [0, *[1] * 19], [*[1] * 19, 0]]


# What transformers are trained on


def rows_of(recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """The bits of training samples and the positions at which they stand."""
    fitted = replace(recipe, batch=2000)
    draw = jax.jit(lambda key: training_rows(TASK, fitted, context_of(TASK, fitted), key))
    rows = jax.device_get(draw(jax.random.key(0)))
    assert rows.asked.sum(axis=1).tolist() == [2] * 2000
    zero = TASK.alphabet(BITS).codes.index(0)
    return rows.ids[:, 1 : BITS + 1] != zero, rows.places[:, 1 : BITS + 1]


def test_frozen_bits_are_at_positions_that_never_have_a_zero() -> None:
    bits, places = rows_of(experiment.RECIPE)
    assert (places == np.arange(1, BITS + 1)).all()
    zeros = (~bits).sum(axis=0)
    assert (zeros[:FREE] > 20).all()
    assert (zeros[FREE:] == 0).all()
    assert set((~bits).sum(axis=1).tolist()) == {0, 1}
    assert 900 < (~bits).sum() < 1100


def test_with_offsets_every_position_has_zeros() -> None:
    bits, places = rows_of(replace(experiment.RECIPE, longest=2 * BITS))
    assert (~bits[:, FREE:]).sum() == 0
    assert set(places[~bits].tolist()) >= set(range(1, BITS + 1))


@pytest.mark.parametrize("setting", [SETTINGS[0], SETTINGS[3]])
def test_the_program_solves_the_task(setting: experiment.Setting) -> None:
    program = setting.task.program.sop()
    keys = jax.random.split(jax.random.key(1), 20)
    for sample in (jax.device_get(setting.task.sample(key, jnp.asarray(7), 9)) for key in keys):
        said = np.array(program(sample.tokens[: sample.length].tolist()))
        assert (said == sample.targets[: sample.length])[sample.asked[: sample.length]].all()
        assert sample.asked.sum() == 2


def test_own_tokens_are_different_for_each_bit() -> None:
    shared, own = (jax.device_get(setting.make(jnp.array([1, 0, 1]), 3, 3)) for setting in (SETTINGS[0], SETTINGS[3]))
    assert shared.tokens.tolist() == [1, 0, 1, -1, 0]
    assert own.tokens.tolist() == [3, 4, 7, -1, 0]


# The results


def test_results_are_written_with_their_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = AndResult(experiment.RECIPE, (Row("t", 0, 1.0, 1.0, 1.0, 0.9, 0.5), Row("t", 1, 1.0, 1.0, 1.0, 1.0, 0.7)))
    monkeypatch.setattr(experiment, "and_experiment", lambda seeds: result)
    file = tmp_path / "new" / "found.json"
    assert experiment.run(2, file) == result.as_markdown()
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["command"] == f"conjecture interpolator --seeds 2 --results {file}"
    assert tuple(Row(**row) for row in found["rows"]) == result.rows
    assert found["recipe"]["width"] == experiment.RECIPE.width


def test_the_table_has_means_and_ranges() -> None:
    rows = (Row("f", None, 1.0, 0.0, 0.0, 0.98, None), Row("t", 0, 1.0, 1.0, 1.0, 0.9, 0.5), Row("t", 1, 1.0, 1.0, 1.0, 1.0, 0.7))
    lines = AndResult(experiment.RECIPE, rows).as_markdown().splitlines()
    assert lines[2:] == [
        "| f | 100.0 | 0.0 | 0.0 | 98.0 | – |",
        "| t | 100.0 | 100.0 | 100.0 | 95.0 (90.0 to 100.0) | 60.0 (50.0 to 70.0) |",
    ]


def test_the_published_table_is_that_of_the_results() -> None:
    found = json.loads((DOCS / "results" / "interpolator.json").read_text(encoding="utf-8"))
    result = AndResult(experiment.RECIPE, tuple(Row(**row) for row in found["rows"]))
    assert result.as_markdown() in (DOCS / "lab" / "interpolator.md").read_text(encoding="utf-8")
    assert f"{found['command']}\n" in (DOCS / "lab" / "interpolator.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_trained_transformers() -> None:
    found = experiment.and_experiment(seeds=1, settings=(SETTINGS[1], SETTINGS[3]))
    *_, positions, own = found.rows
    assert (positions.training, positions.one_zero, positions.frozen_zeros) == (1.0, 1.0, 1.0)
    assert (own.training, own.one_zero, own.frozen_zeros) == (1.0, 0.0, 0.0)


@pytest.mark.slow
def test_marks_are_those_of_generation() -> None:
    setting = SETTINGS[0]
    (trained,) = train(TASK, replace(experiment.RECIPE, **setting.changes), seeds=1)
    _, whole = experiment.trained_right(setting, trained)
    bits = jnp.asarray(experiment.bits_of(experiment.inputs()))
    rows = single_rows(TASK, BITS, jax.vmap(lambda row: setting.make(row, BITS, BITS))(bits))
    assert np.array_equal(marks_of(TASK, BITS, trained.model, rows).exact, whole)
