"""The results of ``interpreters.py`` as Markdown, and which goals they meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.measuring import LONG, SHORT, Growth, Loading, LongCall, SideBySide, Start, TextLoading, exponent
from benchmarks.programs import BY_NAME, Peer
from benchmarks.tables import Cell, Goal, goals_table, table


@dataclass(frozen=True)
class Results:
    """Everything that one run measured."""

    machine: str
    versions: dict[str, str]
    side_by_side: list[SideBySide]
    long_calls: list[LongCall]
    growths: list[Growth]
    start: Start
    loadings: list[Loading]
    texts: list[TextLoading]


def markdown(results: Results) -> str:
    """All tables."""
    return "\n\n".join(
        [
            f"{results.machine}; {', '.join(f'{name} {version}' for name, version in results.versions.items())}",
            "**Goals**\n\n" + goals_table(goals(results)),
            "**Side by side**: processor seconds of one call on a new input\n\n" + _side_by_side_table(results.side_by_side),
            "**Long inputs**: seconds on the clock of one call in a new process, and its peak memory\n\n" + _long_table(results),
            "**Starting and loading**\n\n" + _loading_table(results),
        ]
    )


def goals(results: Results) -> list[Goal]:
    """The goals that the project set itself."""
    far = [call for call in results.long_calls if call.tokens == 100_000]
    farthest = [call for call in results.long_calls if call.tokens == 1_000_000 and BY_NAME[call.program].at_a_million]
    steepest = max(results.growths, key=lambda growth: growth.time)
    largest = max(results.growths, key=lambda growth: growth.memory)
    return [
        _ratio_goal(results.side_by_side, "tech-srl/RASP", 1_000),
        _ratio_goal(results.side_by_side, "np_rasp", 100),
        _slowest_goal("100,000 tokens: each program within 2 s", far, 2),
        _slowest_goal("1,000,000 tokens: hist, reverse, sort, dyck2, count, mode within 20 s", farthest, 20),
        _memory_goal(farthest),
        Goal(
            "time and memory grow close to linearly (exponent below 1.2)",
            f"at most {steepest.time:.2f} ({steepest.program}) and {largest.memory:.2f} ({largest.program})",
            steepest.time < 1.2 and largest.memory < 1.2,
        ),
        *_start_goals(results.start),
        *_loading_goals(results.loadings),
        *_linear_goals(results.texts),
    ]


def _range(seconds: Sequence[float]) -> str:
    return f"{min(seconds):.2f} to {max(seconds):.2f} s"


def _ratio_goal(rows: Iterable[SideBySide], peer: Peer, wanted: int) -> Goal:
    ratios = [row.ratio for row in rows if row.peer == peer and row.ratio is not None and row.tokens > max(SHORT) / 2]
    measured = f"{min(ratios):,.0f} to {max(ratios):,.0f} times" if ratios else "not present"
    return Goal(f"1,000 tokens: {wanted:,} times faster than {peer}", measured, min(ratios) >= wanted if ratios else None)


def _slowest_goal(goal: str, calls: Sequence[LongCall], limit: float) -> Goal:
    slowest = max(calls, key=lambda call: call.seconds)
    return Goal(goal, f"{slowest.seconds:.2f} s at most ({slowest.program})", slowest.seconds <= limit)


def _memory_goal(calls: Sequence[LongCall]) -> Goal:
    largest = max(calls, key=lambda call: call.peak)
    return Goal("the same within 4 GB", f"{largest.peak / 1e6:,.0f} MB at most ({largest.program})", largest.peak <= 4e9)


def _start_goals(start: Start) -> Iterator[Goal]:
    """By the processor, which other work on the machine disturbs less, and by the clock."""
    goal = "`rasp run` of a small program: median under 0.6 s"
    for what, seconds in (("of processor", start.processor), ("on the clock", start.seconds)):
        yield Goal(f"{goal} {what}", f"{_range(seconds)}, median {median(seconds):.2f} s", median(seconds) < 0.6)


def _loading_goals(loadings: Sequence[Loading]) -> Iterator[Goal]:
    again = max(loading.again for loading in loadings)
    yield Goal("loading any example in a running interpreter: under 0.3 s", f"{again * 1e3:.0f} ms at most", again < 0.3)
    first = [loading.processor for loading in loadings]
    goal = "the same as the first in a new process, imports included: under 0.3 s of processor"
    yield Goal(goal, _range(first), max(first) < 0.3)


def _linear_goals(texts: Sequence[TextLoading]) -> Iterator[Goal]:
    for what in dict.fromkeys(text.what for text in texts):
        mine = [text for text in texts if text.what == what]
        slope = exponent([text.lines for text in mine], [text.seconds for text in mine])
        measured = ", ".join(f"{text.seconds:.2g} s for {text.lines:,} lines" for text in mine)
        yield Goal(f"a long {what} loads in linear time (exponent below 1.2)", f"{measured}: exponent {slope:.2f}", slope < 1.2)


def _side_by_side_table(rows: Iterable[SideBySide]) -> str:
    heads = ["program", "tokens", "peer", "peer's seconds", "its text here", "times faster", "our example"]
    return table(
        heads,
        (
            [row.program, row.tokens, row.peer, row.peer_seconds, row.same_text, _ratio(row.ratio), row.example]
            for row in sorted(rows, key=lambda row: list(BY_NAME).index(row.program))
        ),
    )


def _long_table(results: Results) -> str:
    lengths = LONG[1:]
    heads = ["program", *(f"{length:,}" for length in lengths), f"MB at {lengths[-1]:,}", "time ~ n^", "memory ~ n^"]
    return table(heads, (_long_row(growth, results.long_calls) for growth in results.growths))


def _long_row(growth: Growth, calls: Iterable[LongCall]) -> list[Cell]:
    mine = [call for call in calls if call.program == growth.program and call.tokens in LONG[1:]]
    megabytes = f"{mine[-1].peak / 1e6:,.0f}"
    return [growth.program, *(call.seconds for call in mine), megabytes, f"{growth.time:.2f}", f"{growth.memory:.2f}"]


def _loading_table(results: Results) -> str:
    start = results.start
    begin: list[list[Cell]] = [["`rasp run examples/histogram.rasp …`", median(start.seconds), median(start.processor), None]]
    loads: list[list[Cell]] = [
        [f"load {loading.file}", loading.seconds, loading.processor, loading.again] for loading in results.loadings
    ]
    texts: list[list[Cell]] = [
        [f"load a {text.what} of {text.lines:,} lines", None, None, text.seconds] for text in results.texts
    ]
    return table(["", "new process: clock", "new process: processor", "again"], [*begin, *loads, *texts])


def _ratio(ratio: float | None) -> str | None:
    if ratio is None:
        return None
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
