"""The second confirmer's list and its call, and what the council's pages say meanwhile."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.changing import accept, confirm, propose
from tests.exchange.seconding import confirmer_team, named, require
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.store.models import Area, TeamKey


@pytest.fixture
def coach(app: Flask, world: World) -> Visitor:
    """Somebody in the team that confirms besides the council."""
    require(world, named(confirmer_team(world)))
    return Visitor(app, world.coach)


@pytest.fixture
def coordinator(app: Flask, world: World) -> Visitor:
    """Somebody of the NEET group."""
    return Visitor(app, world.coordinator)


def test_a_team_is_confirmed_by_the_council_and_then_by_the_second_confirmer(
    coach: Visitor, coordinator: Visitor, world: World
) -> None:
    team = world.team("Ashdown School", "Second team", "transition", confirmed=False)
    path = f"/confirm-teams/{team.row.id}"
    assert coach.get(path).status == 404, "the council has not confirmed it"
    confirm(world, team)
    council = coordinator.get(f"/area/teams/{team.row.id}/number")
    assert "Now it waits for Riverside Boxing at Riverside Boxing, which confirms teams too." in council.text
    waits = "The council has confirmed it, and it waits for Riverside Boxing at Riverside Boxing"
    assert waits in coordinator.get("/area/organisations").text
    listed = coach.get("/confirm-teams")
    assert "Waiting for you (9)" in listed.text
    page = coach.get(path)
    assert "take neither the phone number nor the security number from the council" in page.text
    assert (
        "“You are Second team at Ashdown School. You do transition and SEND. You are a school, and your URN is 123456.”"
        in page.texts("main ol li")[1]
    )
    assert page.one("#number") == spoken_fingerprint(team.secret.fingerprint)
    assert coach.post(path, {"seen": ""}).status == 422
    done = coach.follow(coach.post(path, page.fields()))
    assert "Second team at Ashdown School is confirmed." in done.text
    assert "Confirmed by you (1)" in done.text
    assert "There is nothing to do" in coach.get(path).text
    assert "There is nothing to do" in coordinator.get(f"/area/teams/{team.row.id}/number").text


def test_a_change_is_shown_with_what_it_was_before(
    coach: Visitor, coordinator: Visitor, world: World
) -> None:
    exams = world.college.teams["Exams office"]
    path = f"/confirm-teams/{exams.row.id}"
    coach.post(path, coach.get(path).fields())
    accept(
        world, world.college_exams, propose(world, exams, name="Entries", purposes=("exams", "safeguarding"))
    )
    confirm(world, exams)
    council = coordinator.get(f"/area/teams/{exams.row.id}/number")
    assert "Until then everything stays as it is." in council.text
    assert "Changed" in coach.get("/confirm-teams").texts(".govuk-tag")
    page = coach.get(path)
    assert "Until now you were Exams office at Northway College" in page.text
    coach.post(path, page.fields())
    assert "Entries at Northway College" in coach.get("/confirm-teams").text


def test_a_rule_that_nobody_signed_lets_nobody_confirm(coach: Visitor, world: World) -> None:
    """Somebody writes their own team into the stored rules: the link shows, and the page refuses."""
    with world.db.write() as session:
        session.get_one(Area, world.area_id).rules_signature = b"s" * 64
    assert coach.get("/confirm-teams").status == 403
    exams = world.college.teams["Exams office"]
    assert coach.post(f"/confirm-teams/{exams.row.id}", {"seen": ""}).status == 403
    with world.db.read() as session:
        assert session.get_one(TeamKey, exams.key_id).second_confirmation is None
