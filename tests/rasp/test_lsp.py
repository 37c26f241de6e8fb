"""The language server in a process of its own, as editors use it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from rasp.cli import main

TEXT = 'a = "😀"; hist = selector_width(select(tokens, tokens, ==)); b = hist;\nx = ;\n'
SECONDS = 30


class Editor:
    """A client, and the diagnostics that it was sent."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client, self.folder = client, folder
        self.diagnostics: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self.diagnostics.put_nowait(params))

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    async def open(self, name: str, text: str, language: str = "rasp") -> list[types.Diagnostic]:
        item = types.TextDocumentItem(self.uri(name), language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.told()

    async def told(self) -> list[types.Diagnostic]:
        return list((await asyncio.wait_for(self.diagnostics.get(), SECONDS)).diagnostics)

    def at(self, name: str, line: int, character: int) -> dict[str, Any]:
        return {"text_document": types.TextDocumentIdentifier(self.uri(name)), "position": types.Position(line, character)}


def edit(folder: Path, action: Callable[[Editor], Awaitable[None]]) -> None:
    """Begin a server, do something with it, and end it; it has ended by itself."""

    async def session() -> None:
        client = LanguageClient("tests", "1")
        editor = Editor(client, folder)
        await client.start_io(sys.executable, "-m", "rasp", "lsp")
        encodings = [types.PositionEncodingKind.Utf16]
        can = types.ClientCapabilities(general=types.GeneralClientCapabilities(position_encodings=encodings))
        await asyncio.wait_for(client.initialize_async(types.InitializeParams(can)), SECONDS)
        client.initialized(types.InitializedParams())
        await action(editor)
        await asyncio.wait_for(client.shutdown_async(None), SECONDS)
        client.exit(None)
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
        change = types.TextDocumentContentChangePartial(types.Range(types.Position(1, 0), types.Position(1, 5)), "x = 1 ;")
        versioned = types.VersionedTextDocumentIdentifier(2, editor.uri("a.rasp"))
        client.text_document_did_change(types.DidChangeTextDocumentParams(versioned, [change]))
        assert await editor.told() == []
        edits = await client.text_document_formatting_async(layout)
        assert edits is not None
        assert edits[0].new_text == TEXT.replace("; ", ";\n").replace("x = ;", "x = 1;")

        for version in range(3, 30):  # only the last one is looked at
            whole = types.TextDocumentContentChangeWholeDocument("x = ;" if version % 2 == 0 else "x = 1;")
            versioned = types.VersionedTextDocumentIdentifier(version, editor.uri("a.rasp"))
            client.text_document_did_change(types.DidChangeTextDocumentParams(versioned, [whole]))
        assert await editor.told() == []

        identifier = types.TextDocumentIdentifier(editor.uri("a.rasp"))
        client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))
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
