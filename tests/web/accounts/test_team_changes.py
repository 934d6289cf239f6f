"""The honest way of a change through the pages: proposed, accepted, confirmed by phone; and who may do which."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from tests.exchange.changing import administrator, row
from tests.exchange.members import Member, actor_of, add_member, join
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.store.models import Team, TeamChange, TeamKey

COLLEGE = "Northway College"


@pytest.fixture
def head(app: Flask, world: World) -> Visitor:
    """An administrator of the college who is in none of its teams."""
    return Visitor(app, administrator(world, COLLEGE))


@pytest.fixture
def examiner(app: Flask, world: World) -> Visitor:
    """A member of the exams office."""
    return Visitor(app, world.college_exams)


@pytest.fixture
def coordinator(app: Flask, world: World) -> Visitor:
    """Somebody of the NEET group."""
    return Visitor(app, world.coordinator)


@pytest.fixture
def erin(world: World) -> Member:
    """Another member of the exams office, with a membership of their own."""
    person = add_member(world, "Erin", COLLEGE)
    join(world, person, world.college.teams["Exams office"].held)
    return person


def _path(world: World, team: str = "Exams office") -> str:
    return f"/account/teams/{world.college.teams[team].row.id}/change"


def _propose(visitor: Visitor, world: World, name: str, *purposes: str) -> str:
    """Propose a change of the exams office. Returns the path of its page."""
    done = visitor.post(_path(world), {"name": name, "purposes": list(purposes)})
    assert done.status == 303, done.errors
    return visitor.get("/account/teams").href("Look at the change")


def test_a_change_goes_from_the_administrator_to_the_team_to_the_council(
    head: Visitor, examiner: Visitor, coordinator: Visitor, world: World, erin: Member
) -> None:
    exams = world.college.teams["Exams office"]
    assert head.get(_path(world)).fields()["purposes"] == ["exams"]
    _propose(head, world, "Exams and safety", "exams", "safeguarding")
    listed = examiner.get("/account/teams")
    assert (
        "A change of your team waits. Its name: from “Exams office” to “Exams and safety”. "
        "Its work: from exams to safeguarding and exams. Somebody in the team has to accept or refuse it."
        in listed.text
    )
    assert "Confirm the change by phone" not in coordinator.get("/area/organisations").text
    page = examiner.get(path := listed.href("Read it and decide"))
    assert "It gets new work: safeguarding." in page.one("main")
    done = examiner.follow(examiner.post(path, page.fields(0)))
    assert "Your team has accepted the change." in done.text
    assert "The council rings the team to confirm it" in done.text
    (opened,) = actor_of(world, erin).teams
    assert opened.identity == exams.identity, "the council has not confirmed it yet"

    organisations = coordinator.get("/area/organisations")
    assert "Changes to confirm by phone" in organisations.text
    number = coordinator.get(phone := organisations.href("Confirm the change by phone"))
    assert not number.texts(".govuk-warning-text")
    assert (
        "“Until now you were Exams office at Northway College and did exams. From now on you are "
        "Exams and safety at Northway College. You do safeguarding and exams. Your UKPRN is 10001234.”"
        in number.texts("main ol li")[1]
    )
    assert "why the team now does safeguarding" in number.text
    confirmed = coordinator.follow(coordinator.post(phone, number.fields()))
    assert "Exams and safety at Northway College is confirmed." in confirmed.text
    assert "Changes to confirm by phone" not in confirmed.text
    (opened,) = actor_of(world, erin).teams
    assert (opened.name, sorted(opened.purposes)) == ("Exams and safety", ["exams", "safeguarding"])
    assert "A change" not in head.get("/account/teams").text


def test_what_was_changed_while_a_member_read_it_is_not_accepted(
    head: Visitor, examiner: Visitor, world: World
) -> None:
    path = _propose(head, world, "Entries", "exams")
    page = examiner.get(path)
    with world.db.write() as session:
        session.scalars(select(TeamChange)).one().name = "Safeguarding"
    refused = examiner.post(path, page.fields(0))
    assert (refused.status, len(refused.errors)) == (422, 1)
    assert "Safeguarding" in refused.text


@pytest.mark.parametrize("how", ["refuse", "withdraw"])
def test_a_change_is_refused_or_withdrawn(head: Visitor, examiner: Visitor, world: World, how: str) -> None:
    path = _propose(head, world, "Entries", "exams")
    visitor = {"refuse": examiner, "withdraw": head}[how]
    assert "stays as it is" in visitor.follow(visitor.post(f"{path}/{how}")).text
    assert "A change" not in examiner.get("/account/teams").text
    assert examiner.get(path).status == 404


def test_only_an_administrator_proposes_and_only_a_member_decides(
    app: Flask, head: Visitor, examiner: Visitor, world: World
) -> None:
    assert examiner.get(_path(world)).status == 403
    assert "Change its name or work" not in examiner.get("/account/teams").text
    path = _propose(head, world, "Entries", "exams")
    assert "A member of the team has to accept this" in head.get(path).text
    assert head.post(path, {"seen": ""}).status == 403
    assert Visitor(app, world.college_support).post(f"{path}/refuse").status == 403
    assert Visitor(app, world.senco).get(path).status == 404


def test_a_refused_proposal_is_shown_with_what_was_typed(head: Visitor, world: World) -> None:
    refused = head.post(_path(world), {"name": "Admissions", "purposes": ["exams", "safeguarding"]})
    assert refused.errors == ["Another team of your organisation has this name"]
    assert refused.fields()["purposes"] == ["safeguarding", "exams"]
    assert head.post(_path(world), {"name": "Entries"}).errors == ["Choose what the team does"]
    assert head.post(_path(world), {"name": "Entries", "purposes": ["cooking"]}).status == 404


def test_the_organisation_is_renamed_team_by_team(
    head: Visitor, examiner: Visitor, coordinator: Visitor, world: World
) -> None:
    page = head.get("/account/teams")
    rename = head.get(path := page.href("Change the name of Northway College"))
    assert (
        "Teams that have to accept: Admissions, Learning support, Safeguarding, Exams office." in rename.text
    )
    assert head.post(path, {"name": "Ashdown School"}).status == 422
    done = head.follow(head.post(path, {"name": "Northway College Group"}))
    text = "The name of the organisation: from “Northway College” to “Northway College Group”."
    assert done.text.count(text) == 4
    change = examiner.get(place := examiner.get("/account/teams").href("Read it and decide"))
    examiner.post(place, change.fields(0))
    phone = coordinator.get("/area/organisations").href("Confirm the change by phone")
    coordinator.post(phone, coordinator.get(phone).fields())
    assert "Change the name of Northway College Group" in head.get("/account/teams").text
    other = coordinator.get(f"/area/teams/{world.college.teams['Admissions'].row.id}/number")
    assert "Confirmed on" in other.text, "the others keep the old name without an alarm until they accept"


def test_an_administrator_in_the_team_is_told_that_proposing_accepts(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.person("both", COLLEGE, "Exams office", administrator=True))
    assert "this also accepts the change for it" in visitor.get(_path(world)).text
    path = _propose(visitor, world, "Entries", "exams")
    assert row(world, change_id=_last(world)).statement is not None
    assert "The team accepted this on" in visitor.get(path).text


def _last(world: World) -> UUID:
    with world.db.read() as session:
        return session.scalars(select(TeamChange.id)).one()


def test_the_neet_group_renames_itself(app: Flask, world: World) -> None:
    assert world.root is not None
    lead = Visitor(app, world.person("lead", "Ashdown Council", "NEET group", administrator=True))
    path = f"/account/teams/{world.root.row.id}/change"
    assert lead.get(path).fields()["purposes"] == ["neet_group"]
    done = lead.post(path, {"name": "Participation", "purposes": ["neet_group"]})
    assert done.status == 303
    with world.db.read() as session:
        assert session.get_one(Team, world.root.row.id).name == "Participation"
    assert lead.post(path, {"name": "Participation", "purposes": ["neet_group", "send"]}).status == 422


def test_the_council_confirms_no_change_that_the_team_has_not_accepted(
    coordinator: Visitor, world: World
) -> None:
    """Somebody changed the rows. The page names no way to make that true."""
    exams = world.college.teams["Exams office"]
    path = f"/area/teams/{exams.row.id}/number"
    with world.db.write() as session:
        session.get_one(Team, exams.row.id).purposes = ["exams", "safeguarding"]
        before = session.get_one(TeamKey, exams.key_id).confirmation
    page = coordinator.get(path)
    (warning,) = page.texts(".govuk-warning-text")
    assert "the team has not accepted this change" in warning
    assert not page.tree.cssselect("#confirm")
    with world.db.read() as session:
        assert session.get_one(TeamKey, exams.key_id).confirmation == before


def test_a_change_that_came_back_says_so_and_is_not_accepted(
    head: Visitor, examiner: Visitor, world: World
) -> None:
    path = _propose(head, world, "Exams and safety", "exams", "safeguarding")
    page = examiner.get(path)
    assert "not certain" not in page.text
    with world.db.read() as session:
        change_id = session.scalars(select(TeamChange.id)).one()
    examiner.post(f"{path}/refuse")
    with world.db.write() as session:
        session.get_one(TeamChange, change_id).outcome = None
    again = examiner.get(path)
    assert "It is not certain that this change is wanted." in again.text
    assert "this was refused or withdrawn, and it is there again" in again.text
    assert "refused or withdrawn" in examiner.post(path, again.fields(0)).text
    assert examiner.get(path).status == 200, "nothing was accepted"
