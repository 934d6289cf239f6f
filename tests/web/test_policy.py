"""Who each rule lets in. `test_routes.py` checks that every route has a rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.organisations.workplaces import workplace
from transition_exchange.web import policy
from transition_exchange.web.visits import NOBODY, Visit


def visit(world: World, actor: Actor) -> Visit:
    place = workplace(db=world.db, organisation_id=actor.organisation_id)
    return Visit("full", actor.principal_id, actor, place)


def test_a_member_of_one_of_the_teams_is_let_in(world: World) -> None:
    rule = policy.member("transition", "school_safeguarding", side="sends")
    assert rule.words == "members of a team for school safeguarding or transition"
    assert rule.allows(visit(world, world.senco))
    assert rule.allows(visit(world, world.safeguarding_lead))
    assert not rule.allows(visit(world, world.college_exams))
    assert not rule.allows(NOBODY)


def test_whoever_left_every_team_is_a_member_of_none(world: World) -> None:
    assert not policy.member("transition", side="sends").allows(visit(world, replace(world.senco, teams=())))


def test_an_administrator_needs_no_team(world: World) -> None:
    head = world.person("head", "Ashdown School", administrator=True)
    assert policy.administrator.allows(visit(world, head))
    assert not policy.administrator.allows(visit(world, world.senco))
    assert not policy.administrator.allows(NOBODY)


def test_the_council_is_its_administrators_and_its_own_teams(world: World) -> None:
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    assert policy.council.allows(visit(world, administrator))
    assert policy.council.allows(visit(world, world.coordinator))
    head = world.person("head", "Ashdown School", administrator=True)
    assert not policy.council.allows(visit(world, head))
    assert not policy.council.allows(visit(world, replace(administrator, administrator=False)))


def test_a_view_says_how_large_a_request_to_it_may_be(app: Flask) -> None:
    upload = policy.declared(app, "school.attachments")
    page = policy.declared(app, "school.page")
    assert upload
    assert page
    assert (upload.limit, page.limit) == (policy.UPLOAD_LIMIT, policy.DEFAULT_LIMIT)


@pytest.mark.parametrize("endpoint", [None, "", "nobody.knows"])
def test_a_view_that_is_not_there_declares_nothing(app: Flask, endpoint: str | None) -> None:
    assert policy.declared(app, endpoint) is None
