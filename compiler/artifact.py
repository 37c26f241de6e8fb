"""Saved models: one safetensors file with the weights under their names and, in its metadata, everything else.

The metadata has one key, ``rasp``, which holds JSON: the format version, the ``Description`` and a checksum of both
description and weights. The checksum finds damage and careless changes; it is no signature.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

import jax
import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from compiler.blueprint import Blueprint
from compiler.codec import from_json, to_json
from compiler.decode import Decoder
from compiler.errors import ArtifactError
from compiler.files import write_whole
from compiler.model import Model
from compiler.target import Target
from compiler.transformer import MLP, Attention, Layer, Transformer
from compiler.undefined import Alarm
from compiler.weights.certificate import Certificate
from rasp.errors import RaspError
from rasp.graph.nodes import SELECTOR_TYPES, Atom
from rasp.graph.text import graph_text, parse_graph
from rasp.paths import similar_file
from rasp.values import SOp

VERSION = 4
KEY = "rasp"

_MADE_BY = "raspc compile FILE NAME … -o MODEL makes one, or model.save(path) in Python"
"""The key of the metadata, in safetensors files and in exports."""

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Description:
    """What a file holds beside the weights.

    Attributes:
        name: of the s-op.
        program: its graph as text.
    """

    name: str | None
    program: str
    vocab: tuple[Atom, ...]
    max_length: int
    causal: bool
    decoder: Decoder
    certificate: Certificate
    blueprint: Blueprint
    alarms: tuple[Alarm, ...]

    @staticmethod
    def of(model: Model) -> Description:
        return Description(
            model.sop.name,
            graph_text(model.sop.node),
            model.target.vocab,
            model.target.max_length,
            model.target.causal,
            model.decoder,
            model.certificate,
            model.blueprint,
            model.alarms,
        )


def save(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model. The file appears whole or not at all; where the path is a link, that is the file that it leads to.

    Raises:
        ArtifactError: the file can't be written, or the path is that of something else, such as a device.
    """
    arrays = weights(model.transformer)
    metadata = {KEY: header_text(model, arrays)}
    write_whole(path, lambda unfinished: save_file(dict(arrays), unfinished, metadata=metadata))


def header_text(model: Model, arrays: Arrays) -> str:
    """The metadata of a model as JSON: format version, description, and checksum of the description and the weights."""
    description = to_json(Description.of(model))
    return json.dumps({"version": VERSION, "description": description, "checksum": checksum(description, arrays)})


def load(path: str | os.PathLike[str]) -> Model:
    """Read a saved model.

    Raises:
        ArtifactError: no such file, no model of this project, another version, or a damaged or altered file.
    """
    arrays, header = _read(Path(path))
    version = header.get("version")
    if type(version) is not int:
        raise ArtifactError(f"{path} is no compiled model: it has no format version", hint=_MADE_BY)
    if version != VERSION:
        hint = "install a newer rasp-lang" if version > VERSION else "compile the program again"
        raise ArtifactError(f"{path} is of format version {version}; this rasp-lang reads version {VERSION}", hint=hint)
    description = header.get("description")
    if header.get("checksum") != checksum(description, arrays):
        raise ArtifactError(f"{path} was altered or damaged: its checksum is wrong", hint="compile the program again")
    try:
        return _model(from_json(Description, description), arrays)
    except (ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError, RaspError) as error:
        raise ArtifactError(f"{path} is damaged: {error}", hint="compile the program again") from None


def weights(transformer: Transformer) -> dict[str, np.ndarray]:
    """The arrays of a transformer under their names, such as ``layers.0.attention.query``."""
    leaves, _ = jax.tree_util.tree_flatten_with_path(transformer)
    return {jax.tree_util.keystr(path, simple=True, separator="."): np.asarray(leaf) for path, leaf in leaves}


