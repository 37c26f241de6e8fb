"""Compiled models in other frameworks. Each target needs packages of its own, which are imported only when it is asked for.

``docs/compiler/export.md`` says what each target gives and how its outputs are read.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compiler.errors import ExportError
from rasp.extras import needed_for

if TYPE_CHECKING:
    from compiler.model import Model

TARGETS = ("safetensors", "torch", "onnx", "transformer-lens")

LONGEST = 2_048
"""Up to so many tokens a standard softmax adds up what a head counts well enough; its relative error stays below 2⁻¹⁸ (measured).

Our own is exact for any number (``compiler/transformer.py``, ``shift``).
"""

MOST_LAYERS = 512
"""Layers of an exported model whose loops are written out."""

TORCH_SUFFIX = ".pt2"
"""``torch.export.load`` takes no other."""


def save(model: Model, target: str, path: str | os.PathLike[str]) -> None:
    """Write a model for another framework. The file appears whole or not at all.

    Args:
        target: one of ``TARGETS``.

    Raises:
        ArtifactError: the file can't be written.
        ExportError: an unknown target, or a model that the format can't hold.
        MissingExtraError: a package is not installed.
    """
    match target:
        case "safetensors":
            model.save(path)
        case "torch" | "onnx" | "transformer-lens":
            from compiler.files import write_whole

            content = _content(model, target, Path(path))
            write_whole(path, lambda unfinished: unfinished.write_bytes(content))
        case _:
            raise ExportError(f"there is no export to {target!r}", hint=f"the targets are {', '.join(TARGETS)}")


def to_torch(model: Model) -> Any:
    """A ``torch.nn.Module`` with the weights of a model under their names; ``module(ids, lengths)`` gives its outputs.

    Raises:
        ExportError: the model counts over more than ``LONGEST`` tokens.
        MissingExtraError: torch is not installed.
    """
    model = _exportable(model)
    with needed_for("the export to torch", "torch"):
        from compiler.export import torch_module
    return torch_module.module(model)


def to_onnx(model: Model) -> Any:
    """An ``onnx.ModelProto`` with the inputs ``ids`` and ``lengths`` and the output ``outputs``.

    Raises:
        ExportError: the weights are too large for one ONNX file, or the model counts over more than ``LONGEST`` tokens.
        MissingExtraError: onnx is not installed.
    """
    model = _exportable(model)
    with needed_for("the export to onnx", "onnx"):
        from compiler.export import onnx_graph
    return onnx_graph.onnx_model(model)


def to_transformer_lens(model: Model) -> Any:
    """A ``TransformerBridge`` of TransformerLens, whose ids have BOS in front.

    Raises:
        ExportError: the model counts over more than ``LONGEST`` tokens.
        MissingExtraError: transformer-lens is not installed.
    """
    model = _exportable(model)
    with needed_for("the export to transformer-lens", "transformer-lens"):
        from compiler.export import lens

        return lens.bridge(model)


def _exportable(model: Model) -> Model:
    """The model as other frameworks can hold it: with every step of its loops written out."""
    _check_length(model)
    loops = model.transformer.loops
    if any(loop.times is None for loop in loops):
        raise ExportError(
            "in this model the input tells how many steps a loop takes; other frameworks get layers one after the other",
            hint="give the number of steps: model.with_steps(12), on the command line --steps 12",
        )
    transformer = model.transformer.unrolled([loop.times or 0 for loop in loops])
    if loops and len(transformer.layers) > MOST_LAYERS:
        layers = len(transformer.layers)
        raise ExportError(f"with every step written out this model has {layers:,} layers; the limit is {MOST_LAYERS:,}")
    return replace(model, transformer=transformer)


def _check_length(model: Model) -> None:
    counts = any(layer.count_error > 0 for layer in model.certificate.layers)
    if counts and model.target.max_length > LONGEST:
        raise ExportError(
            f"this model counts over {model.target.max_length:,} tokens; a standard softmax is exact enough for {LONGEST:,}",
            hint=f"compile for max_length {LONGEST} or less, or save the model and run it here",
        )


def _content(model: Model, target: str, path: Path) -> bytes:
    model = _exportable(model)
    match target:
        case "torch":
            if path.suffix != TORCH_SUFFIX:
                hint = f"end the file's name in {TORCH_SUFFIX}; torch.export.load takes no other"
                raise ExportError(f"no torch program is written to {path}", hint=hint)
            with needed_for(f"the export to {target}", target):
                from compiler.export import torch_module
            return torch_module.program(model)
        case "onnx":
            return to_onnx(model).SerializeToString()
        case _:
            with needed_for(f"the export to {target}", target):
                from compiler.export import lens
            return lens.checkpoint(model)
