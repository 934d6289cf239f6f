"""A card as its team opens it: with a signature that is checked, in the post and in the ledger."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.ledger_reading import checked_card, held_for_checking, opened
from transition_exchange.sealing.cards import SignedCard
from transition_exchange.store.models import Card, Record, TeamKey


@pytest.fixture(params=["post", "ledger"])
def state(request: pytest.FixtureRequest, world: World) -> str:
    """Where the council's card of a new learner lies."""
    world.add()
    if request.param == "ledger":
        (team,) = world.coordinator.teams
        ledgers.refreshed(db=world.db, actor=world.coordinator, team=team)
    assert isinstance(request.param, str)
    return request.param


def _card(world: World) -> tuple[Card, SignedCard | None, SignedCard | None]:
    """The council's row, as it opens, and as it is checked."""
    (team,) = world.coordinator.teams
    with world.db.read() as session:
        row = session.scalars(select(Card).where(Card.team_id == team.id)).one()
        trust = trust_of(session, world.coordinator)
        return row, opened(team, row), checked_card(session, trust=trust, team=team, row=row)


def test_what_the_school_signed_is_read(world: World, state: str) -> None:
    row, card, checked = _card(world)
    assert row.state == state
    assert card is not None
    assert card == checked
    assert card.content["legal_forename"] == "Amina"


def test_a_record_of_another_school_makes_it_no_card(world: World, state: str) -> None:
    with world.db.write() as session:
        session.scalars(select(Record)).one().organisation_id = world.places["Beech Lane School"].id
    _, card, checked = _card(world)
    assert card is not None
    assert checked is None, state


def test_what_does_not_open_is_no_card(world: World, state: str) -> None:
    with world.db.write() as session:
        row = session.scalars(select(Card).where(Card.team_id == world.coordinator.teams[0].id)).one()
        row.sealed = bytes(reversed(row.sealed or b""))
    assert _card(world)[1:] == (None, None), state


def test_records_and_keys_that_cards_need_are_read_together(world: World) -> None:
    first = world.add()
    world.add("Ben", "Adams")
    with world.db.read() as session:
        rows = session.scalars(select(Card).where(Card.record_id == first)).all()
        held = held_for_checking(session, rows)
        assert held_for_checking(session, []) == ()
        assert {row.id for row in held if isinstance(row, Record)} == {first}
        keys = {row.id for row in held if isinstance(row, TeamKey)}
    assert keys == {team.key_id for team in world.school.teams.values()}
