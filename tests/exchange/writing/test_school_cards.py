"""The cards of a draft: to the school's own teams and the area's coordinators, alike for every learner."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.team_rows import add_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.cards import PreparedCard, Recipient
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.school_cards import own_and_coordinating, prepare
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Area, Card, Organisation, Team

NOW = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)


def _recipients(world: World, place: str = "Ashdown School", actor: Actor | None = None) -> list[Recipient]:
    with world.db.read() as session:
        return own_and_coordinating(
            session,
            area_id=world.area_id,
            organisation_id=world.places[place].id,
            trust=trust_of(session, actor or world.senco),
        )


def _named(world: World, recipients: list[Recipient]) -> list[tuple[str, str]]:
    names = {
        team.row.id: f"{place.name}: {name}"
        for place in world.places.values()
        for name, team in place.teams.items()
    }
    return [(names[recipient.team_id], recipient.purpose) for recipient in recipients]


def test_its_own_two_teams_and_the_neet_group_get_a_card_and_nobody_else(world: World) -> None:
    assert _named(world, _recipients(world)) == [
        ("Ashdown Council: NEET group", "neet_group"),
        ("Ashdown School: Transition team", "transition"),
        ("Ashdown School: Safeguarding team", "school_safeguarding"),
    ]


def test_a_team_with_two_of_the_purposes_gets_one_card(world: World) -> None:
    world.place("Small School", kind="school", sends=True)
    world.team("Small School", "Everybody", "school_safeguarding", "transition")
    assert _named(world, _recipients(world, "Small School"))[1:] == [
        ("Small School: Everybody", "transition")
    ]


def test_a_council_that_sends_learners_itself_gets_its_own_cards_and_the_coordinators(world: World) -> None:
    world.team("Ashdown Council", "Home education", "transition")
    world.team("Ashdown Council", "SEND team", "send")
    assert _named(world, _recipients(world, "Ashdown Council")) == [
        ("Ashdown Council: NEET group", "neet_group"),
        ("Ashdown Council: Home education", "transition"),
        ("Ashdown Council: SEND team", "send"),
    ]
    assert "Ashdown Council: Home education" not in dict(_named(world, _recipients(world)))


def test_another_areas_coordinators_get_none(world: World) -> None:
    with world.db.write() as session:
        area = Area(name="Elsewhere")
        session.add(area)
        session.flush()
        session.get_one(Organisation, world.places["Ashdown Council"].id).area_id = area.id
    assert "neet_group" not in dict(_named(world, _recipients(world))).values()


def test_a_key_that_nobody_believes_is_not_sealed_to(world: World) -> None:
    late = world.team("Ashdown Council", "SEND team", "send", confirmed=False)
    safeguarding = world.school.teams["Safeguarding team"]
    with world.db.write() as session:
        add_key(
            session,
            safeguarding.row.id,
            TeamSecret.generate(),
            version=2,
            signed_by=safeguarding.secret,
            removed=[uuid4()],
        )
    keyless = {recipient.team_id for recipient in _recipients(world) if recipient.team is None}
    assert keyless == {late.row.id, safeguarding.row.id}


def test_what_rows_say_of_a_confirmed_team_changes_no_card(world: World) -> None:
    """Neither of the own team nor of another: a card's content follows what the team was confirmed for."""
    before = _recipients(world)
    world.team("Northway College", "Second office", "exams")
    for name, team in {**world.school.teams, "NEET group": world.root}.items():
        assert team is not None
        with world.db.write() as session:
            session.get_one(Team, team.row.id).purposes = (
                ["exams"] if name == "NEET group" else ["neet_group"]
            )
    assert _recipients(world) == before


@pytest.mark.parametrize("stray", [False, True])
def test_the_own_teams_card_follows_the_membership_even_beside_a_stray_key(world: World, stray: bool) -> None:
    own = world.school.teams["Transition team"]
    with world.db.write() as session:
        session.get_one(Team, own.row.id).purposes = ["school_safeguarding"]
        if stray:
            add_key(session, own.row.id, TeamSecret.generate(), version=2)
    assert Recipient(own.row.id, "transition", own.opened.known) in _recipients(world)


@pytest.mark.parametrize("place", ["Northway College", "Beech Lane School"])
def test_a_team_that_is_moved_in_gets_no_card(world: World, place: str) -> None:
    before = _recipients(world)
    with world.db.write() as session:
        for team in world.places[place].teams.values():
            row = session.get_one(Team, team.row.id)
            row.organisation_id, row.name = world.school.id, f"{row.name} from {place}"
    sealed_to = [recipient for recipient in _recipients(world) if recipient.team]
    assert sealed_to == before


def _prepared(world: World, record_id: UUID) -> tuple[PreparedCard, ...]:
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    with world.db.read() as session:
        return prepare(
            session,
            actor=world.senco,
            answers=draft,
            report=draft.report(world.today),
            today=world.today,
            now=NOW,
        )


def test_cards_are_made_anew_in_place_of_those_there_are(world: World) -> None:
    record_id = world.add()
    with world.db.read() as session:
        there = set(session.scalars(select(Card.id).where(Card.record_id == record_id)))
    prepared = _prepared(world, record_id)
    assert {card.id for card in prepared} == there
    assert {card.record_id for card in prepared} == {record_id}
    assert {card.transfer_id for card in prepared} == {None}
    assert sorted(card.state for card in prepared) == ["ledger", "post", "post"]


def test_each_team_reads_on_its_card_what_the_form_puts_there(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    content = {
        name: ledgers.open_ledger(db=world.db, actor=actor, team=actor.teams[0])[record_id, None].content
        for name, actor in (
            ("council", world.coordinator),
            ("school", world.senco),
            ("school_safeguarding", world.safeguarding_lead),
        )
    }
    assert {card["legal_surname"] for card in content.values()} == {"Khan"}
    assert content["council"]["upn"] == "L372400114001"
    assert "upn" not in content["school_safeguarding"]
    assert content["council"]["attendance_band"]
    assert "attendance_band" not in content["school_safeguarding"]
    assert content["school"]["gaps"] == []
    assert content["school_safeguarding"]["purpose"] == "school_safeguarding"
