"""Recipes that can't be are refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest

from conjecture.errors import LabError
from conjecture.recipe import Recipe


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"layers": 0}, "layers is 0; it must be at least 1"),
        ({"lengths": (5, 3)}, "the training lengths 5 to 3 are none"),
        ({"longest": 10}, "training lengths up to 15 do not fit a model for lengths up to 10"),
        ({"heads": 3}, "3 heads do not divide a width of 64"),
        ({"width": 12, "positions": "rotary"}, "rotary positions need heads of even width"),
        ({"positions": "foo"}, "positions is 'foo'; it can be learned, none, sinusoidal, rotary, alibi"),
        ({"loop": "foo"}, "loop is 'foo'; it can be none, injected, plain"),
        ({"positions": "alibi", "architecture": "encoder-decoder", "packing": "single"}, "an encoder looks both ways"),
        ({"width": 5, "heads": 1, "positions": "sinusoidal"}, "sinusoidal positions need an even width"),
        ({"steps": -1}, "steps is -1; it must be 0 or more"),
        ({"learning_rate": 0.0}, r"the learning rate is 0.0; it must be above 0"),
        ({"dropout": 1.0}, "dropout is 1.0; it must be from 0 to below 1"),
        ({"label_smoothing": -0.1}, "label_smoothing is -0.1"),
        ({"batch": 3}, "a batch of 3 samples can't be put in pairs"),
        ({"architecture": "encoder-decoder"}, 'one sample a row\n  hint: set packing="single"'),
        ({"hidden": 0}, "hidden is 0"),
    ],
)
def test_an_impossible_recipe_is_refused(values: dict[str, Any], complaint: str) -> None:
    with pytest.raises(LabError, match=complaint):
        Recipe(**values)


def test_the_units_are_four_times_the_width() -> None:
    assert Recipe().units == 256
    assert Recipe(hidden=7).units == 7
