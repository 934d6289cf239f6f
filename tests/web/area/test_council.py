"""Chasing, organisations, confirming by phone, inviting, settings, activity."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from tests.exchange.coordinators import signed_in
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.store.models import Organisation, OutboxMail, Team


@pytest.fixture
def coordinator(app: Flask, world: World) -> Visitor:
    """Somebody of the NEET group."""
    return Visitor(app, signed_in(world.coordinator))


@pytest.fixture
def administrator(app: Flask, world: World) -> Visitor:
    """An administrator of the council who is in none of its teams."""
    return Visitor(app, world.person("administrator", "Ashdown Council", administrator=True))


def test_a_ticked_school_is_reminded_once(coordinator: Visitor, world: World) -> None:
    world.add()
    assert "The office" in coordinator.get("/area/chase").text
    form = {"school": str(world.school.id)}
    page = coordinator.follow(coordinator.post("/area/chase", form))
    assert "1 school will get an e-mail." in page.text
    assert "Reminded" in page.one("tbody")
    page = coordinator.follow(coordinator.post("/area/chase", form))
    assert "Reminded earlier today: Ashdown School." in page.text
    with world.db.read() as session:
        assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_nothing_ticked_reminds_nobody_and_a_strangers_id_is_not_found(
    coordinator: Visitor, world: World
) -> None:
    world.add()
    page = coordinator.follow(coordinator.post("/area/chase", {}))
    assert "nobody was reminded" in page.text
    assert coordinator.post("/area/chase", {"school": str(world.college.id)}).status == 404


def test_two_schools_with_the_same_learner_are_shown_with_whom_to_ring(
    coordinator: Visitor, world: World
) -> None:
    world.add("Amina", "Khan", date_of_birth="2011-01-05")
    world.add("Amina", "Khan", actor=world.other_senco, date_of_birth="2011-01-05")
    page = coordinator.get("/area/same-learner")
    assert "Same name and date of birth" in page.text
    assert "Beech Lane School: ring The office on 01709 000000" in page.text


def test_organisations_that_need_something_come_first(coordinator: Visitor, world: World) -> None:
    world.place("New School", kind="school", sends=True)
    team = world.team("New School", "Transition", "transition", confirmed=False, ready=False)
    page = coordinator.get("/area/organisations")
    assert page.texts("h2")[:2] == ["Not ready yet (1)", "Ready (5)"]
    assert "It needs a second person, or a recovery code typed back once" in page.text
    assert "No team for safeguarding" in page.text
    assert page.href("Confirm by phone") == f"/area/teams/{team.row.id}/number"


def test_a_number_is_compared_and_confirmed(coordinator: Visitor, world: World) -> None:
    world.place("New School", kind="school", sends=True)
    team = world.team("New School", "Transition", "transition", confirmed=False)
    path = f"/area/teams/{team.row.id}/number"
    page = coordinator.get(path)
    assert "The office on 01709 000000" in page.text
    assert len(page.one("#number").split()) > 5
    wrong = coordinator.post(path, {"fingerprint": "0" * 64})
    assert (wrong.status, len(wrong.errors)) == (422, 1)
    done = coordinator.follow(coordinator.post(path, page.fields()))
    assert "Transition at New School is confirmed." in done.text
    assert "Confirmed on" in coordinator.get(path).text


def test_only_the_neet_group_confirms(administrator: Visitor, world: World) -> None:
    team = world.team("Ashdown School", "Second team", "transition", confirmed=False)
    assert administrator.get(f"/area/teams/{team.row.id}/number").status == 403
    assert "Confirm by phone" not in administrator.get("/area/organisations").text


INVITATION = {
    "organisation": "Hill Top School",
    "kind": "school",
    "sends": "yes",
    "name": "Robin Marsh",
    "email": "robin@hilltop.example",
    "contact_name": "Robin Marsh",
    "phone": "01709 123456",
    "laestab": "372 4005",
}


def test_an_administrator_invites_an_organisation(administrator: Visitor, world: World) -> None:
    page = administrator.post("/area/organisations/invite", INVITATION)
    assert page.status == 200
    assert "Robin Marsh gets an e-mail with a link" in page.text
    with world.db.read() as session:
        school = session.scalars(select(Organisation).where(Organisation.name == "Hill Top School")).one()
        teams = session.scalars(select(Team.name).where(Team.organisation_id == school.id)).all()
    assert (school.sends, school.receives, school.contact_name) == (True, False, "Robin Marsh")
    assert len(teams) == 2
    assert "Hill Top School" in administrator.get("/area/organisations").text


def test_what_is_wrong_in_an_invitation_stands_at_its_field_and_nothing_is_lost(
    administrator: Visitor,
) -> None:
    typed = INVITATION | {"organisation": "", "kind": "", "sends": "", "ukprn": "12", "phone": "1"}
    page = administrator.post("/area/organisations/invite", typed)
    assert page.status == 422
    assert len(page.errors) == 5
    assert page.fields()["email"] == ["robin@hilltop.example"]
    assert page.fields()["ukprn"] == ["12"]
    again = administrator.post("/area/organisations/invite", INVITATION | {"email": "nobody"})
    assert (again.status, len(again.errors)) == (422, 1)


def test_a_member_who_is_no_administrator_invites_nobody(coordinator: Visitor) -> None:
    assert coordinator.get("/area/organisations/invite").status == 403
    assert "Invite an organisation" not in coordinator.get("/area/organisations").text


def test_settings_are_changed_by_administrators_and_read_by_members(
    administrator: Visitor, coordinator: Visitor
) -> None:
    term = {"term_starts-day": "6", "term_starts-month": "9", "term_starts-year": "2027"}
    form = {"send_at": "conditional", "keep_months": "6", **term}
    page = administrator.follow(administrator.post("/area/settings", form))
    assert "The area’s settings are saved." in page.text
    assert page.fields()["send_at"] == ["conditional"]
    text = coordinator.get("/area/settings").text
    assert "They have a conditional offer" in text
    assert "6 September 2027" in text
    assert coordinator.post("/area/settings", form).status == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("keep_months", "99"),
        ("keep_months", "many"),
        ("send_at", ""),
        ("term_starts-month", "13"),
        ("term_starts-year", ""),
    ],
)
def test_a_setting_that_cannot_be_is_refused_at_its_field(
    administrator: Visitor, field: str, value: str
) -> None:
    form = {
        "send_at": "accepted",
        "keep_months": "12",
        "term_starts-day": "6",
        "term_starts-month": "9",
        "term_starts-year": "2027",
        field: value,
    }
    page = administrator.post("/area/settings", form)
    assert (page.status, len(page.errors)) == (422, 1)


def test_activity_is_told_in_plain_words(administrator: Visitor, coordinator: Visitor, world: World) -> None:
    assert "Nothing was done yet." in coordinator.get("/area/activity").text
    world.add()
    coordinator.post("/area/chase", {"school": str(world.school.id)})
    (row,) = administrator.get("/area/activity").texts("tbody tr")
    assert "Coordinator" in row
    assert "Reminded a school’s team by e-mail" in row
    assert "Ashdown School" in row


def test_nobody_else_sees_the_councils_pages(app: Flask, world: World) -> None:
    head = world.person("head", "Ashdown School", "Transition team", administrator=True)
    visitor = Visitor(app, head)
    for path in ("organisations", "organisations/invite", "settings", "activity"):
        assert visitor.get(f"/area/{path}").status == 403
