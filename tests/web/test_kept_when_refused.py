"""What somebody typed into a page that saves is kept whatever refuses it, and by nobody who is not signed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, url_for
from werkzeug.routing import BaseConverter, IntegerConverter, UUIDConverter
from werkzeug.routing import Rule as Route

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange import errors
from transition_exchange.exchange.signing_in import late_saves
from transition_exchange.web.policy import declared, may, signed_in
from transition_exchange.web.visits import Stage

KEPT = "Something that you typed is not saved yet"
TYPED = {"text": "She settles best beside a window."}

REFUSALS = (
    errors.NotFound(),
    errors.NotAllowed(),
    errors.NotOpened(),
    errors.NotReady("Waiting."),
    errors.NotConfirmedYet(),
    errors.Tampered(),
    errors.Refused("That cannot be."),
    errors.Conflict(["sen"]),
    errors.Busy(),
)


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Mapping[str, Any]]]:
    """What is kept, as path and form."""
    kept: list[tuple[str, Mapping[str, Any]]] = []

    def keep(*, path: str, form: Mapping[str, Any], **_: Any) -> bool:
        kept.append((path, form))
        return True

    monkeypatch.setattr(late_saves, "keep", keep)
    return kept


def _saving(app: Flask, stage: Stage) -> Iterator[Route]:
    """The routes to which something is posted to be saved, by somebody who is so far signed in."""
    for route in app.url_map.iter_rules():
        declaration = declared(app, route.endpoint)
        if "POST" not in (route.methods or ()) or declaration is None or not declaration.saves:
            continue
        if declaration.rule.stage == stage:
            yield route


def _value(converter: BaseConverter) -> object:
    if isinstance(converter, UUIDConverter):
        return uuid4()
    return 1 if isinstance(converter, IntegerConverter) else "something"


def _address(app: Flask, route: Route) -> str:
    values: dict[str, Any] = {name: _value(converter) for name, converter in route._converters.items()}
    with app.test_request_context(base_url="https://exchange.example"):
        return url_for(route.endpoint, **values)


def _refuse(app: Flask, route: Route, error: Exception) -> None:
    """Let a page refuse whatever comes from anybody who is as far signed in as it asks for."""
    before = declared(app, route.endpoint)
    assert before is not None

    @may(replace(signed_in, stage=before.rule.stage), limit=before.limit, saves=before.saves)
    def refusing(**_: object) -> str:
        raise error

    app.view_functions[route.endpoint] = refusing


def test_every_page_that_saves_keeps_what_was_typed_when_it_finds_nothing(
    app: Flask, world: World, keeping: list[tuple[str, Mapping[str, Any]]]
) -> None:
    visitor, routes = Visitor(app, world.senco), list(_saving(app, "full"))
    assert len(routes) > 30
    lost = []
    for route in routes:
        _refuse(app, route, errors.NotFound())
        keeping.clear()
        page = visitor.post(_address(app, route), TYPED)
        assert (page.status, page.h1) == (404, "Page not found"), route.endpoint
        if KEPT not in page.text or [form for _, form in keeping][-1:] != [{"text": [TYPED["text"]]}]:
            lost.append(route.endpoint)
    assert lost == []


@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
def test_whatever_refuses_it_keeps_it(
    app: Flask,
    world: World,
    keeping: list[tuple[str, Mapping[str, Any]]],
    error: errors.ExchangeError,
) -> None:
    route = next(route for route in _saving(app, "full") if route.endpoint == "school.page")
    _refuse(app, route, error)
    page = Visitor(app, world.senco).post(_address(app, route), TYPED)
    assert page.status >= 400
    assert KEPT in page.text
    assert len(keeping) == 1


def test_nothing_is_kept_for_somebody_who_is_not_signed_in(
    app: Flask, keeping: list[tuple[str, Mapping[str, Any]]]
) -> None:
    visitor = Visitor(app)
    visitor.keep(app.config["SIGN_IN_COOKIE"], "of-no-session")
    for route in _saving(app, "anyone"):
        _refuse(app, route, errors.NotFound())
        assert KEPT not in visitor.post(_address(app, route), TYPED).text
    assert keeping == []


def test_what_is_missing_and_what_is_somebody_elses_look_the_same_when_posted_to(
    app: Flask, world: World, keeping: list[tuple[str, Mapping[str, Any]]]
) -> None:
    theirs = world.add(actor=world.other_senco)
    visitor = Visitor(app, world.senco)
    pages = [
        visitor.post(f"/learners/{record_id}/pages/health", TYPED).source.replace(str(record_id), "")
        for record_id in (theirs, uuid4())
    ]
    assert pages[0] == pages[1]
    assert KEPT in pages[0]
    assert len(keeping) == 2


def test_what_saves_nothing_keeps_nothing(
    app: Flask, world: World, keeping: list[tuple[str, Mapping[str, Any]]]
) -> None:
    visitor = Visitor(app, world.senco)
    for path in (f"/learners/{uuid4()}/send/transition", f"/learners/{uuid4()}/no-such-page"):
        assert KEPT not in visitor.post(path, TYPED).text
    assert KEPT not in visitor.get(f"/learners/{uuid4()}").text
    assert keeping == []
