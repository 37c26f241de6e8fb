"""The transformer of ``compiler/transformer.py`` as an ONNX graph of standard operators, with the same names of the weights.

The graph is written down node by node: it is small, it needs no tracer, and its tensors keep names that say what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx  # pyright: ignore[reportMissingImports]
from onnx import TensorProto, helper, numpy_helper  # pyright: ignore[reportMissingImports]

from compiler.artifact import KEY, Arrays, header_text, weights
from compiler.errors import ExportError
from compiler.model import Model
from rasp import __version__

OPSET = 18
IR_VERSION = 9
"""Those of 2023, which current runtimes read."""

LARGEST = 2**31 - 2**20
"""Bytes of weights that one file holds, with room for the rest: protobuf ends at 2 GiB."""


class Graph:
    """Nodes and constants as they are added; every tensor is known by its name."""

    def __init__(self, arrays: Arrays) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, np.ndarray] = dict(arrays)

    def add(self, operator: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        """Add a node; gives the name of its output."""
        output = name or f"{operator.lower()}.{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def integers(self, *values: int) -> str:
        """A constant vector."""
        return self.constant(np.array(values, np.int64), "integers." + ".".join(map(str, values)))

    def constant(self, array: np.ndarray, name: str) -> str:
        self.constants[name] = array
        return name

    def linear(self, x: str, weight: str, bias: str, name: str | None = None) -> str:
        return self.add("Add", self.add("MatMul", x, weight), bias, name=name)


def onnx_model(model: Model) -> Any:
    """An ``onnx.ModelProto``: ``ids`` (batch, length) and ``lengths`` (batch) to ``outputs`` (batch, length, outputs)."""
    arrays = weights(model.transformer)
    size = sum(array.nbytes for array in arrays.values())
    if size > LARGEST:
        raise ExportError(f"the weights have {size:,} bytes; an ONNX file ends at 2 GiB", hint="compile for a smaller max_length")
    graph = Graph(arrays)
    _transformer(graph, len(model.transformer.layers), model.target.causal)
    tensors = [numpy_helper.from_array(array, name) for name, array in graph.constants.items()]
    proto = helper.make_graph(
        graph.nodes,
        "transformer",
        [_value("ids", TensorProto.INT64, ["batch", "length"]), _value("lengths", TensorProto.INT64, ["batch"])],
        [_value("outputs", TensorProto.FLOAT, ["batch", "length", arrays["unembedding"].shape[1]])],
        initializer=tensors,
    )
    made = helper.make_model(
        proto,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="rasp-lang",
        producer_version=__version__,
    )
    helper.set_model_props(made, {KEY: header_text(model, arrays)})
    onnx.checker.check_model(made, full_check=True)
    return made


def _value(name: str, kind: int, shape: Sequence[int | str]) -> Any:
    return helper.make_tensor_value_info(name, kind, shape)


def _transformer(graph: Graph, layers: int, causal: bool) -> None:
    with_bos = _with_bos(graph)
    positions = graph.add("Shape", with_bos, start=1, end=2)
    begin, axis = graph.integers(0), graph.integers(0)
    learned = graph.add("Slice", "positions", begin, positions, axis)
    stream = graph.add("Add", graph.add("Gather", "tokens", with_bos), learned, name="embedding")
    mask = _mask(graph, positions, causal)
    for number in range(layers):
        name = f"layers.{number}"
        stream = graph.add("Add", stream, _attention(graph, f"{name}.attention", stream, mask), name=f"{name}.mid")
        stream = graph.add("Add", stream, _mlp(graph, f"{name}.mlp", stream), name=f"{name}.stream")
    end = graph.integers(np.iinfo(np.int64).max)
    without_bos = graph.add("Slice", stream, graph.integers(1), end, graph.integers(1))
    graph.linear(without_bos, "unembedding", "unembedding_bias", name="outputs")


def _with_bos(graph: Graph) -> str:
    """The ids with BOS, the last of the vocabulary, before each row."""
    bos = graph.constant(np.array([[len(graph.constants["tokens"]) - 1]], np.int64), "bos")
    batch = graph.add("Shape", "ids", start=0, end=1)
    column = graph.add("Expand", bos, graph.add("Concat", batch, graph.integers(1), axis=0))
    return graph.add("Concat", column, "ids", axis=1)


def _mask(graph: Graph, positions: str, causal: bool) -> str:
    """Which keys each query attends to; of a shape that fits (batch, heads, queries, keys)."""
    zero, one = (graph.constant(np.array(number, np.int64), f"scalar.{number}") for number in (0, 1))
    keys = graph.add("Range", zero, graph.add("Squeeze", positions), one)
    present = graph.add("LessOrEqual", keys, graph.add("Unsqueeze", "lengths", graph.integers(1)))
    mask = graph.add("Unsqueeze", present, graph.integers(1, 2))
    if not causal:
        return mask
    earlier = graph.add("LessOrEqual", keys, graph.add("Unsqueeze", keys, graph.integers(1)))
    return graph.add("And", mask, earlier)


def _attention(graph: Graph, name: str, stream: str, mask: str) -> str:
    """What attention adds; the maps, of shape (batch, heads, queries, keys), are the tensor ``NAME.weights``."""
    one = graph.integers(1)
    lifted = graph.add("Unsqueeze", stream, one)
    queries, keys, values = (
        graph.linear(lifted, f"{name}.{part}", graph.add("Unsqueeze", f"{name}.{part}_bias", one))
        for part in ("query", "key", "value")
    )
    scores = graph.add("MatMul", queries, graph.add("Transpose", keys, perm=[0, 1, 3, 2]))
    hidden = graph.constant(np.array(-np.inf, np.float32), "hidden")
    maps = graph.add("Softmax", graph.add("Where", mask, scores, hidden), axis=-1, name=f"{name}.weights")
    mixed = graph.add("Transpose", graph.add("MatMul", maps, values), perm=[0, 2, 1, 3])
    heads, channels, width = graph.constants[f"{name}.out"].shape
    joined = graph.add("Reshape", mixed, graph.integers(0, 0, heads * channels))
    out = graph.add("Reshape", f"{name}.out", graph.integers(heads * channels, width))
    return graph.linear(joined, out, f"{name}.out_bias")


def _mlp(graph: Graph, name: str, stream: str) -> str:
    units = graph.add("Relu", graph.linear(stream, f"{name}.into", f"{name}.into_bias"))
    return graph.linear(units, f"{name}.out", f"{name}.out_bias")
