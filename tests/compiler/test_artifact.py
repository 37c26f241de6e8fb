import json
from fractions import Fraction
from pathlib import Path

import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

import compiler
import rasp
from tests.compiler.programs import LIBRARY

MODULE = rasp.loads(LIBRARY)
INPUTS = ["a", "abcab", "ccccc", "bacba"]


@pytest.mark.parametrize("name", ["histogram", "reverse", "fraction_a", "mostly_a", "word"])
def test_a_saved_model_gives_the_same_values(name: str, tmp_path: Path) -> None:
    model = compiler.compile(MODULE[name], vocab="abc", max_length=5)
    model.save(tmp_path / "m.safetensors")
    again = compiler.load(tmp_path / "m.safetensors")
    assert again.batch_atoms(INPUTS) == model.batch_atoms(INPUTS)
    assert (again.config, again.certificate, again.heads, again.cells) == (
        model.config,
        model.certificate,
        model.heads,
        model.cells,
    )
    assert compiler.verify(again, exhaustive=120, samples=10).passed


def test_vocabularies_of_every_kind_survive(tmp_path: Path) -> None:
    vocab = [True, 1, Fraction(1, 10), 'say "ü"\n', -(10**30)]
    compiler.compile(rasp.loads("i = indices;")["i"], vocab=vocab, max_length=3).save(tmp_path / "m")
    assert [(type(t), t) for t in compiler.load(tmp_path / "m").target.vocab] == [(type(t), t) for t in vocab]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    compiler.compile(MODULE["histogram"], vocab="ab", max_length=4).save(path)
    return path


def refused(path: Path) -> str:
    with pytest.raises(compiler.ArtifactError) as caught:
        compiler.load(path)
    return caught.value.message


def test_files_that_are_no_model(tmp_path: Path, saved: Path) -> None:
    assert "no file" in refused(tmp_path / "absent")
    (tmp_path / "text").write_text("hello")
    assert "no compiled model" in refused(tmp_path / "text")
    (tmp_path / "empty").write_bytes(b"")
    assert "no compiled model" in refused(tmp_path / "empty")
    save_file({}, tmp_path / "foreign", metadata={"made": "elsewhere"})
    assert "no compiled model" in refused(tmp_path / "foreign")
    saved.write_bytes(saved.read_bytes()[:-40])
    assert "damaged" in refused(saved)


def test_one_altered_bit_of_the_weights_is_noticed(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[-3] ^= 1
    saved.write_bytes(content)
    assert "checksum" in refused(saved)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 99},
        {"program": "%1 = nonsense"},
        {"vocab": []},
        {"max_length": 0},
        {"decoder": {"kind": "?"}},
        {"heads": [["a"], ["b"], ["c"]]},
        {"certificate": {}},
    ],
)
def test_altered_metadata_is_refused(saved: Path, change: dict[str, object]) -> None:
    with safe_open(saved, framework="numpy") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        description = json.loads(file.metadata()["rasp"])
    save_file(arrays, saved, metadata={"rasp": json.dumps({**description, **change})})
    refused(saved)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    model = compiler.compile(MODULE["histogram"], vocab="ab", max_length=4)
    with pytest.raises(compiler.ArtifactError, match="can't write"):
        model.save(tmp_path / "absent" / "m")
