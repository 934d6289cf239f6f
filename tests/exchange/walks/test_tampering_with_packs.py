"""Somebody who can write to the database changes, swaps or replays a sealed piece: it is noticed.

A walk: it goes from sending to receiving.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.walks.tampering import flipped, released
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.receiving import downloading
from transition_exchange.store.models import Ciphertext, Part

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""


def _part(session: Session, record_id: UUID, name: str, number: int = 1) -> Part:
    revision = released(session, record_id, number)
    return session.scalars(
        select(Part).where(Part.revision_id == revision.id, Part.name == name, Part.transfer_id.is_(None))
    ).one()


@pytest.mark.parametrize("name", ["learner", "contacts", "attendance", "health"])
def test_a_changed_part_is_noticed(world: World, sent: SentRecord, name: str) -> None:
    with world.db.write() as session:
        body = session.get_one(Ciphertext, _part(session, sent.record_id, name).id)
        body.body = flipped(body.body)
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)


def test_parts_of_two_sections_swapped_are_noticed(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        one = session.get_one(Ciphertext, _part(session, sent.record_id, "learner").id)
        other = session.get_one(Ciphertext, _part(session, sent.record_id, "contacts").id)
        one.body, other.body = other.body, one.body
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)


def test_a_part_of_another_learner_is_noticed(world: World, sent: SentRecord) -> None:
    other_id = world.add("Ben", "Stone")
    world.fill(other_id)
    world.send(other_id)
    with world.db.write() as session:
        mine = session.get_one(Ciphertext, _part(session, sent.record_id, "attendance").id)
        mine.body = session.get_one(Ciphertext, _part(session, other_id, "attendance").id).body
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)


def test_a_part_of_an_earlier_version_replayed_is_noticed(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    with world.db.write() as session:
        new = session.get_one(Ciphertext, _part(session, sent.record_id, "known_as", number=2).id)
        new.body = session.get_one(Ciphertext, _part(session, sent.record_id, "known_as", number=1).id).body
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)


def test_a_removed_part_is_noticed(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        session.delete(_part(session, sent.record_id, "attendance"))
    with pytest.raises(Tampered):
        world.open(sent.transfer_id)


def test_a_pdf_swapped_for_the_other_teams_is_noticed(world: World, sent: SentRecord) -> None:
    world.open(sent.transfer_id)
    with world.db.write() as session:
        pdfs = session.scalars(
            select(Part)
            .where(Part.transfer_id == sent.transfer_id, Part.name.startswith("pdf/"))
            .order_by(Part.name)
        ).all()
        assert len(pdfs) == 4
        first, second = (session.get_one(Ciphertext, part.id) for part in pdfs[1:3])
        first.body, second.body = second.body, first.body
    with pytest.raises(Tampered):
        downloading.download_pdf(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
