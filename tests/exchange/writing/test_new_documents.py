"""A document as it is sealed: two pieces under two keys, for the teams that write its section."""

from __future__ import annotations

from uuid import uuid4

from tests.exchange.world import World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.attachments import AttachmentLabel, open_labels, read_content
from transition_exchange.exchange.records.part_names import content_part, label_part
from transition_exchange.exchange.writing.new_documents import NewDocument, new_document
from transition_exchange.store.models import Attachment, Record


def _document(world: World, record: Record) -> NewDocument:
    team = world.senco.teams[0]
    attachment = Attachment(id=uuid4(), record_id=record.id, owner="transition")
    label = AttachmentLabel(
        id=attachment.id,
        document=uuid4(),
        kind="strategies",
        name="What helps Zoë",
        dated=None,
        pages=2,
        size=6,
        added="2026-10-02",
        removed=("links",),
    )
    return new_document(
        record=record,
        attachment=attachment,
        label=label,
        content=b"a file",
        grantor=team,
        grantees=[team.known],
        now=record.created_at,
    )


def test_it_is_stored_whole_and_opens_with_its_label(world: World) -> None:
    record_id = world.add()
    with world.db.write() as session:
        record = session.get_one(Record, record_id)
        document = _document(world, record)
        document.store(session)
    with world.db.read() as session:
        record = session.get_one(Record, record_id)
        trust = trust_of(session, world.senco)
        (label,) = open_labels(session, actor=world.senco, trust=trust, record=record, owner="transition")
        assert (label.id, label.name, label.pages, label.removed) == (
            document.attachment.id,
            "What helps Zoë",
            2,
            ("links",),
        )
        assert label.document != label.id
        assert read_content(session, record=record, label=label) == b"a file"


def test_label_and_file_have_keys_of_their_own_and_only_those_given_get_them(world: World) -> None:
    record_id = world.add()
    with world.db.read() as session:
        document = _document(world, session.get_one(Record, record_id))
    keys = parts.keys_of(document.sealed)
    assert set(keys) == {label_part(document.attachment.id), content_part(document.attachment.id)}
    assert len(set(keys.values())) == 2
    assert [grant.grantee_team_id for grant in document.grants] == [world.senco.teams[0].id]
    assert not any(key.hex() in repr(document) for key in keys.values())
