"""Saved models: one safetensors file with the weights under their names and, in its metadata, everything else.

The metadata has one key, ``rasp``, which holds JSON: format version, vocabulary, longest input, direction, decoder,
certificate, what each residual cell holds, the program as graph text, and a checksum of the weights.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import jax
import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from compiler.certificate import Certificate, LayerBound
from compiler.decode import Choice, Decoder, Mean, Number, Quotient
from compiler.errors import ArtifactError
from compiler.model import Model
from compiler.target import Target
from compiler.transformer import MLP, Attention, Layer, Transformer
from rasp.errors import RaspError
from rasp.graph.nodes import SELECTOR_TYPES, Atom, Sop
from rasp.graph.text import graph_text, parse_graph
from rasp.values import SOp

VERSION = 1
_KEY = "rasp"


def save(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model. The file appears whole or not at all.

    Raises:
        ArtifactError: the file can't be written.
    """
    arrays = weights(model.transformer)
    header = {_KEY: json.dumps(_description(model, arrays), ensure_ascii=True)}
    target = Path(path)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".saving-") as folder:
            unfinished = Path(folder) / "model"
            save_file(arrays, unfinished, metadata=header)
            unfinished.replace(target)
    except OSError as error:
        raise ArtifactError(f"can't write {target}: {error.strerror or error}") from None


def load(path: str | os.PathLike[str]) -> Model:
    """Read a saved model.

    Raises:
        ArtifactError: no such file, no model of this project, another version, or a damaged or altered file.
    """
    arrays, description = _read(Path(path))
    try:
        if description["version"] != VERSION:
            hint = "compile the program again"
            raise ArtifactError(f"{path} is of format version {description['version']}; this is version {VERSION}", hint=hint)
        if description["checksum"] != _checksum(arrays):
            raise ArtifactError(f"the weights in {path} were altered or damaged: their checksum is wrong")
        return _model(arrays, description)
    except ArtifactError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RaspError) as error:
        raise ArtifactError(f"{path} is damaged: {error}") from None


def weights(transformer: Transformer) -> dict[str, np.ndarray]:
    """The arrays of a transformer under their names, such as ``layers.0.attention.query``."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(transformer)
    return {jax.tree_util.keystr(path, simple=True, separator="."): np.asarray(leaf) for path, leaf in leaves}


def _read(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    if not path.is_file():
        raise ArtifactError(f"there is no file {path}")
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if _KEY not in metadata:
                raise ArtifactError(f"{path} is a safetensors file, but no compiled model")
            return {name: file.get_tensor(name) for name in file.keys()}, json.loads(metadata[_KEY])  # noqa: SIM118
    except (SafetensorError, json.JSONDecodeError, OSError) as error:
        raise ArtifactError(f"{path} is no compiled model, or a damaged one: {error}") from None


def _checksum(arrays: Mapping[str, np.ndarray]) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        digest.update(f"{name} {arrays[name].shape} {arrays[name].dtype}\n".encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()


def _description(model: Model, arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "name": model.sop.name,
        "program": graph_text(model.sop.node),
        "vocab": [_to_json(atom) for atom in model.target.vocab],
        "max_length": model.target.max_length,
        "causal": model.target.causal,
        "decoder": _decoder_to_json(model.decoder),
        "certificate": asdict(model.certificate),
        "heads": model.heads,
        "cells": model.cells,
        "checksum": _checksum(arrays),
    }


def _model(arrays: Mapping[str, np.ndarray], description: Mapping[str, Any]) -> Model:
    node = parse_graph(description["program"], name="<saved program>")
    if isinstance(node, SELECTOR_TYPES):
        raise ValueError("the program is a selector")
    bounds = description["certificate"]
    certificate = Certificate(tuple(LayerBound(**layer) for layer in bounds["layers"]), bounds["outputs"])
    vocab = [_from_json(atom) for atom in description["vocab"]]
    target = Target.of(vocab, description["max_length"], description["causal"])
    sop: Sop = node
    return Model(
        sop=SOp(sop, description["name"]),
        target=target,
        transformer=_transformer(arrays, len(description["heads"]), target),
        decoder=_decoder_from_json(description["decoder"]),
        certificate=certificate,
        heads=tuple(tuple(names) for names in description["heads"]),
        cells=tuple(description["cells"]),
    )


def _transformer(arrays: Mapping[str, np.ndarray], layers: int, target: Target) -> Transformer:
    def part(prefix: str) -> dict[str, jax.Array]:
        return {
            name.removeprefix(prefix): jax.device_put(array)
            for name, array in arrays.items()
            if name.startswith(prefix) and "." not in name.removeprefix(prefix)
        }

    stack = tuple(
        Layer(Attention(**part(f"layers.{number}.attention.")), MLP(**part(f"layers.{number}.mlp."))) for number in range(layers)
    )
    return Transformer(**part(""), layers=stack, causal=target.causal)


def _to_json(atom: Atom) -> Any:
    return {"float": str(atom)} if isinstance(atom, Fraction) else atom


def _from_json(value: Any) -> Atom:
    return Fraction(value["float"]) if isinstance(value, dict) else value


def _decoder_to_json(decoder: Decoder) -> dict[str, Any]:
    match decoder:
        case Number():
            return {"kind": "number"}
        case Choice(values=values):
            return {"kind": "choice", "values": [_to_json(value) for value in values]}
        case Quotient(empty=empty, kind=kind):
            return {"kind": "quotient", "empty": _to_json(empty), "of": kind}
        case Mean(default=default, scale=scale, values=values):
            listed = [_to_json(value) for value in values]
            return {"kind": "mean", "default": _to_json(default), "scale": scale, "values": listed}


def _decoder_from_json(value: Mapping[str, Any]) -> Decoder:
    match value["kind"]:
        case "number":
            return Number()
        case "choice":
            return Choice(tuple(_from_json(each) for each in value["values"]))
        case "mean":
            return Mean(_from_json(value["default"]), value["scale"], tuple(_from_json(each) for each in value["values"]))
        case "quotient":
            return Quotient(_from_json(value["empty"]), value["of"])
        case kind:
            raise ValueError(f"unknown decoder {kind!r}")
