"""What users read when something is wrong, as a set: each message says what is wrong, where, and what to do."""

from __future__ import annotations

import io
import shlex
import traceback
from collections.abc import Iterable
from pathlib import Path

import pytest

import compiler
import rasp
from tests.commands.conftest import ROOT
from tests.commands.test_help import MAINS
from tests.conftest import Golden

RASP = """\
same = select(tokens, tokens, ==);
histogram = selector_width(same);
inverse = 1 / indicator(tokens == "a");
number = tokens_int + 1;
limits = [1, 2.5];
_private = indices;
def f(a, b) { return a + b; }
"""
RASPL = """\
def count(x, step=1):
    return cumsum(x > 2) * step

def two(x, y):
    return x + y
"""

COMMANDS = r"""
rasp rnu
rasp nothing
rasp run
rasp run hist.rasp histogram
rasp run hist.rasp histogram ab --jsn
rasp run hist.rasp histogram ab --tokens word
rasp run hist.rasp histogram ab --set b
rasp run hits.rasp histogram ab
rasp run nowhere/hist.rasp histogram ab
rasp run folder.rasp histogram ab
rasp run hist.txt histogram ab
rasp run binary.rasp x ab
rasp run empty.rasp x ab
rasp run long.rasp x ab
rasp run syntax.rasp x ab
rasp run many.rasp x ab
rasp run hist.rasp histograms ab
rasp run hist.rasp _private ab
rasp run hist.rasp f ab
rasp run hist.rasp limits ab
rasp run hist.rasp histogram ab --set b=1
rasp run hist.rasp histogram ''
rasp run hist.rasp histogram '[1,,2]'
rasp run hist.rasp histogram '[1, null]'
rasp run hist.rasp number '["a", 1]'
rasp run hist.rasp histogram '[1e99999]'
rasp run hist.rasp inverse ab
rasp run hist.rasp number ab
rasp run count.raspl count '1 x'
rasp run count.raspl count '["a"]'
rasp run count.raspl two 1
rasp run count.raspl count 1 --set stp=2
rasp generate hist.rasp histogram 1 --stop 1
rasp generate count.raspl count '' --stop 1
rasp generate count.raspl count 1
rasp generate count.raspl count 1 --stop 9 --max-new-tokens -1
rasp check hits.rasp
rasp check syntax.rasp
rasp format hits.rasp
rasp format - hist.rasp
rasp measure hist.rasp f
rasp show hist.rasp histograms
rasp draw hist.rasp same ab -o x.svg
rasp draw hist.rasp histogram ab -o x.gif
rasp draw hist.rasp histogram ab -o no/x.svg
rasp completion csh
raspc compil
raspc compile hist.rasp histogram
raspc compile hist.rasp histogram --vocab ab --max-length many
raspc compile hits.rasp histogram --vocab ab --max-length 4
raspc compile hist.rasp histograms --vocab ab --max-length 4
raspc compile hist.rasp same --vocab ab --max-length 4
raspc compile hist.rasp histogram --vocab '' --max-length 4
raspc compile hist.rasp histogram --vocab aba --max-length 4
raspc compile hist.rasp histogram --vocab '["a",,1]' --max-length 4
raspc compile hist.rasp histogram --vocab ab --max-length 0
raspc compile hist.rasp number --vocab ab --max-length 4
raspc compile hist.rasp histogram --vocab ab --max-length 4 --causal
raspc compile hist.rasp histogram --vocab ab --max-length 4 -o no/m
raspc compile hist.rasp histogram --vocab ab --max-length 4 -o folder.rasp
raspc run hist.n ab
raspc run folder.rasp ab
raspc run hist.rasp ab
raspc run short.m ab
raspc run hist.m abc
raspc run hist.m ababab
raspc run hist.m ''
raspc run inverse.m ab
raspc run hist.m ab --steps 2
raspc generate hist.m ab
raspc verify hist.m --samples few
raspc verify hist.m --exhaustive 0 --adversarial 0 --samples 0
raspc inspect hist.m -o x.gif
raspc inspect hist.m -o no/x.svg
raspc export hist.m --to onnxx -o x
raspc export hist.m --to torch -o x.pt
conjecture tsks
conjecture nothing
conjecture tasks modes
conjecture tasks no_such_file.py
conjecture tasks wrong_syntax.py
conjecture tasks wrong_kind.py
conjecture train
conjecture train hist --layer 2
conjecture train hist --layers two
conjecture train hist --positions rotry
conjecture train hist --heads 3
conjecture train hist --lengths 9 3
conjecture train hist --tests 99
conjecture train looped-copy --architecture encoder-decoder --packing single
conjecture sweep cpus
conjecture sweep cpu --tasks mode nonsense --folder results
conjecture sweep tiny --gpus 1
conjecture sweep tiny --folder hist.rasp
conjecture query nowhere 'select 1'
conjecture query cpu 'select tsk from runs'
conjecture query cpu ';'
conjecture report nowhere
conjecture collect cpu --to ..
conjecture spread nowhere --to results
""".strip().splitlines()

