"""The language server, ``rasp lsp``: what ``rasp.editing`` says, in the Language Server Protocol, over stdin and stdout."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

import rasp
from rasp.editing.completion import What, completions_at
from rasp.editing.document import Document
from rasp.editing.hover import hover_at
from rasp.editing.positions import Positions
from rasp.editing.remarks import Remark
from rasp.editing.renaming import renamed
from rasp.editing.scopes import Kind
from rasp.errors import RaspError, Source, Span
from rasp.format import format_text
from rasp.syntax.ast import Dialect

PAUSE = 0.15
"""Seconds without a change after which a text is looked at."""

_MARK = "\ufeff"
"""The byte order mark, which some editors leave in the text."""

_WATCHED = "**/*.{rasp,raspl,py}"
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
_SYMBOLS: dict[Kind, types.SymbolKind] = {"function": types.SymbolKind.Function, "variable": types.SymbolKind.Variable}


class RaspServer(LanguageServer):
    """Keeps what is known of each open document.

    Clients send whole texts: parts of one would be put together by Python's notion of a line, which is not the protocol's.
    """

    def __init__(self) -> None:
        super().__init__("rasp", rasp.__version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self._sources: dict[str, Source] = {}
        self._documents: dict[str, Document] = {}
        self._stale: set[str] = set()

    def text(self, uri: str) -> TextDocument | None:
        """A document that is open."""
        return self.workspace.text_documents.get(unquote(uri))

    def document(self, text: TextDocument) -> Document:
        """A document as its text is now."""
        known, source = self._documents.get(text.uri), self._source(text)
        if known is None or known.source is not source or text.uri in self._stale:
            earlier = known.values if known is not None and known.dialect == "rasp-l" else None
            known = Document(source, dialect_of(text), path_of(text.uri), earlier, self._others(text))
            self._documents[text.uri] = known
            self._stale.discard(text.uri)
        return known

    def forget(self, uri: str) -> None:
        """Drop a document that was closed."""
        self._sources.pop(uri, None)
        self._documents.pop(uri, None)
        self._stale.discard(uri)

    def dependents(self, uri: str) -> list[str]:
        """The documents that may mean something else, since a file that they load has another text; from now on they do."""
        path = path_of(uri)
        file = None if path is None else path.resolve()
        others = [(other, known.names) for other, known in self._documents.items() if other != uri]
        found = [other for other, names in others if file is not None and (file in names.files or not names.complete)]
        self._stale.update(found)
        return found

    def positions(self, text: TextDocument) -> Positions:
        """The places of an open document as its client counts them."""
        width = text.position_codec.client_num_units
        return Positions(self._source(text).text, width, width(_MARK) if text.source.startswith(_MARK) else 0)

    def location(self, span: Span) -> types.Location:
        """A place in a document that is open, or in another file."""
        text = next((one for one in self._open() if self._source(one) is span.source), None)
        if text is not None:
            return types.Location(text.uri, range_of(self.positions(text), span))
        positions = Positions(span.source.text, self.workspace.position_codec.client_num_units)
        return types.Location(Path(span.source.name).resolve().as_uri(), range_of(positions, span))

    def tell(self, uris: Iterable[str]) -> None:
        """Tell what is wrong with documents."""
        for uri in uris:
            text = self.text(uri)
            if text is not None:
                document, positions = self.document(text), self.positions(text)
                found = [_diagnostic(positions, document, remark) for remark in document.remarks]
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, text.version))

    def _open(self) -> list[TextDocument]:
        return list(self.workspace.text_documents.values())

    def _source(self, text: TextDocument) -> Source:
        """The text of an open document: the same object as long as nothing is changed in it."""
        content, known = text.source.removeprefix(_MARK), self._sources.get(text.uri)
        if known is None or known.text != content:
            known = self._sources[text.uri] = Source(str(path_of(text.uri) or text.uri), content)
        return known

    def _others(self, text: TextDocument) -> dict[Path, Source]:
        """The texts of the other files that are open."""
        files = ((path_of(one.uri), one) for one in self._open() if one.uri != text.uri)
        return {path.resolve(): self._source(one) for path, one in files if path is not None}


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


def range_of(positions: Positions, span: Span) -> types.Range:
    """A span as the client counts positions."""
    return types.Range(types.Position(*positions.position(span.start)), types.Position(*positions.position(span.end)))


@server.feature(types.INITIALIZED)
async def initialized(ls: RaspServer, params: types.InitializedParams) -> None:
    """Ask to be told of files that change, where the client can do that."""
    workspace = ls.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace is not None else None
    if watching is not None and watching.dynamic_registration:
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
        asked = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        await ls.client_register_capability_async(types.RegistrationParams([asked]))


@server.feature(types.TEXT_DOCUMENT_DID_OPEN)
@server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
async def changed(ls: RaspServer, params: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams) -> None:
    """Tell what is wrong, here and in what loads this, once nothing has been typed for a moment."""
    uri, version = params.text_document.uri, params.text_document.version
    dependents = ls.dependents(uri)
    await asyncio.sleep(PAUSE)
    text = ls.text(uri)
    if text is not None and text.version == version:
        ls.tell([uri, *dependents])


@server.feature(types.TEXT_DOCUMENT_DID_SAVE)
def saved(ls: RaspServer, params: types.DidSaveTextDocumentParams) -> None:
    """What loads this file may have read it from the disk."""
    ls.tell(ls.dependents(params.text_document.uri))


@server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def watched(ls: RaspServer, params: types.DidChangeWatchedFilesParams) -> None:
    """Files have changed that may not be open."""
    ls.tell(dict.fromkeys(uri for change in params.changes for uri in ls.dependents(change.uri)))


@server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
def closed(ls: RaspServer, params: types.DidCloseTextDocumentParams) -> None:
    """Forget the document and what was said of it; what loads it goes by the disk again."""
    uri = params.text_document.uri
    ls.forget(uri)
    ls.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
    ls.tell(ls.dependents(uri))


@server.feature(types.TEXT_DOCUMENT_HOVER)
def hover(ls: RaspServer, params: types.HoverParams) -> types.Hover | None:
    """What is known of the name here."""
    place = _place(ls, params.text_document, params.position)
    found = hover_at(place.document, place.offset) if place is not None else None
    if place is None or found is None:
        return None
    says, start, end = found
    where = range_of(place.positions, place.document.source.span(start, end))
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, says), where)


@server.feature(types.TEXT_DOCUMENT_COMPLETION)
def completion(ls: RaspServer, params: types.CompletionParams) -> list[types.CompletionItem]:
    """The words that can stand here."""
    place = _place(ls, params.text_document, params.position)
    found = completions_at(place.document, place.offset) if place is not None else []
    return [
        types.CompletionItem(one.word, kind=_KINDS[one.what], detail=one.detail or None, sort_text=f"{number:05}")
        for number, one in enumerate(found)
    ]


@server.feature(types.TEXT_DOCUMENT_DEFINITION)
def definition(ls: RaspServer, params: types.DefinitionParams) -> types.Location | None:
    """Where the name here comes from."""
    place = _place(ls, params.text_document, params.position)
    found = place.document.names.at(place.offset) if place is not None else None
    return ls.location(found.binding.span) if found is not None and found.binding is not None else None


@server.feature(types.TEXT_DOCUMENT_REFERENCES)
def references(ls: RaspServer, params: types.ReferenceParams) -> list[types.Location]:
    """Where the variable occurs in this document."""
    place = _place(ls, params.text_document, params.position)
    found = place.document.names.at(place.offset) if place is not None else None
    if place is None or found is None or found.binding is None:
        return []
    places = [one.span for one in place.document.names.of(found.binding)]
    return [types.Location(params.text_document.uri, range_of(place.positions, span)) for span in places]


@server.feature(types.TEXT_DOCUMENT_RENAME)
def rename(ls: RaspServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """Another name for a variable of this document."""
    place = _place(ls, params.text_document, params.position)
    if place is None:
        return None
    try:
        spans = renamed(place.document, place.offset, params.new_name)
    except RaspError as error:
        message = f"{error.message}; {error.hint}" if error.hint else error.message
        raise JsonRpcException(message, types.LSPErrorCodes.RequestFailed) from None
    edits = [types.TextEdit(range_of(place.positions, span), params.new_name) for span in spans]
    return types.WorkspaceEdit({params.text_document.uri: edits})


@server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def symbols(ls: RaspServer, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    """What the document defines."""
    text = ls.text(params.text_document.uri)
    if text is None:
        return []
    positions = ls.positions(text)
    return [
        types.DocumentSymbol(one.name, _SYMBOLS[one.kind], range_of(positions, one.statement), range_of(positions, one.span))
        for one in ls.document(text).names.outline()
    ]


@server.feature(types.TEXT_DOCUMENT_FORMATTING)
def formatting(ls: RaspServer, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    """The whole text in the usual layout; nothing while it is no program."""
    text = ls.text(params.text_document.uri)
    if text is None:
        return None
    document = ls.document(text)
    try:
        formatted = format_text(document.source.text, document.dialect)
    except RaspError:
        return None
    if formatted == document.source.text:
        return []
    whole = document.source.span(0, len(document.source.text))
    return [types.TextEdit(range_of(ls.positions(text), whole), formatted)]


def main() -> None:
    """Serve one client over stdin and stdout; of their copies, since the server closes what it writes to."""
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb") as reader, os.fdopen(os.dup(sys.stdout.fileno()), "wb") as writer:
        server.start_io(reader, writer)


@dataclass(frozen=True)
class _Place:
    """A position in an open document."""

    document: Document
    positions: Positions
    offset: int


def _place(ls: RaspServer, identifier: types.TextDocumentIdentifier, position: types.Position) -> _Place | None:
    """The document and the offset of a position; None where no such document is open."""
    text = ls.text(identifier.uri)
    if text is None:
        return None
    positions = ls.positions(text)
    return _Place(ls.document(text), positions, positions.offset(position.line, position.character))


def _diagnostic(positions: Positions, document: Document, remark: Remark) -> types.Diagnostic:
    message = f"{remark.message}\n{remark.hint}" if remark.hint else remark.message
    if remark.span is not None and remark.span.source is not document.source:
        message = f"{remark.span}: {message}"
    where = range_of(positions, _extent(document, remark.span))
    return types.Diagnostic(where, message, _SEVERITIES[remark.severity], remark.rule, source="rasp")


def _extent(document: Document, span: Span | None) -> Span:
    """A span of the document; its first line for what is said of another file, or of no place."""
    text = document.source.text
    if span is None or span.source is not document.source:
        return document.source.span(0, len(text.partition("\n")[0]))
    return document.source.span(span.start, max(span.end, span.start + (span.start < len(text))))
