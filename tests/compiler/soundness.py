"""What the compiler believes of a program, beside what happens: value sets, and the cells of the residual stream."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

import rasp
from compiler.analysis.kinds import KindTable
from compiler.analysis.valuesets import Numbers, ValueSets
from compiler.errors import CompileError
from compiler.execution.batches import batches
from compiler.model import Model
from compiler.simplify import simplified
from compiler.target import Target
from compiler.transformer import Transformer
from rasp.errors import RaspError
from rasp.evaluate import evaluate_many
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, Atom, Node, topological
from rasp.values import SOp
from tests.compiler.circuits import lowering_of
from tests.rasp.elaborate.generator import random_program

Tokens = tuple[Atom, ...]


def random_sops(seeds: range) -> Iterator[tuple[int, SOp]]:
    """The s-ops among the generator's programs of these seeds."""
    for seed in seeds:
        program = random_program(seed)
        try:
            value = rasp.loads(program.text)[program.result]
        except RaspError:
            continue
        if isinstance(value, SOp):
            yield seed, value


def some_inputs(target: Target, seed: int, drawn: int) -> list[Tokens]:
    """All inputs of one and two tokens, and random ones up to the longest."""
    draw = random.Random(seed)
    inputs: list[Tokens] = [tokens for length in (1, 2) for tokens in itertools.product(target.vocab, repeat=length)]
    lengths = [draw.randint(1, target.max_length) for _ in range(drawn)]
    inputs += [tuple(draw.choices(target.vocab, k=length)) for length in lengths]
    return [tokens for tokens in inputs if len(tokens) <= target.max_length]


def value_sets(target: Target) -> ValueSets:
    """Value sets with what the compiler knows of computed numbers."""
    return lowering_of(target).values


def check_value_sets(root: Node, target: Target, inputs: Sequence[Tokens]) -> int:
    """Assert that every value of every s-op of a program is in its value set, wherever the program is defined.

    Returns:
        how many s-ops had a value set that was checked.
    """
    roots, _ = simplified([canonical(root).root], {}, KindTable(target))
    sops = [node for node in topological(*roots) if not isinstance(node, SELECTOR_TYPES)]
    columns: list[list[list[Atom]]] = []
    for tokens in inputs:
        try:
            columns.append([column.to_atoms() for column in evaluate_many(sops, tokens)])
        except RaspError:
            continue
    values = value_sets(target)
    checked = 0
    for number, node in enumerate(sops):
        try:
            known = values.of(node)
        except CompileError as error:
            if "undefined on every input" in error.message and columns:
                raise AssertionError(node, error.message) from error
            continue
        kinds = values.kinds.of(node)
        checked += 1
        for atom in (atom for rows in columns for atom in rows[number]):
            assert type(atom) in kinds, (node, atom, kinds)
            match known:
                case Numbers(interval=interval):
                    assert not isinstance(atom, str), (node, atom)
                    assert interval.low <= atom <= interval.high, (node, atom, interval)
                    assert not atom or abs(atom) >= interval.least, (node, atom, interval)
                case _:
                    assert (type(atom), atom) in {(type(value), value) for value in known}, (node, atom, known)
    return checked


@eqx.filter_jit
def streams(transformer: Transformer, ids: jax.Array, lengths: jax.Array) -> jax.Array:
    """The residual streams of padded inputs, of shape (inputs, times, length + 1, width)."""
    return jax.vmap(transformer.passage)(ids, lengths).streams


def check_cells(model: Model, inputs: Sequence[Tokens]) -> int:
    """Assert that each cell holds an integer within its bounds, from when it can be read to when it is last read.

    Returns:
        how many inputs were checked; those on which the program is undefined are not.
    """
    checked = [tokens for tokens in inputs if _is_defined(model, tokens)]
    if not checked:
        return 0
    for batch in batches(model.encoder(checked), model.shapes):
        with jax.default_matmul_precision("highest"):
            after = np.asarray(streams(model.transformer, jnp.asarray(batch.ids), jnp.asarray(batch.lengths)))
        for use, (row, place) in itertools.product(model.blueprint.cells, enumerate(batch.places.tolist())):
            for time in range(use.complete, min(max(use.last_read, use.complete + 1), after.shape[1])):
                held = after[row, time, 1 : len(checked[place]) + 1, use.cell]
                assert np.array_equal(held, np.rint(held)), (checked[place], use, held)
                assert use.low <= held.min(), (checked[place], use, held)
                assert held.max() <= use.high, (checked[place], use, held)
    return len(checked)


def _is_defined(model: Model, tokens: Tokens) -> bool:
    try:
        model.sop.column(list(tokens))
    except RaspError:
        return False
    return True
