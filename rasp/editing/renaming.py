"""Another name for a variable of one file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace

from rasp.editing.document import Document
from rasp.editing.names import word_at
from rasp.editing.resolver import Occurrence
from rasp.editing.scopes import Binding
from rasp.errors import RaspError, Source, Span, raise_all


def renamed(document: Document, offset: int, name: str) -> list[Span]:
    """The places to be written anew so that the name at a place becomes another one.

    Raises:
        RaspError: there is no name that this file binds, the text has errors, or a name would mean something else then.
    """
    raise_all(document.reading.errors)
    found = document.names.of(_own_binding(document, offset))
    imported = next((one for one in found if one.binding is not None and one.binding.kind == "import"), None)
    if imported is not None:
        raise RaspError(f"'{imported.name}' is imported", imported.span, hint="give it another name in the import")
    places = [one.span for one in found]
    _check(document, places, name)
    return places


def _own_binding(document: Document, offset: int) -> Binding:
    found = document.names.at(offset)
    if found is None:
        raise RaspError("no variable stands here")
    if found.binding is None:
        raise RaspError(f"'{found.name}' is not defined in this file", found.span)
    if found.binding.span.source is not document.source:
        raise RaspError(f"'{found.name}' is defined in {found.binding.span.source.name}", found.span, hint="rename it there")
    return found.binding


def _check(document: Document, places: list[Span], name: str) -> None:
    """After the change every name must mean what it meant."""

    starts = [place.start for place in places]

    def moved(offset: int) -> int:
        return offset + bisect_left(starts, offset) * (len(name) - len(places[0].text))

    ends = [0, *(place.end for place in places)]
    kept = [document.source.text[end:start] for end, start in zip(ends, [*starts, None], strict=True)]
    after = replace(document, source=Source(document.source.name, name.join(kept)))
    if word_at(name, 0) != (name, 0, len(name)) or after.reading.errors:
        raise RaspError(f"{name!r} can't be a name here", places[0])
    meant = {one.span.start: _meaning(one, after, int) for one in after.names.occurrences}
    for one in document.names.occurrences:
        if meant.pop(moved(one.span.start), _NOTHING) != _meaning(one, document, moved):
            hint = "choose a name that nothing here has"
            raise RaspError(f"'{one.name}' would mean something else", one.span, hint=hint)


_NOTHING = ("", -1)


def _meaning(one: Occurrence, document: Document, moved: Callable[[int], int]) -> tuple[str, int] | None:
    """Where the binding stands that a name means."""
    if one.binding is None:
        return None
    span = one.binding.span
    return span.source.name, moved(span.start) if span.source is document.source else span.start
