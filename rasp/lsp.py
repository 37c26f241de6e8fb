"""The language server, ``rasp lsp``: what ``rasp.editing`` says, in the Language Server Protocol, over stdin and stdout."""

from __future__ import annotations

import asyncio
import bisect
import re
from pathlib import Path
from urllib.parse import unquote, urlparse

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

import rasp
from rasp.editing.completion import What, completions_at
from rasp.editing.document import Document
from rasp.editing.hover import hover_at
from rasp.editing.names import definition_of, word_at
from rasp.editing.remarks import Remark
from rasp.errors import RaspError, Source, Span
from rasp.format import format_text
from rasp.syntax.ast import Dialect

PAUSE = 0.15
"""Seconds without a change after which a text is looked at."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}
_KINDS: dict[What, types.CompletionItemKind] = {
    "keyword": types.CompletionItemKind.Keyword,
    "s-op": types.CompletionItemKind.Variable,
    "selector": types.CompletionItemKind.Interface,
    "function": types.CompletionItemKind.Function,
    "value": types.CompletionItemKind.Value,
    "parameter": types.CompletionItemKind.TypeParameter,
}


class RaspServer(LanguageServer):
    """Keeps what is known of each open document."""

    def __init__(self) -> None:
        super().__init__("rasp", rasp.__version__)
        self._documents: dict[str, tuple[int | None, Document]] = {}

    def document(self, uri: str) -> Document:
        """A document as its text is now."""
        text = self.workspace.get_text_document(uri)
        version, known = self._documents.get(uri, (None, None))
        if known is None or version != text.version or known.source.text != text.source:
            path = path_of(uri)
            name = str(path) if path is not None else uri
            earlier = known.values if known is not None else None
            known = Document(Source(name, text.source), dialect_of(text), path, earlier)
            self._documents[uri] = text.version, known
        return known

    def forget(self, uri: str) -> None:
        """Drop a document that was closed."""
        self._documents.pop(uri, None)

    def range(self, text: TextDocument, start: int, end: int) -> types.Range:
        """Offsets as the client counts positions."""
        return types.Range(self._position(text, start), self._position(text, end))

    def offset(self, text: TextDocument, position: types.Position) -> int:
        """A position as an offset; one beyond the end of its line is that end."""
        starts = _line_starts(text.source)
        if position.line >= len(starts):
            return len(text.source)
        offset, units = starts[position.line], 0
        while offset < len(text.source) and text.source[offset] not in "\r\n" and units < position.character:
            units += text.position_codec.client_num_units(text.source[offset])
            offset += 1
        return offset

    def _position(self, text: TextDocument, offset: int) -> types.Position:
        starts = _line_starts(text.source)
        line = bisect.bisect_right(starts, offset) - 1
        return types.Position(line, text.position_codec.client_num_units(text.source[starts[line] : offset]))


def _line_starts(text: str) -> list[int]:
    """Where lines begin by the protocol, which knows fewer line ends than Python does."""
    return [0, *(end.end() for end in _LINE_END.finditer(text))]


server = RaspServer()


def path_of(uri: str) -> Path | None:
    """The file of a document, if it has one."""
    parsed = urlparse(uri)
    return Path(unquote(parsed.path)) if parsed.scheme == "file" else None


def dialect_of(text: TextDocument) -> Dialect:
    """By the language that the client names, or by the suffix."""
    if text.language_id in ("rasp", "raspl"):
        return "rasp" if text.language_id == "rasp" else "rasp-l"
    return "rasp-l" if text.uri.endswith((".raspl", ".py")) else "rasp"


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
async def changed(ls: RaspServer, params: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams) -> None:
    """Tell what is wrong, once nothing has been typed for a moment."""
    uri, version = params.text_document.uri, params.text_document.version
    await asyncio.sleep(PAUSE)
    text = ls.workspace.text_documents.get(uri)
    if text is None or text.version != version:
        return
    document = ls.document(uri)
    found = [_diagnostic(ls, text, document, remark) for remark in document.remarks]
    ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))


@server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
def closed(ls: RaspServer, params: types.DidCloseTextDocumentParams) -> None:
    """Forget the document and what was said of it."""
    ls.forget(params.text_document.uri)
    ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))


@server.feature(types.TEXT_DOCUMENT_HOVER)
def hover(ls: RaspServer, params: types.HoverParams) -> types.Hover | None:
    """What is known of the name here."""
    place = _place(ls, params)
    found = hover_at(*place[1:]) if place is not None else None
    if place is None or found is None:
        return None
    text = place[0]
    says, start, end = found
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, says), ls.range(text, start, end))


@server.feature(types.TEXT_DOCUMENT_COMPLETION)
def completion(ls: RaspServer, params: types.CompletionParams) -> list[types.CompletionItem]:
    """The words that can stand here."""
    place = _place(ls, params)
    found = completions_at(*place[1:]) if place is not None else []
    return [
        types.CompletionItem(one.word, kind=_KINDS[one.what], detail=one.detail or None, sort_text=f"{number:05}")
        for number, one in enumerate(found)
    ]


@server.feature(types.TEXT_DOCUMENT_DEFINITION)
def definition(ls: RaspServer, params: types.DefinitionParams) -> types.Location | None:
    """Where the name here comes from."""
    place = _place(ls, params)
    if place is None:
        return None
    text, document, offset = place
    word = word_at(document.source.text, offset)
    found = definition_of(word[0], word[1], document.source, document.dialect, document.path) if word is not None else None
    if found is None:
        return None
    if found.span.source.name == document.source.name:
        return types.Location(text.uri, ls.range(text, found.span.start, found.span.end))
    file = Path(found.span.source.name).resolve()
    other = ls.workspace.get_text_document(file.as_uri())
    return types.Location(other.uri, ls.range(other, found.span.start, found.span.end))


@server.feature(types.TEXT_DOCUMENT_FORMATTING)
def formatting(ls: RaspServer, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    """The whole text in the usual layout; nothing while it is no program."""
    uri = params.text_document.uri
    text = ls.workspace.text_documents.get(uri)
    if text is None:
        return None
    document = ls.document(uri)
    try:
        formatted = format_text(document.source.text, document.dialect)
    except RaspError:
        return None
    if formatted == document.source.text:
        return []
    return [types.TextEdit(ls.range(text, 0, len(text.source)), formatted)]


def main() -> None:
    """Serve one client over stdin and stdout."""
    server.start_io()


def _place(
    ls: RaspServer, params: types.HoverParams | types.CompletionParams | types.DefinitionParams
) -> tuple[TextDocument, Document, int] | None:
    """The document, and the offset of a position; None where no such document is open."""
    text = ls.workspace.text_documents.get(params.text_document.uri)
    return None if text is None else (text, ls.document(text.uri), ls.offset(text, params.position))


def _diagnostic(ls: RaspServer, text: TextDocument, document: Document, remark: Remark) -> types.Diagnostic:
    message = f"{remark.message}\n{remark.hint}" if remark.hint else remark.message
    start, end = _extent(document, remark.span)
    if remark.span is not None and remark.span.source is not document.source:
        message = f"{remark.span}: {message}"
    return types.Diagnostic(ls.range(text, start, end), message, _SEVERITIES[remark.severity], remark.rule, source="rasp")


def _extent(document: Document, span: Span | None) -> tuple[int, int]:
    """The offsets of a span of the document; its first line for what is said of another file, or of no place."""
    text = document.source.text
    if span is None or span.source is not document.source:
        return 0, len(text.partition("\n")[0])
    return span.start, max(span.end, span.start + (span.start < len(text)))
