"""Somebody of an organisation: rights, sessions, and removing them after a page that says what follows."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask

from tests.exchange.people import PASSPHRASE
from tests.exchange.world import World
from tests.web.accounts.school_keys import CONFIRMED_BY_LEE, SAFEGUARDING, TRANSITION, School
from tests.web.visitor import Visitor
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Principal

SCHOOL = "Ashdown School"


@pytest.fixture
def head(world: World) -> Actor:
    """An administrator of the school, in its transition team."""
    return world.person("head", SCHOOL, "Transition team", administrator=True)


@pytest.fixture
def school(app: Flask, web_db: Database) -> School:
    return School.build(app, web_db)


def test_an_administrator_removes_somebody_and_cannot_remove_the_last_one(
    app: Flask, world: World, head: Actor
) -> None:
    visitor = Visitor(app, head)
    spare = world.person("second_senco", SCHOOL, "Transition team")
    page = visitor.get(f"/account/teams/people/{spare.principal_id}")
    assert page.h1 == "Second Senco"
    assert visitor.post(f"/account/teams/people/{spare.principal_id}/remove").status == 303
    with world.db.read() as session:
        assert session.get_one(Principal, spare.principal_id).removed_at is not None
    last = visitor.post(f"/account/teams/people/{head.principal_id}/remove")
    assert last.status == 422
    assert "only administrator" in last.errors[0]


def test_an_administrator_signs_somebody_out_everywhere(app: Flask, world: World, head: Actor) -> None:
    now = utc_now()
    with world.db.write() as session:
        cookie, _ = sessions.begin(
            session, principal_id=world.senco.principal_id, seed=bytes(32), stage="full", now=now
        )
    visitor = Visitor(app, head)
    path = f"/account/teams/people/{world.senco.principal_id}"
    assert "They are signed in with 1 browser now." in visitor.get(path).text
    assert visitor.post(f"{path}/sign-out").location == path
    page = visitor.get(path)
    assert "They are signed out everywhere." in page.text
    assert "They are not signed in now." in page.text
    assert sessions.resume(db=world.db, cookie=cookie, now=now) is None
    assert Visitor(app, world.senco).post(f"{path}/sign-out").status == 403


def test_somebody_of_another_organisation_is_not_there(app: Flask, world: World, head: Actor) -> None:
    visitor = Visitor(app, head)
    for principal_id in (world.college_support.principal_id, uuid4()):
        assert visitor.get(f"/account/teams/people/{principal_id}").status == 404
        assert visitor.post(f"/account/teams/people/{principal_id}/sign-out").status == 404
        assert visitor.post(f"/account/teams/people/{principal_id}/remove").status == 404


def test_somebody_is_made_an_administrator_and_an_ordinary_member_again(
    app: Flask, world: World, head: Actor
) -> None:
    visitor = Visitor(app, head)
    path = f"/account/teams/people/{world.senco.principal_id}"
    for answer, said in (("yes", "Yes"), ("no", "No")):
        visitor.post(f"{path}/administrator", {"administrator": answer})
        page = visitor.get(path)
        assert page.texts(".govuk-summary-list__value")[1] == said


def test_removing_somebody_asks_first_and_says_what_follows(school: School) -> None:
    visitor = school.visit(school.sam)
    path = f"/account/teams/people/{school.accounts.row(school.jo).id}"
    page = visitor.get(path)
    assert [form.get("action") for form in page.forms if "remove" in form.get("action")] == []
    page = visitor.get(page.href("Remove Jo Marsh"))
    assert page.h1 == "Remove Jo Marsh?"
    assert "They are signed out at once" in page.text
    assert (
        f"{TRANSITION} needs a new key, because they know the one that it has. You change it on the next page. "
        f"{CONFIRMED_BY_LEE} Until it is confirmed, {TRANSITION} sends and receives nothing."
    ) in page.text
    assert school.accounts.actor(school.jo).teams, "nothing has happened yet"
    page = visitor.follow(visitor.post(f"{path}/remove"))
    assert page.h1 == f"Change the key of {TRANSITION}"


def test_whoever_is_in_the_other_team_too_reads_that_they_confirm_it(school: School) -> None:
    """Lee is in both teams, and leaves one of them, or is the one who removes somebody."""
    for person, expected in (
        (school.jo, f"You are in {SAFEGUARDING} too, so your change confirms the new key at once."),
        (school.robin, f"You are in {SAFEGUARDING} too, so your change confirms the new key at once."),
    ):
        with school.accounts.db.write() as session:
            session.get_one(Principal, school.accounts.row(school.lee).id).administrator = True
        page = school.visit(school.lee).get(f"/account/teams/people/{school.accounts.row(person).id}/remove")
        assert expected in page.text


def test_of_two_teams_that_somebody_leaves_each_is_named(school: School) -> None:
    path = f"/account/teams/people/{school.accounts.row(school.lee).id}"
    page = school.visit(school.sam).get(f"{path}/remove")
    assert f"A member of {SAFEGUARDING} has to sign in and change it." in page.text
    assert page.text.count("can be confirmed only by the council’s NEET group by phone.") == 2
    refused = school.visit(school.sam).post(f"{path}/remove")
    assert refused.status == 422
    assert refused.errors == [
        f"Nobody else could open what was sent to {SAFEGUARDING}. Invite somebody else to the team first."
    ]
    page = school.visit(school.sam).get(f"{path}/leave/{school.team_id}")
    assert page.h1 == f"Take Lee Lead out of {TRANSITION}?"
    assert "In their other teams nothing changes." in page.text
    assert SAFEGUARDING not in page.text


def test_removing_somebody_asks_for_the_passphrase_again(school: School) -> None:
    person = f"/account/teams/people/{school.accounts.row(school.jo).id}"
    for path in (f"{person}/leave/{school.team_id}", f"{person}/remove"):
        visitor = school.visit(school.sam, proven=False)
        asked = visitor.post(path)
        assert (asked.status, asked.h1) == (403, "Confirm that it is you")
        assert school.accounts.actor(school.jo).teams
    done = visitor.post(path, {**asked.fields(0), "proof": PASSPHRASE})
    assert visitor.follow(done).h1 == f"Change the key of {TRANSITION}"


def test_nobody_removes_by_a_page_of_another_organisation_or_team(
    app: Flask, world: World, head: Actor
) -> None:
    person = f"/account/teams/people/{world.senco.principal_id}"
    team_id = world.school.teams["Safeguarding team"].row.id
    for visitor, status in (
        (Visitor(app, head), 404),
        (Visitor(app, replace(head, administrator=False)), 403),
    ):
        for path in (f"{person}/leave/{team_id}", f"{person}/leave/{uuid4()}"):
            assert visitor.get(path).status == status
            assert visitor.post(path).status == status
