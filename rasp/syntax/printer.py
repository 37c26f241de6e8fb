"""Syntax trees back to text, for both dialects."""

from __future__ import annotations

from rasp.elaborate.recursion import deep_recursion
from rasp.syntax import ast


def unparse(program: ast.Program) -> str:
    """The text of a program, one statement a line, with the brackets it needs and no more. Comments are not kept.

    ``parse(unparse(program), program.dialect) == program`` for every program that was parsed.

    Raises:
        RaspValueError: the tree holds a constant that the dialect can't write (a string with a double quote in it, say).
    """
    with deep_recursion():
        if program.dialect == "rasp-l":
            from rasp.syntax import raspl_printer

            return raspl_printer.unparse(program)
        from rasp.syntax import rasp_printer

        return rasp_printer.unparse(program)
