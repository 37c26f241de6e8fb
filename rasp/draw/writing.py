"""Pictures as files: SVG as it is, PDF and PNG made of it by Typst, whose fonts are the same on every machine."""

from __future__ import annotations

import math
import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rasp.errors import RaspError, RaspLimitError
from rasp.extras import needed_for
from rasp.files import write_whole

if TYPE_CHECKING:
    import typst

FORMS = (".svg", ".pdf", ".png")

PIXELS = 2
"""Pixels of a PNG file, across and down, for each of the picture's: 192 to the inch."""

MOST_PIXELS = 64_000_000
"""In a PNG file; they take four bytes each while it is made."""

LONGEST_SIDE = 14_400
"""Of a page of PDF, in points: readers show no larger ones."""

_PAGE = b"""\
#set page(width: auto, height: auto, margin: 0pt)
#set document(title: sys.inputs.title, date: none)
#image(bytes(sys.inputs.svg), format: "svg", alt: sys.inputs.title)
"""

_FOREIGN = re.compile("[\u0590-\u1dff\u2e80-\U0010ffff]")
"""Letters that the fonts of Typst lack: all but Latin, Greek, Cyrillic and signs."""

_HEAD = re.compile(
    r'<svg\b[^>]*?\s(?P<size>width="(?P<width>[\d.]+)(?P<unit>pt|px)?" height="(?P<height>[\d.]+)(?:pt|px)?" '
    r'viewBox="0 0 (?P<across>[\d.]+) (?P<down>[\d.]+)")'
)
_TITLE = re.compile(r"<title>([^<]*)</title>")


def write_picture(svg: str, path: str | Path) -> None:
    """Write a picture to a file, whole or not at all, in the form that its name ends in: .svg, .pdf or .png.

    The same picture gives the same bytes, except that letters which only the machine's own fonts have are of these.

    Args:
        svg: the text of an SVG file.

    Raises:
        RaspError: another ending, a file that can't be written, or Typst is needed and missing.
        RaspLimitError: the picture is too large for the form.
    """
    write_whole(path, picture(svg, ending(path)))


def ending(path: str | Path, *others: str) -> str:
    """The ending of a picture's name, one of ``FORMS`` and the others.

    Raises:
        RaspError: it has none of them.
    """
    found, known = Path(path).suffix.lower(), (*FORMS, *others)
    if found not in known:
        hint = f"end the file's name in {', '.join(known[:-1])} or {known[-1]}"
        raise RaspError(f"no picture is written to '{path}'", hint=hint)
    return found


def picture(svg: str, form: str) -> bytes:
    """The content of a picture's file.

    Args:
        form: one of ``FORMS``.

    Raises:
        RaspError: Typst is needed and missing, or fails.
        RaspLimitError: the picture is too large for the form.
    """
    match form:
        case ".pdf":
            _check(max(_size(svg)) <= LONGEST_SIDE, f"a side of more than {LONGEST_SIDE // 72} inches", "a PDF file")
            return _typeset(svg, "pdf")
        case ".png":
            width, height = (math.ceil(side * PIXELS / 0.75) for side in _size(svg))
            _check(width * height <= MOST_PIXELS, f"{width:,} × {height:,} pixels", "a PNG file")
            return _typeset(_with_whole_pixels(svg, width, height), "png")
        case _:
            return svg.encode("utf-8")


def _head(svg: str) -> re.Match[str]:
    found = _HEAD.search(svg)
    if found is None:
        raise RaspError("this is no picture: it does not begin with its width, height and viewBox")
    return found


def _size(svg: str) -> tuple[float, float]:
    """Width and height in points."""
    head = _head(svg)
    scale = 1 if head["unit"] == "pt" else 0.75
    return float(head["width"]) * scale, float(head["height"]) * scale


def _with_whole_pixels(svg: str, width: int, height: int) -> str:
    """The picture with so much more page at the right and below that it fills its pixels.

    Typst draws a picture on as many pixels as its width and then its height ask for, rounded up, and leaves out a line where
    these are more than the page has; so both are a little less than whole numbers, the height even by its ratio to the width.
    """
    head, (old_width, old_height) = _head(svg), _size(svg)
    less = (0.01, 0.01 + 0.01 * height / width)
    wide, high = ((pixels - part) * 0.75 / PIXELS for pixels, part in zip((width, height), less, strict=True))
    across, down = float(head["across"]) * wide / old_width, float(head["down"]) * high / old_height
    size = f'width="{wide:.4f}pt" height="{high:.4f}pt" viewBox="0 0 {across:.4f} {down:.4f}"'
    return svg[: head.start("size")] + size + svg[head.end("size") :]


def _check(fits: bool, size: str, file: str) -> None:
    if not fits:
        hint = "write an .svg file, or draw it for a shorter input"
        raise RaspLimitError(f"the picture is too large for {file}: {size}", hint=hint)


def _typeset(svg: str, form: Literal["pdf", "png"]) -> bytes:
    with needed_for(f"a .{form} file", "pictures"):
        import typst
    title = _TITLE.search(svg)
    inputs = {"svg": svg, "title": unescape(title[1]) if title else ""}
    fonts = _fonts(own=not _FOREIGN.search(svg))
    try:
        made: Any = typst.compile(_PAGE, format=form, ppi=96.0 * PIXELS, sys_inputs=inputs, font_paths=fonts)
    except typst.TypstError as error:
        raise RaspError(f"Typst failed: {error}", hint="write an .svg file") from None
    return made


@cache
def _fonts(*, own: bool) -> typst.Fonts:
    """Typst's own fonts, which are the same everywhere, or those of the machine as well."""
    import typst

    return typst.Fonts(include_system_fonts=not own, include_embedded_fonts=True)
