"""What is in a wheel and in an sdist, and that what is built from them works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from conjecture.tasks import task_table
from tests.commands.conftest import ROOT

PACKAGES = ("rasp", "compiler", "conjecture")
BUILD = """
import sys
from setuptools import build_meta
folder = sys.argv[1]  # setuptools writes arguments of its own
build_meta.build_wheel(folder)
build_meta.build_sdist(folder)
"""
INSTALLED_EXAMPLES = "share/rasp-lang/examples"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that are built from, without what lies about in a checkout."""
    folder = tmp_path_factory.mktemp("tree")
    junk = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in (*PACKAGES, "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=junk)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture(scope="module")
def built(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel and an sdist."""
    folder = tmp_path_factory.mktemp("built")
    subprocess.run([sys.executable, "-c", BUILD, folder], cwd=tree, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(built.glob("*.whl")))


def of_packages(tree: Path) -> set[str]:
    """All files of the packages, data as well as modules."""
    files = (path for name in PACKAGES for path in (tree / name).rglob("*") if path.is_file())
    return {path.relative_to(tree).as_posix() for path in files}


def test_the_wheel_has_every_file_of_the_packages(tree: Path, wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert of_packages(tree) <= names
    assert {"rasp/grammar/rasp.lark", "conjecture/generated/suite.json", "rasp/py.typed"} <= names
    tops = {name.partition("/")[0] for name in names}
    assert tops == {*PACKAGES, "rasp_lang-0.1.0.dist-info", "rasp_lang-0.1.0.data"}


def test_the_wheel_has_the_programs_of_the_tasks(wheel: zipfile.ZipFile) -> None:
    start = f"rasp_lang-0.1.0.data/data/{INSTALLED_EXAMPLES}/"
    there = {name.removeprefix(start) for name in wheel.namelist() if name.startswith(start)}
    programs = [program for task in task_table() for program in (task.program, task.shortcut) if program is not None]
    wanted = {program.file for program in programs if program.text is None}
    assert wanted
    assert wanted <= there


def test_the_wheel_has_the_commands_and_lexers(wheel: zipfile.ZipFile) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    entries = wheel.read("rasp_lang-0.1.0.dist-info/entry_points.txt").decode()
    assert set(project["scripts"]) == set(PACKAGES) - {"compiler"} | {"raspc"}
    for name, place in {**project["scripts"], **project["entry-points"]["pygments.lexers"]}.items():
        assert f"{name} = {place}" in entries


def test_the_sdist_has_what_the_wheel_is_built_from(tree: Path, built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    examples = {path.relative_to(tree).as_posix() for path in (tree / "examples").rglob("*.rasp*")}
    assert of_packages(tree) | examples | {"pyproject.toml", "README.md", "LICENSE"} <= names


@pytest.mark.slow
@pytest.mark.parametrize("form", ["*.whl", "*.tar.gz"])
def test_an_empty_environment(form: str, built: Path, tmp_path: Path) -> None:
    """Without any extra: the interpreter works, and what needs an extra names it."""
    install(tmp_path, str(next(built.glob(form))))
    (tmp_path / "hist.rasp").write_text("histogram = selector_width(select(tokens, tokens, ==));")
    assert command(tmp_path, "rasp run hist.rasp histogram hello") == (0, "[1, 1, 2, 2, 1] (ints)\n", "")
    assert command(tmp_path, "rasp run hist.rasp histogram hello --json") == (0, "[1, 1, 2, 2, 1]\n", "")
    for name in ("rasp", "raspc", "conjecture"):
        assert command(tmp_path, f"{name} --version") == (0, f"{name} 0.1.0\n", "")
    assert command(tmp_path, "raspc --help")[0] == 0
    for line, part, package, extra in (
        ("raspc run m a", "raspc", "jax", "compiler"),
        ("conjecture", "the lab", "tyro", "lab"),
        ("rasp completion bash", "completion in the shell", "argcomplete", "completion"),
        ("rasp lsp", "the language server", "lsprotocol", "lsp"),
    ):
        status, _, complaint = command(tmp_path, line)
        wanted = f'{part} needs {package}, which is not installed\n  hint: pip install "rasp-lang[{extra}]"\n'
        assert (status, complaint) == (1, f"{line.partition(' ')[0]}: {wanted}")


@pytest.mark.slow
def test_the_compiler_and_the_lab(built: Path, tmp_path: Path) -> None:
    wheel = next(built.glob("*.whl"))
    install(tmp_path, f"{wheel}[compiler]")
    (tmp_path / "hist.rasp").write_text("histogram = selector_width(select(tokens, tokens, ==));")
    assert command(tmp_path, "raspc compile hist.rasp histogram --vocab ehlo --max-length 8 -o m")[0] == 0
    assert command(tmp_path, "raspc run m hello") == (0, "[1, 1, 2, 2, 1]\n", "")
    assert command(tmp_path, "conjecture tasks")[0] == 1
    install(tmp_path, f"{wheel}[lab]")
    for line in ("conjecture tasks looped-parity", "conjecture tasks retrieval", "conjecture suites"):
        assert command(tmp_path, line)[0] == 0
    small = "--lengths 1 3 --longest 6 --layers 1 --heads 1 --width 8 --steps 2 --check-every 1 --samples 4"
    assert command(tmp_path, f"conjecture train hist {small}")[0] == 0


def install(folder: Path, what: str) -> None:
    """Install into the environment of a folder, which is made if it is not there."""
    if not (folder / "env").exists():
        venv.create(folder / "env", with_pip=True)
    pip = [folder / "env" / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", what]
    done = subprocess.run(pip, capture_output=True, text=True, timeout=900, check=False)
    if "No matching distribution found" in done.stderr:
        pytest.skip("what the wheel needs is neither cached nor to be had from the package index")
    assert done.returncode == 0, done.stderr


def command(folder: Path, line: str) -> tuple[int, str, str]:
    """Status, output and complaints of a command of that environment, in the folder."""
    name, *arguments = line.split(" ")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    place = folder / "env" / "bin" / name
    done = subprocess.run(
        [place, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    return done.returncode, done.stdout, done.stderr
