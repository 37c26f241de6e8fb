"""What can stand at a place of a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from rasp.editing.document import Document
from rasp.editing.names import word_at
from rasp.editing.scopes import Kind
from rasp.syntax.words import (
    CONSTANTS,
    RASP_CALLED,
    RASP_COMMANDS,
    RASP_OPERATORS,
    RASP_STATEMENTS,
    RASPL_OPERATORS,
    RASPL_STATEMENTS,
)
from rasp.values import Function, Selector, SOp

What: TypeAlias = Literal["keyword", "s-op", "selector", "function", "value", "parameter"]

_LOCAL: dict[Kind, What] = {"variable": "value", "function": "function", "parameter": "parameter", "import": "value"}


@dataclass(frozen=True)
class Completion:
    """A word that can stand here."""

    word: str
    what: What
    detail: str


def completions_at(document: Document, offset: int) -> list[Completion]:
    """The words that begin as the text before a place does: local names first, then the program's, the library's, keywords."""
    word = word_at(document.source.text, offset)
    begun = document.source.text[word[1] : offset] if word is not None else ""
    found: dict[str, Completion] = {}
    for completion in (
        *_local(document, offset),
        *_named(document.values, ""),
        *_named(document.library, "library"),
        *_keywords(document),
    ):
        if completion.word.startswith(begun):
            found.setdefault(completion.word, completion)
    return list(found.values())


def _local(document: Document, offset: int) -> list[Completion]:
    return [Completion(one.name, _LOCAL[one.kind], "") for one in document.names.local_at(offset)]


def _named(values: dict[str, Any], where: str) -> list[Completion]:
    return [Completion(name, *_described(value, where)) for name, value in values.items()]


def _described(value: Any, where: str) -> tuple[What, str]:
    match value:
        case SOp():
            return "s-op", where
        case Selector():
            return "selector", where
        case Function(parameters=parameters):
            return "function", f"({', '.join(parameters)})" + (f" {where}" if where else "")
        case _:
            return "value", where


def _keywords(document: Document) -> list[Completion]:
    if document.dialect == "rasp":
        words = (*RASP_CALLED, *RASP_STATEMENTS, *RASP_OPERATORS, *RASP_COMMANDS, *CONSTANTS)
    else:
        words = (*RASPL_STATEMENTS, *RASPL_OPERATORS, *CONSTANTS, "None")
    return [Completion(word, "keyword", "") for word in words]
