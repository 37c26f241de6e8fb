"""How numbers and names are written."""

from __future__ import annotations

import math
from collections.abc import Sequence

from conjecture.report.data import Kind
from conjecture.report.statistics import Interval

UNKNOWN = "–"

FINE = 98
"""Percent from which a decimal matters: models are said to have fitted from 99 on."""

FORMS = {"written": ", as written", "simplified": ", simplified", "text": " of the text", "compiled": ", compiled"}
"""What is measured, by the first word of a measure's name."""


def code(text: str) -> str:
    """A name or a message from data, shown as it is."""
    return f"`{' '.join(text.replace('`', chr(39)).split()) or ' '}`"


def number(value: float, digits: int = 2) -> str:
    """A number with its true minus sign; whole ones and large ones have no decimals."""
    if math.isnan(value):
        return UNKNOWN
    whole = abs(value - round(value)) < 1e-9 or abs(value) >= 100
    text = f"{value:.0f}" if whole else f"{value:.{digits}f}"
    return "0" if not float(text) else text.replace("-", "−")


def correlation(value: float) -> str:
    """From −1 to 1, with its sign."""
    return UNKNOWN if math.isnan(value) else f"{value:+.2f}".replace("-", "−")


def between(one: Interval) -> str:
    """An estimate with its interval."""
    if not one.known:
        return correlation(one.value)
    return f"{correlation(one.value)} ({correlation(one.low)} to {correlation(one.high)})"


def percent(part: float) -> str:
    """A fraction in %; what is not quite 0 or 100 is not written so."""
    if math.isnan(part):
        return UNKNOWN
    hundredth = 100 * part
    if FINE <= hundredth < 100:
        return f"{math.floor(10 * hundredth + 1e-6) / 10:.1f}"
    return f"{math.ceil(10 * hundredth - 1e-6) / 10:.1f}" if 0 < hundredth < 0.5 else f"{hundredth:.0f}"


def percents(parts: Sequence[float]) -> str:
    """Their mean, with the least and the greatest if they differ."""
    if not parts:
        return UNKNOWN
    low, high = percent(min(parts)), percent(max(parts))
    average = percent(sum(parts) / len(parts))
    return average if low == high else f"{average} ({low}–{high})"


def share(part: float) -> str:
    """A fraction in %, rounded; it may be negative."""
    return UNKNOWN if math.isnan(part) else f"{round(100 * part)}".replace("-", "−")


def p_value(p: float) -> str:
    """A p-value, in three digits."""
    if math.isnan(p):
        return UNKNOWN
    return f"{p:.3f}" if p >= 0.001 else "< 0.001"


def p_equals(p: float) -> str:
    """A p-value with its name."""
    return f"p = {p_value(p)}".replace("= <", "<")


def times(ratio: float) -> str:
    """A length in training lengths."""
    return f"{number(ratio, 1)}×"


def listing(names: Sequence[str], most: int = 8) -> str:
    """Names in a row, the last ones counted only if there are many."""
    shown = [code(name) for name in names[:most]]
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else "none"


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """A number of things."""
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


LOOPS = {"injected": "loop", "plain": "loop without injection"}
"""How recipes' loops are called."""


def loop_name(kind: Kind) -> str:
    """The loop, if there is one."""
    if kind.loop == "none":
        return ""
    return LOOPS.get(kind.loop, kind.loop) + (f" of {kind.steps} steps" if kind.steps else "")


def kind_name(kind: Kind) -> str:
    """Positions, architecture and loop."""
    parts = [f"{'no' if kind.positions == 'none' else kind.positions} positions"]
    parts += [kind.architecture] * (kind.architecture != "decoder")
    return ", ".join([*parts, *filter(None, [loop_name(kind)])])


def measure_name(measure: str) -> str:
    """A measure of length as tables call it."""
    form, _, name = measure.replace("_", " ").partition(" ")
    if form not in FORMS:
        return measure
    whole = name.startswith("total ")
    name = name.removeprefix("total ").replace("ast nodes", "syntax tree nodes")
    name = f"{name} operations" if name in ("attention", "elementwise") else name
    return f"{name} of the whole text" if whole else f"{name}{FORMS[form]}"
