"""Looped transformers: all layers are one block that is run several times.

Source: Fan et al. 2024, 'Looped Transformers for Length Generalization', section 5: input injection, one readout for every step.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, Int

from compiler.passage import Passage, passage
from conjecture.model.dropout import Dropout
from conjecture.model.layers import Learned
from conjecture.model.visible import visible
from conjecture.rows import Rows
from conjecture.task_type import Key


class Looped(eqx.Module):
    """A transformer whose layers are repeated.

    Attributes:
        block: the embedding, the layers, and the readout.
        times: how many steps; None if each sample says so.
        inject: whether the embedding is added before each step.
        most: no sample asks for more steps.
    """

    block: Learned
    times: int | None = eqx.field(static=True)
    inject: bool = eqx.field(static=True)
    most: int = eqx.field(static=True)

    @property
    def positions(self) -> Array:
        """The positional embedding."""
        return self.block.positions

    def begin(self, rows: Rows) -> tuple[Array, Array]:
        """The embedding, and the stream before the first step; of shape (rows, row, width)."""
        embedded = self.block.tokens[rows.ids] + self.block.positions[rows.places]
        return embedded, jnp.zeros_like(embedded) if self.inject else embedded

    def step(self, stream: Array, embedded: Array, rows: Rows, dropout: float = 0.0, key: Key | None = None) -> Array:
        """The stream after one more step."""
        stream = stream + embedded if self.inject else stream
        if key is None:
            return self.normed(jax.vmap(lambda stream, row: through(self.block, stream, row, Dropout()))(stream, rows))
        keys = jax.random.split(key, stream.shape[0])
        drops = jax.vmap(lambda stream, row, key: through(self.block, stream, row, Dropout(dropout, key)))
        return self.normed(drops(stream, rows, keys))

    def read_out(self, stream: Float[Array, "*rows model"]) -> Float[Array, "*rows outputs"]:
        """The outputs of a stream after a step."""
        return stream @ self.block.unembedding + self.block.unembedding_bias

    def passage(self, ids: Int[Array, " length"], length: Int[Array, ""], steps: int) -> Passage:
        """What passes through the layers in each of some steps, BOS first. The stream after a step is given before its norm.

        Args:
            ids: of the tokens; after ``length`` of them they mean nothing.
        """
        embedded = self.block.embed(ids)
        places = jnp.arange(embedded.shape[0])
        mask = self.block.mask(places, embedded.shape[0], length)

        def one(stream: Array, _: None) -> tuple[Array, Passage]:
            passed = passage(self.block.layers, stream + embedded if self.inject else stream, mask, places)
            return self.normed(passed.streams[-1]), passed

        begin = jnp.zeros_like(embedded) if self.inject else embedded
        _, taken = lax.scan(one, begin, length=steps)
        streams = jnp.concatenate([embedded[None], taken.streams[:, 1:].reshape(-1, *embedded.shape)])
        return Passage(streams, tuple(layer[step] for step in range(steps) for layer in taken.maps))

    def normed(self, stream: Float[Array, "*rows model"]) -> Float[Array, "*rows model"]:
        """The stream as a step leaves it: nothing grows with the number of steps."""
        assert self.block.norm is not None
        return self.block.norm(stream)

    def outputs(self, rows: Rows, dropout: float = 0.0, key: Key | None = None) -> Float[Array, "rows row outputs"]:
        """The outputs at each token after as many steps as its sample takes. Steps that no sample needs are not computed."""
        embedded, stream = self.begin(rows)
        steps = rows.steps if self.times is None else jnp.full_like(rows.steps, self.times)
        last = steps.max()

        # For the gradient each step is computed again from its stream. Kept, what is inside a step would have to be written for
        # the steps that are not computed as well, and that took longer than the steps.
        @jax.checkpoint
        def further(stream: Array, number: Array) -> tuple[Array, None]:
            def taken(stream: Array) -> Array:
                drops = None if key is None else jax.random.fold_in(key, number)
                after = self.step(stream, embedded, rows, dropout, drops)
                return jnp.where((number < steps)[..., None], after, stream)

            return lax.cond(number < last, taken, lambda same: same, stream), None

        stream, _ = lax.scan(further, stream, jnp.arange(self.times or self.most))
        return self.read_out(stream)


def through(model: Learned, stream: Float[Array, "row model"], row: Rows, dropout: Dropout) -> Float[Array, "row model"]:
    """The stream of a row after all layers, once."""
    mask = visible(row.owner, model.causal)
    for layer in model.layers:
        memories = layer.attention.remember(stream, row.places)
        stream = stream + dropout(layer.attention(stream, memories, mask, row.places))
        stream = stream + dropout(layer.mlp.added(stream))
    return stream
