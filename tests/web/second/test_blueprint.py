"""Who reaches the second confirmer's pages: the team that the rules name, and nobody else."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.seconding import confirmer_team, named, require
from tests.exchange.world import World
from tests.web.visitor import Visitor


@pytest.mark.parametrize("person", ["coach", "coordinator", "college_admissions", "senco"])
def test_only_the_team_that_the_rules_name_is_led_there(app: Flask, world: World, person: str) -> None:
    visitor = Visitor(app, world.people[person])
    assert visitor.get("/confirm-teams").status == 403
    require(world, named(confirmer_team(world)))
    theirs = person == "coach"
    assert visitor.get("/confirm-teams").status == (200 if theirs else 403)
    assert ("Confirm teams" in visitor.get("/account/teams").texts("nav a")) == theirs
