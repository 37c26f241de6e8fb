"""Questions to results, in SQL."""

from __future__ import annotations

import tempfile
from collections import Counter
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
        LabError: DuckDB does not understand the question, or it gives no table, or there is no room on the disk to ask it.
    """
    scores = results.runs.explode("scores").unnest("scores").drop("checks")
    tables = {"runs": results.runs, "controls": results.controls, "scores": scores}
    try:
        with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
            for name, frame in tables.items():  # through files, as frames themselves would need pyarrow
                path = Path(folder) / f"{name}.parquet"
                frame.write_parquet(path)
                connection.execute(f"create view {name} as select * from read_parquet('{path}')")
            return _table(connection.sql(sql))
    except (duckdb.Error, pl.exceptions.PolarsError, OSError) as error:
        hint = "'select * from runs limit 1' shows the columns of runs; controls and scores are tables, too"
        raise LabError(f"the question has no answer; DuckDB says: {error}", hint=hint) from error


def _table(answer: duckdb.DuckDBPyRelation | None) -> pl.DataFrame:
    if answer is None:
        raise LabError("the question asks for no table", hint='ask for one: "select task, accuracy from runs"')
    twice = [column for column, number in Counter(answer.columns).items() if number > 1]
    if twice:
        raise LabError(f"two columns are called {twice[0]}", hint=f'name them apart: "{twice[0]} as another"')
    return pl.DataFrame(answer.fetchall(), schema=answer.columns, orient="row", infer_schema_length=None)
