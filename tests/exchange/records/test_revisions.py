"""What an owner released, read again: opened for whom it was granted, every digest compared."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from tests.exchange.documents import pdf
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.parts import binding_of, digest, reseal
from transition_exchange.exchange.records.revisions import (
    OpenRevision,
    attached_rows,
    latest,
    manifest_digest,
    open_revision,
)
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.store.models import Ciphertext, Grant, Part, Record, Revision


def _open(
    world: World, record_id: UUID, actor: Actor, *, transfer_id: UUID | None = None, number: int = 1
) -> OpenRevision:
    with world.db.read() as session:
        revision = session.scalars(
            select(Revision).where(
                Revision.record_id == record_id, Revision.owner == "transition", Revision.number == number
            )
        ).one()
        return open_revision(
            session,
            actor=actor,
            trust=trust_of(session, actor),
            record=session.get_one(Record, record_id),
            revision=revision,
            transfer_id=transfer_id,
        )


def test_the_latest_revision_is_the_newest_that_was_released_never_the_draft(world: World) -> None:
    record_id = world.add()
    with world.db.read() as session:
        assert latest(session, record_id, "transition") is None
    world.fill(record_id)
    world.send(record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    with world.db.read() as session:
        newest = latest(session, record_id, "transition")
        assert newest is not None
        assert newest.number == 2
        assert latest(session, record_id, "school_safeguarding") is None


def test_a_manifests_digest_is_that_of_its_exact_text(world: World, sent: SentRecord) -> None:
    with world.db.read() as session:
        revision = latest(session, sent.record_id, "transition")
        assert revision is not None
        assert manifest_digest(revision) == digest((revision.manifest or "").encode())
        assert manifest_digest(Revision()) == digest(b"")


def test_the_school_opens_all_that_it_released_and_a_team_what_it_was_granted(
    world: World, sent: SentRecord
) -> None:
    own = _open(world, sent.record_id, world.senco)
    assert own.answers["learner"]["legal_surname"] == "Khan"
    assert own.answers["enrolment"]["town"] == "Ashdown"
    assert "destination" not in own.answers, "it is made for each transfer"
    support = _open(world, sent.record_id, world.college_support, transfer_id=sent.transfer_id)
    assert support.answers["destination"]["provider_name"] == "Northway College"
    assert "enrolment" not in support.answers
    assert support.manifest_digest == own.manifest_digest == manifest_digest(own.revision)


def test_who_was_granted_nothing_finds_nothing(world: World, sent: SentRecord) -> None:
    for actor, transfer_id in (
        (world.college_support, None),
        (world.coach, sent.transfer_id),
        (world.other_senco, None),
        (world.coordinator, sent.transfer_id),
    ):
        with pytest.raises(NotFound):
            _open(world, sent.record_id, actor, transfer_id=transfer_id)


def test_a_withdrawn_grant_is_none(world: World, sent: SentRecord) -> None:
    with world.db.write() as session:
        session.execute(delete(Grant).where(Grant.transfer_id == sent.transfer_id))
    with pytest.raises(NotFound):
        _open(world, sent.record_id, world.college_support, transfer_id=sent.transfer_id)


def test_every_revision_stays_as_it_was_released(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    first, second = (_open(world, sent.record_id, world.senco, number=number) for number in (1, 2))
    assert first.answers["known_as"] == {}
    assert second.answers["known_as"] == {"preferred_name": "Mina"}
    assert not {first.keys[name] for name in first.keys} & {second.keys[name] for name in second.keys}


def _part(world: World, sent: SentRecord, name: str) -> UUID:
    with world.db.read() as session:
        return session.scalars(
            select(Part.id)
            .join(Revision, Revision.id == Part.revision_id)
            .where(Part.record_id == sent.record_id, Part.name.startswith(name), Revision.number == 1)
        ).one()


@pytest.mark.parametrize("name", ["health", "destination/"])
@pytest.mark.parametrize("how", ["body", "no body", "no row"])
def test_a_piece_that_is_gone_or_changed_is_noticed(
    world: World, sent: SentRecord, name: str, how: str
) -> None:
    part_id = _part(world, sent, name)
    with world.db.write() as session:
        if how == "no row":
            session.delete(session.get_one(Part, part_id))
        else:
            ciphertext = session.get_one(Ciphertext, part_id)
            ciphertext.body = b"" if how == "no body" else ciphertext.body + b"\0"
    with pytest.raises(Tampered):
        _open(world, sent.record_id, world.college_support, transfer_id=sent.transfer_id)


@pytest.mark.parametrize("name", ["health", "destination/"])
def test_a_team_that_can_open_a_section_cannot_rewrite_it(world: World, sent: SentRecord, name: str) -> None:
    """Somebody of the college, who holds the key and can write to the database, seals other answers under it."""
    opening = _open(world, sent.record_id, world.college_support, transfer_id=sent.transfer_id)
    part_id = _part(world, sent, name)
    with world.db.write() as session:
        part = session.get_one(Part, part_id)
        place = binding_of(session.get_one(Record, sent.record_id), opening.revision.id)
        forged = reseal(
            binding=place, name=part.name, key=opening.keys[part.name], plaintext=b'{"medical": true}'
        )
        session.get_one(Ciphertext, part_id).body, part.digest = forged, digest(forged)
    with pytest.raises(Tampered):
        _open(world, sent.record_id, world.college_support, transfer_id=sent.transfer_id)


def test_documents_come_oldest_first_with_their_keys_and_digests(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"sen": {"provision": "K"}})
    days = (world.today, world.today - timedelta(days=365))
    ids = [
        attach(
            db=world.db,
            actor=world.senco,
            record_id=record_id,
            kind="strategies",
            name="",
            dated=day,
            content=pdf(),
        )
        for day in days
    ]
    world.send(record_id)
    opening = _open(world, record_id, world.college_support, transfer_id=world.transfer_of(record_id))
    assert [about.id for about in opening.attachments] == [ids[1], ids[0]]
    about = opening.attachments[0]
    assert set(about.keys) == {f"attachment/{about.id}/about", f"attachment/{about.id}/content"}
    assert set(about.digests) == set(about.keys)
    with world.db.read() as session:
        assert set(attached_rows(session, opening.keys)) == {
            f"attachment/{id}/{piece}" for id in ids for piece in ("about", "content")
        }
        assert attached_rows(session, {"learner": b""}) == {}
