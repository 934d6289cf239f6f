"""Somebody with an account and write access puts false cards into ledgers, by a moved column or the ledger's own key.

A card that once was in a ledger used to be shown from then on. A walk: it goes through writing, sending and every list.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.exchange.coordinators import look, names, signed_in
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.listing import one_learner
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.keys.confirmed_names import NOT_CONFIRMED
from transition_exchange.exchange.receiving.covers import cover
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.names import display_name, name_if_listed
from transition_exchange.exchange.records.transfers import sign_sent
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.exchange.writing.learner_name import UNCHECKED, learner_name
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Card, Receipt, Record, Revision, Transfer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

FORGED = {"legal_forename": "Forged", "legal_surname": "Bywathbridge", "purpose": "", "format": 1}


def _signed(by: MadeTeam, place: Place, *, school: UUID, secret: TeamSecret | None = None) -> SignedCard:
    """A false card, signed by a team, or in its name with another key."""
    return SignedCard.sign(
        (secret or by.secret).signing,
        place=place,
        school=school,
        key=by.key_id,
        content=FORGED,
        made_at=datetime.now(UTC),
    )


def _stranger(world: World) -> MadeTeam:
    """The transition team of another school, in which the writer has an ordinary account."""
    return world.places["Beech Lane School"].teams["Transition team"]


def _row(session: Session, record_id: UUID, team: MadeTeam, transfer_id: UUID | None) -> Card:
    return session.scalars(
        select(Card).where(
            Card.record_id == record_id, Card.team_id == team.row.id, Card.transfer_id == transfer_id
        )
    ).one()


def _move_record(session: Session, record_id: UUID, school_id: UUID) -> None:
    session.execute(update(Record).where(Record.id == record_id).values(organisation_id=school_id))


def _post(world: World, record_id: UUID, reader: MadeTeam, transfer_id: UUID | None = None) -> None:
    """Move a record to the writer's school, with a card that this school signed for one of its readers."""
    by = _stranger(world)
    with world.db.write() as session:
        row = _row(session, record_id, reader, transfer_id)
        place = Place(row.id, record_id, transfer_id, reader.row.id)
        body = _signed(by, place, school=by.identity.organisation_id).to_bytes()
        row.sealed = hpke.seal(reader.secret.kem.public, ledger.pad(body), info=place.use)
        row.state, row.team_key_id, row.changed_at = "post", reader.key_id, datetime.now(UTC)
        _move_record(session, record_id, by.identity.organisation_id)


@contextmanager
def _while_moved(world: World, record_id: UUID, *cards: tuple[MadeTeam, UUID | None]) -> Any:
    """While the writer's cards stand there and the record is their school's; then the column is put back."""
    for reader, transfer_id in cards:
        _post(world, record_id, reader, transfer_id)
    yield
    with world.db.write() as session:
        _move_record(session, record_id, world.school.id)


def _shown(contents: Iterable[Any]) -> set[str]:
    return {display_name(row.content) for row in contents}


def test_no_other_school_writes_the_line_of_a_learner_on_the_council_s_list(world: World) -> None:
    record_id, other = world.add(), world.add("Ben", "Adams")
    assert world.root is not None
    known = signed_in(world.coordinator)
    assert len(names(look(world, actor=known))) == 2
    with _while_moved(world, record_id, (world.root, None)):
        assert "Bywathbridge, Forged" not in [
            line.name for line in look(world, actor=known).lines if line.school_id == world.school.id
        ]
        look(world, actor=signed_in(world.coordinator))
    with world.db.read() as session:
        assert _row(session, record_id, world.root, None).state == "ledger", "it was moved there"
    for reader in (known, signed_in(world.coordinator)):
        page = look(world, actor=reader)
        assert names(page) == ["Adams, Ben"]
        assert ledgers.unchecked(db=world.db, actor=reader) == 1, "the list is not silently shorter"
        with pytest.raises(NotFound):
            one_learner(db=world.db, actor=reader, record_id=record_id, today=world.today)
    assert {line.record_id for line in look(world).lines} == {other}


