from pathlib import Path
from typing import Any

import numpy as np
import pytest

import compiler
from compiler.artifact import KEY, header_text, weights
from tests.compiler.export.cases import NAMES, SHORTEST, Outputs, check, check_alone, model_of

torch: Any = pytest.importorskip("torch", reason='needs torch: pip install "rasp-lang[torch]"')


def running(module: Any) -> Outputs:
    def outputs(ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return module(torch.tensor(ids), torch.tensor(lengths)).numpy()

    return outputs


@pytest.mark.parametrize("name", NAMES)
def test_the_module_gives_the_same_outputs(name: str) -> None:
    model = model_of(name)
    check(model, running(compiler.export.to_torch(model)))


@pytest.mark.parametrize("name", ["sorted", "fraction", SHORTEST])
def test_the_file_gives_the_same_outputs_at_every_size(name: str, tmp_path: Path) -> None:
    model = model_of(name)
    compiler.export.save(model, "torch", tmp_path / "m.pt2")
    metadata = {KEY: ""}
    program = torch.export.load(tmp_path / "m.pt2", extra_files=metadata)
    assert metadata[KEY] == header_text(model, weights(model.transformer))
    outputs = running(program.module())
    check(model, outputs)
    check_alone(model, outputs)


def test_the_weights_have_the_names_of_a_saved_model(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    model, other = model_of("sorted"), compiler.export.to_torch(model_of("sorted"))
    for parameter in other.parameters():
        torch.nn.init.zeros_(parameter)
    model.save(tmp_path / "m.safetensors")
    other.load_state_dict(load_file(tmp_path / "m.safetensors"))
    check(model, running(other))


def test_a_hook_sees_the_attention_maps() -> None:
    model = model_of("sorted")
    module = compiler.export.to_torch(model)
    seen: list[Any] = []
    for layer in module.layers:
        layer.attention.softmax.register_forward_hook(lambda _module, _given, maps: seen.append(maps.detach().numpy()))
    module(torch.tensor([model.encode("cab")]), torch.tensor([3]))
    for maps, wanted in zip(seen, compiler.inspect(model).attention("cab").layers, strict=True):
        np.testing.assert_allclose(maps[0], wanted, rtol=2**-18, atol=0)


def test_a_longer_input_is_refused() -> None:
    module = compiler.export.to_torch(model_of("sorted"))
    with pytest.raises(RuntimeError):
        module(torch.zeros((1, 21), dtype=torch.int64), torch.tensor([21]))
    with pytest.raises(IndexError):
        module(torch.tensor([[-1]]), torch.tensor([1]))


def test_softmax_is_what_the_certificate_assumes() -> None:
    """0 at a gap of 104, and averages within its bound."""
    from tests.compiler.export.softmax import check_softmax

    check_softmax(lambda scores: torch.softmax(torch.tensor(scores), dim=-1).numpy())
