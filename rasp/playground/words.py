"""The words of both languages, for the page's editor."""

from __future__ import annotations

from rasp.playground.jobs import Data
from rasp.syntax import words as known


def words() -> Data:
    """By language: keywords, constants, and what the library defines."""
    return {
        "rasp": {
            "keyword": [*known.RASP_STATEMENTS, *known.RASP_OPERATORS, *known.RASP_COMMANDS],
            "constant": known.CONSTANTS,
            "library": [*known.RASP_CALLED, *known.RASP_INPUTS, *known.RASP_LIBRARY],
        },
        "rasp-l": {
            "keyword": [*known.RASPL_STATEMENTS, *known.RASPL_OPERATORS],
            "constant": [*known.CONSTANTS, "None"],
            "library": [*known.RASPL_CORE, *known.RASPL_LIBRARY],
        },
    }
