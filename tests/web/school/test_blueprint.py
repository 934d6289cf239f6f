"""What the school's views share."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.web.school.blueprint import own_purposes, owner_of


def test_an_address_names_an_owner_whose_team_one_is_in(world: World) -> None:
    assert owner_of(world.senco, "transition") == "transition"
    with pytest.raises(NotAllowed):
        owner_of(world.senco, "school_safeguarding")
    with pytest.raises(NotFound):
        owner_of(world.senco, "exams")


def test_whoever_is_in_both_teams_writes_for_both(world: World) -> None:
    both = world.person("both", "Ashdown School", "Transition team", "Safeguarding team")
    assert own_purposes(both) == ("transition", "school_safeguarding")
    assert own_purposes(world.safeguarding_lead) == ("school_safeguarding",)
    assert own_purposes(world.college_support) == ()


@pytest.mark.parametrize("page", ["check", "send"])
def test_an_owner_that_is_none_is_not_found(app: Flask, world: World, page: str) -> None:
    record_id = world.add()
    visitor = Visitor(app, world.senco)
    assert visitor.get(f"/learners/{record_id}/{page}/exams").status == 404
    assert visitor.get(f"/learners/{record_id}/{page}/school_safeguarding").status == 403
