from pathlib import Path
from typing import Any

import numpy as np
import pytest

import compiler
from compiler.artifact import KEY, header_text, weights
from tests.compiler.export.cases import NAMES, Outputs, check, check_alone, model_of
from tests.compiler.export.softmax import check_softmax

NEEDED = 'needs onnx and onnxruntime: pip install "rasp-lang[onnx]"'
onnx: Any = pytest.importorskip("onnx", reason=NEEDED)
onnxruntime: Any = pytest.importorskip("onnxruntime", reason=NEEDED)


def running(source: bytes | Path, *names: str) -> Outputs:
    """What a model puts out, or other tensors of it."""
    content = source if isinstance(source, bytes) else str(source)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])

    def outputs(ids: np.ndarray, lengths: np.ndarray) -> Any:
        found = session.run([*names] or None, {"ids": ids.astype(np.int64), "lengths": lengths.astype(np.int64)})
        return found if names else found[0]

    return outputs


@pytest.mark.parametrize("name", NAMES)
def test_the_graph_gives_the_same_outputs(name: str) -> None:
    model = model_of(name)
    check(model, running(compiler.export.to_onnx(model).SerializeToString()))


@pytest.mark.parametrize("name", ["sorted", "fraction"])
def test_the_file_gives_the_same_outputs_at_every_size(name: str, tmp_path: Path) -> None:
    model = model_of(name)
    compiler.export.save(model, "onnx", tmp_path / "m.onnx")
    onnx.checker.check_model(str(tmp_path / "m.onnx"), full_check=True)
    properties = {entry.key: entry.value for entry in onnx.load(tmp_path / "m.onnx").metadata_props}
    assert properties == {KEY: header_text(model, weights(model.transformer))}
    outputs = running(tmp_path / "m.onnx")
    check_alone(model, outputs)


def test_the_weights_have_the_names_of_a_saved_model() -> None:
    model = model_of("sorted")
    tensors = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in compiler.export.to_onnx(model).graph.initializer}
    for name, array in weights(model.transformer).items():
        assert np.array_equal(tensors[name], array)


def test_tensors_inside_have_names() -> None:
    model = model_of("sorted")
    proto = compiler.export.to_onnx(model)
    maps = [f"layers.{number}.attention.weights" for number in range(model.config.layers)]
    proto.graph.output.extend(onnx.ValueInfoProto(name=name) for name in maps)
    found = running(proto.SerializeToString(), *maps)(np.array([model.encode("cab")]), np.array([3]))
    for one, wanted in zip(found, compiler.inspect(model).attention("cab").layers, strict=True):
        np.testing.assert_allclose(one[0], wanted, rtol=2**-18, atol=0)


def test_a_longer_input_is_refused() -> None:
    outputs = running(compiler.export.to_onnx(model_of("sorted")).SerializeToString())
    with pytest.raises(Exception, match=r"broadcast|dimension"):
        outputs(np.zeros((1, 21)), np.array([21]))


def test_too_large_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from compiler.export import onnx_graph

    monkeypatch.setattr(onnx_graph, "LARGEST", 100)
    with pytest.raises(compiler.ExportError, match="bytes; an ONNX file ends at 2 GiB"):
        compiler.export.to_onnx(model_of("sorted"))


def test_softmax_is_what_the_certificate_assumes() -> None:
    """0 at a gap of 104, and averages within its bound."""
    value = onnx.helper.make_tensor_value_info
    shape = ["rows", "columns"]
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Softmax", ["scores"], ["weights"], axis=-1)],
        "softmax",
        [value("scores", onnx.TensorProto.FLOAT, shape)],
        [value("weights", onnx.TensorProto.FLOAT, shape)],
    )
    opset = [onnx.helper.make_opsetid("", 18)]
    content = onnx.helper.make_model(graph, opset_imports=opset, ir_version=9).SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    check_softmax(lambda scores: session.run(None, {"scores": scores})[0])
