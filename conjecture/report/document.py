"""A report as blocks, which a page and a Markdown file are written from.

Texts may hold ``**bold**``, ```code``` and ``[links](https://…)``, as in Markdown; whatever comes from data goes through
``wording.code`` or holds none of these signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Heading:
    """The title of a section, or of a part of one at level 3."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table; the columns after the first are set to the right, except for those named in ``left``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: tuple[str, ...] = ()

    def is_left(self, column: int) -> bool:
        """Whether a column is set to the left."""
        return column == 0 or self.columns[column] in self.left


@dataclass(frozen=True)
class Picture:
    """A figure.

    Attributes:
        name: of its file, without .svg.
        says: what it shows, for those who can't see it.
        svg: the figure.
    """

    name: str
    says: str
    svg: str


@dataclass(frozen=True)
class Pictures:
    """Figures beside each other, as many as have room."""

    pictures: tuple[Picture, ...]


Block: TypeAlias = Heading | Paragraph | Bullets | Table | Pictures


@dataclass(frozen=True)
class Document:
    """A title and blocks."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All figures."""
        return tuple(picture for block in self.blocks if isinstance(block, Pictures) for picture in block.pictures)
