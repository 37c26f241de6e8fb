"""Questions to results, in SQL."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import polars as pl

from conjecture.errors import LabError
from conjecture.sweeps.results import Results


def ask(results: Results, sql: str) -> pl.DataFrame:
    """The answer of DuckDB.

    Args:
        sql: about the tables ``runs`` and ``controls`` (a row for each run and each program) and ``scores`` (a row for each test
            of each run, with the columns of the run but its lists).

    Raises:
        LabError: DuckDB does not understand the question.
    """
    scores = results.runs.explode("scores").unnest("scores").drop("checks")
    tables = {"runs": results.runs, "controls": results.controls, "scores": scores}
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        for name, frame in tables.items():  # through files, as frames themselves would need pyarrow
            path = Path(folder) / f"{name}.parquet"
            frame.write_parquet(path)
            connection.execute(f"create view {name} as select * from read_parquet('{path}')")
        try:
            answer = connection.execute(sql)
            return pl.DataFrame(answer.fetchall(), schema=[column for column, *_ in answer.description or ()], orient="row")
        except duckdb.Error as error:
            raise LabError(f"DuckDB: {error}") from error
