"""Reading, writing and upgrading, on both databases."""

from __future__ import annotations

import os
import traceback
from datetime import UTC
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.store.rows import organisation
from transition_exchange.store.database import Database, NestedWrite
from transition_exchange.store.models import Area, Organisation, Principal


def test_what_was_written_is_read_back_and_stays_readable(db: Database) -> None:
    organisation(db, "Ashdown School")
    with db.read() as session:
        school = session.scalars(select(Organisation)).one()
    assert (school.name, school.kind, school.created_at.tzinfo) == ("Ashdown School", "school", UTC)


def test_a_failed_write_leaves_nothing(db: Database) -> None:
    def fail() -> None:
        with db.write() as session:
            session.add(Area(name="Ashdown"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with db.read() as session:
        assert session.scalars(select(Area)).all() == []


def test_a_reading_session_cannot_write(db: Database) -> None:
    with db.read() as session:
        session.add(Area(name="Ashdown"))
        with pytest.raises(DBAPIError):
            session.flush()
    with db.write() as session:
        session.add(Area(name="Ashdown"))


def test_a_write_inside_a_write_is_refused_at_once(db: Database) -> None:
    with db.write(), pytest.raises(NestedWrite), db.write():
        pass
    with db.write():
        pass


def test_an_error_of_the_database_does_not_repeat_what_was_typed(db: Database) -> None:
    school = organisation(db)
    row = {"organisation_id": school, "name": "Ada Lovelace", "email": "ada@example.org"}
    with pytest.raises(IntegrityError) as caught, db.write() as session:
        session.add_all([Principal(**row), Principal(**row)])
    report = "".join(traceback.format_exception(caught.value))
    assert "ada@example.org" not in report
    assert "Ada Lovelace" not in report
    assert "email" in str(caught.value)


def test_a_reader_sees_what_was_committed_while_somebody_writes(db: Database) -> None:
    organisation(db)
    with db.write() as writer:
        writer.add(Area(name="Uncommitted"))
        writer.flush()
        with db.read() as reader:
            assert reader.scalars(select(Area.name)).all() == ["Ashdown"]


def test_a_reader_sees_one_state_from_its_first_query_to_its_last(db: Database) -> None:
    """Else a reader could take a draft's keys from before a change, and its ciphertexts from after it."""
    organisation(db)
    with db.read() as reader:
        assert reader.scalars(select(Area.name)).all() == ["Ashdown"]
        with db.write() as writer:
            writer.add(Area(name="Committed meanwhile"))
        assert reader.scalars(select(Area.name)).all() == ["Ashdown"]
    with db.read() as reader:
        assert len(reader.scalars(select(Area.name)).all()) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_keeps_a_write_ahead_log_waits_and_minds_foreign_keys(db: Database) -> None:
    with db.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA busy_timeout")) == 30_000
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_overwrites_what_was_deleted(db: Database) -> None:
    assert db.url.database is not None
    folder = Path(db.url.database).parent

    def anywhere() -> bool:
        db.dispose()  # the last connection writes the log back
        return any(b"Forgotten" in path.read_bytes() for path in folder.glob("exchange.db*"))

    with db.write() as session:
        area = Area(name="Forgotten Borough")
        session.add(area)
    assert anywhere()
    with db.write() as session:
        session.delete(area)
    assert not anywhere()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_deleted_leaves_the_log_too_while_the_database_is_in_use(db: Database) -> None:
    """A log is only removed by the last connection that closes, which a server that runs for months never does."""
    assert db.url.database is not None
    folder = Path(db.url.database).parent

    def in_the_files() -> bool:
        return any(b"Forgotten" in path.read_bytes() for path in folder.glob("exchange.db*"))

    with db.write() as session:
        area = Area(name="Forgotten Borough")
        session.add(area)
    with db.write() as session:
        session.delete(area)
    assert in_the_files()
    with db.read() as reader:
        reader.scalars(select(Area)).all()
        assert not db.empty_log(), "a reader keeps the log from being emptied, and is not waited for long"
    assert db.empty_log()
    assert not in_the_files()
    with db.read() as session:
        assert session.scalar(text("PRAGMA busy_timeout")) == 30_000


def test_emptying_the_log_loses_nothing_and_may_be_repeated(db: Database) -> None:
    organisation(db, "Ashdown School")
    assert db.empty_log()
    assert db.empty_log()
    with db.read() as session:
        assert session.scalars(select(Organisation.name)).all() == ["Ashdown School"]


def rights(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_a_new_sqlite_database_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        db = Database(f"sqlite:///{tmp_path / 'exchange.db'}")
        db.create()
        with db.write() as session:
            session.add(Area(name="Ashdown"))
        assert rights(tmp_path) == dict.fromkeys(("exchange.db", "exchange.db-wal", "exchange.db-shm"), 0o600)
        db.dispose()
    finally:
        os.umask(before)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_sqlite_database_that_others_could_read_is_closed_with_what_lies_beside_it(db: Database) -> None:
    assert db.url.database is not None
    path = Path(db.url.database)
    with db.write() as session:
        session.add(Area(name="Ashdown"))
    for file in path.parent.iterdir():
        file.chmod(0o664)
    other = Database(db.url)
    with other.read() as session:
        assert session.scalars(select(Area.name)).all() == ["Ashdown"]
    assert set(rights(path.parent).values()) == {0o600}
    assert len(rights(path.parent)) == 3
    other.dispose()


def test_a_database_in_memory_makes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    db = Database("sqlite://")
    with db.read() as session:
        assert session.scalar(text("SELECT 1")) == 1
    db.dispose()
    assert rights(tmp_path) == {}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_reads_what_is_committed(db: Database) -> None:
    with db.write() as session:
        assert session.scalar(text("SHOW transaction_isolation")) == "read committed"


@pytest.mark.parametrize("url", ["mysql://somebody@host/exchange", "oracle://host/exchange"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SQLite or PostgreSQL"):
        Database(url)


def test_a_fresh_database_gets_its_tables_and_doing_it_again_changes_nothing(empty_url: str) -> None:
    db = Database(empty_url)
    assert db.revision() is None
    db.create()
    stands_at = db.revision()
    db.create()
    assert db.revision() == stands_at is not None
    organisation(db)
    db.dispose()
