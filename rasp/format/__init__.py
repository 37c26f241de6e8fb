"""One layout for programs of both dialects, with their comments.

Only white space changes: each statement on lines of its own, four blanks for each block or open bracket, one blank around
operators. Lines break inside a statement where its author broke them. ``gaps`` reads what stands between two tokens,
``spacing`` says where a blank goes, ``rasp_layout`` and ``raspl_layout`` where lines begin, ``lines`` writes them.
"""

from __future__ import annotations

from rasp.format import rasp_layout, raspl_layout
from rasp.syntax import ast
from rasp.syntax.parser import parse, rasp_grammar
from rasp.syntax.tokens import tokenize

__all__ = ["format_text"]


def format_text(text: str, dialect: ast.Dialect = "rasp", *, name: str = "<string>") -> str:
    """A program in the usual layout; formatting the result changes nothing.

    Args:
        text: the program.
        dialect: ``"rasp"`` or ``"rasp-l"``.
        name: what errors call the text.

    Raises:
        RaspError: the text is no program; the error holds every fault that was found (``.errors``).
    """
    source = parse(text, dialect, name=name).source
    if dialect == "rasp-l":
        from rasp.syntax.raspl_parser import grammar

        return raspl_layout.laid_out(source, tokenize(grammar(), source))
    return rasp_layout.laid_out(source, tokenize(rasp_grammar(), source))