def test_nor_the_lines_and_headings_of_the_school_s_own_lists(world: World) -> None:
    record_id = world.add()
    world.add("Ben", "Adams")
    office, leads = world.school.teams["Transition team"], world.school.teams["Safeguarding team"]
    readers = [
        (signed_in(world.senco), "transition"),
        (signed_in(world.safeguarding_lead), "school_safeguarding"),
    ]
    for reader, purpose in readers:
        assert len(learners(db=world.db, actor=reader, purpose=purpose)) == 2
    with _while_moved(world, record_id, (office, None), (leads, None)):
        for actor in (world.senco, world.safeguarding_lead):
            team = actor.teams[0]
            ledgers.open_ledger(db=world.db, actor=signed_in(actor), team=team)
        for reader, purpose in readers:
            assert _shown(learners(db=world.db, actor=reader, purpose=purpose)) == {"Ben Adams"}
    for reader, purpose in (*readers, *((signed_in(actor), purpose) for actor, purpose in readers)):
        assert _shown(learners(db=world.db, actor=reader, purpose=purpose)) == {"Ben Adams"}
        assert name_if_listed(db=world.db, actor=reader, record_id=record_id) == ""
        assert ledgers.unchecked(db=world.db, actor=reader) == 1
    assert learner_name(db=world.db, actor=world.senco, record_id=record_id) == "Amina Khan"
    assert learner_name(db=world.db, actor=world.safeguarding_lead, record_id=record_id) == UNCHECKED
    with pytest.raises(Tampered):
        ledgers.proven_content(
            db=world.db,
            actor=world.safeguarding_lead,
            team=world.safeguarding_lead.teams[0],
            record_id=record_id,
        )


def test_nor_the_line_and_the_cover_of_a_provider(world: World) -> None:
    sent = world.sent()
    support = world.college.teams["Learning support"]
    known = signed_in(world.college_support)
    assert _shown(inbox(db=world.db, actor=known)) == {"Amina Khan"}
    with _while_moved(world, sent.record_id, (support, sent.transfer_id)):
        for reader in (known, signed_in(world.college_support)):
            assert inbox(db=world.db, actor=reader) == [], "no team of that school signed the transfer"
            shown = cover(db=world.db, actor=reader, transfer_id=sent.transfer_id)
            assert (shown.content, shown.school) == ({}, NOT_CONFIRMED)
            assert ledgers.unchecked(db=world.db, actor=reader) == 1
    for reader in (known, signed_in(world.college_support)):
        assert _shown(inbox(db=world.db, actor=reader)) <= {"Amina Khan"}
        assert (
            display_name(cover(db=world.db, actor=reader, transfer_id=sent.transfer_id).content) != "Forged"
        )
    fresh = signed_in(world.college_support)
    assert inbox(db=world.db, actor=fresh) == []
    shown = cover(db=world.db, actor=fresh, transfer_id=sent.transfer_id)
    assert (shown.content, shown.school) == ({}, "Ashdown School")
    assert ledgers.unchecked(db=world.db, actor=fresh) == 1


def test_nor_if_that_school_signs_the_transfer_too(world: World) -> None:
    sent = world.sent()
    by, support = _stranger(world), world.college.teams["Learning support"]
    with _while_moved(world, sent.record_id, (support, sent.transfer_id)):
        with world.db.write() as session:
            record, transfer = (
                session.get_one(Record, sent.record_id),
                session.get_one(Transfer, sent.transfer_id),
            )
            signed = sign_sent(
                team=by.opened,
                record=record,
                transfer_id=transfer.id,
                provider_id=transfer.provider_id,
                at=datetime.now(UTC),
            )
            transfer.statement, transfer.signature = signed.statement, signed.signature
            transfer.team_key_id = signed.team_key_id
        reader = signed_in(world.college_support)
        assert [row.school for row in inbox(db=world.db, actor=reader)] == ["Beech Lane School"], (
            "its own word"
        )
    for again in (reader, signed_in(world.college_support)):
        assert inbox(db=world.db, actor=again) == []
        assert ledgers.unchecked(db=world.db, actor=again) == 1


