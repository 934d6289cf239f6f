"""What is gone from a draft is said to be gone; it never reads as "not answered"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.exchange.world import World
from tests.exchange.writing.late import add_late_teams, confirm, pass_on
from transition_exchange.exchange.errors import NotReady, Tampered
from transition_exchange.exchange.writing import attaching
from transition_exchange.exchange.writing.lost_pieces import GONE, lost_documents
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Attachment, Ciphertext, Grant, Part, Revision

Spoil = Callable[[Session, UUID], object]


def _draft(record_id: UUID, owner: str = "transition") -> Any:
    return (
        select(Revision.id)
        .where(Revision.record_id == record_id, Revision.owner == owner, Revision.number == 0)
        .scalar_subquery()
    )


def _no_part(session: Session, record_id: UUID) -> object:
    return session.execute(delete(Part).where(Part.revision_id == _draft(record_id), Part.name == "known_as"))


def _no_ciphertext(session: Session, record_id: UUID) -> object:
    ids = select(Part.id).where(Part.revision_id == _draft(record_id), Part.name == "known_as")
    return session.execute(delete(Ciphertext).where(Ciphertext.id.in_(ids)))


def _withdrawn(session: Session, record_id: UUID) -> object:
    now = datetime.now(UTC)
    return session.execute(
        update(Grant).where(Grant.revision_id == _draft(record_id)).values(withdrawn_at=now)
    )


def _no_keyring(session: Session, record_id: UUID) -> object:
    return session.execute(update(Grant).where(Grant.revision_id == _draft(record_id)).values(keyring=None))


def _no_grant(session: Session, record_id: UUID) -> object:
    return session.execute(delete(Grant).where(Grant.revision_id == _draft(record_id)))


def _no_draft(session: Session, record_id: UUID) -> object:
    return session.execute(delete(Revision).where(Revision.id == _draft(record_id)))


def _another_number(session: Session, record_id: UUID) -> object:
    return session.execute(update(Revision).where(Revision.id == _draft(record_id)).values(number=7))


@pytest.mark.parametrize(
    "spoil", [_no_part, _no_ciphertext, _withdrawn, _no_keyring, _no_grant, _no_draft, _another_number]
)
def test_a_draft_of_which_something_is_gone_says_so(world: World, spoil: Spoil) -> None:
    record_id = world.add()
    with world.db.write() as session:
        spoil(session, record_id)
    with pytest.raises(Tampered) as refused:
        open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert refused.value.message == GONE
    with world.db.read() as session:
        drafts = session.scalars(select(Revision).where(Revision.owner == "transition")).all()
    assert len(drafts) <= 1, "no empty draft was put in its place"


def test_a_safeguarding_draft_that_was_saved_is_not_begun_anew(world: World) -> None:
    record_id = world.add()
    owner = "school_safeguarding"
    with world.db.write() as session:
        session.execute(delete(Revision).where(Revision.id == _draft(record_id, owner)))
    assert open_draft(db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner=owner).answers
    world.save(record_id, {"safeguarding": {"file_exists": "yes"}}, owner=owner)
    with world.db.write() as session:
        session.execute(delete(Revision).where(Revision.id == _draft(record_id, owner)))
    with pytest.raises(Tampered):
        open_draft(db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner=owner)


def test_a_withdrawn_grant_is_no_team_that_came_late(world: World) -> None:
    late = add_late_teams(world)
    confirm(world, late.office)
    record_id = world.add()
    with world.db.write() as session:
        now = datetime.now(UTC)
        own = world.school.teams["Transition team"].row.id
        session.execute(update(Grant).where(Grant.grantee_team_id == own).values(withdrawn_at=now))
    with pytest.raises(NotReady, match="missing from the database") as refused:
        open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert "Second office" in refused.value.message
    pass_on(world, late.clerk)
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).answers["learner"]


def _removed(session: Session, attachment_id: UUID) -> object:
    return session.execute(
        update(Attachment).where(Attachment.id == attachment_id).values(removed_at=datetime.now(UTC))
    )


def _another_owner(session: Session, attachment_id: UUID) -> object:
    return session.execute(
        update(Attachment).where(Attachment.id == attachment_id).values(owner="school_safeguarding")
    )


def _deleted(session: Session, attachment_id: UUID) -> object:
    return session.execute(delete(Attachment).where(Attachment.id == attachment_id))


@pytest.mark.parametrize("spoil", [_removed, _another_owner, _deleted])
def test_a_document_that_nobody_removed_is_missed(world: World, spoil: Spoil) -> None:
    record_id = world.add()
    lost, removed = world.attach(record_id), world.attach(record_id)
    attaching.remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=removed)
    assert lost_documents(db=world.db, actor=world.senco, record_id=record_id) == frozenset()
    with world.db.write() as session:
        spoil(session, lost)
    assert lost_documents(db=world.db, actor=world.senco, record_id=record_id) == {lost}
    with pytest.raises(Tampered):
        attaching.own_content(db=world.db, actor=world.senco, record_id=record_id, attachment_id=lost)
