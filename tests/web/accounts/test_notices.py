"""The page on which somebody says where a team's notices go."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.store.models import Team


def _go_nowhere(world: World) -> UUID:
    """Learning support, of which nobody has said where its notices go."""
    team_id = world.college.teams["Learning support"].row.id
    with world.db.write() as session:
        session.get_one(Team, team_id).notification_email = None
    return team_id


def test_a_member_names_an_address_and_what_is_wrong_stays_on_the_page(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.college_support)
    path = f"/account/teams/{_go_nowhere(world)}/notices"
    assert "Go nowhere" in visitor.get("/account/teams").text
    wrong = visitor.post(path, {"email": "als at northway"})
    assert wrong.errors == ["Enter an e-mail address such as name@school.example."]
    assert wrong.fields()["email"] == ["als at northway"]
    done = visitor.follow(visitor.post(path, {"email": "als@northway.example"}))
    assert "Notices go to als@northway.example now." in done.text
    assert visitor.get(path).fields()["email"] == ["als@northway.example"]


def test_the_council_sees_whose_notices_go_nowhere_and_names_an_address(app: Flask, world: World) -> None:
    team_id, visitor = _go_nowhere(world), Visitor(app, world.coordinator)
    page = visitor.get("/area/organisations")
    assert "Notices go nowhere for" in page.text
    assert f"/account/teams/{team_id}/notices" in page.source
    done = visitor.post(f"/account/teams/{team_id}/notices", {"email": "als@northway.example"})
    assert done.location == "/area/organisations"
    assert f"/account/teams/{team_id}/notices" not in visitor.get("/area/organisations").source
    own = f"/account/teams/{world.coordinator.teams[0].id}/notices"
    assert visitor.post(own, {"email": "neet@ashdown.example"}).location == "/account/teams"


def test_another_organisations_team_and_a_missing_one_are_answered_alike(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.senco)
    for team_id in (world.college.teams["Exams office"].row.id, world.area_id):
        assert visitor.get(f"/account/teams/{team_id}/notices").status == 404


def test_somebody_chooses_whether_they_get_notices_themselves(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.senco)
    assert visitor.get("/account/notices").fields()["when"] == ["none"]
    assert visitor.post("/account/notices", {"when": "daily"}).location == "/account"
    assert visitor.get("/account/notices").fields()["when"] == ["daily"]
    assert visitor.post("/account/notices", {"when": "hourly"}).status == 404
