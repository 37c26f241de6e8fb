"""What is said when something is missing or wrong."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import compiler
import rasp
from compiler import export
from compiler.cli import main
from rasp.errors import MissingExtraError
from tests.compiler.export.cases import model_of

PACKAGES = {"torch": "torch", "onnx": "onnx", "transformer-lens": "torch"}


def make_absent(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    for name in ("torch_module", "onnx_graph", "lens"):
        monkeypatch.delitem(sys.modules, f"compiler.export.{name}", raising=False)
        monkeypatch.delattr(export, name, raising=False)


@pytest.mark.parametrize("target", PACKAGES)
def test_an_absent_package_is_named(target: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_absent(PACKAGES[target], monkeypatch)
    with pytest.raises(MissingExtraError) as caught:
        export.save(model_of("place"), target, tmp_path / "m.pt2")
    wanted = f'the export to {target} needs {PACKAGES[target]}, which is not installed\n  hint: pip install "rasp-lang[{target}]"'
    assert caught.value.report() == wanted
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("function", "package", "extra"),
    [
        (export.to_torch, "torch", "torch"),
        (export.to_onnx, "onnx", "onnx"),
        (export.to_transformer_lens, "transformer_lens", "transformer-lens"),
    ],
)
def test_the_functions_say_the_same(
    function: Callable[[compiler.Model], object], package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_absent(package, monkeypatch)
    with pytest.raises(MissingExtraError, match=rf'needs (torch|{package}), .*\n  hint: pip install "rasp-lang\[{extra}\]"'):
        function(model_of("place"))


def test_an_unknown_target(tmp_path: Path) -> None:
    with pytest.raises(compiler.ExportError) as caught:
        export.save(model_of("place"), "keras", tmp_path / "m")
    assert "there is no export to 'keras'\n  hint: the targets are safetensors, torch, onnx, transf" in caught.value.report()


@pytest.mark.parametrize("target", export.TARGETS)
def test_a_file_that_can_not_be_written(target: str, tmp_path: Path) -> None:
    if target != "safetensors":
        pytest.importorskip(PACKAGES[target], reason=f'needs {PACKAGES[target]}: pip install "rasp-lang[{target}]"')
    with pytest.raises(compiler.ArtifactError, match=r"can't write .*: No such file or directory"):
        export.save(model_of("place"), target, tmp_path / "no" / "m.pt2")


def test_torch_files_have_their_suffix(tmp_path: Path) -> None:
    with pytest.raises(compiler.ExportError) as caught:
        export.save(model_of("place"), "torch", tmp_path / "m.pt")
    assert caught.value.report().endswith("m.pt\n  hint: end the file's name in .pt2; torch.export.load takes no other")


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    model_of("sorted").save("m.safetensors")
    assert main(["export", "m.safetensors", "--to", "safetensors", "-o", "again"]) == 0
    assert capsys.readouterr() == ("saved again\n", "")
    assert Path("again").read_bytes() == Path("m.safetensors").read_bytes()


@pytest.mark.parametrize("target", export.TARGETS[1:])
def test_the_command_writes_every_target(target: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip(PACKAGES[target], reason=f'needs {PACKAGES[target]}: pip install "rasp-lang[{target}]"')
    model_of("place").save(tmp_path / "m")
    assert main(["export", str(tmp_path / "m"), "--to", target, "-o", str(tmp_path / "out.pt2")]) == 0
    assert capsys.readouterr() == (f"saved {tmp_path / 'out.pt2'}\n", "")
    assert (tmp_path / "out.pt2").stat().st_size > 500


@pytest.mark.parametrize("target", PACKAGES)
def test_a_model_that_counts_over_too_many_tokens(target: str, tmp_path: Path) -> None:
    program = rasp.loads("n = selector_width(select(tokens, tokens, ==)); place = indices;")
    counting = compiler.compile(program["n"], vocab="ab", max_length=export.LONGEST + 1)
    with pytest.raises(compiler.ExportError, match="counts over 2,049 tokens; a standard softmax is exact enough for 2,048"):
        export.save(counting, target, tmp_path / "m.pt2")
    assert not list(tmp_path.iterdir())


def test_a_model_that_does_not_count_may_be_long(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    program = rasp.loads("place = indices;")
    export.save(compiler.compile(program["place"], vocab="ab", max_length=export.LONGEST + 1), "torch", tmp_path / "m.pt2")
    assert (tmp_path / "m.pt2").stat().st_size > 0
