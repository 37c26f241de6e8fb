"""Results as files: one Parquet file ('shard') for each run, with one row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import jax
import polars as pl

from conjecture.errors import LabError
from conjecture.files import digest, write_whole
from conjecture.recipe import Recipe
from conjecture.sweeps.experiment import Experiment
from conjecture.training.train import Trained

DIGEST = "rasp-lang digest"
"""Of the rows of a file, in the file's own metadata."""

SCORE = pl.Struct(
    {
        "low": pl.Int64,
        "high": pl.Int64,
        "samples": pl.Int64,
        "exact": pl.Float64,
        "tokens": pl.Float64,
        "batch": pl.Float64,
        "oracle": pl.Float64,
        "early": pl.Float64,
        "late": pl.Float64,
        "content": pl.Float64,
    }
)
CHECK = pl.Struct({"step": pl.Int64, "loss": pl.Float64, "accuracy": pl.Float64})

RUN_SCHEMA: Mapping[str, Any] = {
    "suite": pl.String,
    "run": pl.String,
    "task": pl.String,
    "seed": pl.Int64,
    "learning_rate": pl.Float64,
    "positions": pl.String,
    "architecture": pl.String,
    "layers": pl.Int64,
    "heads": pl.Int64,
    "width": pl.Int64,
    "parameters": pl.Int64,
    "train_low": pl.Int64,
    "train_high": pl.Int64,
    "recipe": pl.String,
    "steps": pl.Int64,
    "accuracy": pl.Float64,
    "seconds": pl.Float64,
    "device": pl.String,
    "checks": pl.List(CHECK),
    "scores": pl.List(SCORE),
}
"""The columns of a run. ``recipe`` is JSON; ``accuracy`` is that of the last check on training lengths; ``scores`` has an entry
for each test, as ``conjecture.evaluation.scores.Score`` says."""

CONTROL = pl.Struct(
    {
        "low": pl.Int64,
        "high": pl.Int64,
        "interpreter": pl.Float64,
        "compiled": pl.Float64,
        "chance": pl.Float64,
        "shortcut": pl.Float64,
    }
)
CONTROL_SCHEMA: Mapping[str, Any] = {
    "suite": pl.String,
    "run": pl.String,
    "task": pl.String,
    "measures": pl.String,
    "compiled": pl.String,
    "refusal": pl.String,
    "legal": pl.Boolean,
    "program": pl.String,
    "controls": pl.List(CONTROL),
}
"""The columns of a control. ``measures`` and ``compiled`` are JSON objects of numbers by name: the lengths of the program, and
the size of the compiled transformer; ``legal`` tells whether the program keeps to the restrictions of RASP-L."""


@dataclass(frozen=True)
class Results:
    """All results of a folder.

    Attributes:
        runs: a row for each run.
        controls: a row for each task.
        broken: files that can't be read.
    """

    runs: pl.DataFrame
    controls: pl.DataFrame
    broken: tuple[Path, ...] = ()


def run_row(suite: str, experiment: Experiment, trained: Trained, seconds: float) -> dict[str, Any]:
    """A run as a row, with the model tested."""
    recipe = trained.recipe
    scores = [trained.score(low, high, samples=experiment.samples, seed=trained.run.seed) for low, high in experiment.tests]
    return {
        "suite": suite,
        "run": experiment.run_name(trained.run),
        "task": trained.task.name,
        "seed": trained.run.seed,
        "learning_rate": trained.run.learning_rate,
        **{name: getattr(recipe, name) for name in ("positions", "architecture", "layers", "heads", "width")},
        "parameters": parameters(trained),
        "train_low": recipe.lengths[0],
        "train_high": recipe.lengths[1],
        "recipe": json.dumps(recipe.about()),
        "steps": trained.steps,
        "accuracy": trained.accuracy,
        "seconds": seconds,
        "device": jax.devices()[0].device_kind,
        "checks": [asdict(check) for check in trained.checks],
        "scores": [asdict(score) for score in scores],
    }


