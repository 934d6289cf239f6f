"""Somebody who can write to the database, or who knows a public key, puts cards where they like: what do lists show?

A walk: it goes through writing, sending and every kind of list.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.coordinators import look, names, signed_in
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.names import legal_name
from transition_exchange.sealing import hpke, ledger
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.keys import RecipientKey, TeamSecret
from transition_exchange.store.models import Card, TeamKey

INVENTED = {"legal_forename": "Nobody", "legal_surname": "Atall", "purpose": "neet_group", "format": 1}


def _post(
    session: Session, row: Card, by: MadeTeam, *, school: UUID, secret: TeamSecret | None = None
) -> None:
    """Put a card of an invented learner into a row, sealed to the team's public key.

    Args:
        by: the team whose key the card names.
        school: the school it names.
        secret: the key with which it is signed; None for that team's own.
    """
    place = Place(row.id, row.record_id, row.transfer_id, row.team_id)
    card = SignedCard.sign(
        (secret or by.secret).signing,
        place=place,
        school=school,
        key=by.key_id,
        content=INVENTED,
        made_at=datetime.now(UTC),
    )
    key = session.scalars(select(TeamKey).where(TeamKey.team_id == row.team_id)).one()
    row.state, row.team_key_id, row.changed_at = "post", key.id, datetime.now(UTC)
    row.sealed = hpke.seal(RecipientKey(key.kem_public), ledger.pad(card.to_bytes()), info=place.use)


def _row(session: Session, record_id: UUID, team: MadeTeam, transfer_id: UUID | None = None) -> Card:
    return session.scalars(
        select(Card).where(
            Card.record_id == record_id, Card.team_id == team.row.id, Card.transfer_id == transfer_id
        )
    ).one()


def _forge(world: World, record_id: UUID, team: MadeTeam, transfer_id: UUID | None = None) -> None:
    """As somebody without any school's key does it: the school's names, a key of their own."""
    own = world.school.teams["Transition team"]
    with world.db.write() as session:
        row = _row(session, record_id, team, transfer_id)
        _post(session, row, own, school=world.school.id, secret=TeamSecret.generate())


def test_who_knows_only_a_public_key_puts_nobody_on_any_list(world: World) -> None:
    sent, other = world.sent(), world.sent("Ben", "Adams")
    assert world.root is not None
    support = world.college.teams["Learning support"]
    for team, transfer_id in (
        (world.root, None),
        (world.school.teams["Transition team"], None),
        (world.school.teams["Safeguarding team"], None),
        (support, sent.transfer_id),
    ):
        _forge(world, sent.record_id, team, transfer_id)
    assert names(look(world)) == ["Adams, Ben"]
    for actor in (world.coordinator, world.senco, world.safeguarding_lead, world.college_support):
        reader = signed_in(actor)
        shown = ledgers.open_ledger(db=world.db, actor=reader, team=reader.teams[0])
        assert {legal_name(card.content) for card in shown.values()} == {"Ben Adams"}
        assert {card.record_id for card in shown.values()} == {other.record_id}
        assert ledgers.unchecked(db=world.db, actor=reader) == 1
    rows = inbox(db=world.db, actor=world.college_support)
    assert {row.transfer_id for row in rows if row.content} <= {other.transfer_id}


def test_nor_does_a_forged_card_take_a_real_ones_place_in_a_session_that_knows_it(world: World) -> None:
    record_id, coordinator = world.add(), signed_in(world.coordinator)
    assert world.root is not None
    assert names(look(world, actor=coordinator)) == ["Khan, Amina"]
    _forge(world, record_id, world.root)
    assert names(look(world, actor=coordinator)) == ["Khan, Amina"]
    assert ledgers.unchecked(db=world.db, actor=coordinator) == 1


def test_a_forged_card_is_never_moved_into_the_ledger(world: World) -> None:
    """Once in the ledger it would be shown for good."""
    record_id = world.add()
    assert world.root is not None
    _forge(world, record_id, world.root)
    for _ in range(2):
        assert names(look(world, actor=signed_in(world.coordinator))) == []
        with world.db.read() as session:
            assert _row(session, record_id, world.root).state == "post"


def _another_school(world: World) -> tuple[MadeTeam, UUID]:
    other = world.places["Beech Lane School"]
    return other.teams["Transition team"], other.id


def _another_schools_name(world: World) -> tuple[MadeTeam, UUID]:
    return world.places["Beech Lane School"].teams["Transition team"], world.school.id


def _a_college(world: World) -> tuple[MadeTeam, UUID]:
    return world.college.teams["Learning support"], world.college.id


def _safeguarding(world: World) -> tuple[MadeTeam, UUID]:
    return world.school.teams["Safeguarding team"], world.school.id


def _unconfirmed(world: World) -> tuple[MadeTeam, UUID]:
    return world.team("Ashdown School", "Front office", "transition", confirmed=False), world.school.id


@pytest.mark.parametrize(
    "signer", [_another_school, _another_schools_name, _a_college, _safeguarding, _unconfirmed]
)
def test_only_the_transition_team_of_the_records_school_puts_a_card_on_a_list(
    world: World, signer: Callable[[World], tuple[MadeTeam, UUID]]
) -> None:
    record_id = world.add()
    assert world.root is not None
    by, school = signer(world)
    with world.db.write() as session:
        _post(session, _row(session, record_id, world.root), by, school=school)
    coordinator = signed_in(world.coordinator)
    assert names(look(world, actor=coordinator)) == []
    assert ledgers.unchecked(db=world.db, actor=coordinator) == 1
    with world.db.write() as session:
        own = world.school.teams["Transition team"]
        _post(session, _row(session, record_id, world.root), own, school=world.school.id)
    assert names(look(world, actor=signed_in(world.coordinator))) == ["Atall, Nobody"], "signed by the school"


@pytest.mark.parametrize("where", ["post", "ledger"])
def test_two_cards_that_were_swapped_are_not_shown(world: World, where: str) -> None:
    """The same team's cards of two records, and of two transfers: each would show the other learner."""
    one, other = world.sent(), world.sent("Ben", "Adams")
    assert world.root is not None
    support = world.college.teams["Learning support"]
    places: tuple[tuple[MadeTeam, Actor, UUID | None, UUID | None], ...] = (
        (world.root, world.coordinator, None, None),
        (support, world.college_support, one.transfer_id, other.transfer_id),
    )
    for team, actor, here, there in places:
        if where == "ledger":
            _read(world, actor)
        with world.db.write() as session:
            first = _row(session, one.record_id, team, here)
            second = _row(session, other.record_id, team, there)
            assert (first.state, second.state) == (where, where)
            first.sealed, second.sealed = second.sealed, first.sealed
        assert _read(world, actor) == {}


def test_nor_is_a_record_s_card_shown_as_a_transfer_s(world: World) -> None:
    sent = world.sent()
    support = world.college.teams["Learning support"]
    recalled = uuid4()
    with world.db.write() as session:
        row = _row(session, sent.record_id, support, sent.transfer_id)
        place = Place(row.id, row.record_id, recalled, row.team_id)
        body = SignedCard.sign(
            world.school.teams["Transition team"].secret.signing,
            place=place,
            school=world.school.id,
            key=world.school.teams["Transition team"].key_id,
            content=INVENTED,
            made_at=datetime.now(UTC),
        ).to_bytes()
        # Whoever could seal it anew for this place could not sign it anew.
        here = Place(row.id, row.record_id, row.transfer_id, row.team_id)
        row.sealed = hpke.seal(support.secret.kem.public, ledger.pad(body), info=here.use)
    assert _read(world, world.college_support) == {}


def _read(world: World, actor: Actor) -> dict[UUID, str]:
    """What somebody's first team sees in a fresh session, by record."""
    reader = signed_in(actor)
    shown = ledgers.open_ledger(db=world.db, actor=reader, team=reader.teams[0])
    return {card.record_id: legal_name(card.content) for card in shown.values()}
