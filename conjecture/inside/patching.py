"""Write another value of an s-op into the residual stream of a compiled model, and see what comes of it.

A causal intervention (Vig et al. 2020; Geiger et al. 2021). In a compiled model it is known which cells hold an s-op, so its
value can be replaced at some positions, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np

from compiler.decode import Host
from compiler.errors import UndefinedError
from compiler.model import Model
from compiler.passage import passage
from compiler.undefined import Undefined
from compiler.verification.probes import Cells, Image, Pair, Probe
from compiler.verification.trace import Tracer
from conjecture.errors import LabError
from rasp.atoms import from_host, to_host
from rasp.errors import RaspError
from rasp.graph.nodes import Lookup, Map, Node, children
from rasp.values import Tokens


def patch(model: Model, tokens: Tokens, sop: str, values: Mapping[int, object]) -> list[Host]:
    """What a compiled model puts out if an s-op has other values.

    They are written into the cells that hold the s-op, as soon as these are complete. What is computed from them later reads the
    new values; what the compiler computes past the s-op, from what it is made of, does not.

    Args:
        sop: its name, or its expression, as ``compiler.trace`` shows it.
        values: by position, from 0.

    Raises:
        LabError: no cells hold the s-op, or other s-ops share them; it can't have such a value; there is no such position.
        UndefinedError: with these values the model has none.
        ModelInputError, TraceError: as ``compiler.trace`` raises them.
    """
    ids = model.encode(tokens)
    for place in values:
        if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < len(ids):
            raise LabError(f"position {place!r} is none of an input of {len(ids)} tokens")
    patcher = _Patcher.of(model, sop)
    with jax.default_matmul_precision("highest"):
        found = model.read(np.asarray(patcher.outputs(ids, values)))
    if isinstance(found, Undefined):
        raise UndefinedError(f"with these values of '{sop}' the model has none: {found}")
    return [to_host(atom) for atom in found]


@dataclass(frozen=True, eq=False)
class _Patcher:
    """Writes values of one s-op.

    Attributes:
        probes: what reads it from its cells.
    """

    model: Model
    sop: str
    probes: tuple[Probe, ...]

    @staticmethod
    def of(model: Model, sop: str) -> _Patcher:
        """Raises LabError if the name is of no s-op or of several, or if its cells hold something else as well."""
        known = Tracer.of(model).probes
        own = [probe for probe in known if isinstance(probe.asks, Image | Pair) and probe.number >= 0]
        found = tuple(probe for probe in own if probe.name == sop)
        if not found:
            names = sorted({probe.name for probe in own if probe.named} or {probe.name for probe in own})
            raise LabError(f"no cells hold '{sop}'", hint=f"there are cells for {', '.join(names)}")
        if len({probe.node for probe in found}) > 1:
            raise LabError(f"there are several s-ops '{sop}'", hint="give them names of their own in the program")
        patcher = _Patcher(model, sop, found)
        for probe in own:
            if not _reads(probe.node, found[0].node) and patcher.writes(probe):
                raise LabError(f"the cells of '{sop}' also hold '{probe.name}', which would change with it")
        return patcher

    def writes(self, other: Probe) -> bool:
        """Whether another probe can read, when or after they are written, cells that this one writes."""
        return any(
            set(other.cells) & set(_written(probe).cells) and other.until >= probe.ready and other.ready <= probe.until
            for probe in self.probes
        )

    def outputs(self, ids: Sequence[int], values: Mapping[int, object]) -> jax.Array:
        """The outputs of the model, with the values written on the way."""
        transformer = self.model.transformer
        stream = transformer.embed(jnp.asarray(ids, jnp.int32))
        places = jnp.arange(stream.shape[0])
        mask = transformer.mask(places, stream.shape[0], jnp.asarray(len(ids)))
        passed = passage(transformer.layers, stream, mask, places, lambda time, rows: self._patched(rows, time, values))
        return transformer.read_out(passed.streams[-1, 1:])

    def _patched(self, stream: jax.Array, time: int, values: Mapping[int, object]) -> jax.Array:
        for probe in self.probes:
            if probe.ready == time:
                for place, value in values.items():
                    for cell, held in self._solved(probe, np.asarray(stream[place + 1]), value):
                        stream = stream.at[place + 1, cell].set(held)
        return stream

    def _solved(self, probe: Probe, row: np.ndarray, value: object) -> Iterator[tuple[int, int]]:
        """What the cell that a probe's value is written into must hold; nothing if there is none and it says so anyway."""
        cells = _written(probe)
        wanted = self._wanted(probe, row, value)
        if wanted is None:
            raise self._impossible(value)
        rest = wanted - cells.constant
        match cells.cells, cells.coefficients:
            case (), _ if rest == 0:
                return
            case (cell,), (coefficient,):
                held = rest / coefficient
                low, high = self._bounds[cell, probe.ready]
                if held.denominator != 1 or not low <= held <= high:
                    raise self._impossible(value)
                yield cell, int(held)
            case (), _:
                raise self._impossible(value)
            case _:
                raise LabError(f"no cell holds '{self.sop}' alone: several are added up for it")

    def _wanted(self, probe: Probe, row: np.ndarray, value: object) -> Fraction | None:
        """What the combination that is written must be, so that a probe reads a value; None if nothing does.

        A float stands for the fraction that Python shows so.
        """
        try:
            atom = from_host(value)
        except RaspError:
            return None
        if isinstance(probe.asks, Image):
            same = (point for point in probe.asks.points if isinstance(point, Fraction) and float(point) == value)
            image = probe.asks(next(same, atom))
            return None if image != image else Fraction(image)
        if isinstance(atom, str):
            return None
        _, bottom, shift = (Fraction(cells.read(row[None])[0][0]) for cells in probe.answers)
        top = (Fraction(atom) - shift) * bottom
        if top.denominator != 1 and isinstance(value, float):
            nearest = Fraction(round(top))
            return nearest if bottom and float(nearest / bottom + shift) == value else None
        return top if bottom else None

    def _impossible(self, value: object) -> LabError:
        return LabError(f"'{self.sop}' can't be {value!r} here")

    @cached_property
    def _bounds(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The least and the largest value of each cell at each time."""
        return {
            (use.cell, time): (use.low, use.high)
            for use in self.model.blueprint.cells
            for time in range(use.complete, max(use.complete, use.last_read) + 1)
        }


def _written(probe: Probe) -> Cells:
    """The combination that a value is written into: of a pair the top, so that the bottom stays as it is."""
    return probe.answers[0]


def _reads(node: Node, other: Node) -> bool:
    """Whether a node is computed from another one at the same position, element by element, perhaps with others."""
    waiting, seen = [node], set()
    while waiting:
        one = waiting.pop()
        if one == other:
            return True
        if one not in seen and isinstance(one, Map | Lookup):
            seen.add(one)
            waiting += children(one)
    return False
