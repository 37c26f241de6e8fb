"""A trace as text and as JSON data."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from compiler.undefined import Undefined
from compiler.verification.probes import Number
from compiler.verification.trace import BOS, Observation, Trace
from rasp.draw.flow import cell_text
from rasp.graph.expression import atom_text
from rasp.graph.nodes import Atom

MOST_SHOWN = 24
"""Positions that a table shows."""

WIDEST_NAME = 36

LARGEST_DENOMINATOR = 2**16
"""Fractions with a larger denominator are shown as decimals."""


@dataclass(frozen=True)
class _Line:
    label: str
    cells: Sequence[str]
    mark: str = " "


def summary(trace: Trace) -> str:
    """The verdict in one line."""
    first = trace.first
    if first is not None:
        return f"{trace.where(first.time)} is the first to differ: {_difference(first)}"
    if trace.wrong_result:
        at = trace.wrong_result[0]
        given = f"no value: {trace.model}" if isinstance(trace.model, Undefined) else atom_text(trace.model[at])
        return (
            f"the unembedding is the first to differ: at position {at} the program gives {atom_text(trace.program[at])}, "
            f"the model {given}; all that was read before is as the program says"
        )
    return f"every value is as the program says ({len(trace.observations):,} read)"


def table(trace: Trace, everything: bool) -> str:
    """The verdict, then a section for each sublayer: what the program says and, if it differs, what the stream holds."""
    shown = _positions(trace)
    sections = [(title, list(lines)) for title, lines in _sections(trace, everything, shown)]
    header = [_Line("position", [str(place) for place in shown]), _Line("token", [cell_text(trace.tokens[p]) for p in shown])]
    lines = [*header, *(line for _, found in sections for line in found)]
    label = max(len(line.label) for line in lines)
    widths = [max(map(len, column)) for column in zip(*(line.cells for line in lines if line.cells), strict=True)]
    body = [_row(line, label, widths) for line in header]
    for title, found in sections:
        body += [title, *(_row(line, label, widths) for line in found)]
    return "\n".join([f"{trace.name}: {summary(trace)}", *_notes(trace, len(shown)), *body])


def json_data(trace: Trace, everything: bool) -> dict[str, Any]:
    """The trace as JSON data; numbers that are no integers are texts."""
    first = trace.first
    return {
        "name": trace.name,
        "tokens": [_json_atom(token) for token in trace.tokens],
        "passed": trace.passed,
        "summary": summary(trace),
        "altered": list(trace.altered),
        "first": None if first is None else _json(trace, first),
        "values": [_json(trace, found) for found in trace.observations if everything or found.probe.named or found.different],
        "result": {
            "program": [_json_atom(value) for value in trace.program],
            "model": None if isinstance(trace.model, Undefined) else [_json_atom(value) for value in trace.model],
            "different": list(trace.wrong_result),
        },
    }


def _difference(found: Observation) -> str:
    probe, at = found.probe, found.different[0]
    what = f"{probe.name} ({probe.text})"
    if at == BOS:
        return f"{what} at BOS"
    wanted, given = found.program[at], found.stream[at]
    if isinstance(wanted, float):
        value = "" if found.values is None else f" is {atom_text(found.values[at])},"
        return f"{what} at position {at}: the program's value{value} which the compiler held impossible"
    return f"{what} at position {at} should be {_text(wanted)} and is {_text(given)}"


def _positions(trace: Trace) -> range:
    """Which positions are shown: the first ones, or the ones up to the first difference."""
    first = trace.first
    last = max(0, first.different[-1 if first.different[0] == BOS else 0]) if first is not None else 0
    end = min(len(trace.tokens), max(MOST_SHOWN, last + 1))
    return range(max(0, end - MOST_SHOWN), end)


def _notes(trace: Trace, shown: int) -> Iterator[str]:
    if trace.altered:
        yield f"these weights are not those that the program compiles to: {', '.join(trace.altered)}"
    if shown < len(trace.tokens):
        yield f"{shown} of {len(trace.tokens):,} positions are shown"


def _sections(trace: Trace, everything: bool, shown: range) -> Iterator[tuple[str, Iterator[_Line]]]:
    by_time: dict[int, list[Observation]] = defaultdict(list)
    for found in trace.observations:
        by_time[found.time].append(found)
    for time, observations in sorted(by_time.items()):
        lines = list(_lines(trace, observations, everything, shown))
        if lines:
            yield trace.where(time), iter(lines)
    yield "result", _result(trace, shown)


def _lines(trace: Trace, observations: Sequence[Observation], everything: bool, shown: range) -> Iterator[_Line]:
    """What differs and, if everything is asked for, all else, one by one; what else is named, one line for each s-op."""
    gathered: dict[object, list[Observation]] = defaultdict(list)
    for found in observations:
        if found.different or everything:
            yield from _one(found, shown, ">" if found is trace.first else "*" if found.different else " ")
        elif found.probe.named:
            gathered[found.probe.node].append(found)
    for alike in gathered.values():
        values = alike[0].values
        if values is not None:
            what = alike[0].probe.text if len(alike) == 1 else f"{len(alike)} readings"
            yield _Line(_label(alike[0].probe.name, what), [cell_text(values[place]) for place in shown])


def _one(found: Observation, shown: range, mark: str) -> Iterator[_Line]:
    yield _Line(_label(found.probe.name, found.probe.text), [_text(found.program[place]) for place in shown], mark)
    if found.different:
        at_bos = " (differs at BOS)" if found.different[0] == BOS else ""
        yield _Line(f"  in the stream{at_bos}", [_text(found.stream[place]) for place in shown], mark)


def _result(trace: Trace, shown: range) -> Iterator[_Line]:
    mark = ("*" if trace.first else ">") if trace.wrong_result else " "
    yield _Line(trace.name, [cell_text(trace.program[place]) for place in shown], mark)
    if trace.wrong_result:
        given = ["-"] * len(trace.program) if isinstance(trace.model, Undefined) else [cell_text(value) for value in trace.model]
        yield _Line("  of the model", [given[place] for place in shown], mark)


def _row(line: _Line, label: int, widths: Sequence[int]) -> str:
    cells = (f"{cell:>{width}}" for cell, width in zip(line.cells, widths, strict=True))
    return f"{line.mark} {line.label:<{label}}  {' '.join(cells)}".rstrip()


def _label(name: str, what: str) -> str:
    return ": ".join(text if len(text) <= WIDEST_NAME else text[: WIDEST_NAME - 1] + "…" for text in (name, what))


def _text(number: Number) -> str:
    match number:
        case float():
            return f"{number:.9g}"
        case Fraction() if number.denominator > LARGEST_DENOMINATOR:
            return f"{float(number):.9g}"
        case _:
            return str(number)


def _json(trace: Trace, found: Observation) -> dict[str, Any]:
    return {
        "time": found.time,
        "sublayer": trace.where(found.time),
        "name": found.probe.name,
        "named": found.probe.named,
        "what": found.probe.text,
        "cells": list(found.probe.cells),
        "values": None if found.values is None else [_json_atom(value) for value in found.values],
        "program": [_json_number(number) for number in found.program],
        "stream": [_json_number(number) for number in found.stream],
        "different": [place for place in found.different if place != BOS],
        "different_at_bos": BOS in found.different,
    }


def _json_number(number: Number) -> int | float | str | None:
    match number:
        case float():
            return number if math.isfinite(number) else None
        case Fraction():
            return int(number) if number.denominator == 1 else str(number)
        case _:
            return number


def _json_atom(atom: Atom) -> bool | int | str:
    return str(atom) if isinstance(atom, Fraction) else atom
