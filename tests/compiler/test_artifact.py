import json
import os
import random
import stat
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

import compiler
import rasp
from compiler.artifact import VERSION, checksum
from tests.compiler.programs import LIBRARY

MODULE = rasp.loads(LIBRARY)
INPUTS = ["a", "abcab", "ccccc", "bacba"]

Arrays = dict[str, np.ndarray]
Header = dict[str, Any]


@pytest.mark.parametrize("name", ["histogram", "reverse", "fraction_a", "mostly_a", "word"])
def test_a_saved_model_gives_the_same_values(name: str, tmp_path: Path) -> None:
    model = compiler.compile(MODULE[name], vocab="abc", max_length=5)
    model.save(tmp_path / "m.safetensors")
    again = compiler.load(tmp_path / "m.safetensors")
    assert again.batch_atoms(INPUTS) == model.batch_atoms(INPUTS)
    assert (again.config, again.certificate, again.blueprint) == (model.config, model.certificate, model.blueprint)
    assert (again.target, again.decoder, again.sop.name) == (model.target, model.decoder, name)
    assert compiler.verify(again, exhaustive=120, samples=10).passed
    again.save(tmp_path / "m.safetensors")
    assert compiler.load(tmp_path / "m.safetensors").batch_atoms(INPUTS) == model.batch_atoms(INPUTS)


ODD = ['say "ü"\n\0', "", "\udcff", "🙂"]
VOCABULARY = [
    True,
    1,
    Fraction(1),
    Fraction(1, 10),
    'say "ü"\n\0',
    "",
    "\udcff",
    "🙂",
    -(10**30),
    7**20_000,
    Fraction(1, 7**20_000),
]


def test_vocabularies_of_every_kind_survive(tmp_path: Path) -> None:
    compiler.compile(rasp.loads("i = indices;")["i"], vocab=VOCABULARY, max_length=3).save(tmp_path / "m")
    model = compiler.load(tmp_path / "m")
    assert [(type(token), token) for token in model.target.vocab] == [(type(token), token) for token in VOCABULARY]
    assert model([Fraction(1), True, "\udcff"]) == [0, 1, 2]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("models") / "model.safetensors"
    compiler.compile(MODULE["histogram"], vocab="ab", max_length=4).save(path)
    return path.read_bytes()


@pytest.fixture
def saved(content: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    return path


def refused(path: Path) -> str:
    with pytest.raises(compiler.ArtifactError) as caught:
        compiler.load(path)
    assert str(path)[:150] in caught.value.message
    return caught.value.report()


def test_files_that_are_no_model(tmp_path: Path) -> None:
    assert "there is no file" in refused(tmp_path / "absent")
    assert "is not a file" in refused(tmp_path)
    for name, data in {"text": b"hello", "empty": b"", "huge": b"\xff" * 16, "zip": b"PK\x03\x04" * 100}.items():
        (tmp_path / name).write_bytes(data)
        assert "no compiled model" in refused(tmp_path / name)


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        (None, "a safetensors file, but no compiled model"),
        ({"made": "elsewhere"}, "a safetensors file, but no compiled model"),
        ({"rasp": "no JSON"}, "no compiled model, or a damaged one"),
        ({"rasp": "[" * 100_000}, "no compiled model, or a damaged one"),
        ({"rasp": "[]"}, "its description is no JSON object"),
        ({"rasp": "{}"}, "it has no format version"),
        ({"rasp": '{"version": true}'}, "it has no format version"),
        ({"rasp": '{"version": "2"}'}, "it has no format version"),
        ({"rasp": f'{{"version": {VERSION}}}'}, "its checksum is wrong"),
    ],
)
def test_foreign_files(metadata: dict[str, str] | None, message: str, tmp_path: Path) -> None:
    save_file({"weights": np.zeros(3, np.float32)}, tmp_path / "foreign", metadata=metadata)
    assert message in refused(tmp_path / "foreign")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.999])
def test_truncated_files(share: float, saved: Path, content: bytes) -> None:
    saved.write_bytes(content[: int(share * len(content))])
    assert "damaged" in refused(saved)
    saved.write_bytes(content + b"\0")
    assert "damaged" in refused(saved)


def test_any_altered_bit_is_noticed(saved: Path, content: bytes) -> None:
    draw = random.Random(1)
    for place in [8, len(content) - 1, *draw.sample(range(8, len(content)), 150)]:
        altered = bytearray(content)
        altered[place] ^= 1 << draw.randrange(7)
        saved.write_bytes(altered)
        refused(saved)


def rewrite(path: Path, change: Callable[[Arrays, Header], None], *, sign: bool) -> None:
    """Change what a file holds, and make its checksum right again if asked to."""
    with safe_open(path, framework="numpy") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        header = json.loads(file.metadata()["rasp"])
    change(arrays, header)
    if sign:
        header["checksum"] = checksum(header["description"], arrays)
    save_file(arrays, path, metadata={"rasp": json.dumps(header)})