def _plant(world: World, by: MadeTeam, *, secret: TeamSecret | None = None) -> None:
    """As a member of the college's support team does it: rows, and a card under the ledger key that they hold.

    Args:
        by: the team whose key the card names.
        secret: the key with which it is signed; None for that team's own.
    """
    support, now = world.college.teams["Learning support"], datetime.now(UTC)
    record_id, transfer_id, revision_id = uuid4(), uuid4(), uuid4()
    place = Place(uuid4(), record_id, transfer_id, support.row.id)
    card = _signed(by, place, school=world.school.id, secret=secret)
    record = Record(
        id=record_id,
        area_id=world.area_id,
        organisation_id=world.school.id,
        leaving_year=2027,
        version="core/2027.1",
        created_at=now,
        changed_at=now,
        delete_on=date(2028, 8, 31),
        complete=True,
        everybody_gaps=0,
        started=True,
    )
    rows = (
        Transfer(
            id=transfer_id, record_id=record_id, provider_id=world.college.id, sent_at=now, state="sent"
        ),
        Revision(id=revision_id, record_id=record_id, owner="transition", number=1, released_at=now),
        Receipt(transfer_id=transfer_id, team_id=support.row.id, revision_id=revision_id, granted_at=now),
        Card(
            id=place.card,
            team_id=support.row.id,
            record_id=record_id,
            transfer_id=transfer_id,
            team_key_id=support.key_id,
            state="ledger",
            card_format=1,
            sealed=ledger.seal(support.secret.ledger_key, place.use, card.to_bytes()),
            changed_at=now,
        ),
    )
    with world.db.write() as session:
        session.add(record)
        session.flush()
        for row in rows:
            session.add(row)
            session.flush()


def _only_real(world: World, reader: Actor) -> None:
    assert _shown(inbox(db=world.db, actor=reader)) == {"Amina Khan"}
    assert ledgers.unchecked(db=world.db, actor=reader) == 1


def test_a_member_puts_no_learner_on_their_own_team_s_list(world: World) -> None:
    world.sent()
    known = signed_in(world.college_support)
    assert _shown(inbox(db=world.db, actor=known)) == {"Amina Khan"}
    _plant(world, world.school.teams["Transition team"], secret=TeamSecret.generate())
    _only_real(world, known)
    _only_real(world, signed_in(world.college_support))


def test_not_even_with_the_signature_of_their_own_team(world: World) -> None:
    world.sent()
    _plant(world, world.college.teams["Learning support"])
    _only_real(world, signed_in(world.college_support))


def test_nor_with_a_card_of_the_school_without_a_transfer_that_it_signed(world: World) -> None:
    """The school's signature on a card does not say that the record was sent."""
    world.sent()
    _plant(world, world.school.teams["Transition team"])
    _only_real(world, signed_in(world.college_support))


def test_a_list_lacks_what_no_longer_has_its_school_s_statement(world: World) -> None:
    """In a session that has checked it before too: what is remembered is compared with the rows at every look."""
    sent = world.sent()
    known = signed_in(world.college_support)
    assert _shown(inbox(db=world.db, actor=known)) == {"Amina Khan"}
    with world.db.write() as session:
        transfer = session.get_one(Transfer, sent.transfer_id)
        signature, transfer.signature = transfer.signature, bytes(64)
    assert inbox(db=world.db, actor=known) == []
    assert ledgers.unchecked(db=world.db, actor=known) == 1
    with world.db.write() as session:
        session.get_one(Transfer, sent.transfer_id).signature = signature
    assert _shown(inbox(db=world.db, actor=known)) == {"Amina Khan"}
    assert ledgers.unchecked(db=world.db, actor=known) == 0


def test_nor_does_a_member_of_the_council_write_a_line(world: World) -> None:
    record: SentRecord = world.sent()
    assert world.root is not None
    reader = signed_in(world.coordinator)
    assert names(look(world, actor=reader)) == ["Khan, Amina"]
    with world.db.write() as session:
        row = _row(session, record.record_id, world.root, None)
        place = Place(row.id, record.record_id, None, world.root.row.id)
        card = _signed(
            world.school.teams["Transition team"],
            place,
            school=world.school.id,
            secret=TeamSecret.generate(),
        )
        row.sealed = ledger.seal(world.root.secret.ledger_key, place.use, card.to_bytes())
        row.changed_at = datetime.now(UTC)
    for actor, shown in ((reader, ["Khan, Amina"]), (signed_in(world.coordinator), [])):
        assert names(look(world, actor=actor)) == shown
        assert ledgers.unchecked(db=world.db, actor=actor) == 1
