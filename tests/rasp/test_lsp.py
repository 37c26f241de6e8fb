"""The language server in a process of its own, as editors use it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

from rasp.cli import main

TEXT = 'a = "😀"; hist = selector_width(select(tokens, tokens, ==)); b = hist;\nx = ;\n'
SECONDS = 30


class Client(LanguageClient):
    """Takes note of how the server ended."""

    status: int | None = None

    async def server_exit(self, server: asyncio.subprocess.Process) -> None:
        self.status = server.returncode


class Editor:
    """A client, and the diagnostics that it was sent."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client, self.folder = client, folder
        self.sync: types.TextDocumentSyncKind | None = None
        self.diagnostics: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self.diagnostics.put_nowait(params))

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    async def open(self, name: str, text: str, language: str = "rasp") -> list[types.Diagnostic]:
        item = types.TextDocumentItem(self.uri(name), language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.told()

    def change(self, name: str, version: int, text: str) -> None:
        versioned = types.VersionedTextDocumentIdentifier(version, self.uri(name))
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(versioned, [whole]))

    def close(self, name: str) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri(name))))

    async def told_of(self, *names: str) -> list[list[str]]:
        """The messages of each document, of which each is told once."""
        found = [await asyncio.wait_for(self.diagnostics.get(), SECONDS) for _ in names]
        by_uri = {params.uri: [one.message for one in params.diagnostics] for params in found}
        return [by_uri[self.uri(name)] for name in names]

    async def defined(self, name: str, line: int, character: int) -> tuple[str, int, int, int] | None:
        """The file, the line, and the first and last character of where a name comes from."""
        found = await self.client.text_document_definition_async(types.DefinitionParams(**self.at(name, line, character)))
        if found is None:
            return None
        assert isinstance(found, types.Location)
        start, end = found.range.start, found.range.end
        return found.uri.rpartition("/")[2], start.line, start.character, end.character

    async def told(self) -> list[types.Diagnostic]:
        return list((await asyncio.wait_for(self.diagnostics.get(), SECONDS)).diagnostics)

    def at(self, name: str, line: int, character: int) -> dict[str, Any]:
        return {"text_document": types.TextDocumentIdentifier(self.uri(name)), "position": types.Position(line, character)}


def edit(folder: Path, action: Callable[[Editor], Awaitable[None]]) -> None:
    """Begin a server, do something with it, and end it; it has ended by itself."""

    async def session() -> None:
        client = Client("tests", "1")
        editor = Editor(client, folder)
        await client.start_io(sys.executable, "-m", "rasp", "lsp")
        encodings = [types.PositionEncodingKind.Utf16]
        can = types.ClientCapabilities(general=types.GeneralClientCapabilities(position_encodings=encodings))
        begun = await asyncio.wait_for(client.initialize_async(types.InitializeParams(can)), SECONDS)
        assert isinstance(begun.capabilities.text_document_sync, types.TextDocumentSyncOptions)
        editor.sync = begun.capabilities.text_document_sync.change
        client.initialized(types.InitializedParams())
        await action(editor)
        await asyncio.wait_for(client.shutdown_async(None), SECONDS)
        client.exit(None)
        while client.status is None:
            await asyncio.sleep(0.01)
        assert client.status == 0
        await asyncio.wait_for(client.stop(), SECONDS)

    asyncio.run(session())


def test_a_session(tmp_path: Path) -> None:
    async def action(editor: Editor) -> None:
        client = editor.client
        (fault,) = await editor.open("a.rasp", TEXT)
        assert (fault.range.start.line, fault.range.start.character) == (1, 4)
        assert (fault.severity, fault.code, fault.source) == (types.DiagnosticSeverity.Error, "syntax", "rasp")
        assert fault.message.startswith("unexpected ';'")

        hover = await client.text_document_hover_async(types.HoverParams(**editor.at("a.rasp", 0, 12)))
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert hover.contents.value.startswith("**hist**: s-op, 1 layer, 1 head")
        assert hover.range is not None
        assert (hover.range.start.character, hover.range.end.character) == (10, 14)  # the face counts twice

        place = types.DefinitionParams(**editor.at("a.rasp", 0, 66))
        found = await client.text_document_definition_async(place)
        assert isinstance(found, types.Location)
        assert (found.uri, found.range.start.character) == (editor.uri("a.rasp"), 10)
        place = types.DefinitionParams(**editor.at("a.rasp", 0, 20))
        found = await client.text_document_definition_async(place)
        assert isinstance(found, types.Location)
        assert found.uri.endswith("/rasp/library/rasp.rasp")
        assert found.range.start.line > 5

        offered = await client.text_document_completion_async(types.CompletionParams(**editor.at("a.rasp", 0, 12)))
        assert isinstance(offered, list)
        assert next(one.label for one in offered) == "hist"

        layout = types.DocumentFormattingParams(
            types.TextDocumentIdentifier(editor.uri("a.rasp")), types.FormattingOptions(4, True)
        )
        assert await client.text_document_formatting_async(layout) is None  # it is no program
        assert editor.sync == types.TextDocumentSyncKind.Full
        editor.change("a.rasp", 2, TEXT.replace("x = ;", "x = 1 ;"))
        assert await editor.told() == []
        edits = await client.text_document_formatting_async(layout)
        assert edits is not None
        assert edits[0].new_text == TEXT.replace("; ", ";\n").replace("x = ;", "x = 1;")

        for version in range(3, 30):  # only the last one is looked at
            editor.change("a.rasp", version, "x = ;" if version % 2 == 0 else "x = 1;")
        assert await editor.told() == []

        editor.close("a.rasp")
        assert await editor.told() == []
        assert await client.text_document_hover_async(types.HoverParams(**editor.at("a.rasp", 0, 12))) is None
        assert await client.text_document_formatting_async(layout) is None

    edit(tmp_path, action)


