"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from rasp.errors import RaspError
from rasp.files import make_whole, write_whole


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"a longer text than the new one")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_has_the_rights_that_the_user_wants(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        make_whole(tmp_path / "new", lambda unfinished: (unfinished.write_bytes(b"new"), unfinished.chmod(0o600)))
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


def test_a_file_keeps_its_rights_and_the_link_to_it(target: Path) -> None:
    target.chmod(0o604)
    link = target.with_name("link")
    link.symlink_to("file")
    write_whole(link, b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o604
    assert link.is_symlink()
    assert names(target.parent) == ["file", "link"]


def test_a_file_keeps_its_other_names(target: Path) -> None:
    other = target.with_name("other")
    other.hardlink_to(target)
    write_whole(target, b"new")
    assert other.read_bytes() == b"new"
    assert other.samefile(target)
    assert names(target.parent) == ["file", "other"]


def test_a_file_keeps_an_owner_that_it_can_not_be_given_to(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(shutil, "chown", refused)
    inode = target.stat().st_ino
    write_whole(target, b"new")
    assert (target.read_bytes(), target.stat().st_ino) == (b"new", inode)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_file_keeps_its_owner(target: Path) -> None:
    os.chown(target, 12345, 54321)
    write_whole(target, b"new")
    assert (target.stat().st_uid, target.stat().st_gid) == (12345, 54321)


def test_a_file_that_is_read_only_stays(target: Path) -> None:
    target.chmod(0o444)
    with pytest.raises(RaspError, match=r"can't write '.*file': it is read-only") as caught:
        write_whole(target, b"new")
    assert caught.value.hint == f"chmod u+w '{target}' allows it"
    assert target.read_bytes() == b"a longer text than the new one"


def test_what_is_no_file(tmp_path: Path) -> None:
    for path, reason in {"": "it is not a file", "/dev/null": "it is not a file", "no/x": "No such file", "a\0b": "null"}.items():
        with pytest.raises(RaspError, match=reason):
            write_whole(tmp_path / path if path != "/dev/null" else path, b"new")
    assert names(tmp_path) == []


def test_what_fails_leaves_the_file(target: Path) -> None:
    def fail(unfinished: Path) -> None:
        unfinished.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(RaspError, match="No space left on device"):
        make_whole(target, fail)
    assert target.read_bytes() == b"a longer text than the new one"
    assert names(target.parent) == ["file"]


def test_what_ends_half_way_stays_beside_it(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(source: object, file: object) -> None:
        raise OSError(5, "Input/output error")

    target.with_name("other").hardlink_to(target)
    monkeypatch.setattr(shutil, "copyfileobj", half)
    with pytest.raises(RaspError, match="Input/output error") as caught:
        write_whole(target, b"new")
    assert caught.value.hint is not None
    assert "the whole is in" in caught.value.hint
    assert target.with_name("file.whole").read_bytes() == b"new"
