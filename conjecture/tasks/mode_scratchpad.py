"""Name the most frequent of five symbols after writing down how often each occurs."""

import jax.numpy as jnp
from jax import Array

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation, counts, with_a_winner
from conjecture.task_type import Key, Program, Task

SEP, END, RESULT = -1, -2, -3
SYMBOLS = (-10, -11, -12, -13, -14)


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((SEP, END, RESULT, *SYMBOLS, *range(1, longest + 1)))


def room(longest: int) -> int:
    return longest + 2 * min(longest, len(SYMBOLS)) + 4


def sample_in_order(key: Key, length: Array, longest: int, *, by_count: bool) -> Sample:
    """A sample; the scratchpad is in the order of increasing counts, equal ones as in ``SYMBOLS``, or of first occurrence."""
    symbols = jnp.array(SYMBOLS)
    numbers = with_a_winner(key, len(SYMBOLS), length, longest)
    by_symbol = counts(numbers, len(SYMBOLS), length)
    first = (numbers[:, None] == jnp.arange(len(SYMBOLS))).argmax(axis=0)
    order = jnp.argsort(jnp.where(by_symbol > 0, by_symbol if by_count else first, longest + 1))
    pairs = jnp.stack([by_symbol, symbols], axis=1)[order]
    scratchpad = pairs.reshape(-1), 2 * (by_symbol > 0).sum()
    answer = [scratchpad, RESULT, symbols[by_symbol.argmax()], END]
    return continuation(room(longest), [(symbols[numbers], length), SEP], answer)


def sample(key: Key, length: Array, longest: int) -> Sample:
    return sample_in_order(key, length, longest, by_count=True)


def hard_sample(key: Key, length: Array, longest: int) -> Sample:
    return sample_in_order(key, length, longest, by_count=False)


TASKS = (
    Task(
        name="mode-scratchpad",
        summary="write down how often each of five symbols occurs, the rarest first, and name the most frequent one",
        sample=sample,
        room=room,
        alphabet=alphabet,
        program=Program("mode_scratchpad.raspl"),
        stop=END,
        source="Zhou et al. 2023",
        family="mode",
    ),
    Task(
        name="mode-scratchpad-hard",
        summary="write down how often each of five symbols occurs, as they first occur, and name the most frequent one",
        sample=hard_sample,
        room=room,
        alphabet=alphabet,
        program=Program("mode_scratchpad_hard.raspl"),
        stop=END,
        source="Zhou et al. 2023",
        family="mode",
    ),
)
