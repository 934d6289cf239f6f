"""A removed document whose rows somebody puts back is not certain, and goes to nobody."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import delete, select

from tests.exchange.copied_rows import rows_in
from tests.exchange.returned_documents import come_back, put_back
from tests.exchange.world import World
from transition_exchange.exchange.organisations.activity import activity
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing import attaching
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.lost_pieces import lost_documents
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store import events
from transition_exchange.store.models import Ciphertext, Event, Part


def _draft(world: World, record_id: UUID) -> Draft:
    return open_draft(db=world.db, actor=world.senco, record_id=record_id)


def test_a_removed_document_that_is_put_back_is_not_certain_and_not_sent(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    kept = world.attach(record_id)
    back = come_back(world, record_id)
    draft = _draft(world, record_id)
    assert [label.id for label in draft.attachments] == [kept]
    assert [label.id for label in draft.uncertain_attachments] == [back]
    assert lost_documents(db=world.db, actor=world.senco, record_id=record_id) == frozenset()
    (provider,) = world.plan(record_id).providers
    assert {attachment for team in provider.teams for attachment in team.attachments} == {kept}
    world.send(record_id)
    opened = world.open(world.transfer_of(record_id), world.college_admissions)
    assert [label.id for label in opened.attachments] == [kept]
    assert len(track(db=world.db, actor=world.senco, record_id=record_id).versions) == 1


def test_one_that_was_sent_before_stays_with_that_version_and_leaves_the_next(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    sent = world.attach(record_id)
    world.send(record_id)
    before = rows_in(world.db)
    attaching.remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=sent)
    put_back(world, before)
    assert world.plan(record_id).changed, "without it the record is another than was sent"
    assert [
        label.id for label in world.open(world.transfer_of(record_id), world.college_admissions).attachments
    ] == [sent]
    world.send(record_id)
    assert world.open(world.transfer_of(record_id), world.college_admissions).attachments == ()


@pytest.mark.parametrize("file_is_there", [True, False])
def test_it_can_be_removed_again(world: World, file_is_there: bool) -> None:
    record_id = world.add()
    back = come_back(world, record_id)
    if not file_is_there:
        with world.db.write() as session:
            content = select(Part.id).where(Part.attachment_id == back, Part.name.contains("content"))
            session.execute(delete(Ciphertext).where(Ciphertext.id.in_(content)))
    attaching.remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=back)
    draft = _draft(world, record_id)
    assert (draft.attachments, draft.uncertain_attachments) == ((), ())


def test_it_can_be_attached_again(world: World) -> None:
    record_id = world.add()
    back = come_back(world, record_id)
    _, content = attaching.own_content(
        db=world.db, actor=world.senco, record_id=record_id, attachment_id=back
    )
    anew = world.attach(record_id, content=content)
    assert [label.id for label in _draft(world, record_id).attachments] == [anew]


def test_an_event_about_another_record_says_nothing_here(world: World) -> None:
    record_id, other = world.add(), world.add(surname="Adams")
    kept = world.attach(record_id)
    with world.db.write() as session:
        events.append(
            session,
            organisation_id=world.school.id,
            kind="attachment.removed",
            about={"record": other, "attachment": kept, "document": kept},
        )
    assert [label.id for label in _draft(world, record_id).attachments] == [kept]


def test_whoever_takes_the_event_out_too_leaves_a_gap_in_the_chain(world: World) -> None:
    """As docs/trust.md says: the document counts again, and the list of what people did finds the gap."""
    record_id = world.add()
    back = come_back(world, record_id)
    with world.db.write() as session:
        session.execute(delete(Event).where(Event.body.contains("attachment.removed")))
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    assert [label.id for label in _draft(world, record_id).attachments] == [back]
    assert not activity(db=world.db, actor=world.senco).whole
