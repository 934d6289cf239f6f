"""What people read about who confirms teams, and what they are asked when the council drops the rule."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from tests.exchange.seconding import confirmer_team, named, require
from tests.exchange.spoilt_rules import spoil
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.actor import Actor

PATH = "/account/second-confirmer"


def _holding(world: World) -> Actor:
    """The SENCO as a session that has seen the rule opens them."""
    require(world, named(confirmer_team(world)))
    teams = tuple(replace(team, second=named(confirmer_team(world))) for team in world.senco.teams)
    return replace(world.senco, teams=teams)


def test_the_page_says_who_confirms_teams(app: Flask, world: World) -> None:
    assert "No second confirmer is required." in Visitor(app, world.senco).get(PATH).text
    senco = Visitor(app, _holding(world))
    listed = senco.get("/account/teams")
    assert "A team is confirmed by the council and by Riverside Boxing at Riverside Boxing." in listed.text
    page = senco.get(listed.href("Who confirms teams in your area"))
    assert "you keep to it even if they change" in page.text
    assert not page.tree.cssselect("#accept")


def test_a_dropped_rule_is_a_warning_and_a_question(app: Flask, world: World) -> None:
    senco = Visitor(app, _holding(world))
    require(world, None)
    listed = senco.get("/account/teams")
    (warning,) = listed.texts(".govuk-warning-text")
    assert "The council no longer names Riverside Boxing at Riverside Boxing" in warning
    page = senco.get(listed.href("Read what to do"))
    assert (
        "Ring Riverside Boxing at Riverside Boxing and ask whether they know of this and agree." in page.text
    )
    assert page.tree.cssselect("#accept")


def test_rules_that_cannot_be_checked_change_nothing(app: Flask, world: World) -> None:
    senco = Visitor(app, _holding(world))
    spoil(world, "removed")
    page = senco.get(PATH)
    assert "The area’s rules cannot be checked now. You keep to this." in page.text
    assert not page.tree.cssselect("#accept")
