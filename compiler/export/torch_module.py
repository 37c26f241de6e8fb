"""The transformer of ``compiler/transformer.py`` once more, in PyTorch, with the same names of the weights."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
import torch  # pyright: ignore[reportMissingImports]
from torch import Tensor, nn  # pyright: ignore[reportMissingImports]

from compiler.artifact import KEY, header_text, weights
from compiler.model import Model

Arrays = Mapping[str, np.ndarray]

TRACED_LENGTH = 3
"""Of the example with which a program is traced; it then takes every length."""


class Attention(nn.Module):
    """Multi-head attention. A forward hook on ``softmax`` sees the maps, of shape (batch, heads, queries, keys)."""

    query: Tensor
    query_bias: Tensor
    key: Tensor
    key_bias: Tensor
    value: Tensor
    value_bias: Tensor
    out: Tensor
    out_bias: Tensor

    def __init__(self, arrays: Arrays) -> None:
        super().__init__()
        _register(self, arrays)
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, stream: Tensor, mask: Tensor) -> Tensor:
        queries = torch.einsum("bnd,hdk->bhnk", stream, self.query) + self.query_bias[:, None]
        keys = torch.einsum("bnd,hdk->bhnk", stream, self.key) + self.key_bias[:, None]
        values = torch.einsum("bnd,hdk->bhnk", stream, self.value) + self.value_bias[:, None]
        scores = torch.einsum("bhik,bhjk->bhij", queries, keys).masked_fill(~mask, float("-inf"))
        mixed = torch.einsum("bhij,bhjk->bhik", self.softmax(scores), values)
        return torch.einsum("bhik,hkd->bid", mixed, self.out) + self.out_bias


class MLP(nn.Module):
    """One hidden layer of ReLU units."""

    into: Tensor
    into_bias: Tensor
    out: Tensor
    out_bias: Tensor

    def __init__(self, arrays: Arrays) -> None:
        super().__init__()
        _register(self, arrays)

    def forward(self, stream: Tensor) -> Tensor:
        return torch.relu(stream @ self.into + self.into_bias) @ self.out + self.out_bias


class Layer(nn.Module):
    """Attention, then MLP, each added to the stream."""

    def __init__(self, arrays: Arrays) -> None:
        super().__init__()
        self.attention = Attention(_inside("attention", arrays))
        self.mlp = MLP(_inside("mlp", arrays))

    def forward(self, stream: Tensor, mask: Tensor) -> Tensor:
        stream = stream + self.attention(stream, mask)
        return stream + self.mlp(stream)


class Transformer(nn.Module):
    """The whole model; BOS, whose id is the last of the vocabulary, is put in front by the model itself."""

    tokens: Tensor
    positions: Tensor
    unembedding: Tensor
    unembedding_bias: Tensor

    def __init__(self, arrays: Arrays, layers: int, causal: bool) -> None:
        super().__init__()
        _register(self, {name: array for name, array in arrays.items() if "." not in name})
        self.layers = nn.ModuleList(Layer(_inside(f"layers.{number}", arrays)) for number in range(layers))
        self.causal = causal

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """The outputs, of shape (batch, length, outputs).

        Args:
            ids: token ids of shape (batch, length) without BOS, padded with any id.
            lengths: how many of each row are the input, of shape (batch).
        """
        bos = ids.new_full((ids.shape[0], 1), self.tokens.shape[0] - 1)
        with_bos = torch.cat([bos, ids], dim=1)
        stream = nn.functional.embedding(with_bos, self.tokens) + self.positions[: with_bos.shape[1]]
        mask = self.mask(with_bos.shape[1], lengths)
        for layer in self.layers:
            stream = layer(stream, mask)
        return stream[:, 1:] @ self.unembedding + self.unembedding_bias

    def mask(self, positions: int, lengths: Tensor) -> Tensor:
        """Which keys each query attends to; of a shape that fits (batch, heads, queries, keys)."""
        keys = torch.arange(positions, device=lengths.device)
        mask = (keys <= lengths[:, None])[:, None, None]
        return mask & (keys <= keys[:, None]) if self.causal else mask


def module(model: Model) -> Transformer:
    """A model as a module, in evaluation mode."""
    return Transformer(weights(model.transformer), len(model.transformer.layers), model.target.causal).eval()


def program(model: Model) -> bytes:
    """A model as ``torch.export.load`` reads it: for any batch and any length up to the longest."""
    longest = model.target.max_length
    length = min(longest, TRACED_LENGTH)
    batch = torch.export.Dim("batch")
    padded = {1: torch.export.Dim("length", max=longest)} if longest > 1 else {}
    exported = torch.export.export(
        module(model),
        (torch.zeros((2, length), dtype=torch.int64), torch.full((2,), length)),
        dynamic_shapes={"ids": {0: batch, **padded}, "lengths": {0: batch}},
    )
    file = io.BytesIO()
    torch.export.save(exported, file, extra_files={KEY: header_text(model, weights(model.transformer))})
    return file.getvalue()


def _register(owner: nn.Module, arrays: Arrays) -> None:
    for name, array in arrays.items():
        owner.register_parameter(name, nn.Parameter(torch.tensor(array)))


def _inside(name: str, arrays: Arrays) -> dict[str, np.ndarray]:
    prefix = f"{name}."
    return {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}
