"""A right model has nothing to show; of an altered one the trace names the layer and the value."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import equinox as eqx
import jax
import pytest

import compiler
import rasp
from compiler.transformer import Transformer
from compiler.verification.trace import BOS, Tracer
from rasp.errors import RaspError
from tests.compiler.programs import LIBRARY
from tests.compiler.soundness import random_sops

PROGRAM = """
h = selector_width(select(tokens, tokens, ==));
ordered = sort(tokens, h);
inverse = 1 / indicator(tokens == "a");
"""
TOKENS = "cabab"


@pytest.fixture(scope="module")
def model() -> compiler.Model:
    return compiler.compile(rasp.loads(PROGRAM)["ordered"], vocab="abc", max_length=6)


@pytest.fixture(scope="module")
def tracer(model: compiler.Model) -> Tracer:
    return Tracer.of(model)


def written_at(transformer: Transformer, time: int) -> jax.Array:
    """What a sublayer adds to every position; for the embedding, the positions."""
    layer = transformer.layers[(time - 1) // 2]
    return transformer.positions if time == 0 else layer.attention.out_bias if time % 2 else layer.mlp.out_bias


def altered(model: compiler.Model, time: int, cell: int, by: float = 1.0, row: int | None = None) -> compiler.Model:
    """The model with one weight altered: one that adds to a cell at every position, or at one."""
    weight = written_at(model.transformer, time)
    changed = weight.at[..., cell].add(by) if row is None else weight.at[row, cell].add(by)
    return replace(model, transformer=eqx.tree_at(lambda t: written_at(t, time), model.transformer, changed))


def cell_of(tracer: Tracer, name: str, text: str) -> tuple[int, int]:
    """The time from which a value can be read, and its cell."""
    (probe,) = (probe for probe in tracer.probes if (probe.name, probe.text) == (name, text))
    (cell,) = probe.cells
    return probe.ready, cell


def test_a_right_model(tracer: Tracer) -> None:
    found = tracer(TOKENS)
    assert found.passed
    assert (found.first, found.wrong_result, found.altered) == (None, (), ())
    assert found.program == found.model == tuple("cabab")
    assert {probe.name for probe in tracer.probes if probe.named} == {"h", "ordered"}
    assert {found.where(o.time) for o in found.observations if o.probe.named} == {
        "layer 1 attention",
        "layer 1 MLP",
        "layer 3 attention",
    }
    assert found.summary == f"every value is as the program says ({len(tracer.probes)} read)"


def test_whatever_sublayer_is_altered_is_named(model: compiler.Model, tracer: Tracer) -> None:
    places = {(probe.ready, probe.cells[0]) for probe in tracer.probes if probe.asks.node is not None}
    assert {time for time, _ in places} == {0, 1, 2, 3, 4, 5}
    for time, cell in places:
        first = replace(tracer, model=altered(model, time, cell))(TOKENS).first
        assert first is not None
        assert (first.time, cell in first.probe.cells) == (time, True)


@pytest.mark.parametrize(
    ("name", "text", "summary"),
    [
        ("h", "the number", "layer 1 attention is the first to differ: h (the number) at BOS should be 0 and is 1"),
        ("h", "is not 1", "layer 1 MLP is the first to differ: h (is not 1) at BOS should be 0 and is 1"),
    ],
)
def test_the_value_is_named(model: compiler.Model, tracer: Tracer, name: str, text: str, summary: str) -> None:
    made = altered(model, *cell_of(tracer, name, text))
    found = compiler.trace(made, TOKENS)
    assert not found.passed
    assert any((o.probe.name, o.probe.text) == (name, text) for o in found.observations if o.different)
    first = found.first
    assert first is not None
    assert first.probe.name == name
    assert first.different == (BOS, 0, 1, 2, 3, 4)
    assert found.summary.startswith(summary.split(":")[0])
    assert len(found.altered) == 1


def test_one_position(model: compiler.Model, tracer: Tracer) -> None:
    made = altered(model, 0, cell_of(tracer, "indices", "is not 0")[1], row=4)
    first = compiler.trace(made, TOKENS).first
    assert first is not None
    assert (first.time, first.probe.name, first.different) == (0, "indices", (3,))
    assert "embedding is the first to differ: indices" in compiler.trace(made, TOKENS).summary
    assert compiler.trace(made, "ab").first is None


def test_bos(model: compiler.Model, tracer: Tracer) -> None:
    first = compiler.trace(altered(model, 0, cell_of(tracer, "BOS", "the number")[1], row=0), TOKENS).first
    assert first is not None
    assert (first.time, first.probe.name, first.different) == (0, "BOS", (BOS,))


def test_a_cell_that_holds_no_integer(model: compiler.Model, tracer: Tracer) -> None:
    found = compiler.trace(altered(model, *cell_of(tracer, "h", "is not 1"), by=0.25), TOKENS)
    wrong = next(o for o in found.observations if (o.probe.name, o.probe.text) == ("h", "is not 1"))
    assert wrong.program == (0, 1, 1, 1, 1)
    assert wrong.stream == (0.25, 1.25, 1.25, 1.25, 1.25)
    assert "1.25" in found.text()


def test_the_unembedding(model: compiler.Model) -> None:
    bias = model.transformer.unembedding_bias.at[0].add(1e6)
    found = compiler.trace(replace(model, transformer=eqx.tree_at(lambda t: t.unembedding_bias, model.transformer, bias)), TOKENS)
    assert found.first is None
    assert found.wrong_result
    assert found.summary.startswith("the unembedding is the first to differ: at position 0 the program gives")
    assert found.altered == ("unembedding_bias",)


def test_an_altered_weight_that_does_not_matter_is_told(model: compiler.Model, tracer: Tracer) -> None:
    found = compiler.trace(altered(model, 0, cell_of(tracer, "indices", "is not 0")[1], row=6), TOKENS)
    assert found.passed
    assert "these weights are not those that the program compiles to: positions" in found.text()


def test_verify_names_the_layer(model: compiler.Model, tracer: Tracer) -> None:
    made = altered(model, *cell_of(tracer, "h", "is not 1"))
    report = compiler.verify(made, exhaustive=39, adversarial=0, samples=0)
    assert not report.passed
    assert report.mismatches
    for mismatch in report.mismatches:
        assert mismatch.origin.startswith("layer 1 MLP is the first to differ: h (is not 1)")
        assert f"\n  {mismatch.origin}" in str(mismatch)


def test_a_loaded_model(model: compiler.Model, tracer: Tracer, tmp_path: Path) -> None:
    model.save(tmp_path / "m")
    loaded = compiler.trace(compiler.load(tmp_path / "m"), TOKENS)
    assert loaded.altered == ()
    assert loaded.text(everything=True) == tracer(TOKENS).text(everything=True)
    assert [(o.probe.named, o.probe.until) for o in loaded.observations] == [
        (o.probe.named, o.probe.until) for o in tracer(TOKENS).observations
    ]


def test_a_model_for_width_is_compiled_for_width_again() -> None:
    made = compiler.compile(rasp.loads(PROGRAM)["h"], vocab="abc", max_length=6, optimize="width")
    assert Tracer.of(made).altered == ()


def test_a_model_of_another_program_can_not_be_traced(model: compiler.Model) -> None:
    other = replace(model, sop=rasp.loads(PROGRAM)["h"])
    with pytest.raises(compiler.TraceError, match="not laid out as its program compiles here"):
        compiler.trace(other, TOKENS)
    report = compiler.verify(other, exhaustive=12, adversarial=0, samples=0)
    assert "its layers can't be compared with the program" in report.mismatches[0].origin


def test_inputs_that_can_not_be_traced(model: compiler.Model) -> None:
    with pytest.raises(compiler.ModelInputError, match="not in the vocabulary"):
        compiler.trace(model, "abd")
    inverse = compiler.compile(rasp.loads(PROGRAM)["inverse"], vocab="ab", max_length=3)
    with pytest.raises(compiler.UndefinedError, match=r"the program is undefined on this input: .*zero"):
        compiler.trace(inverse, "ab")


def test_json(model: compiler.Model, tracer: Tracer) -> None:
    found = replace(tracer, model=altered(model, *cell_of(tracer, "h", "the number")))(TOKENS)
    data = json.loads(json.dumps(found.to_json(everything=True), allow_nan=False))
    assert len(data["values"]) == len(found.observations)
    assert (data["passed"], data["tokens"], data["first"]["name"]) == (False, list(TOKENS), "h")
    assert data["first"]["sublayer"] == "layer 1 attention"
    named = found.to_json()["values"]
    assert 0 < len(named) < len(data["values"])
    assert all(value["named"] or value["different"] or value["different_at_bos"] for value in named)


@pytest.mark.parametrize("name", ["mostly_a", "double_histogram"])
def test_other_programs(name: str) -> None:
    made = compiler.compile(rasp.loads(LIBRARY)[name], vocab="abc", max_length=8)
    found = Tracer.of(made)
    assert any(probe.name == name for probe in found.probes)
    for tokens in ("a", "bcaab", "abcabcca"):
        assert found(tokens).passed, found(tokens).summary


def check_programs(seeds: range) -> int:
    """The interpreter agrees with every cell of every model, not only with results; gives how many models."""
    checked = 0
    for seed, sop in random_sops(seeds):
        try:
            found = Tracer.of(compiler.compile(sop, vocab="ab1", max_length=6))("a1bab")
        except RaspError:
            continue
        assert found.passed, (seed, found.summary)
        assert found.altered == ()
        checked += 1
    return checked


def test_random_programs() -> None:
    assert check_programs(range(5)) >= 1


@pytest.mark.slow
def test_many_random_programs() -> None:
    assert check_programs(range(1_000, 1_300)) >= 100
