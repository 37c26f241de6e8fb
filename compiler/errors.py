"""Why a program can't be compiled."""

from __future__ import annotations

import math

from rasp.errors import RaspError


def amount(number: int) -> str:
    """A number of any size, as a message shows it."""
    if abs(number) < 10**15:
        return f"{number:,}"
    return f"about {'-' if number < 0 else ''}10^{round(abs(number).bit_length() * math.log10(2))}"


class CompileError(RaspError):
    """The program can't be compiled to exact weights; the message names the expression and what to change."""


class VocabularyError(CompileError):
    """The declared vocabulary or length does not fit the program."""


class ModelInputError(RaspError):
    """An input that the compiled model is not defined for: unknown tokens, too long, or empty."""


class UndefinedError(RaspError):
    """An input of the model on which the program itself is undefined; the place is that of the undefined expression."""


class TraceError(RaspError):
    """A model whose cells can't be named, because it is not laid out as its program compiles."""


class ArtifactError(RaspError):
    """A saved model that can't be written or read."""


class ExportError(RaspError):
    """A model that can't be exported: an unknown target, or too large for the format."""
