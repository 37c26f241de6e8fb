"""Inputs on which a wrong model is most likely to show it: extreme lengths, extreme counts, order, runs, few distinct tokens.

An input is a tuple of ids of tokens, as places in the vocabulary.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from compiler.target import Target
from rasp.errors import RaspError
from rasp.evaluate import evaluate_many
from rasp.graph import canonical
from rasp.graph.nodes import Aggregate, Atom, Selector, SelectorWidth, Sop, topological

Ids: TypeAlias = tuple[int, ...]

MOST_SELECTORS = 8
"""Selectors of a program for which inputs that select much are searched for."""

CLIMBING_STEPS = 30
"""Changes that the search tries for each of them."""

MOST_TOKENS = 64
"""Tokens of a large vocabulary that are repeated over the whole length; the others are left to chance."""

_Family: TypeAlias = Callable[[Sequence[int], int, random.Random], Iterator[Sequence[int]]]
"""From the ids in ascending order of their tokens, a length, and a source of chance."""


def adversarial_inputs(program: Sop, target: Target, *, longest: int, seed: int) -> Iterator[tuple[str, Ids]]:
    """Inputs with the name of their class, each input once, the longest first.

    Args:
        program: what the inputs are for; those that select much are searched for with the interpreter.
        longest: the longest length tried.
    """
    draw = random.Random(seed)
    alphabet = ascending(target.vocab)
    seen: set[Ids] = set()
    for name, found in itertools.chain(
        _of_families(alphabet, longest, draw), _with_large_counts(program, target.vocab, alphabet, longest, draw)
    ):
        ids = tuple(found)
        if ids not in seen:
            seen.add(ids)
            yield name, ids


def boundary_lengths(longest: int) -> list[int]:
    """1, 2, the two largest lengths, powers of two and their neighbours; the largest first."""
    powers = [1 << k for k in range(longest.bit_length() + 1)]
    near = {length for power in powers for length in (power - 1, power, power + 1)}
    return sorted((length for length in near | {longest - 1, longest} if 1 <= length <= longest), reverse=True)


def ascending(vocab: Sequence[Atom]) -> list[int]:
    """The ids in ascending order of their tokens: numbers before strings."""

    def rank(index: int) -> tuple[bool, Atom]:
        return isinstance(vocab[index], str), vocab[index]

    return sorted(range(len(vocab)), key=rank)


def _of_families(alphabet: Sequence[int], longest: int, draw: random.Random) -> Iterator[tuple[str, Sequence[int]]]:
    for length in boundary_lengths(longest):
        for name, family in FAMILIES.items():
            yield from ((name, ids) for ids in family(alphabet, length, draw))


def _all_equal(alphabet: Sequence[int], length: int, draw: random.Random) -> Iterator[Sequence[int]]:
    for token in (alphabet[0], alphabet[-1], draw.choice(alphabet)):
        yield [token] * length


def _sorted_up(alphabet: Sequence[int], length: int, draw: random.Random) -> Iterator[Sequence[int]]:
    yield [alphabet[place * len(alphabet) // length] for place in range(length)]
    yield _sorted(alphabet, length, draw)


def _sorted_down(alphabet: Sequence[int], length: int, draw: random.Random) -> Iterator[Sequence[int]]:
    for ids in _sorted_up(alphabet, length, draw):
        yield ids[::-1]


def _one_different(alphabet: Sequence[int], length: int, draw: random.Random) -> Iterator[Sequence[int]]:
    for place in (0, length // 2, length - 1):
        usual, odd = _two(alphabet, draw)
        yield [*[usual] * place, odd, *[usual] * (length - place - 1)]


def _long_runs(alphabet: Sequence[int], length: int, draw: random.Random) -> Iterator[Sequence[int]]:
    one, other = _two(alphabet, draw)
    half = length // 2
    yield [one] * half + [other] * (length - half)
    yield [alphabet[0]] * half + [alphabet[-1]] * (length - half)
    cuts = sorted(draw.choices(range(length + 1), k=3))
    runs = zip([0, *cuts], [*cuts, length], strict=True)
    yield [token for start, end in runs for token in [draw.choice(alphabet)] * (end - start)]


def _alternating(alphabet: Sequence[int], length: int, draw: random.Random) -> Iterator[Sequence[int]]:
    for period in (2, 3):
        cycle = draw.choices(alphabet, k=period)
        yield [cycle[place % period] for place in range(length)]
    yield [(alphabet[0], alphabet[-1])[place % 2] for place in range(length)]


def _few_distinct(alphabet: Sequence[int], length: int, draw: random.Random) -> Iterator[Sequence[int]]:
    for size in (2, 3):
        yield draw.choices(draw.choices(alphabet, k=size), k=length)


def _many_distinct(alphabet: Sequence[int], length: int, draw: random.Random) -> Iterator[Sequence[int]]:
    shuffled = draw.sample(alphabet, len(alphabet))
    yield [shuffled[place % len(shuffled)] for place in range(length)]


def _one_frequent(alphabet: Sequence[int], length: int, draw: random.Random) -> Iterator[Sequence[int]]:
    others = draw.sample(alphabet, min(len(alphabet), length // 2))
    ids = [draw.choice(alphabet)] * (length - len(others)) + others
    yield draw.sample(ids, length)


FAMILIES: dict[str, _Family] = {
    "all equal": _all_equal,
    "ascending": _sorted_up,
    "descending": _sorted_down,
    "one different": _one_different,
    "long runs": _long_runs,
    "alternating": _alternating,
    "few distinct tokens": _few_distinct,
    "many distinct tokens": _many_distinct,
    "one frequent token": _one_frequent,
}
"""The classes of inputs that any program is tried on, at each of the boundary lengths."""

LARGE_COUNTS = "large counts"
"""The class of inputs on which selectors of the program select as much as could be found."""


def _with_large_counts(
    program: Sop, vocab: Sequence[Atom], alphabet: Sequence[int], length: int, draw: random.Random
) -> Iterator[tuple[str, Sequence[int]]]:
    """One token over the whole length, for each token; and what a short search finds for each selector."""
    repeated = alphabet if len(alphabet) <= MOST_TOKENS else draw.sample(alphabet, MOST_TOKENS)
    starts: list[Sequence[int]] = [[token] * length for token in repeated]
    yield from ((LARGE_COUNTS, ids) for ids in starts)
    starts = [*starts[:4], _sorted(alphabet, length, draw), draw.choices(alphabet, k=length)]
    for selector in _selectors(program)[:MOST_SELECTORS]:
        found = _climbed(SelectorWidth(selector), vocab, alphabet, starts, draw)
        if found is not None:
            yield LARGE_COUNTS, found


def _selectors(program: Sop) -> list[Selector]:
    """The selectors that a program counts or averages over."""
    nodes = topological(canonical(program).root)
    return list(dict.fromkeys(node.selector for node in nodes if isinstance(node, SelectorWidth | Aggregate)))


def _climbed(
    width: SelectorWidth, vocab: Sequence[Atom], alphabet: Sequence[int], starts: Sequence[Sequence[int]], draw: random.Random
) -> Sequence[int] | None:
    """An input on which a selector selects much: stretches of the best start are overwritten as long as that does not lose."""
    best = max(starts, key=lambda ids: _selected(width, vocab, ids))
    most = _selected(width, vocab, best)
    for _ in range(CLIMBING_STEPS):
        first, last = sorted(draw.choices(range(len(best) + 1), k=2))
        changed = [*best[:first], *[draw.choice(alphabet)] * (last - first), *best[last:]]
        selected = _selected(width, vocab, changed)
        if selected >= most:
            best, most = changed, selected
    return best if most >= (0, 0) else None


def _selected(width: SelectorWidth, vocab: Sequence[Atom], ids: Sequence[int]) -> tuple[int, int]:
    """The largest count and the sum of all counts; negative where the selector is undefined."""
    try:
        (column,) = evaluate_many([width], [vocab[index] for index in ids])
    except RaspError:
        return -1, -1
    return int(column.num.max()), int(column.num.sum())


def _sorted(alphabet: Sequence[int], length: int, draw: random.Random) -> list[int]:
    return [alphabet[place] for place in sorted(draw.choices(range(len(alphabet)), k=length))]


def _two(alphabet: Sequence[int], draw: random.Random) -> Sequence[int]:
    """Two tokens, different ones if there are two."""
    return draw.sample(alphabet, 2) if len(alphabet) > 1 else [alphabet[0]] * 2
