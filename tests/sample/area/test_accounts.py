"""Everybody of the sample joins as in a real area, is in their teams, and goes on in their session elsewhere."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.keys import readiness
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sample.area.accounts import (
    NOT_CONFIRMED,
    NOT_JOINED,
    PASSPHRASE,
    PEOPLE,
    Area,
    SamplePerson,
    accounts,
    address,
    people_of,
)
from transition_exchange.sample.area.working import Plan
from transition_exchange.sample.organisations import BY_KEY, ORGANISATIONS
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Campus,
    Invitation,
    Organisation,
    OutboxMail,
    Principal,
    Team,
    TeamKey,
)
from transition_exchange.store.tokens import token_digest


def test_nobody_is_in_a_team_that_their_organisation_has_not() -> None:
    for person in PEOPLE:
        teams = {team.name for team in BY_KEY[person.organisation].teams}
        assert set(person.teams) <= teams, person.name


def test_every_team_has_somebody_but_where_nobody_has_joined() -> None:
    for organisation in ORGANISATIONS:
        members = {
            name
            for person in people_of(organisation.key)
            for name in person.teams or [team.name for team in organisation.teams]
        }
        expected = set() if organisation.key == NOT_JOINED else {team.name for team in organisation.teams}
        assert members == expected, organisation.key


def test_accounts_are_printed_for_everybody_and_the_council_comes_first() -> None:
    printed = accounts()
    assert [account.name for account in printed] == [person.name for person in PEOPLE]
    assert printed[0].organisation == BY_KEY["council"].name
    assert len({account.email for account in printed}) == len(printed) <= 26
    assert {account.passphrase for account in printed} == {PASSPHRASE}
    assert all(account.email.endswith(".example") for account in printed)
    assert PASSPHRASE not in repr(printed)


def test_an_address_is_at_the_organisations_own_domain() -> None:
    assert address(SamplePerson("three_rivers", "Zoë O'Neill", "Exams")) == "zoe.o.neill@three-rivers.example"


def test_everybody_has_joined_and_each_was_a_step(joined: tuple[Path, Area, int], area: Area) -> None:
    assert joined[2] == len(PEOPLE)
    assert list(area.actors) == [(person.organisation, person.name) for person in PEOPLE]
    with area.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Principal)) == len(PEOPLE)


def test_everybody_is_in_their_teams_and_the_first_administers(area: Area) -> None:
    for person in PEOPLE:
        actor = area.actors[person.organisation, person.name]
        names = person.teams or tuple(team.name for team in BY_KEY[person.organisation].teams)
        assert {team.name for team in actor.teams} == set(names), person.name
        assert actor.administrator == (person == people_of(person.organisation)[0]), person.name


def test_every_organisation_is_there_as_it_was_invited(area: Area) -> None:
    with area.db.read() as session:
        rows = {str(row.id): row for row in session.scalars(select(Organisation))}
        assert set(rows) == set(area.organisation_ids.values())
        assert set(area.organisation_ids) == set(BY_KEY)
        for key, organisation in BY_KEY.items():
            row = rows[area.organisation_ids[key]]
            assert (row.name, row.kind, row.urn, row.ukprn, row.laestab) == (
                organisation.name,
                organisation.kind,
                organisation.urn,
                organisation.ukprn,
                organisation.laestab,
            )
            teams = session.scalars(select(Team).where(Team.organisation_id == row.id)).all()
            assert {(team.name, frozenset(team.purposes)) for team in teams} == {
                (team.name, frozenset(team.purposes)) for team in organisation.teams
            }
            campuses = session.scalars(select(Campus.name).where(Campus.organisation_id == row.id)).all()
            assert set(campuses) == {campus.name for campus in organisation.campuses}


def test_every_team_is_ready_but_those_of_the_two_providers_left_to_try(area: Area) -> None:
    with area.db.read() as session:
        trust = trust_of(session, area.actors["council", people_of("council")[0].name])
        for team in session.scalars(select(Team)):
            state = readiness.readiness_of(session, team.id, trust=trust)
            key = next(key for key, own in area.organisation_ids.items() if own == str(team.organisation_id))
            if key == NOT_JOINED:
                assert not state.has_key
            else:
                assert state.openers >= 2, (key, team.name)
                assert state.confirmed == (key != NOT_CONFIRMED), (key, team.name)
        assert session.scalar(select(func.count()).select_from(TeamKey)) == sum(
            len(organisation.teams) for organisation in ORGANISATIONS if organisation.key != NOT_JOINED
        )


def test_the_one_who_acts_is_in_a_team_with_the_purpose(area: Area) -> None:
    support = area.actor("three_rivers", "learning_support")
    assert support is area.actors["three_rivers", "Kofi Mensah"]
    assert area.actor("three_rivers", "transition") is None
    assert area.actor(NOT_JOINED, "admissions") is None
    assert [actor.name for actor in area.actors_of("three_rivers")] == [
        "Helena Quarmby",
        "Kofi Mensah",
        "Joanne Allott",
    ]


def test_another_process_takes_people_up_in_their_own_order(plan: Plan, area: Area) -> None:
    shuffled = dict(reversed(list(plan.cookies.items())))
    again = Area.resumed(area.db, organisation_ids=plan.organisation_ids, cookies=shuffled)
    assert list(again.actors) == list(area.actors)
    assert again.cookies == area.cookies


def test_a_session_that_has_ended_is_not_gone_on_in(plan: Plan, area: Area) -> None:
    who = next(iter(plan.cookies))
    with pytest.raises(RuntimeError, match="could not go on"):
        Area.resumed(area.db, organisation_ids=plan.organisation_ids, cookies={who: "no-such-cookie"})


def test_no_cookie_and_no_actor_is_printed_with_the_area(area: Area) -> None:
    printed = repr(area)
    assert not [cookie for cookie in area.cookies.values() if cookie in printed]


def test_a_link_is_made_as_by_its_mail_which_is_dropped(area: Area) -> None:
    administrator = area.actors["three_rivers", "Helena Quarmby"]
    team = administrator.teams[0]
    invited = inviting.invite_person(
        db=area.db,
        actor=administrator,
        name="Ada Newcomer",
        email="ada@three-rivers.example",
        team_ids=[team.id],
        memory_kib=64,
    )
    assert _waiting(area.db, invited.invitation_id) == 1
    token = area.token_for(invited.invitation_id)
    assert _waiting(area.db, invited.invitation_id) == 0
    with area.db.read() as session:
        assert session.get_one(Invitation, invited.invitation_id).link_digest == token_digest(token)
    assert invited.spoken_code is not None
    newcomer = SamplePerson("three_rivers", "Ada Newcomer", "Admissions")
    area.enter(newcomer, token, invited.spoken_code)
    assert [own.name for own in area.actors["three_rivers", "Ada Newcomer"].teams] == [team.name]


def _waiting(db: Database, invitation_id: UUID) -> int:
    """How many e-mails of an invitation wait to be sent."""
    with db.read() as session:
        query = select(func.count()).select_from(OutboxMail).where(OutboxMail.invitation_id == invitation_id)
        return session.scalar(query) or 0
