"""Inputs for compiled programs: random ones, ones made to break a model, and ones that the program is meant for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import TypeAlias

Token: TypeAlias = str | int
Tokens: TypeAlias = list[Token]
Draw: TypeAlias = Callable[[Random, Sequence[Token], int], Tokens]
"""From a vocabulary, an input of the given length; one that a program is meant for may be a little shorter."""


def uniform(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    return rng.choices(vocab, k=length)


def distinct(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """No token twice, as far as the vocabulary goes."""
    return rng.sample(vocab, min(length, len(vocab)))


def constant(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    return [rng.choice(vocab)] * length


def ascending(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """In the order of the vocabulary."""
    return [vocab[place] for place in sorted(rng.choices(range(len(vocab)), k=length))]


def descending(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    return ascending(rng, vocab, length)[::-1]


def one_different(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """One token everywhere but at one place, which is often the first or the last."""
    tokens = constant(rng, vocab, length)
    tokens[rng.choice([0, length - 1, rng.randrange(length)])] = rng.choice(vocab)
    return tokens


def runs(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """Each token repeated, a third of the length at most."""
    tokens: Tokens = []
    while len(tokens) < length:
        tokens += [rng.choice(vocab)] * rng.randint(1, max(1, length // 3))
    return tokens[:length]


def alternating(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    first, second = rng.choice(vocab), rng.choice(vocab)
    return [first if place % 2 == 0 else second for place in range(length)]


def few_tokens(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """Of two or three tokens, so that counts are large."""
    return rng.choices(rng.sample(vocab, min(len(vocab), rng.choice([2, 3]))), k=length)


ADVERSARIAL: tuple[Draw, ...] = (constant, ascending, descending, one_different, runs, alternating, few_tokens)


def balanced(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """Brackets of which each kind matches, whatever stands between."""
    pairs = [pair for pair in ("()", "{}", "[]") if set(pair) <= set(vocab)]
    tokens: Tokens = []
    owed: Tokens = []
    for left in range(length - length % 2, 0, -1):
        if owed and (len(owed) == left or rng.random() < 0.5):
            tokens.append(owed.pop(rng.randrange(len(owed))))
        else:
            opening, closing = rng.choice(pairs)
            tokens.append(opening)
            owed.append(closing)
    return tokens


def nested(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """Brackets of several kinds that match, closed in the order in which they were opened; one in three has a fault."""
    tokens = balanced(rng, vocab, length)
    closing_of, owed = {"(": ")", "{": "}", "[": "]"}, []
    for place, token in enumerate(tokens):
        if token in closing_of:
            owed.append(closing_of[token])
        else:
            tokens[place] = owed.pop()
    if tokens and rng.random() < 1 / 3:
        tokens[rng.randrange(len(tokens))] = rng.choice(vocab)
    return tokens


def half_balanced(rng: Random, vocab: Sequence[Token], length: int) -> Tokens:
    """Balanced brackets half the time (random ones are hardly ever), else random tokens; always of that length."""
    tokens = balanced(rng, vocab, length) if rng.random() < 0.5 else []
    return tokens + uniform(rng, vocab, length - len(tokens))


def short_inputs(tokens: Sequence[Token], longest: int) -> Iterator[Tokens]:
    """Every input over the tokens, up to a length."""
    for length in range(1, longest + 1):
        yield from (list(each) for each in itertools.product(tokens, repeat=length))
