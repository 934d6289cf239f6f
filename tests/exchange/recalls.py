"""What somebody who can write to the database does to make a transfer look taken back, or to undo a recall."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.records.standings import RECALL_EVENT
from transition_exchange.exchange.sending.keeping import keep
from transition_exchange.exchange.sending.tracking import Delivered, track
from transition_exchange.store import events
from transition_exchange.store.models import ChainHead, Event, Transfer


def forge(world: World, sent: SentRecord) -> None:
    """Append an event that nobody caused to the end of the school's chain: it fits, and the end of the chain too."""
    with world.db.write() as session:
        events.append(
            session,
            organisation_id=world.school.id,
            kind=RECALL_EVENT,
            principal_id=world.senco.principal_id,
            about={"record": sent.record_id, "transfer": sent.transfer_id},
        )


def turn(world: World, sent: SentRecord) -> None:
    """Turn the column of the transfer's row alone."""
    write(world, sent, state="recalled")


def row_of(world: World, sent: SentRecord) -> dict[str, Any]:
    """The transfer's whole row, to be put back later."""
    with world.db.read() as session:
        return dict(
            session.execute(select(Transfer.__table__).where(Transfer.id == sent.transfer_id)).one()._mapping
        )


def write(world: World, sent: SentRecord, **columns: Any) -> None:
    """Write columns of the transfer's row, or a whole older one."""
    with world.db.write() as session:
        session.execute(update(Transfer).where(Transfer.id == sent.transfer_id).values(**columns))


def stay(world: World, sent: SentRecord, seen: str | None = None) -> None:
    """Let the SENCO decide that the record stays there, as a page says that has just been opened, or one before."""
    keep(
        db=world.db,
        actor=world.senco,
        record_id=sent.record_id,
        transfer_id=sent.transfer_id,
        seen=shown(world, sent).disputed if seen is None else seen,
    )


def end_of(world: World) -> tuple[int, str]:
    """The number and hash of the last event in the school's chain."""
    with world.db.read() as session:
        head = session.get_one(ChainHead, world.school.id)
        return head.seq, head.hash


def cut(world: World, end: tuple[int, str]) -> None:
    """Take all that came after an earlier end of the school's chain out of it, and write that end again."""
    seq, hash = end
    with world.db.write() as session:
        session.execute(delete(Event).where(Event.organisation_id == world.school.id, Event.seq > seq))
        session.execute(
            update(ChainHead).where(ChainHead.organisation_id == world.school.id).values(seq=seq, hash=hash)
        )


def shown(world: World, sent: SentRecord, actor: Actor | None = None) -> Delivered:
    """The transfer as the school's SENCO follows it, or somebody else."""
    return track(db=world.db, actor=actor or world.senco, record_id=sent.record_id).transfer(sent.transfer_id)
