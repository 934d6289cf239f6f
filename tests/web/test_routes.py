"""A walk through all routes: each says who may use it, and keeps everybody else out."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.config import Config
from transition_exchange.store.database import Database
from transition_exchange.web import create_app, policy
from transition_exchange.web.policy import Undeclared, declared, may, member, refuse_undeclared

PUBLIC = {
    "static",
    "pages.home",
    "pages.accessibility",
    "pages.privacy",
    "pages.cookies",
    "pages.what_happens_next",
    "health.health",
    "accounts.sign_in",
    "accounts.recover",
    "accounts.sign_out",
    "accounts.join",
}
TYPED = {"UUIDConverter", "IntegerConverter", "AnyConverter"}
UNTYPED = {("accounts.join", "token"), ("static", "filename")}
"""Parameters that may be any text: a link's secret token, a file's name."""
CLOSED = {
    ("school.page", "name"): "learner",
    ("school.save_typed", "name"): "learner",
    ("school.drop", "name"): "learner",
    ("school.throw_away", "name"): "learner",
    ("school.check", "owner"): "transition",
    ("school.send", "owner"): "transition",
    ("school.preview_pdf", "owner"): "transition",
}
"""Parameters that are one of a few words, with one of them; the view refuses every other."""


def address(rule: Rule) -> str:
    """An address of the route, with ids that nobody has."""
    values = {
        name: {"UUIDConverter": uuid4(), "IntegerConverter": 1}.get(type(converter).__name__, "x")
        for name, converter in rule._converters.items()
    }
    found = rule.build(values)
    assert found is not None
    return found[1]


def method(rule: Rule) -> str:
    return "GET" if "GET" in (rule.methods or ()) else "POST"


def open_route(visitor: Visitor, rule: Rule) -> int:
    path = address(rule)
    return (visitor.get(path) if method(rule) == "GET" else visitor.post(path)).status


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        found = declared(app, rule.endpoint)
        assert found is not None, rule.endpoint
        assert found.rule.words


def test_only_these_routes_are_open_to_anybody(app: Flask) -> None:
    open_to_all = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (found := declared(app, rule.endpoint)) and found.rule.stage == "anyone"
    }
    assert open_to_all == PUBLIC


def test_every_parameter_of_an_address_has_a_type_or_is_one_of_a_few_words(app: Flask) -> None:
    untyped = {
        (rule.endpoint, name)
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if type(converter).__name__ not in TYPED
    }
    assert untyped == UNTYPED | CLOSED.keys()


@pytest.mark.parametrize(("endpoint", "parameter"), CLOSED)
def test_a_word_that_an_address_does_not_know_leads_nowhere(
    app: Flask, world: World, endpoint: str, parameter: str
) -> None:
    app.extensions["renderer"] = world.renderer
    record_id = world.add()
    world.fill(record_id)
    college = world.places["Northway College"]
    ids = {
        "record_id": record_id,
        "provider_id": college.id,
        "team_id": college.teams["Admissions"].row.id,
    }
    visitor = Visitor(app, world.senco)
    for rule in app.url_map.iter_rules(endpoint):
        named = {name: value for name, value in ids.items() if name in rule.arguments}
        for word, status in (
            (CLOSED[endpoint, parameter], 200),
            ("x", 404),
            ("TRANSITION", 404),
            ("transition%2F..", 404),
            # known, as a page or as an owner, and not this visitor's
            ("safeguarding" if parameter == "name" else "school_safeguarding", 403),
        ):
            built = rule.build({**named, parameter: word})
            assert built is not None
            page = visitor.get(built[1]) if method(rule) == "GET" else visitor.post(built[1])
            assert (200 if page.status == 303 else page.status) == status, built[1]


def test_whoever_is_not_signed_in_is_sent_to_sign_in(app: Flask) -> None:
    visitor = Visitor(app)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        path = address(rule)
        page = visitor.get(path) if method(rule) == "GET" else visitor.post(path)
        assert page.status == 303, rule.endpoint
        assert page.location.startswith("/account/sign-in"), rule.endpoint


def test_whoever_is_in_no_team_gets_nowhere_that_a_team_is_needed(app: Flask, world: World) -> None:
    actor = world.senco
    bare = type(actor)(actor.principal_id, actor.organisation_id, actor.name, administrator=False)
    visitor = Visitor(app, bare)
    for rule in app.url_map.iter_rules():
        found = declared(app, rule.endpoint)
        assert found is not None
        if found.rule.stage != "full" or found.rule == policy.signed_in:
            continue
        assert open_route(visitor, rule) == 403, rule.endpoint


def test_a_view_without_a_rule_is_refused_at_start(config: Config, web_db: Database) -> None:
    app = create_app(config, web_db, testing=True)
    app.view_functions["forgotten"] = lambda: "open to the world"
    with pytest.raises(Undeclared, match="forgotten"):
        refuse_undeclared(app)


def test_a_view_without_a_rule_is_closed_even_if_it_came_later(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open to the world")
    assert Visitor(app).get("/forgotten").status == 403


def test_a_rule_stays_on_a_view_behind_other_decorators(app: Flask) -> None:
    @may(member("exams", side="receives"))
    def view() -> str:
        return ""

    app.view_functions["one"] = view
    found = declared(app, "one")
    assert found is not None
    assert found.rule.words == "members of a team for exams"
