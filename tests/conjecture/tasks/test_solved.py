"""What the control says of programs that do not solve a task."""

from __future__ import annotations

from pathlib import Path

import pytest

from conjecture.errors import LabError
from conjecture.solved import check_program
from conjecture.task_type import Program
from conjecture.tasks import task_named


def program(folder: Path, body: str) -> Program:
    file = folder / "wrong.raspl"
    file.write_text(f"def next_token(x):\n    return {body}\n")
    return Program(str(file))


def test_a_wrong_program() -> None:
    always = check_program(task_named("boolean-and"), 6, [(1, 3), (4, 6)], 16, program=Program("parity.raspl"))
    assert always.compiled == always.interpreter
    assert all(0 < part < 1 for part in always.interpreter)


def test_a_wrong_program_where_that_is_an_error(tmp_path: Path) -> None:
    wrong = program(tmp_path, "where(x == -1, x + 1, full(x, -2))")
    with pytest.raises(
        LabError, match=r"'next_token' of \S*wrong.raspl does not solve parity: on 1 -1 it answers 0 -2, not 1 -2"
    ):
        check_program(task_named("parity"), 3, [(1, 1)], 16, program=wrong, require=True)


def test_an_undefined_program(tmp_path: Path) -> None:
    undefined = program(tmp_path, "x // (x - x)")
    with pytest.raises(LabError, match="it answers nothing, not"):
        check_program(task_named("parity"), 3, [(1, 3)], 1, program=undefined, require=True)


def test_a_refusal() -> None:
    backwards = Program("reverse.rasp", "reverse")  # a transformer that looks back only can't do that
    solved = check_program(task_named("parity"), 3, [(1, 3)], 1, program=backwards)
    assert solved.compiled is None
    assert solved.refusal
    assert solved.config is None
