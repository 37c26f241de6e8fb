"""Rows of samples, as models read them."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import random
from jaxtyping import Array, Bool, Int

from conjecture.recipe import Recipe
from conjecture.sample import Sample
from conjecture.task_type import Key, Task


class Rows(eqx.Module):
    """A batch of rows, each of one or more samples that begin with BOS.

    Attributes:
        ids: of the tokens.
        targets: ids of what the model should give.
        asked: where that counts.
        places: which of the model's positions each token has.
        owner: the number of the sample that a token belongs to; a token attends to those of its owner only. -1 after the last.
        given: which tokens are BOS or of a prompt.
        steps: how many steps a looped model takes for each token's sample.
    """

    ids: Int[Array, "rows row"]
    targets: Int[Array, "rows row"]
    asked: Bool[Array, "rows row"]
    places: Int[Array, "rows row"]
    owner: Int[Array, "rows row"]
    given: Bool[Array, "rows row"]
    steps: Int[Array, "rows row"]


def training_rows(task: Task, recipe: Recipe, context: int, key: Key, step: Array | int = 0) -> Rows:
    """The samples of one step; runs inside jit.

    Args:
        context: positions of the model.
        step: how many steps were made before; a curriculum goes by it.
    """
    longest = longest_at(task, recipe, step)
    row = {"single": _single, "pairs": _pair, "context": _cut}[recipe.packing]
    rows = recipe.batch // 2 if recipe.packing == "pairs" else recipe.batch
    return jax.vmap(lambda key: row(task, recipe, context, longest, key))(random.split(key, rows))


def longest_at(task: Task, recipe: Recipe, step: Array | int) -> Array | int:
    """The longest training length at a step."""
    low, high = _lengths(task, recipe)
    return jnp.minimum(high, low + 1 + step // recipe.curriculum) if recipe.curriculum else high


def single_rows(task: Task, longest: int, samples: Sample) -> Rows:
    """Each of some samples in a row of its own, at the first positions.

    Args:
        samples: with a leading axis.
    """

    def row(sample: Sample) -> Rows:
        places = jnp.arange(sample.tokens.shape[0] + 1)
        owner = jnp.where(places <= sample.length, 0, -1)
        filled = _filled(task, longest, jax.tree.map(lambda array: array[None], sample), owner, places)
        steps = jnp.full_like(places, sample.steps)
        return Rows(*filled[:3], places=places, owner=owner, given=filled[3], steps=steps)

    return jax.vmap(row)(samples)


def _single(task: Task, recipe: Recipe, context: int, longest: Array | int, key: Key) -> Rows:
    low, high = _lengths(task, recipe)
    length, sample, offset = random.split(key, 3)
    room = task.room(high) + 1
    return _row(task, recipe, room, context, random.randint(length, (1,), low, longest + 1), sample, offset)


def _pair(task: Task, recipe: Recipe, context: int, longest: Array | int, key: Key) -> Rows:
    """Two samples whose lengths add up to the shortest and the longest length, so that the row is nearly full."""
    low, high = _lengths(task, recipe)
    length, sample, offset = random.split(key, 3)
    first = random.randint(length, (), low, longest + 1)
    lengths = jnp.stack([first, low + longest - first])
    room = max(task.room(one) + task.room(low + high - one) for one in range(low, high + 1)) + 2
    return _row(task, recipe, room, context, lengths, sample, offset)


def _lengths(task: Task, recipe: Recipe) -> tuple[int, int]:
    return max(recipe.lengths[0], task.shortest), recipe.lengths[1]


def _row(task: Task, recipe: Recipe, room: int, context: int, lengths: Array, key: Key, offset: Key) -> Rows:
    """Samples of given lengths one after the other, each at positions of its own."""
    samples = jax.vmap(lambda key, length: task.sample(key, length, recipe.longest))(random.split(key, lengths.shape[0]), lengths)
    owner, inside = _laid_out(samples.length + 1, room)
    room_left = (context - samples.length).clip(min=1) if recipe.start == "random" else 1
    offsets = random.randint(offset, lengths.shape, 0, room_left)
    ids, targets, asked, given = _filled(task, recipe.longest, samples, owner, inside)
    places = jnp.where(owner >= 0, inside + offsets[owner], 0)
    return Rows(ids, targets, asked, places, owner, given, jnp.where(owner >= 0, samples.steps[owner], 0))


def _cut(task: Task, recipe: Recipe, context: int, longest: Array | int, key: Key) -> Rows:
    """A piece of a long line of samples, of the length of the context, cut at a random place within the first one."""
    low, high = _lengths(task, recipe)
    number = -(-context // (task.room(low) + 1)) + 2
    length, sample, place = random.split(key, 3)
    lengths = random.randint(length, (number,), low, longest + 1)
    samples = jax.vmap(lambda key, length: task.sample(key, length, recipe.longest))(random.split(sample, number), lengths)
    cut = random.randint(place, (), 0, samples.length[0] + 1)
    owner, inside = _laid_out(samples.length + 1, context + task.room(high) + 1)
    owner, inside = (jax.lax.dynamic_slice_in_dim(array, cut, context) for array in (owner, inside))
    ids, targets, asked, given = _filled(task, recipe.longest, samples, owner, inside)
    whole = (owner > 0) | (cut == 0)  # what has lost its beginning can't be answered
    steps = jnp.where(owner >= 0, samples.steps[owner], 0)
    return Rows(ids, targets, asked & whole, jnp.arange(context), jnp.where(owner >= 0, 0, -1), given, steps)


def _laid_out(sizes: Array, room: int) -> tuple[Array, Array]:
    """For each place of a row, which sample has it (-1 if none) and which token of the sample it is, BOS being 0."""
    ends = jnp.cumsum(sizes)
    places = jnp.arange(room)
    owner = (places[:, None] >= ends[None, :]).sum(axis=1)
    starts = jnp.concatenate([jnp.zeros(1, ends.dtype), ends])
    inside = places - starts[owner]
    return jnp.where(owner < sizes.shape[0], owner, -1), inside


def _filled(task: Task, longest: int, samples: Sample, owner: Array, inside: Array) -> tuple[Array, Array, Array, Array]:
    """Ids, targets, where they are asked, and what is given, for places of a row."""
    alphabet, outputs = task.alphabet(longest), task.outputs(longest)
    place = (inside - 1).clip(0, samples.tokens.shape[1] - 1)
    bos = (inside == 0) | (owner < 0)
    ids = jnp.where(bos, len(alphabet), alphabet.ids(samples.tokens[owner, place]).clip(0))
    targets = outputs.ids(samples.targets[owner, place]).clip(0)
    asked = samples.asked[owner, place] & ~bos
    return ids, targets, asked, (owner >= 0) & (inside <= samples.prompt[owner])
