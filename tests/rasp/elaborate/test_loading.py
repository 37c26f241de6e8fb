"""The load statement: where files are found, what they see, what they export, and how their errors come out."""

from __future__ import annotations

from pathlib import Path

import pytest

import rasp
from rasp.elaborate.outcomes import Assigned, Loaded
from rasp.elaborate.scope import FollowUpError
from rasp.elaborate.session import Session
from tests.rasp.elaborate.console import answer, answers, run


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def loaded(text: str, session: Session | None = None) -> Loaded:
    outcome = run(text, session)[-1]
    assert isinstance(outcome, Loaded)
    return outcome


def test_public_names_are_exported_and_private_ones_are_not() -> None:
    write("lib.rasp", "a = 1; _b = 2; def f() { return _b; } def _g() { return 0; } for i in [7] { _j = i; } 5;")
    session = Session()
    assert loaded('load "lib";', session).errors == ()
    assert set(session.defined()) == {"a", "f", "i"}
    assert answer('load "lib"; f();') == "2"
    assert answers('load "lib"; out;')[-1] == "error: Undefined variable: out"


def test_the_suffix_may_be_written() -> None:
    write("lib.rasp", "a = 1;")
    assert answer('load "lib.rasp"; a;') == "1"


def test_a_file_sees_the_library_and_nothing_of_the_loader() -> None:
    write("lib.rasp", 'a = tokens + "!"; b = length; c = mine;')
    session = Session()
    run("mine = 1; tokens = tokens_int;", session)
    outcome = loaded('load "lib";', session)
    assert [error.message for error in outcome.errors] == ["Undefined variable: mine"]
    assert answers('tokens = tokens_int; load "lib"; a;')[-1] == "[h!, e!, l!, l!, o!] (strings)"


def test_files_that_load_files() -> None:
    write("a.rasp", 'load "b"; x = y + 1;')
    write("b.rasp", "y = 1; _z = 2;")
    assert answers('load "a"; x; y; _z;')[1:] == ["2", "1", "error: Undefined variable: _z"]


def test_a_file_is_run_again_each_time() -> None:
    write("lib.rasp", "a = 1;")
    assert answer('load "lib"; a = 5; load "lib"; a;') == "1"
    write("lib.rasp", "a = 22;")
    assert answer('load "lib"; a;') == "22"


def test_loading_inside_a_function_stays_there() -> None:
    write("lib.rasp", "a = 1; b = 2;")
    assert answers('def f() { load "lib"; return a + b; } f(); a;')[1:] == ["3", "error: Undefined variable: a"]


def test_beside_the_loading_file_comes_before_the_working_directory() -> None:
    write("lib.rasp", "where = 0;")
    write("sub/lib.rasp", "where = 1;")
    path = write("sub/main.rasp", 'load "lib";\ndef later() { load "lib"; return where; }\nx = later();\nload "other";')
    write("other.rasp", "y = 2;")
    module = rasp.load(path)
    assert (module["where"], module["x"], module["y"]) == (1, 1, 2)
    assert answer('load "sub/main"; x;') == "1"


def test_errors_of_a_file_are_all_reported_and_the_rest_of_it_counts() -> None:
    write("lib.rasp", "a = 1;\nb = 1 / 0;\nc = b + 1;\nd = (3;\ne = 2;\n")
    session = Session()
    outcome = loaded('load "lib";', session)
    assert [str(error) for error in outcome.errors] == [
        "lib.rasp:2:5: division by zero",
        "lib.rasp:3:5: Undefined variable: b",
        "lib.rasp:4:5: '(' is never closed",
    ]
    assert isinstance(outcome.errors[1], FollowUpError)
    assert session.defined() == {"a": 1, "e": 2}
    with pytest.raises(rasp.RaspErrors) as caught:
        rasp.loads('load "lib"; f = c + 1; g = unheard_of;')
    assert [error.message for error in caught.value.errors] == ["division by zero", "'(' is never closed"]


def test_a_failed_load_inside_a_function_fails_the_call() -> None:
    write("lib.rasp", "a = 1 / 0;")
    assert answers('def f() { load "lib"; return 1; } f();')[-1] == "error: division by zero"


def test_cycles() -> None:
    write("a.rasp", 'x = 1;\nload "b";')
    write("b.rasp", 'load "a";')
    write("self.rasp", 'load "self";')
    for name in ("a", "self"):
        [error] = loaded(f'load "{name}";').errors
        assert isinstance(error, rasp.RaspLoadError)
        assert "in a circle" in error.message
        with pytest.raises(rasp.RaspLoadError):
            rasp.load(f"{name}.rasp")


@pytest.mark.parametrize("path", ["nowhere", "", "sub", "a" * 5_000, "\0", "binary", "\ud800", "/dev/null"])
def test_files_that_cannot_be_read(path: str) -> None:
    Path("sub.rasp").mkdir()
    Path("binary.rasp").write_bytes(b"x = \xff\xfe;")
    with pytest.raises(rasp.RaspLoadError) as caught:
        run(f'load "{path}";')
    assert caught.value.span is not None
    caught.value.report().encode("utf-8")


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    from rasp import limits

    monkeypatch.setattr(limits, "SOURCE_CHARACTERS", 10)
    write("large.rasp", "x = 1;" * 100)
    with pytest.raises(rasp.RaspLimitError):
        run('load "large";')


def test_commands_in_a_file() -> None:
    write("lib.rasp", 'set example "abc"\nexamples off\nfull seq display on\nshow example\nx = 1;\nexit\ny = 2;\n')
    session = Session()
    outcome = loaded('load "lib";', session)
    settings = session.settings
    assert (settings.sop_example, settings.selector_example, settings.full_display) == ("abc", "abc", True)
    assert (settings.show_sops, settings.show_selectors) == (True, True)
    assert (outcome.settings.show_sops, outcome.settings.show_selectors) == (False, False)
    assert session.defined() == {"x": 1}


def test_reserved_names_are_protected_as_in_the_loader() -> None:
    write("lib.rasp", "max = 1; x = 2;")
    outcome = loaded('load "lib";')
    assert [error.message for error in outcome.errors] == ["Cannot set reserved name: max"]
    assert isinstance(outcome.items[1], Assigned)


def test_a_byte_order_mark_is_no_error() -> None:
    Path("bom.rasp").write_bytes(b"\xef\xbb\xbfx = 1;")
    assert rasp.load("bom.rasp")["x"] == 1
