"""``rasp format``."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from rasp import limits
from rasp.cli import main


def untidy(name: str = "a.rasp", text: str = "x=1; # one\n") -> Path:
    path = Path(name)
    path.write_text(text)
    return path


def stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_files_are_written_in_place(capsys: pytest.CaptureFixture[str]) -> None:
    path, other = untidy(), untidy("b.raspl", "def f(x) :\n return x+1\n")
    path.chmod(0o640)
    assert main(["format", "a.rasp", "b.raspl", "hist.rasp"]) == 0
    assert capsys.readouterr().out == "a.rasp: formatted\nb.raspl: formatted\n2 changed, 1 unchanged\n"
    assert path.read_text() == "x = 1;  # one\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert other.read_text() == "def f(x):\n    return x + 1\n"
    assert main(["format", "a.rasp", "b.raspl", "--check"]) == 0
    assert capsys.readouterr().out == "0 would change, 2 unchanged\n"


def test_a_check_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    path = untidy()
    assert main(["format", "--check", "a.rasp"]) == 1
    assert capsys.readouterr().out == "a.rasp: would be formatted\n1 would change, 0 unchanged\n"
    assert path.read_text() == "x=1; # one\n"


def test_a_broken_file_stays_and_others_are_done(capsys: pytest.CaptureFixture[str]) -> None:
    path, broken = untidy(), untidy("broken.rasp", "x=;y=1;\n")
    assert main(["format", "broken.rasp", "gone.rasp", "a.rasp"]) == 1
    shown = capsys.readouterr()
    assert shown.out == "a.rasp: formatted\n1 changed, 0 unchanged, 2 broken\n"
    assert "broken.rasp:1:3: unexpected ';'" in shown.err
    assert "could not find file: gone.rasp" in shown.err
    assert broken.read_text() == "x=;y=1;\n"
    assert path.read_text() == "x = 1;  # one\n"


def test_stdin_goes_to_stdout(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, b"\xef\xbb\xbfx=1; # \xc3\xa9")
    assert main(["format", "-"]) == 0
    assert capsys.readouterr().out == "\ufeffx = 1;  # é\n"
    stdin(monkeypatch, b"x=1")
    assert main(["format", "-", "--dialect", "rasp-l", "--check"]) == 1
    assert capsys.readouterr().out == "<stdin>: would be formatted\n"
    stdin(monkeypatch, b"x=;")
    assert main(["format", "-"]) == 1
    assert "<stdin>:1:3" in capsys.readouterr().err
    stdin(monkeypatch, b"# \xff\nx=1;")
    assert main(["format", "-"]) == 1
    assert "stdin is not text: byte 2 is no UTF-8" in capsys.readouterr().err
    assert main(["format", "-", "hist.rasp"]) == 1
    assert "stands alone" in capsys.readouterr().err


def test_what_a_link_leads_to_is_written() -> None:
    path = untidy()
    os.symlink("a.rasp", "link.rasp")
    assert main(["format", "link.rasp"]) == 0
    assert Path("link.rasp").is_symlink()
    assert path.read_text() == "x = 1;  # one\n"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"x=1;\r\ny=2;\r\n", b"x = 1;\r\ny = 2;\r\n"),
        (b"\xef\xbb\xbfx=1;\r\ny=2;\n", b"\xef\xbb\xbfx = 1;\ny = 2;\n"),
        (b"# a\rx=1;\r", b"# a\nx = 1;\n"),
        (b"\xef\xbb\xbfx = 1;\r\n", b"\xef\xbb\xbfx = 1;\r\n"),
    ],
)
def test_lines_end_as_they_did(content: bytes, wanted: bytes) -> None:
    path = Path("a.rasp")
    path.write_bytes(content)
    assert main(["format", "--check", "a.rasp"]) == int(content != wanted)
    assert main(["format", "a.rasp"]) == 0
    assert path.read_bytes() == wanted
    assert main(["format", "--check", "a.rasp"]) == 0


def test_a_read_only_file_stays(capsys: pytest.CaptureFixture[str]) -> None:
    path = untidy()
    path.chmod(0o444)
    assert main(["format", "a.rasp"]) == 1
    assert capsys.readouterr().err == "rasp: can't write 'a.rasp': it is read-only\n  hint: chmod u+w 'a.rasp' allows it\n"
    assert path.read_text() == "x=1; # one\n"


def test_other_names_of_a_file_show_the_same() -> None:
    path = untidy()
    os.link("a.rasp", "b.rasp")
    assert main(["format", "a.rasp"]) == 0
    assert path.samefile("b.rasp")
    assert Path("b.rasp").read_text() == "x = 1;  # one\n"


def test_a_file_whose_layout_is_too_large_stays(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = untidy(text="x=1;" * 20)
    monkeypatch.setattr(limits, "SOURCE_CHARACTERS", 100)
    assert main(["format", "a.rasp"]) == 1
    assert "in the usual layout the program has more than 100 characters" in capsys.readouterr().err
    assert path.read_text() == "x=1;" * 20


def test_a_full_disk_leaves_the_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = untidy()

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert main(["format", "a.rasp"]) == 1
    assert "can't write 'a.rasp': No space left on device" in capsys.readouterr().err
    assert path.read_text() == "x=1; # one\n"
    assert {file.name for file in Path().iterdir()} == {"a.rasp", "hist.rasp", "count.raspl"}
