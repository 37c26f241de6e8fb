"""What attention computes, on batches of inputs.

This is said a second time here, beside the interpreter, because a search evaluates thousands of programs. Tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

Batch: TypeAlias = np.ndarray
"""Integers of shape (inputs, length); truths are 0 and 1."""

Reduction: TypeAlias = Literal["min", "max", "mean"]

PREDICATES: dict[str, Callable[..., Batch]] = {
    "equals": np.equal,
    "lt": np.less,
    "leq": np.less_equal,
    "gt": np.greater,
    "geq": np.greater_equal,
}


def attend(keys: Batch, queries: Batch, values: Batch, predicate: str, default: int, reduction: Reduction) -> Batch:
    """``kqv``, of whole batches."""
    chosen = _chosen(keys, queries, predicate)
    spread = values[:, None, :]
    if reduction == "max":
        found = np.where(chosen, spread, np.iinfo(np.int32).min).max(axis=2)
    elif reduction == "min":
        found = np.where(chosen, spread, np.iinfo(np.int32).max).min(axis=2)
    else:
        found = _truncated(_summed(chosen, values), np.maximum(chosen.sum(axis=2), 1))
    return np.where(chosen.any(axis=2), found, default).astype(np.int32)


def width(keys: Batch, queries: Batch, predicate: str) -> Batch:
    """``sel_width(select(keys, queries, predicate))``."""
    return _chosen(keys, queries, predicate).sum(axis=2, dtype=np.int32)


def firsts(keys: Batch, queries: Batch, default: int = -1) -> Batch:
    return attend(keys, queries, positions(keys), "equals", default, "min")


def lasts(keys: Batch, queries: Batch, default: int = -1) -> Batch:
    return attend(keys, queries, positions(keys), "equals", default, "max")


def maximum(values: Batch) -> Batch:
    return np.maximum.accumulate(values, axis=1)


def minimum(values: Batch) -> Batch:
    return np.minimum.accumulate(values, axis=1)


def index_select(values: Batch, places: Batch, default: int = 0) -> Batch:
    inside = (places >= 0) & (places <= positions(values))
    return np.where(inside, np.take_along_axis(values, np.where(inside, places, 0), axis=1), default)


def induct(keys: Batch, queries: Batch, values: Batch) -> Batch:
    return index_select(values, firsts(keys, queries, -2) + 1)


def shifted(values: Batch, default: int) -> Batch:
    return np.concatenate([np.full_like(values[:, :1], default), values[:, :-1]], axis=1)


def positions(batch: Batch) -> Batch:
    return np.broadcast_to(np.arange(batch.shape[1], dtype=np.int32), batch.shape)


def _chosen(keys: Batch, queries: Batch, predicate: str) -> Batch:
    length = keys.shape[1]
    return PREDICATES[predicate](keys[:, None, :], queries[:, :, None]) & np.tri(length, dtype=bool)


def _summed(chosen: Batch, values: Batch) -> Batch:
    return (chosen.astype(np.float64) @ values[:, :, None])[:, :, 0].astype(np.int64)


def _truncated(total: Batch, number: Batch) -> Batch:
    return np.sign(total) * (abs(total) // number)
