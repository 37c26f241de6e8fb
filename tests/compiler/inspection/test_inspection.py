"""``compiler.inspect`` on models of real programs."""

from xml.etree import ElementTree

import numpy as np
import pytest

import compiler
import rasp
from compiler.circuit import Reading
from compiler.inspection.listing import DOES
from tests.compiler.programs import LIBRARY

MODULE = rasp.loads(LIBRARY)


def inspected(name: str, vocab: str = "abc", max_length: int = 9, causal: bool = False) -> compiler.Inspection:
    return compiler.inspect(compiler.compile(MODULE[name], vocab=vocab, max_length=max_length, causal=causal))


@pytest.mark.parametrize("name", ["histogram", "sorted", "reverse", "word", "fraction_a"])
def test_the_listing_names_every_head_and_every_cell(name: str) -> None:
    subject = inspected(name)
    text = str(subject)
    model = subject.model
    layers = "1 layer" if model.config.layers == 1 else f"{model.config.layers} layers"
    assert text.startswith(f"{name}: {layers}, heads {model.config.heads}")
    assert f"vocabulary of 3, length up to 9\nlayer 1: {model.config.heads[0]} head" in text
    for head in model.blueprint.heads:
        assert f"head {model.blueprint.heads_of(head.layer).index(head) + 1} " in text
        assert head.label[:100] in text
    for block in model.blueprint.blocks:
        assert f"for {block.label}" in text
    assert f"residual stream: {model.config.d_model} cells" in text
    for use in model.blueprint.cells:
        assert use.label in text


def test_heads_are_named_as_in_the_source() -> None:
    program = "seen = selector_width(select(tokens, tokens, ==));\nsame = select(seen, seen, ==);\nx =\n  selector_width(same);"
    model = compiler.compile(rasp.loads(program)["x"], vocab="ab", max_length=5)
    text = str(compiler.inspect(model))
    assert "head 1 sums over tokens_str == tokens_str (seen at <string>:1:8)" in text
    assert "head 1 sums over seen == seen (x at <string>:4:3)" in text


def test_every_kind_of_head_has_a_verb() -> None:
    """What a head averages is a mean of positions of which there may be any number, read to the integer."""
    assert set(DOES) == set(Reading)
    program = 'place = aggregate(select(tokens, "+", ==), indices); x = load_from_location(tokens, place - length + indices);'
    model = compiler.compile(rasp.loads(program)["x"], vocab="a+", max_length=9)
    subject = compiler.inspect(model)
    assert 'averages tokens_str == "+"' in str(subject)
    assert 'averages tokens_str == "+"' in str(subject.attention("a+a"))


def test_a_program_without_attention() -> None:
    subject = compiler.inspect(compiler.compile(rasp.loads("x = indices;")["x"], vocab="a", max_length=3, causal=True))
    assert "length up to 3, causal" in str(subject)
    assert "layer 1" not in str(subject)
    assert "unembedding" in subject.svg()
    assert subject.attention("aa").layers == ()
    assert str(subject.attention("aa")) == ""
    ElementTree.fromstring(subject.attention("aa").svg())


def test_pictures_are_well_formed() -> None:
    subject = inspected("sorted")
    assert subject._repr_svg_() == subject.svg()
    ElementTree.fromstring(subject.svg())
    ElementTree.fromstring(subject.attention("cab")._repr_svg_())


def test_the_maps_are_those_of_the_selectors() -> None:
    maps = inspected("shifted").attention("cabac")
    assert maps.tokens == ("BOS", "c", "a", "b", "a", "c")
    (head,) = maps.heads
    assert maps.layers[0].shape == (1, 6, 6)
    assert np.array_equal(head.weights[1:, 1:], np.eye(5, k=-1))
    assert head.weights[1, 0] == 1
    counted = inspected("histogram").attention("cabac")
    selected = counted.heads[0].relative > 0.5
    assert selected.tolist() == [[a == b for b in "cabac"] for a in "cabac"]
    for weights in (*maps.layers, *counted.layers):
        assert np.allclose(weights.sum(axis=-1), 1)


def test_the_maps_of_a_causal_model_look_back() -> None:
    module = rasp.loads("n = selector_width(select(tokens, tokens, ==) and select(indices, indices, <=));")
    model = compiler.compile(module["n"], vocab="ab", max_length=10, causal=True)
    (weights,) = compiler.inspect(model).attention("abba").layers
    assert not np.triu(weights[0], k=1).any()


def test_a_saved_model_is_inspected_as_the_made_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    subject = inspected("sorted")
    path = tmp_path_factory.mktemp("models") / "m"
    subject.model.save(path)
    again = compiler.inspect(compiler.load(path))
    assert (str(again), again.svg()) == (str(subject), subject.svg())
    assert str(again.attention("bca")) == str(subject.attention("bca"))


@pytest.mark.parametrize("tokens", ["", "abz", "a" * 10])
def test_inputs_that_the_model_does_not_take(tokens: str) -> None:
    with pytest.raises(compiler.ModelInputError):
        inspected("histogram").attention(tokens)


def test_a_model_in_a_notebook() -> None:
    model = inspected("sorted").model
    page = ElementTree.fromstring(f"<div>{model._repr_html_()}</div>")
    text = "".join(page.itertext())
    assert text.startswith("sorted: 2 layers")
    assert all(head.label in text for head in model.blueprint.heads)
    assert all(block.label in text for block in model.blueprint.blocks)
    assert len(list(page.iter("tr"))) == 1 + model.config.layers
    assert any(element.tag.endswith("svg") for element in page.iter())
