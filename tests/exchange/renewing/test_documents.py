"""Documents under new keys: the draft goes on with them, and what was sent stays what was sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from tests.exchange.chains import events_of
from tests.exchange.false_labels import seal_false_label
from tests.exchange.renewing.leaver import Leaver, leave
from tests.exchange.renewing.matters import DOCUMENTS
from tests.exchange.world import World
from tests.exchange.writing.late import add_late_teams, confirm
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.exchange.records.part_names import content_part, label_part
from transition_exchange.exchange.sending.releases import NewRelease, new_release
from transition_exchange.exchange.writing import attaching
from transition_exchange.exchange.writing.lost_pieces import lost_documents
from transition_exchange.exchange.writing.new_documents import NewDocument, new_document
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Attachment, Ciphertext, Grant, Part

due, renew = DOCUMENTS.due, DOCUMENTS.renew


def _labels(world: World, record_id: UUID, actor: Actor | None = None) -> tuple[AttachmentLabel, ...]:
    return open_draft(db=world.db, actor=actor or world.senco, record_id=record_id).attachments


def _content(world: World, record_id: UUID, attachment_id: UUID, actor: Actor | None = None) -> bytes:
    return attaching.own_content(
        db=world.db, actor=actor or world.senco, record_id=record_id, attachment_id=attachment_id
    )[1]


def _known(leaver: Leaver, attachment_id: UUID) -> set[str]:
    return {name for subject, name in leaver.reads() if subject == attachment_id}


def _parts_of(world: World, attachment_id: UUID) -> list[UUID]:
    with world.db.read() as session:
        return list(session.scalars(select(Part.id).where(Part.attachment_id == attachment_id)))


def _with_plan(world: World) -> tuple[UUID, UUID]:
    """A complete record of a learner with SEN, and its document."""
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"sen": {"provision": "K"}})
    return record_id, world.attach(record_id, kind="strategies", name="What helps")


def test_a_false_label_is_not_sealed_anew(world: World) -> None:
    record_id, _ = _with_plan(world)
    world.send(record_id)
    seal_false_label(world, record_id, world.transfer_of(record_id), kind="qualifications")
    world.new_key("Ashdown School", "Transition team")
    ids = due(world, world.senco)
    assert len(ids) == 1
    assert renew(world, world.senco) == 1, "it is counted as damaged and left as it is"
    assert due(world, world.senco) == ids


def test_it_is_the_same_document_under_keys_that_whoever_left_does_not_know(world: World) -> None:
    record_id = world.add()
    world.attach(record_id, name="Results")
    world.attach(record_id, kind="strategies", name="What helps")
    before = _labels(world, record_id)
    with world.db.read() as session:
        rows = {
            row.id: (row.owner, row.created_at, row.created_by) for row in session.scalars(select(Attachment))
        }
    files = [_content(world, record_id, label.id) for label in before]
    leaver = leave(world)
    for label in before:
        assert _known(leaver, label.id) == {label_part(label.id), content_part(label.id)}
    assert due(world) == [label.id for label in before]
    assert renew(world) == 0
    assert due(world) == []
    after = _labels(world, record_id)
    assert [_content(world, record_id, label.id) for label in after] == files
    for old, new in zip(before, after, strict=True):
        assert new.id != old.id
        assert new.plaintext() == old.plaintext()
        assert new.document == old.id
        assert _known(leaver, new.id) == set()
        with world.db.read() as session:
            row = session.get_one(Attachment, new.id)
            assert (row.owner, row.created_at, row.created_by) == rows[old.id]
            older = session.get_one(Attachment, old.id)
            assert older.removed_at is not None
        assert _parts_of(world, old.id) == []
    event = events_of(world.db, world.school.id)[-1]
    assert (event.kind, event.about) == ("key.renewed", {"what": "documents", "count": 2})


def test_what_was_sent_stays_and_nothing_counts_as_changed(world: World) -> None:
    record_id, attachment_id = _with_plan(world)
    world.send(record_id)
    leave(world)
    renew(world)
    assert len(_parts_of(world, attachment_id)) == 2, "the version that was sent has it still"
    received = world.open(world.transfer_of(record_id))
    assert [label.id for label in received.attachments] == [attachment_id]
    planned = world.plan(record_id)
    assert (planned.changed, planned.number) == (False, 1)


def test_the_next_version_has_the_new_one_and_the_older_ones_stay_readable(world: World) -> None:
    record_id, attachment_id = _with_plan(world)
    world.send(record_id)
    leaver = leave(world)
    renew(world)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    assert world.send(record_id).number == 2
    (label,) = world.open(world.transfer_of(record_id)).attachments
    assert (label.document, label.name) == (attachment_id, "What helps")
    assert label.id != attachment_id
    assert _known(leaver, label.id) == set()
    (drafted,) = _labels(world, record_id)
    assert drafted.id == label.id


def test_an_answer_that_stands_in_the_document_still_names_it(world: World) -> None:
    """An answer may say "see the attached document, page 2" and name it by its id."""
    record_id, attachment_id = _with_plan(world)
    leave(world)
    renew(world)
    leave(world)
    renew(world)
    (label,) = _labels(world, record_id)
    assert label.document == attachment_id


def test_a_document_that_is_removed_afterwards_is_deleted_if_no_version_has_it(world: World) -> None:
    """Its row has the time of the first attaching, which is before a version that never had it."""
    record_id, _ = _with_plan(world)
    world.send(record_id)
    leave(world)
    renew(world)
    (label,) = _labels(world, record_id)
    attaching.remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=label.id)
    assert _parts_of(world, label.id) == []


def test_what_was_removed_and_others_documents_are_not_due(world: World) -> None:
    record_id, attachment_id = _with_plan(world)
    assert due(world) == []
    leaver = leave(world)
    for actor in (world.safeguarding_lead, world.other_senco, world.college_support, leaver.actor):
        assert due(world, actor) == []
        assert renew(world, actor, ids=[attachment_id]) == 0
    assert due(world) == [attachment_id]
    attaching.remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)
    assert due(world) == []
    assert renew(world, ids=[attachment_id]) == 0
    assert _labels(world, record_id) == ()


def test_every_team_that_writes_it_opens_it(world: World) -> None:
    late = add_late_teams(world)
    confirm(world, late.office)
    record_id, _ = _with_plan(world)
    leave(world)
    renew(world)
    (label,) = _labels(world, record_id, late.clerk)
    assert _content(world, record_id, label.id, late.clerk).startswith(b"%PDF")


def test_two_members_at_once_store_it_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record_id, attachment_id = _with_plan(world)
    leave(world)
    once: list[bool] = []

    def meanwhile(**kwargs: Any) -> NewDocument:
        if not once:
            once.append(True)
            renew(world, ids=[attachment_id])
        return new_document(**kwargs)

    with monkeypatch.context() as patch:
        patch.setattr("transition_exchange.exchange.renewing.documents.new_document", meanwhile)
        assert renew(world, ids=[attachment_id]) == 0
    assert len(_labels(world, record_id)) == 1
    with world.db.read() as session:
        assert (
            session.scalar(select(func.count()).select_from(Part).where(Part.attachment_id.is_not(None))) == 2
        )
    assert [event.kind for event in events_of(world.db, world.school.id)].count("key.renewed") == 1


def test_a_version_is_not_released_with_a_document_that_was_made_anew_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is deleted then, as no version had it. The sender looks again and sends."""
    record_id, _ = _with_plan(world)
    leave(world)
    once: list[bool] = []

    def released(**kwargs: Any) -> NewRelease:
        if not once:
            once.append(True)
            renew(world)
        return new_release(**kwargs)

    with monkeypatch.context() as patch:
        patch.setattr("transition_exchange.exchange.sending.send.new_release", released)
        with pytest.raises(Refused, match="Look again"):
            world.send(record_id)
    assert world.send(record_id).number == 1
    assert len(world.open(world.transfer_of(record_id)).attachments) == 1


