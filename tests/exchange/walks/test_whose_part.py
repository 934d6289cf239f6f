"""Whose part something is: columns that name the owner may change, and no team gets or gives the other's part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from tests.exchange.documents import pdf
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import SentRecord, World
from tests.exchange.writing.late import pass_on
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import plaintext
from transition_exchange.exchange.records.part_names import content_part, label_part
from transition_exchange.exchange.writing.attaching import attach
from transition_exchange.exchange.writing.due_grants import write_due_grants
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Attachment, Grant, Record, Revision

SAFEGUARDING = "school_safeguarding"
LEAD = {"safeguarding": {"file_exists": "yes", "lead_name": "Ann Lead", "lead_phone": "01709 000000"}}
FORGED = {"file_exists": "no", "lead_name": "Mallory", "lead_phone": "07700 900999"}


@pytest.fixture
def both(world: World) -> Actor:
    """A member of a team that does the work of both owners."""
    world.team("Ashdown School", "Pastoral", "transition", SAFEGUARDING)
    return world.person("dual", "Ashdown School", "Pastoral")


def _draft_id(world: World, record_id: UUID, owner: str) -> UUID:
    with world.db.read() as session:
        return session.scalars(
            select(Revision.id).where(
                Revision.record_id == record_id, Revision.owner == owner, Revision.number == 0
            )
        ).one()


def _held(world: World, team: str, subject: UUID) -> int:
    """How many grants of a revision or an attachment a team of the school has."""
    with world.db.read() as session:
        held = select(Grant.id).where(
            Grant.grantee_team_id == world.school.teams[team].row.id,
            (Grant.revision_id == subject) | (Grant.attachment_id == subject),
        )
        return len(session.scalars(held).all())


@pytest.mark.parametrize("number", [0, 77])
def test_a_draft_is_passed_on_to_no_team_that_does_not_write_it(
    world: World, both: Actor, number: int
) -> None:
    """A column says that it is the other owner's, as a draft or as a version that was never released."""
    record_id = world.add(actor=both)
    world.save(record_id, LEAD, owner=SAFEGUARDING, actor=both)
    draft_id = _draft_id(world, record_id, SAFEGUARDING)
    with world.db.write() as session:
        if number == 0:
            session.execute(delete(Revision).where(Revision.id == _draft_id(world, record_id, "transition")))
        draft = session.get_one(Revision, draft_id)
        draft.owner, draft.number = "transition", number
    assert pass_on(world, both) == 1, "it is counted as damaged"
    assert _held(world, "Transition team", draft_id) == 0


def test_a_document_is_passed_on_to_no_team_that_does_not_attach_it(world: World, both: Actor) -> None:
    record_id = world.add(actor=both)
    attachment_id = attach(
        db=world.db,
        actor=both,
        record_id=record_id,
        kind="qualifications",
        name="",
        dated=world.today,
        content=pdf(),
        today=world.today,
    )
    with world.db.write() as session:
        session.get_one(Attachment, attachment_id).owner = SAFEGUARDING
    failed: list[UUID] = []
    write_due_grants(db=world.db, actor=both, failed=failed)
    assert failed == [record_id]
    assert _held(world, "Safeguarding team", attachment_id) == 0


