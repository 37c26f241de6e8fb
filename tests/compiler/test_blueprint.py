import numpy as np
import pytest

import compiler
import rasp
from compiler.blueprint import Blueprint, CellUse, blueprint, sublayer
from compiler.circuit import Channel, Circuit, Factor, Feature, Form, FromHeads, FromToken, FromUnits, Head, IsBos, Reading, Unit
from compiler.codec import from_json, to_json
from compiler.weights.layout import Layout, lay_out
from compiler.weights.part import Part
from compiler.weights.schedule import schedule
from rasp.errors import Source
from tests.compiler.programs import LIBRARY

MODULE = rasp.loads(LIBRARY)
SOURCE = Source("p.rasp", "same = select(tokens, tokens, ==);\nhist =\n  selector_width(same);\nx = hist + 1;")


def test_times() -> None:
    assert [sublayer(time, 2) for time in range(6)] == [
        "embedding",
        "layer 1 attention",
        "layer 1 MLP",
        "layer 2 attention",
        "layer 2 MLP",
        "unembedding",
    ]
    assert [sublayer(time, 0) for time in range(2)] == ["embedding", "unembedding"]


def small() -> tuple[Circuit, list[Feature]]:
    """Two tokens' codes, a head that looks up, a table of what it finds."""
    bos = Feature("BOS", IsBos(), 0, 0, at_bos=1)
    code, value = (Feature(name, FromToken((0, 1)), 0, 1) for name in ("code", "value"))
    compare = Factor((Form.of(code),), (Form.of(code),), 1)
    span = SOURCE.span(7, 33)
    head = Head("found", (compare,), Reading.LOOK_UP, span=span)
    found = Feature("found", FromHeads(((Channel(head, Form.of(value), 0), 1),)), 0, 1, span=span)
    tables = [Feature("table", FromUnits(((Unit(Form.of(found)), 1), (Unit(Form.of(found) - 1), k))), 0, 1) for k in (1, 2)]
    return Circuit(bos, tuple(map(Form.of, tables))), [bos, code, value, found, *tables]


def test_a_circuit_laid_out_by_hand() -> None:
    circuit, features = small()
    plan = schedule(circuit)
    made = blueprint([Part(circuit, plan, lay_out(circuit, plan))])
    assert (made.layers, made.width, made.end) == (1, 4, 3)
    stays = {use.label: (use.kind, use.written, use.complete, use.last_read) for use in made.cells}
    assert stays == {
        "BOS": ("start", 0, 0, 2),
        "code": ("token", 0, 0, 2),
        "value": ("token", 0, 0, 1),
        "found": ("lookup", 1, 1, 2),
        "table": ("table", 2, 2, 3),
    }
    cells = lay_out(circuit, plan).cells
    bos, code, value, found, *tables = (cells[feature] for feature in features)
    (head,) = made.heads
    assert (head.layer, head.label, head.reading.value) == (1, "found", "look up")
    assert (head.compares, head.carries, head.writes) == ((code,), (value,), (found,))
    assert head.place
    assert head.place.name == "same"
    block, emptying = made.blocks
    assert (block.layer, block.units, block.reads, block.writes) == (1, 2, (found,), tuple(sorted(tables)))
    assert (emptying.layer, emptying.units, emptying.reads, emptying.writes) == (1, 2, (bos, code), (bos, code))
    assert tables == [bos, code]


def test_a_cell_that_is_used_again() -> None:
    circuit, features = small()
    plan = schedule(circuit)
    bos, code, value, found, *tables = features
    layout = Layout({bos: 0, code: 1, value: 2, found: 3, tables[0]: 1, tables[1]: 2}, 4, (False,) * 4)
    made = blueprint([Part(circuit, plan, layout)])
    assert made.labels() == ("BOS", "code, then table", "value, then table", "found")
    assert [(use.cell, use.written) for use in made.cells] == [(0, 0), (1, 0), (1, 2), (2, 0), (2, 2), (3, 1)]
    assert made.blocks[0].writes == (1, 2)
    assert made == from_json(Blueprint, to_json(made))


@pytest.mark.parametrize("name", ["histogram", "double_histogram", "sorted", "reverse", "shifted_back", "word", "fraction_a"])
def test_what_the_weights_read_is_alive(name: str) -> None:
    model = compiler.compile(MODULE[name], vocab="abc", max_length=9)
    plan, transformer = model.blueprint, model.transformer
    assert (plan.width, plan.layers) == (transformer.tokens.shape[1], len(transformer.layers))
    for number, layer in enumerate(transformer.layers, start=1):
        attention = layer.attention
        read = [np.abs(np.asarray(weights)).sum(axis=(0, 2)) for weights in (attention.query, attention.key, attention.value)]
        assert_alive(plan, np.sum(read, axis=0), 2 * number - 1)
        assert_alive(plan, np.abs(np.asarray(layer.mlp.into)).sum(axis=1), 2 * number)
        assert_made(plan, np.abs(np.asarray(attention.out)).sum(axis=(0, 1)), 2 * number - 1)
        assert_made(plan, np.abs(np.asarray(layer.mlp.out)).sum(axis=0), 2 * number)
        assert len(plan.heads_of(number)) in (attention.query.shape[0], 0)
        assert sum(block.units for block in plan.blocks_of(number)) >= layer.mlp.into.shape[1] - 1
    assert_alive(plan, np.abs(np.asarray(transformer.unembedding)).sum(axis=1), plan.end)


def assert_alive(plan: Blueprint, read: np.ndarray, time: int) -> None:
    """Every cell that a sublayer reads holds something complete, and its stay lasts until then."""
    cells = {use.cell for use in plan.cells if use.complete < time <= use.last_read}
    assert set(np.flatnonzero(read).tolist()) <= cells


def assert_made(plan: Blueprint, written: np.ndarray, time: int) -> None:
    """Every value that is said to be made by a sublayer is."""
    cells = {use.cell for use in plan.cells if time in (use.written, use.complete) and (use.low, use.high) != (0, 0)}
    assert cells <= set(np.flatnonzero(written).tolist())


def test_every_stay_is_possible() -> None:
    for name in ("sorted", "double_histogram"):
        plan = compiler.compile(MODULE[name], vocab="abc", max_length=9).blueprint
        assert all(0 <= use.written <= use.complete <= use.last_read <= plan.end for use in plan.cells)
        assert all(use.low <= use.high for use in plan.cells)
        assert all(apart(use, other) for use in plan.cells for other in plan.cells if use is not other)


def apart(use: CellUse, other: CellUse) -> bool:
    """Two stays in one cell do not overlap."""
    return use.cell != other.cell or use.last_read <= other.written or other.last_read <= use.written
