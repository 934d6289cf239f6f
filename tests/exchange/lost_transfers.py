"""What somebody who can write to the database does so that nothing signed says any more where a record was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from sqlite3 import connect
from typing import Any

from sqlalchemy import delete, func, select

from tests.exchange.recalls import write
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.records.signed_rows import STANDING
from transition_exchange.store.models import Grant, Transfer

BOXING = "Riverside Boxing"
Loss = Callable[[World, SentRecord], None]


def without_statement(world: World, sent: SentRecord) -> None:
    """Take what was signed out of the row."""
    write(world, sent, statement=None)


def with_another_key(world: World, sent: SentRecord) -> None:
    """Let the row name a key that may not sign it."""
    write(world, sent, team_key_id=world.college.teams["Admissions"].key_id)


def moved_and_without_statement(world: World, sent: SentRecord) -> None:
    """Take what was signed out of the row, and let it name another provider."""
    write(world, sent, statement=None, provider_id=world.places[BOXING].id)


def without_row(world: World, sent: SentRecord) -> None:
    """Remove the row, and with it all that hangs on it."""
    with world.db.write() as session:
        session.execute(delete(Transfer).where(Transfer.id == sent.transfer_id))


def without_row_only(world: World, sent: SentRecord) -> None:
    """Remove the row alone, as a program does that checks no foreign keys."""
    path = world.db.engine.url.database
    with closing(connect(str(path))) as file, file:
        file.execute("PRAGMA foreign_keys = OFF")
        file.execute("DELETE FROM transfers WHERE replace(id, '-', '') = ?", [sent.transfer_id.hex])


def to_another_learner(world: World, sent: SentRecord) -> None:
    """Let the row name another learner's record."""
    write(world, sent, record_id=world.add("Ben", "Stone"))


def put_back(world: World, row: Mapping[str, Any]) -> None:
    """Put a transfer's whole row back, whether or not there is one now."""
    with world.db.write() as session:
        session.merge(Transfer(**row))


def standing_grants(world: World, sent: SentRecord) -> int:
    """How many grants by the transfer were not withdrawn."""
    with world.db.read() as session:
        of_transfer = select(func.count()).select_from(Grant).where(Grant.transfer_id == sent.transfer_id)
        return session.scalar(of_transfer.where(*STANDING)) or 0


LOSSES: tuple[Loss, ...] = (
    without_statement,
    with_another_key,
    moved_and_without_statement,
    without_row,
    without_row_only,
    to_another_learner,
)


def moved(world: World, sent: SentRecord) -> None:
    """Let the row name another provider than what was signed."""
    write(world, sent, provider_id=world.places[BOXING].id)
