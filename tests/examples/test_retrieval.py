"""Retrieval through chains of assignments: three programs, and the layers that they take."""

from __future__ import annotations

import math
import random

import pytest

import compiler
import rasp
from rasp.values import SOp

EQUALS, QUERY = -1, -2
VALUES = range(10)


def rounds(name: str, hops: int) -> dict[str, int]:
    """What a program needs for a chain of so many assignments."""
    match name:
        case "hop_by_hop":
            return {"hops": hops}
        case "doubling":
            return {"lookups": math.ceil(math.log2(hops + 1))}
        case _:
            return {"lookups": next(count for count in range(1, 10) if 3**count >= 2 * hops + 1)}


def program(name: str, hops: int) -> SOp:
    return rasp.load(f"examples/retrieval/{name}.raspl")["answers"].sop(**rounds(name, hops))


def question(chance: random.Random, hops: int, chains: int = 3) -> tuple[list[int], int]:
    """Chains whose assignments are mixed, a variable that is so many assignments away from its value, and that value."""
    longest = hops + chance.randrange(3)
    names = chance.sample(range(100, 100 + chains * (hops + 2)), chains * longest)
    chain = [names[number * longest : (number + 1) * longest] for number in range(chains)]
    value = [chance.choice(VALUES) for _ in range(chains)]
    order = [number for number in range(chains) for _ in range(longest)]
    chance.shuffle(order)
    tokens: list[int] = []
    done = [0] * chains
    for number in order:
        place = done[number]
        tokens += [chain[number][place], EQUALS, chain[number][place - 1] if place else value[number]]
        done[number] += 1
    return [*tokens, QUERY, chain[0][hops - 1]], value[0]


@pytest.mark.parametrize("name", ["hop_by_hop", "doubling", "tripling"])
@pytest.mark.parametrize("hops", [1, 2, 3, 4, 5, 12, 13, 14, 40])
def test_the_value_is_found(name: str, hops: int) -> None:
    chance = random.Random(hops)
    sop = program(name, hops)
    for _ in range(20):
        tokens, value = question(chance, hops)
        assert sop(tokens)[-1] == value


@pytest.mark.parametrize(
    ("name", "hops", "layers"),
    [
        *(("hop_by_hop", hops, hops + 1) for hops in (1, 2, 4)),
        *(("doubling", hops, layers) for hops, layers in ((1, 2), (2, 3), (3, 3), (4, 4), (7, 4), (8, 5))),
        *(("tripling", hops, layers) for hops, layers in ((1, 2), (2, 3), (4, 3))),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in (("hop_by_hop", 13, 14), ("doubling", 13, 5), ("tripling", 5, 4), ("tripling", 13, 4))
        ),
    ],
)
def test_the_layers_of_compiled_models(name: str, hops: int, layers: int) -> None:
    """One layer finds the variable of each assignment. Tripling takes as many more as Musat 2024 proves necessary: log3(2D)."""
    chance = random.Random(0)
    vocab = [*VALUES, *range(100, 100 + 3 * (hops + 2)), EQUALS, QUERY]
    model = compiler.compile(program(name, hops), vocab, 9 * (hops + 2) + 2, causal=name != "tripling")
    assert model.config.layers == layers
    for _ in range(10):
        tokens, value = question(chance, hops)
        assert model(tokens)[-1] == value
    tokens = chance.choices(vocab, k=20)
    assert model(tokens) == model.sop(tokens)
