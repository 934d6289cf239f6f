from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, func, select, update

from tests.store.rows import organisation
from transition_exchange.cli import main
from transition_exchange.config import make_keys
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import ChainHead, Event, SignedHead

Run = Callable[..., Result]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command line of an installation with keys and an up-to-date database."""
    instance = tmp_path / "instance"
    make_keys(instance)
    monkeypatch.setenv("INSTANCE", str(instance))
    monkeypatch.setenv("DATABASE_URL", database_url)

    def call(*words: str | Path) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    return call


def grow(db: Database, length: int = 5) -> None:
    school = organisation(db)
    with db.write() as session:
        for _ in range(length):
            events.append(session, organisation_id=school, kind="record.saved")


def wind_back(db: Database, to: int, *, signed_too: bool) -> None:
    with db.write() as session:
        last = session.scalars(select(Event).where(Event.seq == to)).one()
        session.execute(delete(Event).where(Event.seq > to))
        session.execute(update(ChainHead).values(seq=to, hash=last.hash))
        if signed_too:
            session.execute(delete(SignedHead))


def test_whole_chains_exit_0(db: Database, run: Run) -> None:
    grow(db)
    result = run("audit", "verify")
    assert (result.exit_code, "5 events, whole" in result.output) == (0, True)
    assert "1 chains, 0 not whole." in result.output


def test_a_changed_event_is_named_and_exits_1(db: Database, run: Run) -> None:
    grow(db)
    with db.write() as session:
        session.execute(update(Event).where(Event.seq == 3).values(body="{}"))
    result = run("audit", "verify")
    assert (result.exit_code, "Event 3 was changed. [changed 3]" in result.output) == (1, True)


def test_a_cut_off_tail_is_found_against_a_checkpoint_kept_elsewhere(
    db: Database, run: Run, tmp_path: Path
) -> None:
    grow(db)
    kept = tmp_path / "heads.json"
    assert run("audit", "checkpoint", "-o", kept).exit_code == 0
    assert run("audit", "verify", "--checkpoint", kept).exit_code == 0
    wind_back(db, 2, signed_too=True)
    assert run("audit", "verify").exit_code == 0
    result = run("audit", "verify", "--checkpoint", kept)
    assert result.exit_code == 1
    assert "cut off: it ends at event 2 of 5. [cut_off 3]" in result.output


def test_a_cut_off_tail_is_found_against_the_heads_signed_here(db: Database, run: Run) -> None:
    grow(db)
    assert run("audit", "checkpoint").exit_code == 0
    wind_back(db, 2, signed_too=False)
    assert "[cut_off 3]" in run("audit", "verify").output


def test_a_checkpoint_on_standard_output_is_the_file(db: Database, run: Run) -> None:
    grow(db)
    said = json.loads(run("audit", "checkpoint").output)
    assert [head["seq"] for head in said["heads"]] == [5]
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(SignedHead)) == 1


def test_a_checkpoint_that_was_forged_or_is_another_installations_exits_2(
    db: Database, run: Run, tmp_path: Path
) -> None:
    grow(db)
    kept = tmp_path / "heads.json"
    run("audit", "checkpoint", "-o", kept)
    said = json.loads(kept.read_text())
    for change, message in (
        ({"public_key": "00" * 32}, "another installation"),
        ({"heads": [said["heads"][0] | {"seq": 2}]}, "not right"),
        ({"format": "other"}, "format"),
    ):
        kept.write_text(json.dumps(said | change))
        result = run("audit", "verify", "--checkpoint", kept)
        assert (result.exit_code, message in result.output) == (2, True), result.output
    kept.write_bytes(b"\xff\xfe")
    assert run("audit", "verify", "--checkpoint", kept).exit_code == 2


def test_a_forged_signed_head_in_the_database_exits_2_after_the_chains_were_checked(
    db: Database, run: Run
) -> None:
    grow(db)
    run("audit", "checkpoint")
    with db.write() as session:
        session.execute(update(SignedHead).values(seq=4))
    result = run("audit", "verify")
    assert result.exit_code == 2
    assert "5 events, whole" in result.output
    assert "The signed head at event 4 was signed by no known key." in result.output
    assert "--old-key" in result.output


def replace_key(tmp_path: Path) -> None:
    """Replace the installation key as docs/keys-and-sessions.md says."""
    (tmp_path / "instance" / "installation_key").unlink()
    make_keys(tmp_path / "instance")


def test_after_the_key_was_replaced_the_old_public_key_makes_the_check_whole(
    db: Database, run: Run, tmp_path: Path
) -> None:
    grow(db)
    kept = tmp_path / "heads.json"
    run("audit", "checkpoint", "-o", kept)
    old = json.loads(kept.read_text())["public_key"]
    replace_key(tmp_path)
    without = run("audit", "verify")
    assert (without.exit_code, "5 events, whole" in without.output) == (2, True)
    refused = run("audit", "verify", "--checkpoint", kept)
    assert (refused.exit_code, f"--old-key {old}" in refused.output) == (2, True)
    for words in (("--old-key", old), ("--old-key", "ab" * 32, "--old-key", old, "--checkpoint", kept)):
        result = run("audit", "verify", *words)
        assert (result.exit_code, "0 not whole" in result.output) == (0, True), result.output
    wind_back(db, 2, signed_too=False)
    assert run("audit", "verify", "--old-key", old).exit_code == 1
    for wrong in ("", "00", "zz" * 32):
        assert run("audit", "verify", "--old-key", wrong).exit_code == 2


def test_a_broken_chain_is_found_although_another_key_signed_its_heads(
    db: Database, run: Run, tmp_path: Path
) -> None:
    grow(db)
    run("audit", "checkpoint")
    replace_key(tmp_path)
    with db.write() as session:
        session.execute(update(Event).where(Event.seq == 3).values(body="{}"))
    result = run("audit", "verify")
    assert (result.exit_code, "[changed 3]" in result.output) == (1, True)


def test_a_checkpoint_after_the_key_was_replaced_is_signed_by_the_new_key(
    db: Database, run: Run, tmp_path: Path
) -> None:
    grow(db)
    kept = tmp_path / "heads.json"
    run("audit", "checkpoint", "-o", kept)
    old = json.loads(kept.read_text())["public_key"]
    replace_key(tmp_path)
    assert run("audit", "checkpoint", "-o", kept).exit_code == 0
    assert json.loads(kept.read_text())["public_key"] != old
    result = run("audit", "verify", "--checkpoint", kept, "--old-key", old)
    assert result.exit_code == 0, result.output
    wind_back(db, 2, signed_too=True)
    assert run("audit", "verify", "--checkpoint", kept).exit_code == 1


def test_without_a_key_chains_are_verified_and_checkpoints_refused(
    db: Database, run: Run, tmp_path: Path
) -> None:
    grow(db)
    kept = tmp_path / "heads.json"
    run("audit", "checkpoint", "-o", kept)
    (tmp_path / "instance" / "installation_key").unlink()
    result = run("audit", "verify")
    assert (result.exit_code, "signed heads are not looked at" in result.output) == (0, True)
    for words in (("verify", "--checkpoint", kept), ("checkpoint",)):
        result = run("audit", *words)
        assert (result.exit_code, "installation key" in result.output) == (2, True)


def test_an_organisation_without_the_row_of_its_chains_end_is_checked(db: Database, run: Run) -> None:
    grow(db)
    with db.write() as session:
        session.execute(delete(ChainHead))
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "1 chains, 1 not whole." in result.output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_time_that_is_none_is_a_changed_event_and_no_stack_trace(db: Database, run: Run) -> None:
    grow(db)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE events SET at = 'soon' WHERE seq = 3")
    result = run("audit", "verify")
    assert (result.exit_code, result.exception.__class__) == (1, SystemExit)
    assert "Event 3 was changed. [changed 3]" in result.output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_signed_head_that_cannot_be_read_is_not_passed_over(db: Database, run: Run) -> None:
    grow(db)
    run("audit", "checkpoint")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE signed_heads SET signed_at = 'soon'")
    result = run("audit", "verify")
    assert result.exit_code == 1
    assert "cannot be read" in result.output