def parameters(trained: Trained) -> int:
    """The numbers that training changes."""
    fixed = 0 if trained.recipe.positions == "learned" else trained.model.positions.size
    return sum(array.size for array in jax.tree.leaves(trained.model)) - fixed


def recipe_of(text: str) -> Recipe:
    """The recipe of a row."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(text).items()
    }
    return Recipe(**values)


def write_row(path: Path, row: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Write a shard, whole or not at all.

    Raises:
        LabError: it can't be written.
    """
    _write(path, pl.DataFrame([row], schema=dict(schema), orient="row"))


def write_all(path: Path, results: Results) -> None:
    """Two files for a whole folder's results: ``<path>.runs.parquet`` and ``<path>.controls.parquet``.

    Raises:
        LabError: they can't be written, or the path has no name at its end.
    """
    if not path.name.strip("."):
        raise LabError(f"{path} does not name the files", hint="name them, as in results/collected")
    for name, frame in (("runs", results.runs), ("controls", results.controls)):
        _write(path.with_name(f"{path.name}.{name}.parquet"), frame.sort("run"))


def _write(path: Path, frame: pl.DataFrame) -> None:
    """The file also keeps a digest of what it holds, since Parquet as written here has no checksums."""

    def write(unfinished: Path) -> None:
        try:
            frame.write_parquet(unfinished, metadata={DIGEST: digest(frame.to_dicts())})
        except pl.exceptions.PolarsError as error:
            raise OSError(str(error)) from error

    write_whole(path, write)


def write_shards(folder: Path, results: Results) -> int:
    """Each row as a shard, so that a sweep in the folder goes on from these results; how many were not there before."""
    rows = [(row, RUN_SCHEMA) for row in results.runs.iter_rows(named=True)]
    rows += [(row, CONTROL_SCHEMA) for row in results.controls.iter_rows(named=True)]
    new = [(path, row, schema) for row, schema in rows if not (path := folder / f"{row['run']}.parquet").exists()]
    for path, row, schema in new:
        write_row(path, row, schema)
    return len(new)


def is_whole(path: Path, schema: Mapping[str, Any]) -> bool:
    """Whether a shard can be read, has the columns it should, and is of the run that it is named after."""
    return _shard(path, schema) is not None


def read(path: Path) -> Results:
    """The results in a folder of shards, or those written by ``write_all``.

    Raises:
        LabError: there are none.
    """
    if path.is_dir():
        files, reader = sorted(path.glob("*.parquet")), _shard
    else:
        names = (f"{path.name}.{name}.parquet" for name in ("runs", "controls"))
        files, reader = [file for name in names if (file := path.parent / name).is_file()], _read
    runs, controls, broken = [], [], []
    for file in files:
        frame = reader(file, RUN_SCHEMA, CONTROL_SCHEMA)
        if frame is None:
            broken.append(file)
        else:
            (runs if "scores" in frame.columns else controls).append(frame)
    if not runs:
        raise LabError(f"there are no results in {path}", hint="`conjecture sweep` makes them")
    return Results(_joined(runs, RUN_SCHEMA), _joined(controls, CONTROL_SCHEMA), tuple(broken))


def _shard(file: Path, *schemas: Mapping[str, Any]) -> pl.DataFrame | None:
    """What a shard holds; None if it is not the one row that its name promises."""
    frame = _read(file, *schemas)
    return frame if frame is not None and frame["run"].to_list() == [file.stem] else None


def _read(file: Path, *schemas: Mapping[str, Any]) -> pl.DataFrame | None:
    """What a file holds; None if it can't be read, is not what was written, or has other columns than all of these."""
    try:
        frame, written = pl.read_parquet(file), pl.read_parquet_metadata(file).get(DIGEST)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return None
    if dict(frame.schema) not in map(dict, schemas):
        return None
    return frame if written in (None, digest(frame.to_dicts())) else None


def _joined(frames: list[pl.DataFrame], schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.concat(frames) if frames else pl.DataFrame(schema=dict(schema))
