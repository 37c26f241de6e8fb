"""Pictures as files: the forms, the same bytes each time, letters that are letters, and what can't be written."""

from __future__ import annotations

import re
import struct
import sys
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from matplotlib.image import imread

import rasp
from rasp.draw import draw, write_picture
from rasp.draw.blocks import document, line, rectangle
from rasp.draw.writing import picture
from rasp.errors import RaspError, RaspLimitError

SIGNS = "≤ × ∧ · … ⟨x⟩ ∀ → ≠ α é ß −"
SVG = document(line(SIGNS), 'a "title" & more')


def streams(pdf: bytes) -> bytes:
    """What a PDF file holds in compressed streams, one after the other."""
    return b"\n".join(
        zlib.decompress(found) for found in re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    )


def characters(pdf: bytes) -> set[str]:
    """The characters that a reader of a PDF file can copy and find."""
    tables = re.findall(rb"beginbfchar(.*?)endbfchar", streams(pdf), re.DOTALL)
    return {bytes.fromhex(code.decode()).decode("utf-16-be") for table in tables for code in re.findall(rb"> <(\w+)>", table)}


def test_pdf_holds_text_in_fonts_that_it_brings_along(tmp_path: Path) -> None:
    write_picture(SVG, tmp_path / "x.pdf")
    made = (tmp_path / "x.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    assert set(re.findall(rb"/FontName/\w{6}\+([\w-]+)", made)) == {b"DejaVuSansMono"}
    assert characters(made) >= set(SIGNS)


def test_png_has_two_pixels_for_each(tmp_path: Path) -> None:
    write_picture(SVG, tmp_path / "x.PNG")
    made = (tmp_path / "x.PNG").read_bytes()
    assert made.startswith(b"\x89PNG")
    width, height = (float(re.search(rf'{side}="([\d.]+)"', SVG)[1]) for side in ("width", "height"))  # pyright: ignore[reportOptionalSubscript]
    assert struct.unpack(">II", made[16:24]) == pytest.approx((2 * width, 2 * height), abs=1)


@pytest.mark.parametrize(("width", "height"), [(120.36, 533.13), (238.41, 539.04), (700.1, 90.7)])
def test_png_has_every_line(width: float, height: float) -> None:
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    across = "".join(rectangle(0, y, width, 1, "#000000") for y in range(0, int(height), 4))
    made = picture(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{across}</svg>', ".png")
    column = imread(BytesIO(made))[:, 10, 0]
    assert (column < 0.5).sum() == 2 * len(range(0, int(height), 4))


@pytest.mark.parametrize("form", ["svg", "pdf", "png", "dot"])
def test_the_same_program_and_input_give_the_same_bytes(tmp_path: Path, form: str) -> None:
    for name in "ab":
        module = rasp.loads("f = aggregate(select(tokens, tokens, ==), indices);")
        draw(module["f"], "hello").write(tmp_path / f"{name}.{form}")
    made = (tmp_path / f"a.{form}").read_bytes()
    assert made == (tmp_path / f"b.{form}").read_bytes()
    assert not re.search(rb"CreationDate|ModDate|xmp:CreateDate|tIME", made)


def test_letters_of_other_scripts_do_no_harm(tmp_path: Path) -> None:
    write_picture(document(line("שלום 中文 नम 😀"), "x"), tmp_path / "x.pdf")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("form", ["pdf", "png"])
def test_without_typst(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(RaspError, match=f"a .{form} file needs typst, which is not installed") as caught:
        write_picture(SVG, tmp_path / f"x.{form}")
    assert 'pip install "rasp-lang[pictures]"' in (caught.value.hint or "")
    write_picture(SVG, tmp_path / "x.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["x.svg"]


@pytest.mark.parametrize(("form", "size"), [("png", 4_001), ("pdf", 19_201)])
def test_a_picture_that_is_too_large(tmp_path: Path, form: str, size: int) -> None:
    large = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 1 1"></svg>'
    with pytest.raises(RaspLimitError, match=r"the picture is too large for a P\w+ file: ") as caught:
        write_picture(large, tmp_path / f"x.{form}")
    assert "write an .svg file" in (caught.value.hint or "")
    assert not list(tmp_path.iterdir())
    write_picture(large.replace(str(size), "10"), tmp_path / f"x.{form}")


@pytest.mark.parametrize("text", ["", "<svg", '<svg width="1" height="1" viewBox="0 0 1 1"><'])
def test_what_is_no_picture(tmp_path: Path, text: str) -> None:
    with pytest.raises(RaspError, match=r"this is no picture|Typst failed"):
        write_picture(text, tmp_path / "x.pdf")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "no picture is written to ''"),
        (".svg", "no picture is written to '.svg'"),
        ("x.gif", "no picture is written to 'x.gif'"),
        ("no/x.svg", "can't write 'no/x.svg': No such file or directory"),
        ("folder.svg", "can't write 'folder.svg': it is not a file"),
        ("a\0.svg", "can't write 'a\\x00.svg': "),
    ],
)
def test_where_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, says: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder.svg").mkdir()
    with pytest.raises(RaspError) as caught:
        write_picture(SVG, name)
    assert caught.value.message.startswith(says)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.svg"]


def test_what_was_there_stays_until_all_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.svg"
    file.write_text("old")

    def full(self: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RaspError, match="No space left on device"):
        write_picture(SVG, file)
    monkeypatch.undo()
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]
