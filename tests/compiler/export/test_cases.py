"""The cases cover what exports can differ in."""

from compiler.decode import Choice, Mean, Number, Quotient
from compiler.undefined import Undefined
from tests.compiler.export.cases import NAMES, inputs_of, model_of


def test_every_decoder_is_there() -> None:
    assert {type(model_of(name).decoder) for name in NAMES} == {Number, Choice, Quotient, Mean}


def test_layers_heads_causality_and_alarms() -> None:
    models = [model_of(name) for name in NAMES]
    assert {model.config.layers for model in models} >= {0, 1, 2}
    assert any(len(set(model.config.heads)) > 1 for model in models)
    assert {model.target.causal for model in models} == {True, False}
    assert any(model.alarms for model in models)


def test_some_inputs_are_undefined_and_others_are_not() -> None:
    for name in ("inverse", "mixed"):
        model = model_of(name)
        ids, lengths = inputs_of(model)
        read = [model.read(row[:length]) for row, length in zip(model.outputs(ids, lengths), lengths, strict=True)]
        assert {isinstance(values, Undefined) for values in read} == {True, False}
