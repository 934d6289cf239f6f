"""The page on which a team says whom to ring."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor


def test_a_member_says_whom_to_ring_and_colleges_see_it(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.safeguarding_lead)
    path = f"/account/teams/{world.safeguarding_lead.teams[0].id}/contact"
    assert "Not said" in visitor.get("/account/teams").text
    wrong = visitor.post(path, {"name": "", "phone": "0170"})
    assert len(wrong.errors) == 2
    assert wrong.fields()["phone"] == ["0170"]
    done = visitor.follow(visitor.post(path, {"name": "Sam Lead", "phone": "01709382121"}))
    assert "Colleges are told to ring Sam Lead, 01709 382121" in done.text
    assert visitor.get(path).fields()["name"] == ["Sam Lead"]
    transfer_id = world.sent().transfer_id
    assert _page(app, world, transfer_id, "college_safeguarding").count("Sam Lead, 01709 382121") == 2
    assert "Sam Lead" not in _page(app, world, transfer_id, "college_support")


def _page(app: Flask, world: World, transfer_id: UUID, person: str) -> str:
    return Visitor(app, world.people[person]).get(f"/received/{transfer_id}").text


def test_another_team_and_a_missing_one_are_answered_alike(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.senco)
    for team_id in (world.safeguarding_lead.teams[0].id, world.area_id):
        assert visitor.get(f"/account/teams/{team_id}/contact").status == 404
