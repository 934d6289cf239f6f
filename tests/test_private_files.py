"""Keys and databases are closed to other users of the machine, or their rights are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from transition_exchange.private_files import (
    close_to_others,
    keep_sqlite_private,
    open_to_others,
    rights_in_words,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    return folder


def written(path: Path, mode: int) -> Path:
    path.write_text("k" * 64)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o777])
def test_every_right_of_others_is_taken_and_the_owners_stay(folder: Path, mode: int) -> None:
    path = written(folder / "key", mode)
    assert open_to_others(path)
    assert close_to_others(path)
    assert path.stat().st_mode & 0o777 == mode & 0o700
    assert not close_to_others(path)


def test_what_is_missing_is_open_to_nobody(folder: Path) -> None:
    assert not open_to_others(folder / "missing")
    assert not close_to_others(folder / "missing")


def test_a_new_database_belongs_to_its_owner_and_an_old_one_keeps_what_it_holds(folder: Path) -> None:
    keep_sqlite_private(folder / "new.db")
    assert (folder / "new.db").stat().st_mode & 0o777 == 0o600
    old, log = written(folder / "old.db", 0o644), written(folder / "old.db-wal", 0o644)
    keep_sqlite_private(old)
    assert [path.stat().st_mode & 0o777 for path in (old, log)] == [0o600, 0o600]
    assert old.read_text() == "k" * 64


def test_a_folder_that_is_missing_is_left_for_sqlite_to_report(folder: Path) -> None:
    keep_sqlite_private(folder / "missing" / "new.db")
    assert not (folder / "missing").exists()


def test_what_is_right_is_not_mentioned(folder: Path) -> None:
    own = (written(folder / "secret_key", 0o600), folder / "missing")
    assert list(rights_in_words(folder=folder, own=own, named=own)) == []


def test_the_programs_own_files_are_mended_and_what_an_operator_made_is_named(
    folder: Path, tmp_path: Path
) -> None:
    folder.chmod(0o755)
    own, named = written(folder / "secret_key", 0o644), written(tmp_path / "password", 0o644)
    assert list(rights_in_words(folder=folder, own=(own,), named=(named, own))) == [
        f"Other users of this machine can look into {folder}: chmod 700 {folder} keeps them out.",
        f"{own} was open to other users of this machine; now only its owner can read it.",
        f"Other users of this machine can read {named}: chmod 600 {named} keeps them out.",
    ]
    assert own.stat().st_mode & 0o777 == 0o600
    assert named.stat().st_mode & 0o777 == 0o644
    assert folder.stat().st_mode & 0o777 == 0o755


def test_somebody_elses_file_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may change every file's rights, so the refusal of the operating system is made up here."""

    def refuse(*_: object) -> None:
        raise PermissionError

    own = written(folder / "secret_key", 0o644)
    monkeypatch.setattr(Path, "chmod", refuse)
    assert list(rights_in_words(folder=folder, own=(own,), named=())) == [
        f"Other users of this machine can read {own}: chmod 600 {own} keeps them out."
    ]
    keep_sqlite_private(own)


def test_where_rights_say_nothing_nothing_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = written(folder / "secret_key", 0o644)
    monkeypatch.setattr("transition_exchange.private_files.os.name", "nt")
    assert not open_to_others(own)
