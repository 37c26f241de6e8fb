"""Refuses trees too deep to be walked by recursion."""

from __future__ import annotations

from dataclasses import fields
from typing import TypeVar

from rasp import limits
from rasp.errors import RaspLimitError
from rasp.syntax import ast

AnyTree = TypeVar("AnyTree", bound=ast.Tree)


def checked(tree: AnyTree, tokens: int) -> AnyTree:
    """The tree itself, if it is not too deep. A tree is never deeper than its number of tokens.

    Raises:
        RaspLimitError: deeper than ``limits.EXPRESSION_DEPTH``.
    """
    if tokens <= limits.EXPRESSION_DEPTH:
        return tree
    stack: list[tuple[object, int]] = [(tree, 1)]
    while stack:
        item, depth = stack.pop()
        if isinstance(item, tuple):
            stack.extend((part, depth) for part in item)
        elif isinstance(item, ast.Tree):
            if depth > limits.EXPRESSION_DEPTH:
                raise RaspLimitError(f"an expression nests more than {limits.EXPRESSION_DEPTH:,} deep", item.span)
            stack.extend((getattr(item, field.name), depth + 1) for field in fields(item) if field.compare)
    return tree
