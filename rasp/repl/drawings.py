"""The console's ``draw``: files in a folder of their own under the working directory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from rasp.elaborate.kinds import Value
from rasp.elaborate.outcomes import Drawing
from rasp.errors import RaspError
from rasp.graph.nodes import Node
from rasp.repl.paint import Paint
from rasp.values import Selector, SOp

FOLDER = Path("comp_flows")
_LONGEST_STEM = 60


def draw_lines(drawing: Drawing, defined: Mapping[str, Value], paint: Paint) -> list[str]:
    """Write the picture of a computation flow as SVG and as DOT, and say where.

    Raises:
        RaspError: a file can't be written.
    """
    from rasp.draw import draw

    picture = draw(drawing.subject, drawing.tokens, names=node_names(defined))
    stem = _stem(drawing.subject.name or "s-op")
    try:
        FOLDER.mkdir(exist_ok=True)
    except OSError as error:
        raise RaspError(f"can't make the folder '{FOLDER}': {error.strerror}") from None
    paths = [FOLDER / f"{stem}.svg", FOLDER / f"{stem}.dot"]
    for path in paths:
        picture.write(path)
    return [paint.general(f"\t drawn: {path.as_posix()}") for path in paths]


def node_names(defined: Mapping[str, Value]) -> dict[Node, str]:
    """What a program calls the nodes of its graphs."""
    return {value.node: name for name, value in defined.items() if isinstance(value, SOp | Selector)}


def _stem(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)[:_LONGEST_STEM]