PYTHON = r"""
rasp.load("hits.rasp")
rasp.load("hist.txt")
rasp.loads("x = indexes;")
rasp.loads("x = 1 +;")
rasp.loads("x = 1", dialect="raspl")
rasp.load("hist.rasp")["histograms"]
rasp.load("hist.rasp")["histogram"]("")
rasp.load("hist.rasp")["histogram"](5)
rasp.load("hist.rasp")["histogram"]([None])
rasp.load("hist.rasp")["number"](["a", 1])
rasp.load("hist.rasp")["inverse"]("ab")
rasp.measure(rasp.load("hist.rasp")["f"])
rasp.check(rasp.load("hist.rasp"))
compiler.compile(rasp.load("hist.rasp")["same"], vocab="ab", max_length=4)
compiler.compile(rasp.load("hist.rasp")["histogram"], vocab=5, max_length=4)
compiler.compile(rasp.load("hist.rasp")["histogram"], vocab=[None], max_length=4)
compiler.compile(rasp.load("hist.rasp")["histogram"], vocab="ab", max_length=4, optimize="size")
compiler.load("hist.m")("abc")
compiler.load("hist.m").batch(5)
compiler.load("hist.m").with_steps(2)
compiler.export.save(compiler.load("hist.m"), "keras", "m")
conjecture.task("modes")
conjecture.Recipe(heads=3)
conjecture.Recipe(positions="rotry")
""".strip().splitlines()


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Programs and models, whole and broken."""
    folder = tmp_path_factory.mktemp("spoiled")
    for name, text in {
        "hist.rasp": RASP,
        "count.raspl": RASPL,
        "empty.rasp": "",
        "long.rasp": "x = " + "1+" * 5_000_000 + "1;",
        "syntax.rasp": "x = = 1;",
        "many.rasp": 'x = y;\nz = 1 + "a";\ntoken = tokenss;',
        "wrong_syntax.py": "TASK =",
        "wrong_kind.py": "TASK = 3",
    }.items():
        (folder / name).write_text(text)
    (folder / "binary.rasp").write_bytes(bytes(range(256)))
    (folder / "folder.rasp").mkdir()
    for name, file in (("histogram", "hist.m"), ("inverse", "inverse.m")):
        compiler.compile(rasp.load(folder / "hist.rasp")[name], vocab="ab", max_length=4).save(folder / file)
    (folder / "short.m").write_bytes((folder / "hist.m").read_bytes()[:200])
    for kind in ("runs", "controls"):
        (folder / f"cpu.{kind}.parquet").symlink_to(ROOT / "docs" / "results" / f"cpu.{kind}.parquet")
    return folder


def told(lines: Iterable[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Every command with what it complains and its status."""
    parts = []
    for line in lines:
        command, *arguments = shlex.split(line)
        status = MAINS[command](arguments)
        complaint = capsys.readouterr().err
        assert complaint, line
        assert status == (2 if is_usage(complaint) else 1), f"{line}\n{complaint!r}"
        assert "Traceback" not in complaint
        complaint = "".join(f"{row.rstrip()}\n" for row in complaint.replace(f"{Path.cwd()}/", "").splitlines())
        parts.append(f"$ {line}\n{complaint}exit status {status}\n")
    return "\n".join(parts)


def is_usage(complaint: str) -> bool:
    """Whether it is about the command line: as argparse and the lab's command put it, or tyro."""
    return "error: " in complaint.partition("\n  hint:")[0] or "For full helptext" in complaint


@pytest.mark.parametrize("command", MAINS)
def test_the_commands(
    command: str, spoiled: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(spoiled)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    before = sorted(path.name for path in spoiled.iterdir())
    golden(f"{command}.txt", told([line for line in COMMANDS if line.split(" ")[0] == command], capsys))
    assert sorted(path.name for path in spoiled.iterdir()) == before


def test_python(spoiled: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of the traceback, which is all that most people read."""
    import conjecture

    monkeypatch.chdir(spoiled)
    parts = []
    for line in PYTHON:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the golden file says which
            eval(line, {"rasp": rasp, "compiler": compiler, "conjecture": conjecture})
        parts.append(f">>> {line}\n{''.join(traceback.format_exception_only(caught.value))}")
    golden("python.txt", "\n".join(parts))


def test_a_fault_of_the_command_itself(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object) -> int:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("rasp.cli.evaluating.run", fail)
    assert MAINS["rasp"](["run", "a.rasp", "x", "a"]) == 70
    assert capsys.readouterr().err.startswith("rasp: a fault of this program: ZeroDivisionError: a bug\n  hint: please report it")
    monkeypatch.setenv("RASP_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        MAINS["rasp"](["run", "a.rasp", "x", "a"])
