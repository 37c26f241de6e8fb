"""The lab's command says that there is no lab yet."""

from __future__ import annotations

import pytest

import rasp
from conjecture.cli import NOT_BUILT, main


def test_without_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == f"{NOT_BUILT}\n"


@pytest.mark.parametrize("arguments", [["train"], ["tasks", "--json"], ["--seeds", "5"]])
def test_asked_to_do_something(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    assert capsys.readouterr().err == f"{NOT_BUILT}\n"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["--version"])
    assert leaving.value.code == 0
    assert capsys.readouterr().out == f"conjecture {rasp.__version__}\n"
