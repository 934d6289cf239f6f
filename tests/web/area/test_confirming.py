"""Confirming a team’s security number by telephone."""

from __future__ import annotations

from tests.exchange.world import World
from tests.web.visitor import Visitor


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
