"""Jobs of the playground (``rasp.playground``): a model of the page's program, and what it attends to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

import compiler
from compiler.inspection import AttentionMaps
from compiler.inspection.attention import HeadMap
from compiler.inspection.listing import size
from compiler.model import Model
from compiler.places import Place
from rasp.draw.flow import cell_text
from rasp.editing.document import Document
from rasp.errors import RaspError, RaspNameError, did_you_mean
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, Aggregate, Selector, SelectorWidth, topological
from rasp.playground.jobs import Data, Emit
from rasp.playground.look import Look, document_of, sops_of, tokens_of
from rasp.values import SOp

LARGEST_VOCABULARY, LARGEST_LENGTH = 256, 512
"""What a page compiles; the command line has no such limits."""

SHORT, ADVERSARIAL, RANDOM = 5_000, 1_000, 1_000
"""Inputs of a verification: ``raspc verify`` takes as many."""

_last: list[Model] = []
"""The model of this process, once there is one."""


def compile_program(request: Data, emit: Emit) -> Data:
    """Compile an s-op of a program and verify the model; what is told on the way is what the page shows of it.

    Args:
        request: what ``look`` takes, and ``name``, ``vocab`` (read as an input is), ``max_length``, ``causal``, and ``folder``,
            where the files go.

    Raises:
        RaspError: the program is wrong, or can't be compiled exactly.
    """
    _last.clear()
    emit({"stage": "compiling"})
    document = document_of(request)
    sop = _asked(document, request)
    model = compiler.compile(sop, _vocabulary(request), _length(request), causal=request.get("causal") is True)
    _last.append(model)
    folder = Path(request["folder"])
    model.save(folder / "model.safetensors")
    stream = compiler.inspect(model).svg()
    (folder / "stream.svg").write_text(stream, encoding="utf-8")
    emit({"stage": "compiled", "model": {"size": size(model), "stream": stream, **attend(request, emit)}})
    most = SHORT + ADVERSARIAL + RANDOM
    emit({"stage": "verifying", "tried": 0, "most": most})
    report = compiler.verify(
        model,
        exhaustive=SHORT,
        adversarial=ADVERSARIAL,
        samples=RANDOM,
        progress=lambda tried: emit({"stage": "verifying", "tried": tried, "most": most}),
    )
    (folder / "report.md").write_text(_report(document, model, str(report)), encoding="utf-8")
    return {"passed": report.passed, "summary": report.summary, "report": str(report)}


def attend(request: Data, emit: Emit) -> Data:
    """What each head of the model attends to on an input, beside what its selector selects there.

    Raises:
        RaspError: there is no model, or the input is none of its inputs.
    """
    if not _last:
        raise RaspError("there is no compiled model", hint="compile first")
    (model,) = _last
    try:
        tokens = tokens_of(request)
        maps = compiler.inspect(model).attention(tokens)
        (values,) = model.batch_atoms([tokens])
    except RaspError as error:
        return {"attention_error": {"message": error.message, "hint": error.hint}}
    (Path(request["folder"]) / "attention.svg").write_text(maps.svg(), encoding="utf-8")
    cells = [cell_text(atom) for atom in values] if isinstance(values, list) else [str(values)]
    groups = _groups(model, maps, Look(document_of(request), tokens))
    return {"groups": groups, "tokens": list(maps.tokens[1:]), "values": cells}


def _asked(document: Document, request: Data) -> SOp:
    errors = [remark for remark in document.remarks if remark.severity == "error"]
    sops, name = sops_of(document), request.get("name")
    if name in sops:
        return sops[name]
    if errors:
        raise RaspError(f"the program has an error: {errors[0].message}", errors[0].span, hint=errors[0].hint)
    raise RaspNameError(f"the program has no s-op '{name}'", hint=did_you_mean(str(name), sops) or "choose one of its s-ops")


def _vocabulary(request: Data) -> list[Any]:
    tokens = tokens_of({**request, "input": request.get("vocab")}, most=LARGEST_VOCABULARY, what="vocabulary")
    return list(dict.fromkeys(tokens))


def _length(request: Data) -> int:
    length = request.get("max_length")
    if type(length) is not int or not 1 <= length <= LARGEST_LENGTH:
        hint = "'raspc compile' takes larger ones"
        raise RaspError(
            f"the longest input is a number from 1 to {LARGEST_LENGTH} here, not {json.dumps(length)[:20]}", hint=hint
        )
    return length


def _groups(model: Model, maps: AttentionMaps, look: Look) -> list[Data]:
    """The heads by the expression that they are for, each group beside the selectors of the program that it stands for."""
    groups: dict[Place | None, list[HeadMap]] = {}
    for head in maps.heads:
        groups.setdefault(head.head.place, []).append(head)
    selectors = _selectors(model)
    return [
        {
            "name": "" if place is None else place.name or place.text,
            "selectors": [look.map_of(selector) for selector in selectors.get(place, {})],
            "heads": [_head(head) for head in heads],
        }
        for place, heads in groups.items()
    ]


def _selectors(model: Model) -> dict[Place | None, dict[Selector, None]]:
    """The selectors by the place of the attention that reads through them, and by their own."""
    graph = canonical(model.sop.node)
    found: dict[Place | None, dict[Selector, None]] = {}
    for node in topological(graph.root):
        place = Place.of(graph.spans.get(node))
        if place is not None and isinstance(node, Aggregate | SelectorWidth):
            found.setdefault(place, {})[node.selector] = None
        elif place is not None and isinstance(node, SELECTOR_TYPES):
            found.setdefault(place, {})[node] = None
    return found


def _head(head: HeadMap) -> Data:
    """A head with what it attends to, in hundredths of the largest weight."""
    return {"title": head.title, "weights": np.rint(100 * head.relative).astype(int).tolist()}


def _report(document: Document, model: Model, verification: str) -> str:
    """What is known of a model, as Markdown."""
    fence = "```"
    program = document.source.text.rstrip("\n")
    parts = [
        f"# {model.sop.name or 's-op'}: a compiled transformer",
        f"## Program\n\n{fence}{document.dialect}\n{program}\n{fence}",
        f"## Model\n\n{fence}text\n{compiler.inspect(model)}\n{fence}",
        f"## Verification\n\n{fence}text\n{verification}\n{fence}",
    ]
    return "\n\n".join(parts) + "\n"
