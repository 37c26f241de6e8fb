"""The results of ``compilers.py`` as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.compiler_goals import goals
from benchmarks.compiler_results import OWN, Measured, OwnSize, Results, SideBySide
from benchmarks.tables import Cell, goals_table, table

NOTHING = Measured()


def markdown(results: Results) -> str:
    """All tables."""
    versions = "; ".join(f"{side}: {', '.join(map(' '.join, names.items()))}" for side, names in results.versions.items())
    parts = [f"{results.machine}; {versions}", "**Goals**\n\n" + goals_table(goals(results))]
    if results.side_by_side:
        parts += [
            '**Sizes**: `width` is our compiler with `optimize="width"`\n\n' + _sizes_table(results.side_by_side),
            "**Times**, and the peak memory of a process that compiled, checked and ran\n\n" + _times_table(results.side_by_side),
            "**Wrong inputs**: of Tracr, of Tracr with raised `mlp_exactness`, of ours\n\n" + _wrong_table(results.side_by_side),
        ]
    if results.own:
        parts.append("**Our models alone**\n\n" + _own_table(results.own))
    return "\n\n".join(parts)


def _sizes_table(rows: Iterable[SideBySide]) -> str:
    heads = ["program", "tokens"]
    heads += [f"{what}: {side}" for what in ("layers / heads", "width", "parameters") for side in ("Tracr", "ours", "`width`")]
    return table(heads, (_sizes_row(row) for row in rows))


def _sizes_row(row: SideBySide) -> list[Cell]:
    models = [model or NOTHING for model in (row.tracr, row.ours, row.narrow)]
    shapes: list[Cell] = [_shape(model) for model in models]
    return [row.program, row.length, *shapes, *(model.d_model for model in models), *(model.parameters for model in models)]


def _shape(model: Measured) -> str:
    """Layers, and the most heads that a layer has."""
    if model.layers is None:
        return "refused" if model.refused else ""
    return f"{model.layers} / {max(model.heads or (0,), default=0)}"


def _times_table(rows: Iterable[SideBySide]) -> str:
    heads = ["program", "tokens"]
    heads += [f"{what}: {side}" for what in ("cold", "warm", "batch of 256", "MB") for side in ("Tracr", "ours")]
    return table(heads, (_times_row(row) for row in rows))


def _times_row(row: SideBySide) -> list[Cell]:
    models = [row.tracr or NOTHING, row.ours]
    cells: list[Cell] = [row.program, row.length, *(_cold(model) for model in models), *(model.warm for model in models)]
    return [*cells, *(model.batch for model in models), *(_megabytes(model.peak) for model in models)]


def _cold(model: Measured) -> Cell:
    match model:
        case Measured(cold=float(seconds)):
            return seconds
        case Measured(over_limit=True):
            return "over the limit"
        case Measured(failed=True):
            return "failed"
        case Measured(refused=str()):
            return "refused"
        case _:
            return None


def _megabytes(peak: int | None) -> Cell:
    return None if peak is None else round(peak / 1e6)


def _wrong_table(rows: Sequence[SideBySide]) -> str:
    """Cells are as short as '200 / 0 / 0'; a dash is what was not measured."""
    lengths = sorted({row.length for row in rows})
    cells = {(row.program, row.length): _wrong_cell(row) for row in rows}
    programs = list(dict.fromkeys(row.program for row in rows))
    heads = ["program", *(str(length) for length in lengths)]
    return table(heads, ([program, *(cells.get((program, length)) for length in lengths)] for program in programs))


def _wrong_cell(row: SideBySide) -> str:
    tracr = row.tracr or NOTHING
    counts = (tracr.wrong, tracr.wrong_raised, row.ours.wrong)
    return " / ".join("–" if count is None else str(count) for count in counts)


def _own_table(rows: Sequence[OwnSize]) -> str:
    """One row for each program, with what it needs at the three lengths."""
    heads = ["program", "layers / heads", *(f"{what} at {n}" for what in ("width", "parameters", "s") for n in OWN), "MB at 512"]
    programs = list(dict.fromkeys(row.program for row in rows if row.length in OWN))
    others = [[f"{row.program}, {row.length} tokens", *_own_cells([row.ours])] for row in rows if row.length not in OWN]
    of_program = {program: {row.length: row.ours for row in rows if row.program == program} for program in programs}
    return table(
        heads,
        [
            *([program, *_own_cells([of_program[program].get(length, NOTHING) for length in OWN])] for program in programs),
            *others,
        ],
    )


def _own_cells(models: Sequence[Measured]) -> list[Cell]:
    blank: list[Cell] = [None] * (len(OWN) - len(models))
    widths: list[Cell] = [*(model.d_model for model in models), *blank]
    parameters: list[Cell] = [*(model.parameters for model in models), *blank]
    return [
        _shape(models[-1]),
        *widths,
        *parameters,
        *(_cold(model) for model in models),
        *blank,
        _megabytes(models[-1].compile_peak),
    ]
