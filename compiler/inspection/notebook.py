"""How a model shows itself in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from compiler.inspection.listing import DOES, size
from compiler.inspection.residual import residual_svg
from compiler.model import Model


def model_html(model: Model) -> str:
    """Its size, what the heads and units of each layer are for, and, folded, the residual stream."""
    target = model.target
    inputs = f"vocabulary of {len(target.vocab):,}, length up to {target.max_length:,}{', causal' * target.causal}"
    stream = residual_svg(model.blueprint, model.sop.name or "s-op")
    return (
        f"<div><b>{escape(size(model))}</b><br/>{inputs}</div>"
        f"<table><tr><th>layer</th><th>heads</th><th>units</th></tr>{''.join(_rows(model))}</table>"
        f"<details><summary>residual stream</summary>{stream}</details>"
    )


def _rows(model: Model) -> Iterator[str]:
    plan = model.blueprint
    for layer, units in enumerate(model.config.d_mlp, start=1):
        heads = "<br/>".join(f"{DOES[head.reading]} <code>{escape(head.label)}</code>" for head in plan.heads_of(layer))
        blocks = dict.fromkeys(block.label for block in plan.blocks_of(layer))
        yield f"<tr><td>{layer}</td><td>{heads}</td><td>{units:,}: {escape(', '.join(blocks))}</td></tr>"