def _read(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    if not os.path.isfile(path):  # unlike Path.is_file, no error for a name that no file can have
        if os.path.exists(path):
            raise ArtifactError(f"{path} is not a file", hint=_MADE_BY)
        raise ArtifactError(f"there is no file {path}", hint=similar_file(path))
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if KEY not in metadata:
                raise ArtifactError(f"{path} is a safetensors file, but no compiled model", hint=_MADE_BY)
            arrays, header = {name: file.get_tensor(name) for name in file.keys()}, json.loads(metadata[KEY])  # noqa: SIM118
    except (SafetensorError, OSError, TypeError, ValueError, RecursionError) as error:
        raise ArtifactError(f"{path} is no compiled model, or a damaged one: {error}", hint=_MADE_BY) from None
    if not isinstance(header, dict):
        raise ArtifactError(f"{path} is no compiled model: its description is no JSON object", hint=_MADE_BY)
    return arrays, header


def checksum(description: Any, arrays: Arrays) -> str:
    """Of the description as JSON data, and of names, shapes, types and numbers of the arrays."""
    digest = hashlib.sha256(json.dumps(description, sort_keys=True).encode())
    for name in sorted(arrays):
        digest.update(f"\n{name} {arrays[name].shape} {arrays[name].dtype}\n".encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()


def _model(description: Description, arrays: Arrays) -> Model:
    node = parse_graph(description.program, name="<saved program>")
    if isinstance(node, SELECTOR_TYPES):
        raise ValueError("the program is a selector")
    target = Target.of(description.vocab, description.max_length, description.causal)
    _check_arrays(arrays, description)
    columns = arrays["unembedding_bias"].size
    if columns != description.decoder.columns + len(description.alarms):
        raise ValueError(f"the weights put out {columns} numbers; the description reads others")
    return Model(
        sop=SOp(node, description.name),
        target=target,
        transformer=_transformer(arrays, description.blueprint, target),
        decoder=description.decoder,
        certificate=description.certificate,
        blueprint=description.blueprint,
        alarms=description.alarms,
    )


def _check_arrays(arrays: Arrays, description: Description) -> None:
    """Names, shapes and values of the weights: nothing missing, nothing more, no number that is not finite."""
    sizes = {"vocab": len(description.vocab) + 1, "context": description.max_length + 1, "model": description.blueprint.width}
    expected = _shapes(Transformer)
    for layer in range(description.blueprint.layers):
        sizes[f"heads{layer}"] = max(1, len(description.blueprint.heads_of(layer + 1)))
        for part, module in (("attention", Attention), ("mlp", MLP)):
            for name, dimensions in _shapes(module).items():
                own = [d if d == "model" else f"{d}{layer}" for d in dimensions]
                expected[f"layers.{layer}.{part}.{name}"] = own
    if arrays.keys() != expected.keys():
        raise ValueError(f"the weights are not those of the layers: {', '.join(sorted(arrays.keys() ^ expected.keys()))}")
    for name, dimensions in expected.items():
        array = arrays[name]
        wanted = [sizes.setdefault(d, size) for d, size in zip(dimensions, array.shape, strict=True)]
        if array.dtype != np.float32 or list(array.shape) != wanted or not np.isfinite(array).all():
            raise ValueError(f"{name} is no array of finite float32 numbers of shape {wanted}")


def _shapes(module: type) -> dict[str, list[str]]:
    """The dimensions of a module's arrays, by name, as it declares them."""
    hints = get_type_hints(module)
    return {name: hint.dim_str.split() for name, hint in hints.items() if hasattr(hint, "dim_str")}


def _transformer(arrays: Arrays, plan: Blueprint, target: Target) -> Transformer:
    def part(prefix: str) -> dict[str, jax.Array]:
        return {
            name.removeprefix(prefix): jax.device_put(array)
            for name, array in arrays.items()
            if name.startswith(prefix) and "." not in name.removeprefix(prefix)
        }

    names = [f"layers.{number}" for number in range(plan.layers)]
    stack = tuple(Layer(Attention(**part(f"{name}.attention.")), MLP(**part(f"{name}.mlp."))) for name in names)
    return Transformer(layers=stack, causal=target.causal, norm=None, loops=plan.repeats, **part(""))
