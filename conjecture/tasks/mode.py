"""Name the most frequent of five symbols."""

from jax import Array, random

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation, counts, with_a_winner
from conjecture.task_type import Key, Program, Task

SEP, END = -1, -2
SYMBOLS = 26
AT_ONCE = 5


def alphabet(longest: int) -> Alphabet:
    return Alphabet.of((SEP, END, *range(SYMBOLS)))


def room(longest: int) -> int:
    return longest + 3


def sample(key: Key, length: Array, longest: int) -> Sample:
    choice, order = random.split(key)
    five = random.permutation(choice, SYMBOLS)[:AT_ONCE]
    numbers = with_a_winner(order, AT_ONCE, length, longest)
    winner = five[counts(numbers, AT_ONCE, length).argmax()]
    return continuation(room(longest), [(five[numbers], length), SEP], [winner, END])


TASK = Task(
    name="mode",
    summary="name the most frequent of five symbols",
    sample=sample,
    room=room,
    alphabet=alphabet,
    program=Program("mode.raspl"),
    stop=END,
    source="Zhou et al. 2023",
    family="mode",
)