@pytest.mark.parametrize("damage", ["signature", "file", "label is gone"])
def test_a_damaged_document_is_counted_and_keeps_no_other_waiting(world: World, damage: str) -> None:
    bad_record, good_record = world.add(surname="Adams"), world.add(surname="Brown")
    bad, good = world.attach(bad_record), world.attach(good_record)
    leave(world)
    with world.db.write() as session:
        if damage == "signature":
            session.execute(update(Grant).where(Grant.attachment_id == bad).values(signature=bytes(64)))
        elif damage == "file":
            part = session.scalars(select(Part).where(Part.name == content_part(bad))).one()
            session.get_one(Ciphertext, part.id).body += b"\0"
        else:
            part = session.scalars(select(Part).where(Part.name == label_part(bad))).one()
            session.delete(part)
    assert due(world) == [bad, good]
    assert renew(world) == 1
    assert due(world) == [bad]
    (label,) = _labels(world, good_record)
    assert label.document == good


def test_none_of_them_counts_as_lost_neither_then_nor_after_it_was_removed(world: World) -> None:
    record_id = world.add()
    world.attach(record_id, name="Results")
    world.attach(record_id, kind="strategies", name="What helps")
    world.new_key("Ashdown School", "Transition team")
    assert renew(world) == 0
    assert lost_documents(db=world.db, actor=world.senco, record_id=record_id) == frozenset()
    first, _ = _labels(world, record_id)
    attaching.remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=first.id)
    assert lost_documents(db=world.db, actor=world.senco, record_id=record_id) == frozenset()
