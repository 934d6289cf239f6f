"""The links at the top of each page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.organisations.workplaces import workplace
from transition_exchange.web.navigation import navigation
from transition_exchange.web.visits import NOBODY, Visit

OWN = ["People and teams", "Your account"]


def links(app: Flask, world: World, actor: Actor) -> list[str]:
    place = workplace(db=world.db, organisation_id=actor.organisation_id)
    with app.test_request_context("/account", base_url="https://exchange.example"):
        return [link.text for link in navigation(Visit("full", actor.principal_id, actor, place))]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("senco", ["Learners"]),
        ("safeguarding_lead", ["Learners"]),
        ("college_support", ["Records sent to us"]),
        ("coordinator", ["Area overview", "Organisations"]),
    ],
)
def test_each_sees_what_their_team_does(app: Flask, world: World, who: str, words: list[str]) -> None:
    assert links(app, world, getattr(world, who)) == [*words, *OWN]


def test_whoever_is_in_no_team_sees_their_own_pages_only(app: Flask, world: World) -> None:
    assert links(app, world, replace(world.senco, teams=())) == OWN


def test_an_administrator_of_the_council_sees_organisations_and_no_learner(app: Flask, world: World) -> None:
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    assert links(app, world, administrator) == ["Organisations", *OWN]


def test_the_page_that_is_open_is_marked(app: Flask, world: World) -> None:
    place = workplace(db=world.db, organisation_id=world.senco.organisation_id)
    with app.test_request_context("/account", base_url="https://exchange.example"):
        found = navigation(Visit("full", world.senco.principal_id, world.senco, place))
    assert [link.text for link in found if link.current] == ["Your account"]


def test_nobody_sees_nothing(app: Flask) -> None:
    with app.test_request_context():
        assert navigation(NOBODY) == []
