"""Figures of curves."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from conjecture.report.curves import Curve, Panel, curves

KINDS = ("loop", "deep", "loop of 20 steps", "loop without injection", "fixed", "pause")


def test_curves_of_different_kinds_look_different() -> None:
    drawn = [Curve((1, 2), ((number / 10, 0.5),), (True,), number) for number in range(len(KINDS))]
    svg = curves([Panel("parity", (1, 1), tuple(drawn))], KINDS)
    (legend,) = (group for group in ElementTree.fromstring(svg).iter() if group.get("id") == "legend_1")
    strokes = [path.get("style", "") for path in legend.iter() if "stroke" in path.get("style", "")]
    looks = {
        (re.findall(r"stroke: ?(#\w+)", style)[0], *re.findall(r"stroke-dasharray: ?([\d., ]+)", style)) for style in strokes
    }
    assert len(looks) == len(KINDS)
