"""On a mesh of eight devices, which one processor stands for, outputs are those of a single device."""

import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import jax
import pytest

import compiler
import rasp
from compiler.execution import runner
from tests.compiler.export.cases import check, model_of
from tests.looped import LOOPED

MESHES = [
    ((8,), ("batch",)),
    ((8,), ("sequence",)),
    ((2, 4), ("batch", "sequence")),
    ((4, 2), ("sequence", "batch")),
    ((1,), ("sequence",)),
]


def sharded(model: compiler.Model, shape: Sequence[int], axes: Sequence[str]) -> compiler.Model:
    return model.sharded(jax.make_mesh(tuple(shape), tuple(axes)))


@pytest.mark.parametrize(("shape", "axes"), MESHES)
def test_meshes(shape: Sequence[int], axes: Sequence[str]) -> None:
    model = model_of("sorted")
    check(model, sharded(model, shape, axes).outputs)


@pytest.mark.parametrize("name", ["double_histogram", "fraction", "above", "inverse", "told", "shortest"])
def test_counts_means_extremes_alarms_and_causality(name: str) -> None:
    model = model_of(name)
    check(model, sharded(model, (2, 4), ("batch", "sequence")).outputs)


def test_blocks_on_each_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "IN_CACHE", 2**8)
    monkeypatch.setattr(runner, "FEWEST_POSITIONS", 2)
    model = model_of("sorted")
    check(model, sharded(model, (2, 4), ("batch", "sequence")).outputs)


def test_a_long_input() -> None:
    program = rasp.loads("x = selector_width(select(tokens, tokens, ==) and select(indices, indices, <));")
    model = sharded(compiler.compile(program["x"], vocab="ab", max_length=2_000), (8,), ("sequence",))
    tokens = "ab" * 700 + "b" * 600
    assert model(tokens) == program["x"](tokens)


def test_everything_else_of_a_sharded_model() -> None:
    program = rasp.loads("def next_token(x):\n    return indices(x) + 1\n", "rasp-l")["next_token"]
    model = sharded(compiler.compile(program, vocab=range(9), max_length=8, causal=True), (8,), ("batch",))
    assert model.generate([0]) == list(range(9))
    assert model([0, 5]) == [1, 2]
    assert compiler.verify(model, exhaustive=100, samples=20).passed


@pytest.mark.parametrize(
    ("shape", "axes"), [((2, 4), ("batch", "sequence")), pytest.param((8,), ("sequence",), marks=pytest.mark.slow)]
)
def test_loops(shape: Sequence[int], axes: Sequence[str]) -> None:
    """Each input takes steps of its own number, which the device with its last position knows."""
    looped = next(one for one in LOOPED if one.name == "addition")
    model = compiler.compile(looped.program, vocab=looped.vocab, max_length=20, causal=True)
    inputs = [question for question, _ in looped.samples([1, 2, 3, 6, 4])] + [[-1], [0, -1, -1], [1, -2, 0, -2]]
    assert sharded(model, shape, axes).batch(inputs) == [looped.program(tokens) for tokens in inputs]


def test_axes_of_other_names() -> None:
    with pytest.raises(compiler.ModelInputError, match="'batch' and 'sequence', or one of them, not 'model'"):
        sharded(model_of("sorted"), (8,), ("model",))


def test_two_processes(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "tests.compiler.execution.distributed_process", address]
    files = [tmp_path / str(number) for number in range(2)]
    processes = [subprocess.Popen([*command, file.name, str(file)], stdout=subprocess.DEVNULL) for file in files]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    assert [file.read_text() for file in files] == ["4 [['a', 'b', 'c'], ['a', 'a', 'b', 'b', 'c']]"] * 2
