import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import compiler
from compiler.artifact import KEY, header_text, weights
from tests.compiler.export.cases import NAMES, Outputs, check, model_of, stream_of

NEEDED = 'needs TransformerLens: pip install "rasp-lang[transformer-lens]"'
pytest.importorskip("transformer_lens", reason=NEEDED)
torch: Any = pytest.importorskip("torch", reason=NEEDED)


def running(bridge: Any) -> Outputs:
    """Ids with BOS in front, padding masked; the outputs at BOS are left out."""

    def outputs(ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        with_bos = np.pad(ids, [(0, 0), (1, 0)], constant_values=bridge.cfg.d_vocab - 1)
        mask = np.arange(with_bos.shape[1]) <= lengths[:, None]
        with torch.no_grad():
            return bridge(torch.tensor(with_bos), attention_mask=torch.tensor(mask, dtype=torch.int64)).numpy()[:, 1:]

    return outputs


@pytest.mark.parametrize("name", NAMES)
def test_the_bridge_gives_the_same_outputs(name: str) -> None:
    model = model_of(name)
    check(model, running(compiler.export.to_transformer_lens(model)))


@pytest.mark.parametrize("name", ["sorted", "fraction", "double_histogram"])
def test_the_cache_holds_maps_and_stream(name: str) -> None:
    model = model_of(name)
    ids = np.array(model.encode("cabacba"))
    bridge = compiler.export.to_transformer_lens(model)
    logits, cache = bridge.run_with_cache(torch.tensor([[bridge.cfg.d_vocab - 1, *ids]]))
    stream = stream_of(model, ids)
    for number, wanted in enumerate(compiler.inspect(model).attention("cabacba").layers):
        block = f"blocks.{number}"
        maps = cache[f"{block}.attn.hook_pattern"][0].detach().numpy()
        np.testing.assert_allclose(maps[: len(wanted)], wanted, rtol=2**-18, atol=0)
        for place, time in (("resid_pre", 0), ("resid_mid", 1), ("resid_post", 2)):
            assert np.array_equal(cache[f"{block}.hook_{place}"][0].detach().numpy(), stream[2 * number + time]), place
    assert np.array_equal(logits[0, 1:].detach().numpy(), model.outputs(ids[None], np.array([len(ids)]))[0])


def test_an_edited_pattern_changes_the_values() -> None:
    """A head of ``sorted`` that looks nothing up leaves other tokens."""
    model = model_of("sorted")
    bridge = compiler.export.to_transformer_lens(model)
    tokens = torch.tensor([[bridge.cfg.d_vocab - 1, *model.encode("cab")]])
    ablated = bridge.run_with_hooks(tokens, fwd_hooks=[("blocks.1.attn.hook_pattern", lambda pattern, hook: pattern * 0)])
    assert model.read(ablated[0, 1:].detach().numpy()) != ["a", "b", "c"]
    assert model.read(bridge(tokens)[0, 1:].detach().numpy()) == ["a", "b", "c"]


def test_the_file_loads_without_this_package(tmp_path: Path) -> None:
    boot: Any = importlib.import_module("transformer_lens.model_bridge").TransformerBridge.boot_native
    model = model_of("sorted")
    compiler.export.save(model, "transformer-lens", tmp_path / "m.pt")
    saved = torch.load(tmp_path / "m.pt", weights_only=True)
    assert saved[KEY] == header_text(model, weights(model.transformer))
    bridge = boot(saved["config"])
    bridge.load_state_dict(saved["state_dict"])
    check(model, running(bridge))
