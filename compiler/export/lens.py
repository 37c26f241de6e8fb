"""The weights of a model as TransformerLens has them: in all layers as many heads, and all of one size.

TransformerLens divides scores by a number other than 1. It is made 2 here, and queries are doubled: both are exact in float32.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import torch  # pyright: ignore[reportMissingImports]

from compiler.artifact import KEY, header_text, weights
from compiler.model import Model
from compiler.transformer import Attention, Layer

SCALE = 2.0


def config(model: Model) -> dict[str, Any]:
    """What ``TransformerBridge.boot_native`` takes."""
    transformer = model.transformer
    heads, size, units = _sizes(transformer.layers)
    return {
        "architecture": "TransformerLensNative",
        "n_layers": len(transformer.layers),
        "n_heads": heads,
        "d_head": size,
        "d_mlp": units,
        "d_model": transformer.tokens.shape[1],
        "d_vocab": transformer.tokens.shape[0],
        "d_vocab_out": transformer.unembedding.shape[1],
        "n_ctx": transformer.positions.shape[0],
        "act_fn": "relu",
        "normalization_type": None,
        "attention_dir": "causal" if transformer.causal else "bidirectional",
        "attn_scale": SCALE,
        "init_weights": False,
        "tokenizer_prepends_bos": False,
    }


def state_dict(model: Model) -> dict[str, torch.Tensor]:
    """What ``load_state_dict`` of that bridge takes."""
    transformer = model.transformer
    arrays: dict[str, Any] = {
        "embed.weight": transformer.tokens,
        "pos_embed.weight": transformer.positions,
        "unembed.weight": np.asarray(transformer.unembedding).T,
        "unembed.bias": transformer.unembedding_bias,
    }
    sizes = _sizes(transformer.layers)
    for number, layer in enumerate(transformer.layers):
        arrays |= {f"blocks.{number}.{name}": array for name, array in _block(layer, *sizes).items()}
    return {name: torch.tensor(np.asarray(array)) for name, array in arrays.items()}


def bridge(model: Model) -> Any:
    """A ``TransformerBridge`` with the weights of a model, in evaluation mode."""
    from transformer_lens.model_bridge import TransformerBridge  # pyright: ignore[reportMissingImports]

    library: Any = TransformerBridge  # boot_native is added to the class at run time
    made = library.boot_native(config(model))
    made.load_state_dict(state_dict(model))
    return made.eval()


def checkpoint(model: Model) -> bytes:
    """Config, weights and metadata as ``torch.load`` reads them."""
    file = io.BytesIO()
    metadata = header_text(model, weights(model.transformer))
    torch.save({"config": config(model), "state_dict": state_dict(model), KEY: metadata}, file)
    return file.getvalue()


def _sizes(layers: tuple[Layer, ...]) -> tuple[int, int, int]:
    """The largest number of heads, of numbers in a key or value, and of units."""
    heads = max((layer.attention.query.shape[0] for layer in layers), default=1)
    size = max((max(layer.attention.query.shape[2], layer.attention.value.shape[2]) for layer in layers), default=1)
    return heads, size, max((layer.mlp.into.shape[1] for layer in layers), default=1)


def _block(layer: Layer, heads: int, size: int, units: int) -> dict[str, np.ndarray]:
    mlp = layer.mlp
    return {
        **_attention(layer.attention, heads, size),
        "mlp.in.weight": _padded(mlp.into.T, units),
        "mlp.in.bias": _padded(mlp.into_bias, units),
        "mlp.out.weight": _padded(mlp.out, units).T,
        "mlp.out.bias": np.asarray(mlp.out_bias),
    }


def _attention(attention: Attention, heads: int, size: int) -> dict[str, np.ndarray]:
    width = attention.out.shape[2]

    def reading(weight: Any) -> np.ndarray:
        """From (heads, model, size) to (heads · size, model)."""
        return _padded(weight.transpose(0, 2, 1), heads, size).reshape(heads * size, width)

    def bias(weight: Any) -> np.ndarray:
        return _padded(weight, heads, size).reshape(heads * size)

    return {
        "attn.q.weight": reading(attention.query) * np.float32(SCALE),
        "attn.q.bias": bias(attention.query_bias) * np.float32(SCALE),
        "attn.k.weight": reading(attention.key),
        "attn.k.bias": bias(attention.key_bias),
        "attn.v.weight": reading(attention.value),
        "attn.v.bias": bias(attention.value_bias),
        "attn.o.weight": _padded(attention.out, heads, size).reshape(heads * size, width).T,
        "attn.o.bias": np.asarray(attention.out_bias),
    }


def _padded(array: Any, *sizes: int) -> np.ndarray:
    """The first dimensions made as large as asked for, with zeros, which add nothing."""
    missing = [(0, size - present) for size, present in zip(sizes, array.shape, strict=False)]
    return np.pad(np.asarray(array), [*missing, *[(0, 0)] * (array.ndim - len(sizes))])
