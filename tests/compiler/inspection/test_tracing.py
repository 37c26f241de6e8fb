"""The text of a trace, of parts made by hand so that it does not change with the compiler."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from compiler.undefined import Undefined
from compiler.verification.probes import Cells, Image, Number, Pair, Probe, Sum
from compiler.verification.trace import BOS, Observation, Trace
from rasp.graph.nodes import Atom, Compare, Comparison, Input, Node
from tests.conftest import Golden

TOKENS, INDICES = Input("tokens_asis"), Input("indices")
EARLIER = Compare(INDICES, INDICES, Comparison.LE)
LETTER = Image(TOKENS, ("a", "b", "c"), (1, 0, 0))
COUNT = Image(INDICES, (1, 2, 3), (1, 2, 3))
LONG = "a_name_that_is_so_long_that_the_table_cuts_it"


def observation(
    name: str,
    asks: Image | Sum | Pair,
    time: int,
    program: tuple[Number, ...],
    stream: tuple[Number, ...] | None = None,
    *,
    named: bool = True,
    bos: bool = False,
    values: tuple[Atom, ...] | None = None,
    node: Node = TOKENS,
) -> Observation:
    probe = Probe(name, named, node, 0, asks, (Cells((3,), (1,), 0, 0),), time, time)
    read = program if stream is None else stream
    wrong = [place for place, (a, b) in enumerate(zip(program, read, strict=True)) if a != b]
    return Observation(probe, time, program, read, (BOS, *wrong) if bos else tuple(wrong), values)


TRACE = Trace(
    name="answer",
    tokens=("a", "b", "<&>", 1),
    layers=2,
    observations=(
        observation("letter", LETTER, 0, (1, 0, 0, 0), named=False),
        observation("count", COUNT, 1, (1, 2, 3, 1), values=(1, 2, 3, 1), node=INDICES),
        observation("count", LETTER, 1, (1, 0, 0, 0), values=(1, 2, 3, 1), node=INDICES),
        observation(LONG, COUNT, 1, (1, 1, 1, 1), values=(True, "x y", Fraction(1, 3), 1)),
        observation("count", COUNT, 2, (1, 2, 3, 1), (1, 2, 2.5, 1), values=(1, 2, 3, 1)),
        observation("earlier", Sum(EARLIER, LETTER), 3, (1, 1, 1, 1), (1, 1, 1, math.nan), named=False),
        observation("mean", Pair(INDICES, None), 3, (Fraction(1, 2), 1, 2, 3), (Fraction(1, 3**20), 1, 2, 3), bos=True),
    ),
    program=("a", "b", "c", 12),
    model=("a", "b", "c", 13),
    altered=("layers.0.mlp.out",),
)


def test_text(golden: Golden) -> None:
    golden("trace.txt", TRACE.text() + "\n")
    golden("trace_all.txt", TRACE.text(everything=True) + "\n")


def test_the_first_difference_is_marked() -> None:
    lines = TRACE.text().splitlines()
    assert [line for line in lines if line.startswith(">")] == [
        line for line in lines if line.startswith(("> count: the number", ">   in the stream"))
    ]
    assert lines[0] == "answer: layer 1 MLP is the first to differ: count (the number) at position 2 should be 3 and is 2.5"


def test_other_verdicts() -> None:
    right = TRACE.observations[:4]
    assert replace(TRACE, observations=right).summary == (
        "the unembedding is the first to differ: at position 3 the program gives 12, the model 13; "
        "all that was read before is as the program says"
    )
    undefined = replace(TRACE, observations=right, model=Undefined("division by zero", None, 1))
    assert 'at position 0 the program gives "a", the model no value: division by zero (at position 1)' in undefined.summary
    assert undefined.text().splitlines()[-1].split() == [">", "of", "the", "model", "-", "-", "-", "-"]
    assert undefined.to_json()["result"]["model"] is None
    passed = replace(TRACE, observations=right, model=TRACE.program)
    assert passed.passed
    assert passed.summary == "every value is as the program says (4 read)"
    assert not any(line.startswith((">", "*")) for line in passed.text(everything=True).splitlines())


def test_a_value_that_was_held_impossible() -> None:
    wrong = observation("count", COUNT, 1, (1, math.nan, 2, 2), (1, 2, 2, 2), values=(1, 9, 2, 2))
    assert replace(TRACE, observations=(wrong,)).summary == (
        "layer 1 attention is the first to differ: count (the number) at position 1: "
        "the program's value is 9, which the compiler held impossible"
    )


def test_long_inputs_show_the_first_difference() -> None:
    size, at = 100, 70
    wrong = observation("count", COUNT, 1, (0,) * size, tuple(int(place >= at) for place in range(size)), values=(0,) * size)
    found = Trace("answer", tuple(range(size)), 1, (wrong,), (0,) * size, (0,) * size, ())
    lines = found.text().splitlines()
    assert lines[1] == "24 of 100 positions are shown"
    assert lines[2].split() == ["position", *map(str, range(47, 71))]
    assert lines[6].split()[-2:] == ["0", "1"]


def test_json_numbers() -> None:
    values = {value["time"]: value for value in TRACE.to_json()["values"]}
    assert values[2]["stream"] == [1, 2, 2.5, 1]
    assert values[3]["program"] == ["1/2", 1, 2, 3]
    assert values[3]["different_at_bos"]
    assert TRACE.to_json(everything=True)["values"][5]["stream"] == [1, 1, 1, None]
    assert TRACE.to_json()["values"][2]["values"] == [True, "x y", "1/3", 1]
