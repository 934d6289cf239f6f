"""Attachments of a record: their labels and contents opened, and deleted with all their pieces."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.documents import pdf
from tests.exchange.false_labels import seal_false_label
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import attachments, part_names
from transition_exchange.exchange.records.attachments import open_labels, read_content, read_label
from transition_exchange.store.models import Attachment, Ciphertext, Part, Record

LABEL = {
    "document": "0b9e6c1e-5d0b-4a55-9d0e-6c1f1f5a2b3c",
    "kind": "ehc_plan",
    "name": "Plan",
    "dated": "2026-10-01",
    "pages": 3,
    "size": 900,
    "added": "2026-10-02",
    "removed": ["links"],
}


@pytest.fixture
def attached(world: World) -> tuple[UUID, UUID]:
    """A record and its one document."""
    record_id = world.add()
    return record_id, _attach(world, record_id)


def _attach(world: World, record_id: UUID, name: str = "Plan") -> UUID:
    return world.attach(record_id, kind="ehc_plan", name=name, content=pdf(pages=2))


def _labels(
    world: World, record_id: UUID, actor: Actor, owner: str = "transition"
) -> tuple[attachments.AttachmentLabel, ...]:
    with world.db.read() as session:
        record = session.get_one(Record, record_id)
        return open_labels(session, actor=actor, trust=trust_of(session, actor), record=record, owner=owner)


def test_a_label_is_read_with_its_date_or_without_one() -> None:
    id = uuid4()
    about = read_label(
        attachment_id=id, plaintext=json.dumps(LABEL).encode(), keys={"a": b"k"}, digests={"a": "d"}
    )
    assert (about.id, about.kind, about.name, about.pages, about.size) == (id, "ehc_plan", "Plan", 3, 900)
    assert (about.dated, about.added, about.removed) == (date(2026, 10, 1), "2026-10-02", ("links",))
    assert (about.keys, about.digests) == ({"a": b"k"}, {"a": "d"})
    undated = json.dumps(LABEL | {"dated": None}).encode()
    assert read_label(attachment_id=id, plaintext=undated, keys={}, digests={}).dated is None


def test_a_label_shows_neither_keys_nor_digests() -> None:
    about = read_label(
        attachment_id=uuid4(),
        plaintext=json.dumps(LABEL).encode(),
        keys={"a": b"secret"},
        digests={"a": "d" * 64},
    )
    assert "secret" not in repr(about)
    assert "d" * 64 not in repr(about)


def test_its_owners_team_reads_the_labels_in_the_order_they_were_added(
    world: World, attached: tuple[UUID, UUID]
) -> None:
    record_id, first = attached
    second = _attach(world, record_id, "Newer plan")
    labels = _labels(world, record_id, world.senco)
    assert [(about.id, about.name) for about in labels] == [(first, "Plan"), (second, "Newer plan")]
    assert labels[0].pages == 2


def test_another_team_and_another_owner_read_none(world: World, attached: tuple[UUID, UUID]) -> None:
    record_id, _ = attached
    assert _labels(world, record_id, world.senco, "school_safeguarding") == ()
    assert _labels(world, record_id, world.safeguarding_lead) == ()
    assert _labels(world, world.add("Ben"), world.senco) == ()


def test_the_content_is_what_was_attached_or_it_is_not_shown(
    world: World, attached: tuple[UUID, UUID]
) -> None:
    record_id, attachment_id = attached
    (about,) = _labels(world, record_id, world.senco)
    with world.db.read() as session:
        record = session.get_one(Record, record_id)
        assert read_content(session, record=record, label=about)[:5] == b"%PDF-"
        unsigned = replace(about, digests={})
        with pytest.raises(Tampered):
            read_content(session, record=record, label=unsigned)
    with world.db.write() as session:
        part = session.scalars(select(Part).where(Part.name == part_names.content_part(attachment_id))).one()
        session.get_one(Ciphertext, part.id).body += b"\0"
    with world.db.read() as session, pytest.raises(Tampered):
        read_content(session, record=record, label=about)


def test_a_label_swapped_for_another_documents_is_noticed(world: World, attached: tuple[UUID, UUID]) -> None:
    record_id, first = attached
    second = _attach(world, record_id, "Newer plan")
    with world.db.write() as session:
        one, other = (
            session.get_one(
                Ciphertext,
                session.scalars(
                    select(Part.id).where(Part.name == part_names.label_part(attachment_id))
                ).one(),
            )
            for attachment_id in (first, second)
        )
        one.body, other.body = other.body, one.body
    with pytest.raises(Tampered):
        _labels(world, record_id, world.senco)


def test_a_label_that_a_team_which_received_it_sealed_is_refused(world: World) -> None:
    """With another kind, the next version would give the document to teams that may not read it."""
    record_id = world.add()
    world.fill(record_id)
    world.attach(record_id, kind="strategies", name="What helps")
    world.send(record_id)
    seal_false_label(world, record_id, world.transfer_of(record_id), kind="qualifications")
    with pytest.raises(Tampered):
        _labels(world, record_id, world.senco)
    with pytest.raises(Tampered):
        world.plan(record_id)


def test_deleting_takes_both_pieces_of_each_and_nothing_else(
    world: World, attached: tuple[UUID, UUID]
) -> None:
    record_id, first = attached
    second = _attach(world, record_id)
    with world.db.write() as session:
        before = set(session.scalars(select(Part.name)))
        bodies = len(session.scalars(select(Ciphertext.id)).all())
        attachments.delete_parts(session, [first])
    with world.db.read() as session:
        gone = before - set(session.scalars(select(Part.name)))
        assert gone == {part_names.label_part(first), part_names.content_part(first)}
        assert len(session.scalars(select(Ciphertext.id)).all()) == bodies - 2
    assert part_names.content_part(second) in before


@pytest.mark.parametrize("gone", ["row", "bytes"])
def test_a_label_that_is_gone_is_said(world: World, attached: tuple[UUID, UUID], gone: str) -> None:
    record_id, attachment_id = attached
    with world.db.write() as session:
        label = session.scalars(select(Part).where(Part.name == part_names.label_part(attachment_id))).one()
        session.delete(label if gone == "row" else session.get_one(Ciphertext, label.id))
    with pytest.raises(Tampered):
        _labels(world, record_id, world.senco)


def test_a_row_that_nobody_attached_anything_for_spoils_no_form(
    world: World, attached: tuple[UUID, UUID]
) -> None:
    record_id, attachment_id = attached
    with world.db.write() as session:
        session.add(Attachment(record_id=record_id, owner="transition"))
    assert [label.id for label in _labels(world, record_id, world.senco)] == [attachment_id]


@pytest.mark.parametrize("gone", ["row", "bytes"])
def test_a_file_that_is_gone_is_said(world: World, attached: tuple[UUID, UUID], gone: str) -> None:
    record_id, attachment_id = attached
    (label,) = _labels(world, record_id, world.senco)
    with world.db.write() as session:
        content = session.scalars(
            select(Part).where(Part.name == part_names.content_part(attachment_id))
        ).one()
        session.delete(content if gone == "row" else session.get_one(Ciphertext, content.id))
    with world.db.read() as session, pytest.raises(Tampered):
        read_content(session, record=session.get_one(Record, record_id), label=label)


SPOILT: tuple[dict[str, Any], ...] = (
    {"document": "x"},
    {"document": 7},
    {"name": "\ud800"},
    {"dated": "soon"},
    {"dated": 7},
    {"added": "soon"},
    {"pages": "many"},
    {"size": []},
    {"removed": 7},
)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "[]",
        "[" * 100_000,
        "{}",
        *(json.dumps(LABEL | changed) for changed in SPOILT),
    ],
)
def test_a_label_that_nobody_of_ours_wrote_fails_the_safety_check(label: str) -> None:
    with pytest.raises(Tampered):
        read_label(attachment_id=UUID(int=1), plaintext=label.encode(), keys={}, digests={})
