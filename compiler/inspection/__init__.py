"""What is inside a compiled model: a listing, a picture of the residual stream, attention maps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from compiler.inspection.attention import AttentionMaps, attention_maps
from compiler.inspection.listing import listing
from compiler.inspection.residual import residual_svg
from compiler.model import Model
from rasp.draw import write_picture
from rasp.values import Tokens

__all__ = ["AttentionMaps", "Inspection", "inspect"]


@dataclass(frozen=True, eq=False)
class Inspection:
    """A model laid open; its text lists the parts, a notebook shows the picture."""

    model: Model

    def __str__(self) -> str:
        return listing(self.model)

    def svg(self) -> str:
        """The residual stream over depth: a row for each cell, a bar from where it is written to where it is last read."""
        return residual_svg(self.model.blueprint, self.model.sop.name or "s-op")

    def write(self, path: str | Path) -> None:
        """Write that picture to a file, in the form that its name ends in: .svg, .pdf or .png.

        Raises:
            RaspError, RaspLimitError: as ``rasp.draw.write_picture`` raises them.
        """
        write_picture(self.svg(), path)

    def attention(self, tokens: Tokens) -> AttentionMaps:
        """What each head attends to on an input.

        Raises:
            ModelInputError: an empty input, one longer than ``max_length``, or an unknown token.
        """
        return attention_maps(self.model, tokens)

    def _repr_svg_(self) -> str:
        return self.svg()


def inspect(model: Model) -> Inspection:
    """Lay a model open."""
    return Inspection(model)
