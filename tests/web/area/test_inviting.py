"""Inviting an organisation."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from tests.exchange.coordinators import signed_in
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.joining.free_names import INVITED
from transition_exchange.exchange.keys.open_invitations import take_words
from transition_exchange.store.models import Invitation, Organisation, Team

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


def test_an_administrator_is_invited_for_an_organisation_that_lost_its_own(
    administrator: Visitor, coordinator: Visitor, world: World
) -> None:
    at = f"/area/organisations/{world.school.id}/administrator"
    page = administrator.get("/area/organisations")
    assert page.href("Invite an administrator: Ashdown School") == at
    wrong = administrator.post(at, {"name": "", "email": "nobody"})
    assert wrong.status == 422
    assert wrong.fields()["email"] == ["nobody"]
    page = administrator.post(at, {"name": "N. Head", "email": "head@ashdown.example"})
    assert page.h1 == "The invitation is on its way", "somebody in the NEET group makes the words"
    assert "Ashdown School" in page.text
    assert administrator.post(at, {"name": "N. Head", "email": "head@ashdown.example"}).status == 422
    assert coordinator.get(at).status == 403
    assert "Invite an administrator" not in coordinator.get("/area/organisations").text


def test_who_cannot_finish_an_invitation_is_told_beforehand(
    administrator: Visitor, app: Flask, world: World
) -> None:
    told = "Ask one of these people in the NEET group to invite them instead: Keeper of NEET group and Second"
    at = f"/area/organisations/{world.school.id}/administrator"
    for path in ("/area/organisations/invite", at):
        assert "You can send the invitation but not make its five words" in administrator.get(path).text
        assert told in administrator.get(path).text
    assert told in administrator.post("/area/organisations/invite", INVITATION).text
    lead = Visitor(app, signed_in(_lead(world)))
    assert "You can send the invitation" not in lead.get("/area/organisations/invite").text


def test_the_neet_group_has_the_list_of_what_it_has_to_finish(app: Flask, world: World) -> None:
    world.team("Ashdown Council", "SEND team", "send", confirmed=True)
    office = world.person("office", "Ashdown Council", "SEND team", administrator=True, signs=True)
    lead = Visitor(app, signed_in(_lead(world)))
    assert Visitor(app, signed_in(office)).post("/area/organisations/invite", INVITATION).status == 200
    assert "to finish" not in lead.get("/area").text + lead.get("/area/organisations").text
    with world.db.write() as session:
        take_words(session.scalars(select(Invitation)).one())
    assert lead.get("/area").href("Invitations to finish") == "/area/organisations#to-finish"
    page = lead.get("/area/organisations")
    assert "Invitations for you to finish (1)" in page.text
    assert page.href("Robin Marsh at Hill Top School").startswith("#invitation-")
    form = lead.get(page.href("Make the five words for Robin Marsh"))
    assert form.h1 == "Ask Office before you make the five words"


def _lead(world: World) -> Actor:
    """An administrator in the NEET group."""
    return world.person("lead", "Ashdown Council", "NEET group", administrator=True, signs=True)


def test_an_invitation_is_mended_on_the_card_of_its_organisation(
    administrator: Visitor, coordinator: Visitor, world: World
) -> None:
    administrator.post("/area/organisations/invite", INVITATION | {"email": "robin@hiltop.example"})
    with world.db.read() as session:
        invitation = session.scalars(select(Invitation)).one()
    card = f"/area/organisations#organisation-{invitation.organisation_id}"
    page = coordinator.get("/area/organisations")
    assert "robin@hiltop.example" in page.text
    assert "E-mail: Waits to be sent. Runs out on" in page.text
    assert coordinator.post(f"/account/teams/invitations/{invitation.id}/again").location == card
    assert not coordinator.get("/area/organisations").texts("a[href$='/address']"), "for administrators"
    page = administrator.get("/area/organisations")
    path = page.href("Change the address of Robin Marsh")
    seen = administrator.get(path).fields()["seen"]
    page = administrator.post(path, {"email": "robin@hilltop.example", "seen": seen})
    assert page.h1 == "The invitation is on its way"
    with world.db.read() as session:
        new = session.scalars(select(Invitation).where(Invitation.cancelled_at.is_(None))).one()
    assert new.email == "robin@hilltop.example"
    assert administrator.post(f"/account/teams/invitations/{new.id}/cancel").location == card
    page = administrator.get("/area/organisations")
    assert "Nobody has joined, and no invitation is open." in page.text
    form = administrator.get(page.href("Invite it again: Hill Top School"))
    assert form.fields()["organisation"] == ["Hill Top School"]
    assert form.fields()["laestab"] == ["372/4005"]
    assert administrator.post("/area/organisations/invite", INVITATION).status == 200
    again = administrator.post("/area/organisations/invite", INVITATION)
    assert (again.status, again.errors) == (422, [INVITED])
