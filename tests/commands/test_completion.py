"""Completion as bash asks for it: the lines that ``rasp completion bash`` prints, evaluated in a real one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from conjecture.cli.completion import completing_parser
from conjecture.recipe import Recipe
from tests.commands.conftest import ROOT
from tests.commands.test_help import MAINS

HOMES = {"rasp": "rasp.cli", "raspc": "compiler.cli", "conjecture": "conjecture.cli"}

COMPLETE = """
eval "$(rasp completion bash)"
for COMP_LINE in "$@"; do
    COMP_POINT=${#COMP_LINE} COMP_TYPE=9 COMPREPLY=()
    read -r command _ <<< "$COMP_LINE"
    [[ "$(complete -p "$command")" =~ -F\\ ([^ ]+) ]] && "${BASH_REMATCH[1]}" "$command"
    printf '%s ' "${COMPREPLY[@]}"
    echo
done
"""

ASKED: dict[str, tuple[set[str], set[str]]] = {
    "rasp ru": ({"run"}, {"repl"}),
    "rasp run --t": ({"--tokens"}, {"--set"}),
    "rasp run --tokens ": ({"chars", "words", "ints", "json"}, {"--set"}),
    "rasp run so": ({"sort.rasp", "sorts/"}, {"sort.txt"}),
    "rasp run sort.rasp so": ({"sorted"}, {"sort_by", "sort.rasp"}),
    "rasp run broken.rasp so": (set(), {"sort"}),
    "raspc compile sort.rasp sorted --op": ({"--optimize"}, set()),
    "raspc export m --to t": ({"torch", "transformer-lens"}, {"onnx"}),
    "conjecture tr": ({"train"}, {"tasks"}),
    "conjecture train hist --pos": ({"--positions"}, {"--packing"}),
    "conjecture train hist --positions r": ({"rotary"}, {"none"}),
    "conjecture tasks mode-": ({"mode-scratchpad", "mode-scratchpad-hard"}, {"mode", "count"}),
}
"""For each line what is offered at its end, and what is not."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What one bash offers for all lines."""
    folder = tmp_path_factory.mktemp("completion")
    (folder / "sort.rasp").write_text((ROOT / "examples" / "sort.rasp").read_text() + "def sort_by(x) { return x; }\n")
    (folder / "broken.rasp").write_text("sort = ")
    (folder / "sort.txt").touch()
    (folder / "sorts").mkdir()
    return dict(zip(ASKED, offered(list(ASKED), folder), strict=True))


def offered(lines: Sequence[str], folder: Path) -> list[set[str]]:
    commands = folder / "bin"
    commands.mkdir()
    for name, home in HOMES.items():
        (commands / name).write_text(f"#!{sys.executable}\nimport sys\nfrom {home} import main\nsys.exit(main())\n")
        (commands / name).chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{commands}:{os.environ['PATH']}"}
    shell = ["bash", "--norc", "-c", COMPLETE, "bash", *lines]
    done = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert done.stderr == ""
    return [set(line.split()) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("line", ASKED)
def test_what_bash_offers(line: str, answers: dict[str, set[str]]) -> None:
    wanted, unwanted = ASKED[line]
    assert wanted <= answers[line]
    assert not unwanted & answers[line]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_is_told_of_all_commands(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert MAINS["rasp"](["completion", shell]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in HOMES)


def test_another_shell(capsys: pytest.CaptureFixture[str]) -> None:
    assert MAINS["rasp"](["completion", "fsh"]) == 2
    assert "hint: did you mean 'fish'?" in capsys.readouterr().err


def test_without_the_package_its_installation_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "argcomplete.shell_integration", None)
    assert MAINS["rasp"](["completion", "bash"]) == 1
    assert 'needs argcomplete, which is not installed\n  hint: pip install "rasp-lang[completion]"' in capsys.readouterr().err


def test_all_fields_of_a_recipe_are_offered() -> None:
    shown = completing_parser().parse_args(["train", "hist", "--lengths", "1", "2", "--packing", "single"])
    assert set(vars(shown)) >= {*Recipe.__dataclass_fields__, "task", "seeds", "tests", "samples", "checkpoint"}
