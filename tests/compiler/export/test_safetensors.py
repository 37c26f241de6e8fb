"""The safetensors export is the saved model, and 60 lines of NumPy run it."""

import importlib.util
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import compiler
import rasp
from compiler.undefined import Undefined
from rasp.atoms import to_host
from tests.compiler.export.cases import NAMES, check, inputs_of, model_of

EXAMPLE = Path(__file__).parents[3] / "examples" / "numpy_forward.py"


@pytest.fixture(scope="module")
def example() -> Any:
    spec = importlib.util.spec_from_file_location("numpy_forward", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_export_is_what_save_writes(tmp_path: Path) -> None:
    model = model_of("sorted")
    compiler.export.save(model, "safetensors", tmp_path / "exported")
    model.save(tmp_path / "saved")
    assert (tmp_path / "exported").read_bytes() == (tmp_path / "saved").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_numpy_gives_the_same_outputs_and_values(name: str, example: Any, tmp_path: Path) -> None:
    model = model_of(name)
    compiler.export.save(model, "safetensors", tmp_path / "m")
    arrays, description = example.load(tmp_path / "m")

    def outputs(ids: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        found = np.zeros((*ids.shape, arrays["unembedding"].shape[1]), np.float32)
        for number, (one, length) in enumerate(zip(ids, lengths, strict=True)):
            found[number, :length] = example.forward(arrays, list(one[:length]), description["causal"])
        return found

    ids, lengths = inputs_of(model)
    for row, length in zip(outputs(ids, lengths), lengths, strict=True):
        match model.read(row[:length]):
            case Undefined(problem=problem):
                assert example.decode(row[:length], description) in (problem, "strings beside numbers")
            case values:
                found = example.decode(row[:length], description)
                assert [(type(value), value) for value in found] == [(type(value), value) for value in map(to_host, values)]
    length = lengths.max()
    check(model, lambda ids, lengths: np.where(np.arange(length)[:, None] < lengths[:, None, None], outputs(ids, lengths), 0))


def test_tokens_of_every_kind(example: Any, tmp_path: Path) -> None:
    vocab = [True, 1, Fraction(1, 10), "é\n", -(10**30), 7**20_000]
    compiler.compile(rasp.loads("i = indices;")["i"], vocab=vocab, max_length=3).save(tmp_path / "m")
    _, description = example.load(tmp_path / "m")
    assert [example.atom(token) for token in description["vocab"]] == [True, 1, 0.1, "é\n", -(10**30), 7**20_000]


def test_the_example_needs_numpy_and_safetensors_alone(tmp_path: Path) -> None:
    model_of("sorted").save(tmp_path / "m")
    absent = "import sys; sys.modules.update(dict.fromkeys(['jax', 'rasp', 'compiler', 'equinox']))"
    code = f"{absent}; import runpy; sys.argv[1:] = sys.argv[2:]; runpy.run_path(sys.orig_argv[-6], run_name='__main__')"
    command = [sys.executable, "-c", code, str(EXAMPLE), str(tmp_path / "m"), "c", "a", "a", "b"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    assert shown.stdout == "['a', 'a', 'b', 'c']\n"


def test_the_example_is_short() -> None:
    assert sum(bool(line.strip()) for line in EXAMPLE.read_text(encoding="utf-8").splitlines()) < 60
