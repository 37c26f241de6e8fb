"""The command: what it prints, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import rasp
from conjecture.cli import main

OWN_TASK = """
from dataclasses import replace
from conjecture import task

TASK = replace(task("hist"), name="my-hist", summary="a task of my own")
"""

OWN_SUITE = """
from conjecture import Recipe
from conjecture.sweeps.suite import Suite, experiment

RECIPE = Recipe(lengths=(1, 3), longest=9, layers=1, heads=1, width=8, batch=8, steps=10, check_every=10, checks=8)
SUITE = Suite("mine", "one task", (experiment("own_task.py", RECIPE, seeds=1, samples=8, controls=2),))
"""

OPTIONS = "--lengths 1 3 --longest 9 --layers 1 --heads 1 --width 8 --batch 8 --steps 20 --check-every 10 --checks 8"
SMALL = OPTIONS.split(" ")


def test_the_version() -> None:
    result = subprocess.run([sys.executable, "-m", "conjecture", "--version"], capture_output=True, text=True, check=True)
    assert result.stdout == f"conjecture {rasp.__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help_names_all_commands(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command, too; and it says how to begin."""
    assert main(arguments) == 0
    shown = capsys.readouterr().out
    assert all(
        command in shown
        for command in ("tasks", "train", "suites", "sweep", "collect", "spread", "query", "report", "interpolator")
    )
    assert "conjecture sweep cpu" in shown


def test_the_tasks_and_one_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tasks"]) == 0
    assert "copy-unique" in capsys.readouterr().out
    assert main(["tasks", "copy-unique"]) == 0
    shown = capsys.readouterr().out
    assert "next_token of copy.raspl" in shown
    assert "Huang et al. 2024: 99.9 % at 51-100, trained on 1-50" in shown


def test_the_suites(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suites"]) == 0
    assert "generated" in capsys.readouterr().out


def test_training_shows_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "hist", *SMALL, "--samples", "8"]) == 0
    shown = capsys.readouterr().out
    assert "in range" in shown
    assert "at 9" in shown


def test_a_task_and_a_suite_of_one_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own_task.py").write_text(OWN_TASK)
    Path("own_suite.py").write_text(OWN_SUITE)
    assert main(["sweep", "own_suite.py"]) == 0
    assert "2 jobs done, 0 done before, 0 left; results in results/mine" in capsys.readouterr().out
    assert main(["collect", "results/mine", "--to", "kept/mine"]) == 0
    assert sorted(path.name for path in Path("kept").iterdir()) == ["mine.controls.parquet", "mine.runs.parquet"]
    capsys.readouterr()
    assert main(["query", "kept/mine", "select task, seed, steps, '[/a]' from runs"]) == 0
    shown = capsys.readouterr().out
    assert "my-hist" in shown
    assert "[/a]" in shown
    (control,) = Path("results/mine").glob("*-control-*.parquet")
    control.write_bytes(b"")
    assert main(["collect", "results/mine", "--to", "kept/mine"]) == 0
    assert f"left out, as they can't be read: {control.name}" in capsys.readouterr().out.replace("\n", "")


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["tasks", "nonsense"], 1, "conjecture: there is no task 'nonsense'\n  hint: `conjecture tasks` lists them"),
        (["train", "hist", "--heads", "3"], 1, "3 heads do not divide a width of 64"),
        (["train", "hist", "--tests", "99"], 1, "the model is for lengths 1 to 45\n  hint: raise --longest"),
        (["train", "no_such_file.py"], 1, "there is no file no_such_file.py"),
        (["train", "hist", "--layers", "two"], 2, "invalid"),
        (["sweep", "huge"], 1, "there is no suite 'huge'"),
        (["sweep", "tiny", "--tasks", "sort"], 1, "the suite 'tiny' has no task sort"),
        (["sweep", "tiny", "--gpus", "1"], 1, "workers and GPUs are of a cluster\n  hint: add --engine ray"),
        (["query", "nowhere", "select 1"], 1, "there are no results in nowhere"),
        (["report", "nowhere"], 1, "there are no results in nowhere"),
        (["nonsense"], 2, "nonsense"),
        (["tasks", "wrong_syntax.py"], 1, "wrong_syntax.py can't be run: SyntaxError"),
        (["tasks", "wrong_name.py"], 1, "wrong_name.py can't be run: NameError: name 'nothing' is not defined"),
        (["tasks", "wrong_kind.py"], 1, "wrong_kind.py has no TASK that is a Task\n  hint: see docs/lab/tasks.md"),
        (["sweep", "wrong_kind.py"], 1, "wrong_kind.py has no SUITE that is a Suite"),
    ],
)
def test_what_is_refused(
    arguments: list[str], status: int, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for file, text in {
        "wrong_syntax.py": "TASK =",
        "wrong_name.py": "TASK = nothing",
        "wrong_kind.py": "TASK = SUITE = 3",
    }.items():
        Path(file).write_text(text)
    assert main(arguments) == status
    shown = capsys.readouterr()
    assert complaint in shown.err + shown.out


def test_a_missing_package_is_told_with_how_to_install_it() -> None:
    program = "import sys; sys.modules['optax'] = None; from conjecture.cli import main; sys.exit(main(['tasks']))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr == 'conjecture: the lab needs optax, which is not installed\n  hint: pip install "rasp-lang[lab]"\n'
