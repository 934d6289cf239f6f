"""Attachments: taken only when they are safe to hand on, sealed with their label."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.exchange.chains import events_of
from tests.exchange.documents import pdf
from tests.exchange.world import World
from tests.uploads.reading import everything, pictures
from tests.uploads.samples import PAYLOAD, cleaned, drawn
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.writing.attaching import attach, own_content, remove
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Attachment, Ciphertext, Grant, Part


def test_an_attachment_comes_back_looking_as_it_did_with_its_label(world: World) -> None:
    record_id, content = world.add(), drawn(pages=3)
    attachment_id = attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="ehc_plan",
        name="Plan",
        dated=world.today,
        content=content,
    )
    about, body = own_content(
        db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id
    )
    assert pictures(body) == pictures(content)
    assert (about.kind, about.name, about.dated, about.pages) == ("ehc_plan", "Plan", world.today, 3)
    assert (about.size, about.removed) == (len(body), ())
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).attachments[0].id == attachment_id


def test_what_is_kept_is_the_cleaned_file_and_the_label_says_what_was_taken_out(world: World) -> None:
    record_id = world.add()
    content, _ = cleaned()["PDF/A-3 with its source"]
    attachment_id = _attach(world, record_id, content=content)
    about, body = own_content(
        db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id
    )
    assert about.removed == ("files",)
    assert PAYLOAD not in everything(body)
    assert pictures(body) == pictures(content)


def test_a_file_that_forbids_changes_is_kept_open_for_the_college(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"sen": {"provision": "K"}})
    content, _ = cleaned()["forbids changes (AES, 256 bits)"]
    attachment_id = _attach(world, record_id, content=content)
    _, body = own_content(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)
    assert b"/Encrypt" not in everything(body)
    assert pictures(body) == pictures(content)
    world.send(record_id)
    (about,) = world.open(world.transfer_of(record_id)).attachments
    assert (about.id, about.size, about.removed) == (attachment_id, len(body), ("restrictions",))


def test_kind_and_date_are_asked_for(world: World) -> None:
    record_id = world.add()
    given: dict[str, Any] = {
        "db": world.db,
        "actor": world.senco,
        "record_id": record_id,
        "name": "",
        "content": pdf(),
    }
    with pytest.raises(Refused, match="kind"):
        attach(**given, kind="photo", dated=world.today)
    with pytest.raises(Refused, match="date"):
        attach(**given, kind="ehc_plan", dated=None)
    with pytest.raises(Refused, match="future"):
        attach(**given, kind="ehc_plan", dated=world.today + timedelta(days=1))


def test_nobody_else_opens_or_removes_it(world: World) -> None:
    record_id = world.add()
    attachment_id = attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="ehc_plan",
        name="",
        dated=world.today,
        content=pdf(),
    )
    for actor in (world.other_senco, world.safeguarding_lead, world.college_support):
        with pytest.raises((NotFound, NotAllowed)):
            own_content(db=world.db, actor=actor, record_id=record_id, attachment_id=attachment_id)
        with pytest.raises((NotFound, NotAllowed)):
            remove(db=world.db, actor=actor, record_id=record_id, attachment_id=attachment_id)


def test_a_removed_attachment_is_gone(world: World) -> None:
    record_id = world.add()
    attachment_id = attach(
        db=world.db,
        actor=world.senco,
        record_id=record_id,
        kind="ehc_plan",
        name="",
        dated=world.today,
        content=pdf(),
    )
    remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).attachments == ()
    with pytest.raises(NotFound):
        own_content(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)


def _attach(world: World, record_id: UUID, **changed: Any) -> UUID:
    given: dict[str, Any] = {
        "actor": world.senco,
        "kind": "strategies",
        "name": "",
        "dated": world.today,
        "content": pdf(),
    }
    return attach(db=world.db, record_id=record_id, **(given | changed))


def test_a_document_without_a_name_is_called_by_its_kind(world: World) -> None:
    record_id, content = world.add(), pdf()
    for given, called in (("  ", "Strategies for teachers"), (" For all teachers ", "For all teachers")):
        attachment_id = _attach(world, record_id, name=given, content=content)
        about, _ = own_content(
            db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id
        )
        assert about.name == called
        assert about.pages == 1


def test_only_the_team_that_writes_its_section_attaches_and_only_to_its_own_records(world: World) -> None:
    record_id = world.add()
    for actor, refusal in (
        (world.safeguarding_lead, NotAllowed),
        (world.other_senco, NotFound),
        (world.college_support, NotFound),
    ):
        with pytest.raises(refusal):
            _attach(world, record_id, actor=actor)
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).attachments == ()


def test_nothing_of_a_refused_file_is_kept(world: World) -> None:
    record_id = world.add()
    with world.db.read() as session:
        before = session.scalar(select(func.count()).select_from(Ciphertext))
    with pytest.raises(Refused):
        _attach(world, record_id, content=b"Dear college")
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Ciphertext)) == before
        assert session.scalars(select(Attachment.id)).all() == []


def test_neither_its_kind_nor_its_name_stands_in_a_row(world: World) -> None:
    record_id = world.add()
    attachment_id = _attach(world, record_id, name="Zebrafinch")
    with world.db.read() as session:
        row = session.execute(select(Attachment.__table__)).mappings().one()
        names = session.scalars(select(Part.name).where(Part.attachment_id == attachment_id)).all()
    assert "strategies" not in str(dict(row))
    assert sorted(names) == [f"attachment/{attachment_id}/about", f"attachment/{attachment_id}/content"]
    assert events_of(world.db, world.school.id)[-1].about == {
        "record": str(record_id),
        "attachment": str(attachment_id),
        "owner": "transition",
    }


def test_removed_before_it_was_sent_its_bytes_are_gone(world: World) -> None:
    record_id = world.add()
    attachment_id = _attach(world, record_id)
    remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)
    with world.db.read() as session:
        assert session.scalars(select(Part.id).where(Part.attachment_id == attachment_id)).all() == []
        (keyring,) = session.scalars(select(Grant.keyring).where(Grant.attachment_id == attachment_id))
        assert keyring is None
    assert events_of(world.db, world.school.id)[-1].kind == "attachment.removed"
    with pytest.raises(NotFound):
        remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)


def test_removed_after_it_was_sent_the_college_keeps_what_it_got(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"sen": {"provision": "K"}})
    attachment_id = _attach(world, record_id)
    world.send(record_id)
    remove(db=world.db, actor=world.senco, record_id=record_id, attachment_id=attachment_id)
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).attachments == ()
    received = world.open(world.transfer_of(record_id))
    assert [about.id for about in received.attachments] == [attachment_id]
    world.send(record_id)
    assert world.open(world.transfer_of(record_id)).attachments == (), "the next version goes without it"
