"""RASP and RASP-L: an exact interpreter.

    >>> import rasp
    >>> module = rasp.loads("histogram = selector_width(select(tokens, tokens, ==));")
    >>> module["histogram"]("hello")
    [1, 1, 2, 2, 1]

Everything is imported when it is first used, so that ``import rasp`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rasp.lazy import import_when_used

if TYPE_CHECKING:
    from rasp.check import check
    from rasp.errors import (
        EvaluationError,
        InputError,
        RaspError,
        RaspErrors,
        RaspLimitError,
        RaspLoadError,
        RaspNameError,
        RaspSyntaxError,
        RaspTypeError,
        RaspValueError,
    )
    from rasp.format import format_text
    from rasp.measure import measure
    from rasp.module import Module, load, loads
    from rasp.syntax.parser import parse
    from rasp.syntax.printer import unparse
    from rasp.values import Function, Selector, SOp

__version__ = "0.1.0"

__all__ = [
    "EvaluationError",
    "Function",
    "InputError",
    "Module",
    "RaspError",
    "RaspErrors",
    "RaspLimitError",
    "RaspLoadError",
    "RaspNameError",
    "RaspSyntaxError",
    "RaspTypeError",
    "RaspValueError",
    "SOp",
    "Selector",
    "__version__",
    "check",
    "format_text",
    "load",
    "loads",
    "measure",
    "parse",
    "unparse",
]

import_when_used(
    __name__,
    {
        "EvaluationError": "rasp.errors:EvaluationError",
        "Function": "rasp.values:Function",
        "InputError": "rasp.errors:InputError",
        "Module": "rasp.module:Module",
        "RaspError": "rasp.errors:RaspError",
        "RaspErrors": "rasp.errors:RaspErrors",
        "RaspLimitError": "rasp.errors:RaspLimitError",
        "RaspLoadError": "rasp.errors:RaspLoadError",
        "RaspNameError": "rasp.errors:RaspNameError",
        "RaspSyntaxError": "rasp.errors:RaspSyntaxError",
        "RaspTypeError": "rasp.errors:RaspTypeError",
        "RaspValueError": "rasp.errors:RaspValueError",
        "SOp": "rasp.values:SOp",
        "Selector": "rasp.values:Selector",
        "check": "rasp.check:check",
        "format_text": "rasp.format:format_text",
        "load": "rasp.module:load",
        "loads": "rasp.module:loads",
        "measure": "rasp.measure:measure",
        "parse": "rasp.syntax.parser:parse",
        "unparse": "rasp.syntax.printer:unparse",
    },
)