def test_other_versions(saved: Path, content: bytes) -> None:
    rewrite(saved, lambda _, header: header.update(version=VERSION + 1), sign=True)
    report = refused(saved)
    assert f"is of format version {VERSION + 1}; this rasp-lang reads version {VERSION}" in report
    assert "hint: install a newer rasp-lang" in report
    saved.write_bytes(content)
    rewrite(saved, lambda _, header: header.update(version=1), sign=True)
    assert "hint: compile the program again" in refused(saved)


DESCRIPTIONS: dict[str, Any] = {
    "program": "%1 = nonsense",
    "name": 3,
    "vocab": [],
    "max_length": 0,
    "causal": "no",
    "decoder": {"type": "?"},
    "certificate": {},
    "blueprint": {"type": "Blueprint", "layers": -1},
}


@pytest.mark.parametrize("field", DESCRIPTIONS)
@pytest.mark.parametrize("sign", [False, True])
def test_altered_descriptions(field: str, sign: bool, saved: Path) -> None:
    rewrite(saved, lambda _, header: header["description"].update({field: DESCRIPTIONS[field]}), sign=sign)
    assert ("is damaged: " if sign else "its checksum is wrong") in refused(saved)


FAULTS: dict[str, Callable[[Arrays, Header], object]] = {
    "a selector": lambda _, header: header["description"].update(program="%1 = indices\n%2 = select(%1, %1, ==)\n"),
    "another max_length": lambda _, header: header["description"].update(max_length=5),
    "another vocabulary": lambda _, header: header["description"].update(vocab=["a"]),
    "a token twice": lambda _, header: header["description"].update(vocab=["a", "a"]),
    "more layers": lambda _, header: header["description"]["blueprint"].update(layers=2),
    "another width": lambda _, header: header["description"]["blueprint"].update(width=1),
    "no heads": lambda _, header: header["description"]["blueprint"].update(heads=[{"type": "HeadUse"}]),
    "a decoder of other outputs": lambda _, header: header["description"].update(
        decoder={"type": "Choice", "values": ["a", "b"]}
    ),
    "a missing field": lambda _, header: header["description"].pop("causal"),
    "a new field": lambda _, header: header["description"].update(more=1),
    "a missing array": lambda arrays, _: arrays.pop("tokens"),
    "a new array": lambda arrays, _: arrays.update(more=np.zeros(1, np.float32)),
    "another shape": lambda arrays, _: arrays.update({"unembedding_bias": np.zeros(7, np.float32)}),
    "a missing dimension": lambda arrays, _: arrays.update({"positions": arrays["positions"][0]}),
    "doubles": lambda arrays, _: arrays.update({"tokens": arrays["tokens"].astype(np.float64)}),
    "no number": lambda arrays, _: arrays.update({"tokens": arrays["tokens"] + np.nan}),
    "infinite": lambda arrays, _: arrays.update({"positions": arrays["positions"] + np.inf}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_files_that_do_not_hold_together(fault: str, saved: Path) -> None:
    rewrite(saved, lambda arrays, header: (FAULTS[fault](arrays, header), None)[1], sign=True)
    assert "is damaged: " in refused(saved)


def test_a_rewritten_file_without_a_change_is_read(saved: Path) -> None:
    rewrite(saved, lambda *_: None, sign=False)
    assert compiler.load(saved)("abba") == [2, 2, 2, 2]


@pytest.mark.parametrize("name", ["absent/m", "folder", "a\0b", "x" * 300])
def test_places_that_can_not_be_written(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    model = compiler.compile(MODULE["histogram"], vocab="ab", max_length=4)
    with pytest.raises(compiler.ArtifactError, match="can't write"):
        model.save(tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder"]


def test_links_are_followed_and_devices_left_alone(tmp_path: Path) -> None:
    model = compiler.compile(MODULE["histogram"], vocab="ab", max_length=4)
    (tmp_path / "link").symlink_to(tmp_path / "file")
    model.save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert compiler.load(tmp_path / "file")("ab") == [1, 1]
    os.mkfifo(tmp_path / "pipe")
    for path in ("", str(tmp_path / "pipe")):
        with pytest.raises(compiler.ArtifactError, match="it is not a file"):
            model.save(path)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_the_users_mask_decides_who_may_read(tmp_path: Path) -> None:
    model = compiler.compile(MODULE["histogram"], vocab="ab", max_length=4)
    before = os.umask(0o027)
    try:
        model.save(tmp_path / "model")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "model").stat().st_mode) == 0o640


@pytest.mark.parametrize("name", ["a\0b", "a\udcff", "x" * 300])
def test_names_that_no_file_has(name: str, tmp_path: Path) -> None:
    assert "there is no file" in refused(tmp_path / name)


def test_a_file_name_that_is_no_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "m\udcff"
    path.write_bytes(content)
    try:
        assert compiler.load(path)("ab") == [1, 1]
    except compiler.ArtifactError as error:
        assert "no compiled model" in error.message  # noqa: PT017