def test_what_was_found_as_another_owners_is_not_passed_on_though_the_row_is_right_again(
    world: World, both: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The column is put back between the list of what is due and the step that passes it on."""
    record_id = world.add(actor=both)
    world.save(record_id, LEAD, owner=SAFEGUARDING, actor=both)
    draft_id = _draft_id(world, record_id, SAFEGUARDING)

    def call_it(owner: str, number: int) -> None:
        with world.db.write() as session:
            draft = session.get_one(Revision, draft_id)
            draft.owner, draft.number = owner, number

    call_it("transition", 77)
    module = "transition_exchange.exchange.writing.due_grants._passed_on"
    passed_on = write_due_grants.__globals__["_passed_on"]

    def put_back_first(*args: Any, **kwargs: Any) -> Grant | None:
        session = args[0]
        session.expire_all()
        draft = session.get_one(Revision, draft_id)
        draft.owner, draft.number = SAFEGUARDING, 0
        with session.no_autoflush:
            made: Grant | None = passed_on(*args, **kwargs)
            session.expunge(draft)
        return made

    monkeypatch.setattr(module, put_back_first)
    failed: list[UUID] = []
    write_due_grants(db=world.db, actor=both, failed=failed)
    assert failed == [record_id]
    assert _held(world, "Transition team", draft_id) == 0


def _plant_draft(
    world: World,
    record_id: UUID,
    *,
    by: MadeTeam,
    to: MadeTeam,
    owner: str,
    answers: Mapping[str, Any],
    empty: bool = False,
) -> None:
    """Put a draft under keys of a team's own, with the only grant of it signed by that team."""
    draft_id = _draft_id(world, record_id, owner)
    with world.db.write() as session:
        binding = parts.binding_of(session.get_one(Record, record_id), draft_id)
        keys = {}
        for name, row in parts.rows_of(session, revision_id=draft_id).items():
            sealed = parts.seal(binding=binding, name=name, plaintext=plaintext(answers.get(name, {})))
            parts.replace(session, {row.id: sealed.body})
            keys[name] = sealed.key
        session.execute(delete(Grant).where(Grant.revision_id == draft_id))
        session.add(
            grants.make(
                grantor=by.opened,
                grantee=to.opened.known,
                record_id=record_id,
                owner=owner,
                empty=empty,
                keys=keys,
                known_to=[to.opened.known.fingerprint],
                digests={},
                now=datetime.now(UTC),
                revision_id=draft_id,
            )
        )


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("owner", ["transition", SAFEGUARDING])
def test_neither_sending_team_writes_the_others_draft(
    world: World, sent: SentRecord, owner: str, empty: bool
) -> None:
    teams = world.school.teams["Transition team"], world.school.teams["Safeguarding team"]
    to, by = teams if owner == "transition" else teams[::-1]
    section = {"transition": "known_as", SAFEGUARDING: "safeguarding"}[owner]
    answers = {section: FORGED if owner == SAFEGUARDING else {"preferred_name": "Forged"}}
    _plant_draft(world, sent.record_id, by=by, to=to, owner=owner, answers=answers, empty=empty)
    reader = world.senco if owner == "transition" else world.safeguarding_lead
    with pytest.raises(Tampered):
        open_draft(db=world.db, actor=reader, record_id=sent.record_id, owner=owner)


def test_an_empty_draft_made_with_the_learner_opens_and_gets_new_keys_with_the_first_save(
    world: World, sent: SentRecord
) -> None:
    lead = world.safeguarding_lead
    draft = open_draft(db=world.db, actor=lead, record_id=sent.record_id, owner=SAFEGUARDING)
    assert draft.outdated, "the transition team knows its keys"
    world.save(sent.record_id, LEAD, owner=SAFEGUARDING)
    saved = open_draft(db=world.db, actor=lead, record_id=sent.record_id, owner=SAFEGUARDING)
    assert saved.answers["safeguarding"]["lead_name"] == "Ann Lead"
    assert not saved.outdated


def test_an_empty_draft_that_is_passed_on_gets_new_keys(world: World, sent: SentRecord) -> None:
    """Passing it on does not make the keys that the transition team made those of the team that passes it on."""
    world.team("Ashdown School", "Second leads", SAFEGUARDING)
    deputy, lead = world.person("deputy", "Ashdown School", "Second leads"), world.safeguarding_lead
    before = open_draft(db=world.db, actor=lead, record_id=sent.record_id, owner=SAFEGUARDING)
    assert before.outdated
    assert pass_on(world, lead) == 0
    assert _held(world, "Second leads", before.revision_id) == 1
    for actor in (deputy, lead):
        draft = open_draft(db=world.db, actor=actor, record_id=sent.record_id, owner=SAFEGUARDING)
        assert not draft.outdated
        assert set(draft.keys.values()).isdisjoint(before.keys.values())


@pytest.mark.parametrize("by", ["Transition team", "Safeguarding team"])
def test_a_released_part_holds_what_its_owner_gave_and_each_section_once(
    world: World, sent: SentRecord, by: str
) -> None:
    """Nor may the owner's own team put a second text for a section into a grant."""
    world.save(sent.record_id, LEAD, owner=SAFEGUARDING)
    world.send(sent.record_id, owner=SAFEGUARDING)
    college, reader = world.college.teams["Safeguarding"], world.college_safeguarding
    opening = world.open(sent.transfer_id, reader).openings[SAFEGUARDING]
    assert opening.answers["safeguarding"]["file_exists"] == "yes"
    suffix = f"{sent.transfer_id}/zz/safeguarding"
    bodies = {
        "safeguarding/x": plaintext(FORGED),
        f"pdf/{suffix}": b"%PDF",
        f"data/{suffix}": b'{"missing":[]}',
    }
    with world.db.write() as session:
        given = session.scalars(
            select(Grant).where(
                Grant.revision_id == opening.revision.id, Grant.grantee_team_id == college.row.id
            )
        ).one()
        digest = json.loads(given.statement or "")["manifest_digest"]
        session.delete(given)
        binding = parts.binding_of(session.get_one(Record, sent.record_id), opening.revision.id)
        sealed = [parts.seal(binding=binding, name=name, plaintext=body) for name, body in bodies.items()]
        for part in sealed:
            part.store(
                session,
                record_id=sent.record_id,
                revision_id=opening.revision.id,
                transfer_id=sent.transfer_id,
            )
        session.add(
            grants.make(
                grantor=world.school.teams[by].opened,
                grantee=college.opened.known,
                record_id=sent.record_id,
                owner=SAFEGUARDING,
                keys=parts.keys_of(sealed),
                digests={part.name: part.digest for part in sealed},
                now=datetime.now(UTC),
                revision_id=opening.revision.id,
                transfer_id=sent.transfer_id,
                manifest_digest=digest,
            )
        )
    with pytest.raises(Tampered):
        world.open(sent.transfer_id, reader)


@pytest.mark.parametrize("owner", ["transition", SAFEGUARDING])
def test_a_document_is_its_owners(world: World, sent: SentRecord, owner: str) -> None:
    """The safeguarding team signs another document in its place, as the transition team's or as its own."""
    reads = "Transition team" if owner == "transition" else "Safeguarding team"
    attachment_id = world.attach(sent.record_id)
    (label,) = open_draft(db=world.db, actor=world.senco, record_id=sent.record_id).attachments
    texts = {
        label_part(attachment_id): replace(label, name="Forged").plaintext(),
        content_part(attachment_id): b"%PDF-1.7 forged",
    }
    with world.db.write() as session:
        binding = parts.binding_of(session.get_one(Record, sent.record_id), attachment_id)
        rows = parts.rows_of(session, attachment_ids=[attachment_id])
        sealed = [parts.seal(binding=binding, name=name, plaintext=text) for name, text in texts.items()]
        for part in sealed:
            parts.replace(session, {rows[part.name].id: part.body})
        session.execute(delete(Grant).where(Grant.attachment_id == attachment_id))
        session.add(
            grants.make(
                grantor=world.school.teams["Safeguarding team"].opened,
                grantee=world.school.teams[reads].opened.known,
                record_id=sent.record_id,
                owner=owner,
                keys=parts.keys_of(sealed),
                digests={part.name: part.digest for part in sealed},
                now=datetime.now(UTC),
                attachment_id=attachment_id,
            )
        )
        session.get_one(Attachment, attachment_id).owner = owner
    reader = world.senco if owner == "transition" else world.safeguarding_lead
    with pytest.raises(Tampered):
        open_draft(db=world.db, actor=reader, record_id=sent.record_id, owner=owner)
