"""A suite that is done in seconds."""

from __future__ import annotations

from dataclasses import replace

from conjecture.sweeps.suite import Suite
from conjecture.sweeps.suites import only, tiny


def small_suite() -> Suite:
    """The suite 'tiny' with one task, cut shorter."""
    suite = only(tiny(), ["binary-majority"])
    (one,) = suite.experiments
    recipe = replace(one.recipe, steps=600, width=16, batch=16, check_every=100, checks=32, stop_at=2.0)
    return replace(suite, experiments=(replace(one, recipe=recipe, samples=32, controls=2),))
