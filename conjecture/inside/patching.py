"""Write another value of an s-op into the residual stream of a compiled model, and see what comes of it.

A causal intervention (Vig et al. 2020; Geiger et al. 2021). In a compiled model it is known which cells hold an s-op, so its
value can be replaced at some positions, and nothing else is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from compiler.decode import Host
from compiler.errors import UndefinedError
from compiler.model import Model
from compiler.undefined import Undefined
from compiler.verification.probes import Cells, Image, Number, Pair, Probe
from compiler.verification.trace import Tracer
from conjecture.errors import LabError
from rasp.atoms import from_host, to_host
from rasp.graph.nodes import Atom
from rasp.values import Tokens

Edits: TypeAlias = Mapping[int, Sequence[tuple[int, int, int]]]
"""For each time, what is written after it: a position with BOS at 0, a cell, and what it then holds."""


def patch(model: Model, tokens: Tokens, sop: str, values: Mapping[int, object]) -> list[Host]:
    """What a compiled model puts out if an s-op has other values.

    They are written into all cells that hold the s-op, as soon as these are complete. What is computed from it later reads them;
    what the compiler computes past it, from what it is made of, does not.

    Args:
        sop: its name, or its expression, as ``compiler.trace`` shows it.
        values: by position, from 0.

    Raises:
        LabError: no cells hold the s-op alone, it can't have such a value, or there is no such position.
        UndefinedError: with these values the model has none.
        ModelInputError, TraceError: as ``compiler.trace`` raises them.
    """
    ids = model.encode(tokens)
    probes = _probes_of(Tracer.of(model).probes, sop)
    wrong = next((place for place in values if not 0 <= place < len(ids)), None)
    if wrong is not None:
        raise LabError(f"position {wrong} is none of an input of {len(ids)} tokens")
    edits: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for place, value in values.items():
        for probe in probes:
            edits[probe.ready] += [(place + 1, cell, held) for cell, held in _written(probe, sop, from_host(value))]
    with jax.default_matmul_precision("highest"):
        found = model.read(np.asarray(_outputs(model, ids, edits)))
    if isinstance(found, Undefined):
        raise UndefinedError(f"with these values of '{sop}' the model has none: {found}")
    return [to_host(atom) for atom in found]


def _probes_of(probes: Sequence[Probe], sop: str) -> list[Probe]:
    known = [probe for probe in probes if isinstance(probe.asks, Image | Pair)]
    found = [probe for probe in known if probe.name == sop]
    if not found:
        names = sorted({probe.name for probe in known if probe.named})
        raise LabError(f"no cells hold '{sop}'", hint=f"there are cells for {', '.join(names) or 'no s-op that has a name'}")
    return found


def _written(probe: Probe, sop: str, value: Atom) -> Iterator[tuple[int, int]]:
    """Cells, and what they must hold to say a value."""
    match probe.asks:
        case Image() as image:
            wanted = (image(value),)
        case _ if isinstance(value, str):
            wanted = (float("nan"),)
        case _:
            exact = Fraction(value)
            wanted = (exact.numerator, exact.denominator, 0)
    for cells, number in zip(probe.answers, wanted, strict=True):
        yield from _solved(cells, number, sop, value)


def _solved(cells: Cells, wanted: Number, sop: str, value: Atom) -> Iterator[tuple[int, int]]:
    """What the cell of a combination must hold; nothing if it has none and says the same anyway."""
    if wanted != wanted:
        raise LabError(f"'{sop}' can't be {value!r} in this model")
    rest = Fraction(wanted) - cells.constant
    match cells.cells, cells.coefficients:
        case (), _ if rest == 0:
            return
        case (cell,), (coefficient,) if (rest / coefficient).denominator == 1:
            yield cell, int(rest / coefficient)
        case (_,), _:
            raise LabError(f"'{sop}' can't be {value!r} in this model")
        case _:
            raise LabError(f"no cells hold '{sop}' alone: several are added up for it")


def _outputs(model: Model, ids: Sequence[int], edits: Edits) -> jax.Array:
    """The outputs, with cells overwritten on the way."""
    transformer = model.transformer
    stream = _overwritten(transformer.embed(jnp.asarray(ids, jnp.int32)), edits.get(0, ()))
    places = jnp.arange(stream.shape[0])
    mask = transformer.mask(places, stream.shape[0], jnp.asarray(len(ids)))
    time = 0
    for layer in transformer.layers:
        attention = layer.attention
        parts: tuple[Callable[[jax.Array], jax.Array], ...] = (
            lambda rows, attention=attention: rows + attention(rows, attention.remember(rows), mask),
            layer.mlp,
        )
        for part in parts:
            time += 1
            stream = _overwritten(part(stream), edits.get(time, ()))
    return transformer.read_out(stream[1:])


def _overwritten(stream: jax.Array, edits: Sequence[tuple[int, int, int]]) -> jax.Array:
    for place, cell, held in edits:
        stream = stream.at[place, cell].set(held)
    return stream