def test_lines_end_as_the_protocol_says(tmp_path: Path) -> None:
    """Not where Python thinks."""

    async def action(editor: Editor) -> None:
        (fault,) = await editor.open("a.rasp", "# a\u2028b\fc\nx = 1;\r\ny = x; z = q ;")
        assert (fault.range.start.line, fault.range.start.character) == (2, 11)
        layout = types.DocumentFormattingParams(
            types.TextDocumentIdentifier(editor.uri("a.rasp")), types.FormattingOptions(4, True)
        )
        edits = await editor.client.text_document_formatting_async(layout)
        assert edits is not None
        assert (edits[0].range.end.line, edits[0].range.end.character) == (2, 14)

    edit(tmp_path, action)


def test_a_file_that_another_loads(tmp_path: Path) -> None:
    """What counts is its text in the editor; where it is not open, that on the disk, also when it changes there."""
    other = tmp_path / "other.rasp"
    other.write_bytes(b"\xef\xbb\xbf# \xc3\xa9\r\none = 1;  # \xe2\x80\xa8\r\n two = one;\r\n")

    async def action(editor: Editor) -> None:
        text = 'load "other";\nx = two;\ny = tokens_int + x;\n'
        assert await editor.open("a.rasp", text) == []
        assert await editor.defined("a.rasp", 1, 4) == ("other.rasp", 2, 1, 4)
        item = types.TextDocumentItem(editor.uri("other.rasp"), "rasp", 1, '\ufeff# 😀\r\ns = "😀"; two = 2;')
        editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        assert await editor.told_of("other.rasp", "a.rasp") == [[], []]
        assert await editor.defined("a.rasp", 1, 4) == ("other.rasp", 1, 10, 13)
        editor.change("other.rasp", 2, "\ufefftwo = 1; z = 1; y = z;")
        assert await editor.told_of("other.rasp", "a.rasp") == [[], []]
        assert await editor.defined("a.rasp", 1, 4) == ("other.rasp", 0, 1, 4)
        assert await editor.defined("other.rasp", 0, 21) == ("other.rasp", 0, 10, 11)
        hover = await editor.client.text_document_hover_async(types.HoverParams(**editor.at("a.rasp", 1, 0)))
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert hover.contents.value == "**x**: `1`"

        editor.change("other.rasp", 3, "two = ;")
        (_, (told, *_)) = await editor.told_of("other.rasp", "a.rasp")
        assert "other.rasp:1:7: unexpected ';'" in told
        editor.close("other.rasp")
        assert await editor.told_of("other.rasp", "a.rasp") == [[], []]
        other.write_text("three = 3;\n")
        changed = types.FileEvent(editor.uri("other.rasp"), types.FileChangeType.Changed)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([changed]))
        assert await editor.told_of("a.rasp") == [["Undefined variable: two"]]
        assert await editor.defined("a.rasp", 1, 4) is None

    edit(tmp_path, action)


def test_names_in_one_document(tmp_path: Path) -> None:
    async def action(editor: Editor) -> None:
        client, text = editor.client, 'e = "😀"; x = 1;\r\ndef f(x) {\r\n    return x;\r\n}\r\ny = f(x);\r\n'
        await editor.open("a.rasp", text)
        context = types.ReferenceContext(include_declaration=True)
        place = editor.at("a.rasp", 4, 6)
        found = await client.text_document_references_async(types.ReferenceParams(context=context, **place))
        assert found is not None
        assert [(one.range.start.line, one.range.start.character) for one in found] == [(0, 10), (4, 6)]
        change = await client.text_document_rename_async(types.RenameParams(new_name="z", **place))
        assert change is not None
        assert change.changes is not None
        edits = change.changes[editor.uri("a.rasp")]
        assert [(one.range.start.line, one.range.end.character, one.new_text) for one in edits] == [(0, 11, "z"), (4, 7, "z")]
        with pytest.raises(JsonRpcException, match="'x' would mean something else; choose a name that nothing here has"):
            await client.text_document_rename_async(types.RenameParams(new_name="f", **place))
        identifier = types.TextDocumentIdentifier(editor.uri("a.rasp"))
        outline = await client.text_document_document_symbol_async(types.DocumentSymbolParams(identifier))
        assert outline is not None
        assert [(one.name, one.kind) for one in outline] == [
            ("e", types.SymbolKind.Variable),
            ("x", types.SymbolKind.Variable),
            ("f", types.SymbolKind.Function),
            ("y", types.SymbolKind.Variable),
        ]
        assert isinstance(outline[2], types.DocumentSymbol)
        assert (outline[2].range.end.line, outline[2].selection_range.start.character) == (3, 4)

    edit(tmp_path, action)


def test_rasp_l_and_files_that_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "other.rasp").write_text("there = ;")

    async def action(editor: Editor) -> None:
        found = await editor.open("b.raspl", "def f(x):\n    return x[1:2]\n\ndef g(x):\n    return indices(x) * 2\n", "raspl")
        assert found
        assert {one.range.start.line for one in found} <= {1, 4}
        (fault, *_) = await editor.open("c.rasp", 'y = 1;\nload "other";\n')
        assert "other.rasp" in fault.message
        assert await editor.open("untitled", "", "rasp") == []

    edit(tmp_path, action)


def test_without_its_package(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    monkeypatch.delitem(sys.modules, "rasp.lsp", raising=False)
    assert main(["lsp"]) == 1
    assert 'pip install "rasp-lang[lsp]"' in capsys.readouterr().err
