"""When a save makes new keys: somebody who should not read it may know those from before, or have chosen them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import make_transient

from tests.exchange.renewing.leaver import Leaver, leave
from tests.exchange.renewing.matters import DRAFTS, RELEASES
from tests.exchange.world import World
from tests.exchange.writing.late import add_late_teams, confirm
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Ciphertext, Grant, Part, Revision

KNOWN_AS = {"known_as": {"preferred_name": "Mina"}}
NO_FILE = {"safeguarding": {"file_exists": "no"}}
OWNER = "school_safeguarding"


def _draft_id(world: World, owner: str = "transition") -> UUID:
    with world.db.read() as session:
        return session.scalars(select(Revision.id).where(Revision.owner == owner, Revision.number == 0)).one()


def _reads(leaver: Leaver, revision_id: UUID) -> bool:
    return any(subject == revision_id for subject, _ in leaver.reads())


def _grants(world: World, revision_id: UUID) -> list[Grant]:
    with world.db.read() as session:
        return list(session.scalars(select(Grant).where(Grant.revision_id == revision_id)))


def _rows(world: World, revision_id: UUID) -> list[Any]:
    """The draft's grants, parts and ciphertexts, as somebody takes them along."""
    with world.db.read() as session:
        found: list[Any] = list(session.scalars(select(Part).where(Part.revision_id == revision_id)))
        ids = [part.id for part in found]
        found += session.scalars(select(Ciphertext).where(Ciphertext.id.in_(ids))).all()
        found += session.scalars(select(Grant).where(Grant.revision_id == revision_id)).all()
    for row in found:
        make_transient(row)
    return found


def _put_back(world: World, revision_id: UUID, rows: list[Any]) -> None:
    """Put a whole older draft in the place of the one that is there."""
    with world.db.write() as session:
        session.execute(delete(Grant).where(Grant.revision_id == revision_id))
        for row in rows:
            session.merge(row)


def test_a_draft_keeps_its_keys_from_save_to_save(world: World) -> None:
    record_id = world.add()
    before = _grants(world, _draft_id(world))
    world.save(record_id, KNOWN_AS)
    assert [grant.id for grant in _grants(world, _draft_id(world))] == [grant.id for grant in before]
    assert not open_draft(db=world.db, actor=world.senco, record_id=record_id).outdated


def test_two_teams_that_write_it_share_its_keys(world: World) -> None:
    late = add_late_teams(world)
    confirm(world, late.office)
    record_id = world.add()
    for actor in (world.senco, late.clerk):
        assert not open_draft(db=world.db, actor=actor, record_id=record_id).outdated


def test_a_save_before_the_draft_was_made_anew_is_not_for_whoever_left(world: World) -> None:
    record_id = world.add()
    leaver = leave(world)
    assert _reads(leaver, _draft_id(world))
    world.save(record_id, KNOWN_AS)
    assert not _reads(leaver, _draft_id(world))
    assert DRAFTS.due(world) == []
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).answers["known_as"]


def test_nor_is_one_after_they_have_put_the_older_draft_back(world: World) -> None:
    """They can: they write to the database. The members see the older answers, and the next save is not for them."""
    record_id = world.add()
    leaver, draft_id = leave(world), _draft_id(world)
    older = _rows(world, draft_id)
    DRAFTS.renew(world)
    assert not _reads(leaver, draft_id)
    _put_back(world, draft_id, older)
    assert _reads(leaver, draft_id)
    world.save(record_id, KNOWN_AS)
    assert not _reads(leaver, draft_id)


@pytest.mark.parametrize("renewed", [False, True])
def test_nor_one_under_keys_that_they_sealed_to_the_newest_key(world: World, renewed: bool) -> None:
    """They seal keys of their choice to the team's newest public key, and sign that with the key that they know.

    They can also sign that only the team's newest key knows them.
    """
    record_id = world.add()
    leaver, draft_id = leave(world), _draft_id(world)
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    chosen = {name: bytes([7]) * 32 for name in draft.part_ids}
    (forged,) = grants.of_draft(
        grantor=leaver.actor.teams[0],
        grantees=[world.senco.teams[0].known],
        record_id=record_id,
        owner="transition",
        revision_id=draft_id,
        keys=chosen,
        now=datetime.now(UTC),
    )
    bodies = {
        draft.part_ids[name]: parts.reseal(
            binding=draft.binding, name=name, key=key, plaintext=b'{"legal_forename":"Forged"}'
        )
        for name, key in chosen.items()
    }
    with world.db.write() as session:
        session.execute(delete(Grant).where(Grant.revision_id == draft_id))
        session.add(forged)
        for part_id, body in bodies.items():
            parts.replace(session, {part_id: body})
    leaver.keys = {(draft_id, name): key for name, key in chosen.items()}
    assert _reads(leaver, draft_id)
    if renewed:
        RELEASES.renew(world)
        assert DRAFTS.due(world) == [draft_id], "what they signed is not signed anew"
        assert DRAFTS.renew(world) == 0
    else:
        world.save(
            record_id,
            {"learner": {"legal_forename": "Amina", "legal_surname": "Khan", "date_of_birth": "2010-03-14"}},
        )
    assert not _reads(leaver, draft_id)


def test_keys_that_a_team_made_that_does_not_write_it_last_until_the_first_save(world: World) -> None:
    """The office adds the learner, and so makes the safeguarding team's first keys. It must not read what follows."""
    record_id = world.add()
    draft_id = _draft_id(world, OWNER)
    (before,) = _grants(world, draft_id)
    assert before.grantor_team_id == world.senco.teams[0].id
    lead = world.safeguarding_lead
    assert open_draft(db=world.db, actor=lead, record_id=record_id, owner=OWNER).outdated
    world.save(record_id, NO_FILE, owner=OWNER)
    (after,) = _grants(world, draft_id)
    assert after.grantor_team_id == after.grantee_team_id == lead.teams[0].id
    draft = open_draft(db=world.db, actor=lead, record_id=record_id, owner=OWNER)
    assert not draft.outdated
    assert draft.answers["safeguarding"] == NO_FILE["safeguarding"]
    world.save(record_id, {"safeguarding": {"file_exists": "yes"}}, owner=OWNER)
    assert [grant.id for grant in _grants(world, draft_id)] == [after.id]


def test_a_draft_that_was_mixed_of_two_is_refused(world: World) -> None:
    record_id = world.add()
    leave(world)
    older = [row for row in _rows(world, _draft_id(world)) if isinstance(row, Ciphertext)]
    DRAFTS.renew(world)
    with world.db.write() as session:
        session.merge(older[0])
    with pytest.raises(Tampered):
        open_draft(db=world.db, actor=world.senco, record_id=record_id)
