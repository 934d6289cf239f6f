"""Cards that could not be written when a record was saved: found, and written a few at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from tests.exchange.coordinators import look, names
from tests.exchange.sixth_forms import SCHOOL, add_hill_school, send_to_itself
from tests.exchange.team_rows import confirm_key
from tests.exchange.typing_in import type_in
from tests.exchange.world import World
from tests.exchange.writing.late import add_late_teams, confirm
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.writing import due_cards, school_cards
from transition_exchange.exchange.writing.due_cards import due_records, write_due, write_typed
from transition_exchange.store.models import Card, Record, TeamKey


def _due(world: World, actor: Actor | None = None) -> list[UUID]:
    with world.db.read() as session:
        return due_records(session, actor=actor or world.senco)


def test_nothing_is_due_where_every_card_could_be_written(world: World) -> None:
    world.add()
    assert _due(world) == []
    assert write_due(db=world.db, actor=world.senco) == 0


def test_a_team_that_came_later_gets_its_cards_in_steps(world: World) -> None:
    ids = [world.add(surname=name) for name in ("Adams", "Brown", "Clark", "Davis", "Evans")]
    world.team("Ashdown Council", "SEND team", "send")
    officer = world.person("officer", "Ashdown Council", "SEND team")
    assert _due(world) == ids
    assert write_due(db=world.db, actor=world.senco, limit=2) == 3
    assert names(look(world, actor=officer)) == ["Adams, Amina", "Brown, Amina"]
    assert write_due(db=world.db, actor=world.senco, limit=2) == 1
    assert write_due(db=world.db, actor=world.senco, limit=2) == 0
    assert _due(world) == []
    assert look(world, actor=officer).total == 5


def test_a_card_becomes_due_once_the_teams_key_counts(world: World) -> None:
    late = world.team("Ashdown Council", "SEND team", "send", confirmed=False)
    officer = world.person("officer", "Ashdown Council", "SEND team")
    record_id = world.add()
    with world.db.read() as session:
        states = select(Card.state).where(Card.team_id == late.row.id)
        assert session.scalars(states).all() == ["due"]
    assert _due(world) == [], "nobody could seal to it yet"
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, late.key_id), world.root)
    assert _due(world) == [record_id]
    write_due(db=world.db, actor=world.senco)
    assert look(world, actor=officer).total == 1
    with world.db.read() as session:
        count = select(func.count()).select_from(Card).where(Card.team_id == late.row.id)
        assert session.scalar(count) == 1, "in the due card's own row"


def test_a_card_of_an_older_format_is_written_anew(world: World) -> None:
    stale, _ = world.add(), world.add("Ben")
    with world.db.write() as session:
        session.execute(
            update(Card)
            .where(Card.record_id == stale, Card.team_id == world.senco.teams[0].id)
            .values(card_format=0)
        )
    assert _due(world) == [stale]
    write_due(db=world.db, actor=world.senco)
    assert _due(world) == []


def test_another_schools_records_are_not_this_schools_to_write(world: World) -> None:
    theirs = world.add(actor=world.other_senco)
    world.team("Ashdown Council", "SEND team", "send")
    assert _due(world) == []
    assert _due(world, world.other_senco) == [theirs]


def test_a_transfers_card_does_not_stand_in_for_the_records(world: World) -> None:
    """In a school that sends to itself the safeguarding team gets both."""
    add_hill_school(world)
    sent = send_to_itself(world, SCHOOL, world.hill_senco)
    mine = (Card.record_id == sent.record_id, Card.team_id == world.hill_lead.teams[0].id)
    with world.db.write() as session:
        assert len(session.scalars(select(Card.id).where(*mine)).all()) == 2
        session.execute(update(Card).where(*mine, Card.transfer_id.is_not(None)).values(card_format=0))
    assert _due(world, world.hill_senco) == []
    with world.db.write() as session:
        for transfer, card_format in ((Card.transfer_id.is_(None), 0), (Card.transfer_id.is_not(None), 1)):
            session.execute(update(Card).where(*mine, transfer).values(card_format=card_format))
    assert _due(world, world.hill_senco) == [sent.record_id]


def test_a_second_transition_team_writes_the_cards_only_of_what_it_can_open(world: World) -> None:
    """Otherwise its first step would stop at a record that it cannot open yet, and its list with it."""
    late = add_late_teams(world)
    before = world.add()
    confirm(world, late.office)
    after = world.add("Ben", "Adams", actor=late.clerk)
    world.team("Ashdown Council", "SEND team", "send")
    officer = world.person("officer", "Ashdown Council", "SEND team")
    assert _due(world, late.clerk) == [after]
    assert write_due(db=world.db, actor=late.clerk) == 0
    assert names(look(world, actor=officer)) == ["Adams, Ben"]
    assert _due(world) == [before]


def test_only_the_transition_team_can_write_them(world: World) -> None:
    for actor in (world.safeguarding_lead, world.coordinator, world.college_support):
        with pytest.raises(NotAllowed):
            write_due(db=world.db, actor=actor)


def test_what_saved_itself_is_due_until_its_cards_are_written(world: World) -> None:
    """By the person in their next request, or by a colleague in a session of the team, or before it is sent."""
    record_id = world.add()
    type_in(world, record_id, learner={"legal_surname": "Kahn"})
    office = world.person("office", "Ashdown School", "Transition team")
    write_typed(db=world.db, actor=office)
    with world.db.read() as session:
        assert session.get_one(Record, record_id).typed_by == world.senco.principal_id, "it is not theirs"
    assert write_due(db=world.db, actor=office, limit=0) == 1
    assert write_due(db=world.db, actor=office) == 0
    with world.db.read() as session:
        assert session.get_one(Record, record_id).typed_by is None


def test_one_request_writes_the_cards_of_a_few_learners_and_the_next_goes_on(world: World) -> None:
    """Whoever can write to the database could mark every learner so."""
    ids = [world.add() for _ in range(due_cards.AT_ONCE + 2)]
    with world.db.write() as session:
        for record_id in ids:
            session.get_one(Record, record_id).typed_by = world.senco.principal_id
    for left in (2, 0):
        write_typed(db=world.db, actor=world.senco)
        with world.db.read() as session:
            assert sum(session.get_one(Record, id).typed_by is not None for id in ids) == left


def test_what_saved_itself_goes_on_the_cards_before_it_is_sent(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    type_in(world, record_id, learner={"legal_surname": "Kahn"})
    world.send(record_id)
    with world.db.read() as session:
        assert session.get_one(Record, record_id).typed_by is None
    team = world.coordinator.teams[0]
    cards = ledgers.open_ledger(db=world.db, actor=world.coordinator, team=team)
    assert cards[record_id, None].content["legal_surname"] == "Kahn"


def test_cards_are_not_written_of_a_draft_that_was_saved_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = world.add()
    type_in(world, record_id, learner={"legal_surname": "Kahn"})
    prepare = school_cards.prepare

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(due_cards, "prepare", prepare)
        prepared = prepare(*args, **kwargs)
        type_in(world, record_id, learner={"legal_surname": "Cane"})
        return prepared

    monkeypatch.setattr(due_cards, "prepare", overtaken)
    write_typed(db=world.db, actor=world.senco)
    with world.db.read() as session:
        assert session.get_one(Record, record_id).typed_by == world.senco.principal_id
    write_typed(db=world.db, actor=world.senco)
    with world.db.read() as session:
        assert session.get_one(Record, record_id).typed_by is None
