"""Error pages say in plain English what the matter is, and give nothing away."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import uuid4

import psycopg
import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.config import Config
from transition_exchange.exchange import errors
from transition_exchange.store.database import Database
from transition_exchange.store.unreadable import Unreadable
from transition_exchange.web import create_app, templating
from transition_exchange.web.policy import may, public
from transition_exchange.web.visits import Visit

SIGN_IN = {"email": "somebody@school.example", "passphrase": "some passphrase"}  # pragma: allowlist secret


@pytest.fixture
def served(config: Config, web_db: Database) -> Flask:
    """The application as it is served: no exception leaves it."""
    return create_app(config, web_db)


def view(app: Flask, error: Exception) -> None:
    @may(public)
    def broken() -> str:
        raise error

    app.add_url_rule("/broken", "broken", broken)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
def test_each_status_has_a_page_of_its_own_words(app: Flask, status: int) -> None:
    @may(public)
    def aborting() -> str:
        abort(status)

    app.add_url_rule("/aborting", "aborting", aborting)
    page = Visitor(app).get("/aborting")
    assert page.status == status
    assert str(status) not in page.text
    assert "Go to the start page" in page.text


def test_what_is_worth_trying_again_says_when(app: Flask) -> None:
    view(app, errors.TooManyTries("Wait 2 seconds.", retry_after=2))
    assert Visitor(app).get("/broken").response.headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (errors.NotFound(), 404, "Page not found"),
        (errors.NotAllowed("Ask an administrator."), 403, "Ask an administrator."),
        (errors.Refused("That cannot be."), 422, "That cannot be."),
        (errors.Conflict(["sen"]), 409, "Somebody else changed this page"),
        (errors.NotReady("Ring them first."), 409, "Ring them first."),
        (errors.Tampered(), 500, "failed its safety check"),
        (errors.NotConfirmedYet("The office has a new key."), 409, "The office has a new key."),
        (errors.Busy(), 503, "Wait a few seconds and try again."),
        (errors.TooManyTries("Wait 2 seconds.", retry_after=2), 429, "Wait 2 seconds."),
    ],
)
def test_what_an_action_refuses_becomes_a_page(app: Flask, error: Exception, status: int, words: str) -> None:
    view(app, error)
    page = Visitor(app).get("/broken")
    assert page.status == status
    assert words in page.text


def test_an_account_that_fails_its_check_gets_a_page_that_says_so(served: Flask) -> None:
    """Each page asks who is there, the one about that error too."""

    def broken(*_: object) -> None:
        raise errors.Tampered("Your account failed its safety check.")

    served.extensions["resume"] = broken
    client = served.test_client()
    client.set_cookie("__Host-signed-in", "x", domain="exchange.example", secure=True)
    page = client.get("/account", base_url="https://exchange.example")
    assert page.status_code == 500
    assert "Your account failed its safety check." in page.text


def test_what_is_missing_and_what_is_somebody_elses_look_the_same(app: Flask) -> None:
    view(app, errors.NotFound("This says more than it should."))
    missing, others = Visitor(app).get("/no-such-page"), Visitor(app).get("/broken")
    assert missing.source == others.source


def test_a_crash_shows_no_trace_and_logs_no_message(served: Flask, caplog: pytest.LogCaptureFixture) -> None:
    view(served, ValueError("Amina Khan, 3 June 2011"))
    with caplog.at_level(logging.ERROR):
        page = Visitor(served).get("/broken")
    assert page.status == 500
    assert "ValueError" not in page.source
    assert "Amina" not in caplog.text
    assert "ValueError" in caplog.text
    assert "test_error_pages.py" in caplog.text


def test_a_form_without_its_token_is_refused_kindly(app: Flask) -> None:
    client = app.test_client()
    answer = client.post(
        "/account/sign-in", base_url="https://exchange.example", data={"email": "a@b.example"}
    )
    assert answer.status_code == 400
    assert "open for too long" in answer.get_data(as_text=True)


def test_an_id_nobody_has_gives_the_same_page_as_any_other(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.senco)
    page = visitor.get(f"/{uuid4()}")
    assert page.status == 404
    assert page.h1 == "Page not found"


def test_a_method_that_is_not_allowed_is_answered_with_those_that_are(app: Flask) -> None:
    visitor = Visitor(app)
    refused = visitor.get("/account/sign-out")
    assert refused.status == 405
    assert refused.response.headers["Allow"] == "OPTIONS, POST"
    assert "Allow" not in visitor.get("/nowhere").response.headers


def test_a_session_that_breaks_in_any_way_still_has_an_error_page(served: Flask) -> None:
    """The page asks who is looking, too: if that breaks as well, nobody is."""

    def resume(db: Database, cookie: str, now: datetime) -> Visit:
        raise ValueError("nobody thought of this")

    served.extensions["resume"] = resume
    visitor = Visitor(served)
    visitor.keep(served.config["SIGN_IN_COOKIE"], "anything")
    page = visitor.get("/account")
    assert (page.status, page.h1) == (500, "Sorry, there is a problem with the service")
    assert "nobody thought" not in page.text


AWAY = OperationalError("SELECT 1", {}, psycopg.OperationalError("Connection refused for s3cret"))


@pytest.mark.parametrize("signed_in", [False, True])
def test_while_the_database_is_away_there_is_a_page_a_time_to_come_again_and_one_line(
    served: Flask,
    world: World,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    signed_in: bool,
) -> None:
    visitor = Visitor(served, world.senco if signed_in else None)

    def fail(*_: object, **__: object) -> None:
        raise AWAY

    monkeypatch.setattr(Database, "read", fail)
    monkeypatch.setattr(Database, "write", fail)
    page = visitor.get("/learners") if signed_in else visitor.post("/account/sign-in", SIGN_IN)
    assert (page.status, page.h1) == (503, "The service cannot be used just now")
    assert int(page.response.headers["Retry-After"]) > 0
    endpoint = "school.learners" if signed_in else "accounts.sign_in"
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        f"The database cannot be reached, for nobody answers at that host and port: {endpoint}"
    ]


def test_a_page_answers_where_what_stands_beside_it_cannot_be_read(
    served: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(**_: object) -> object:
        raise Unreadable

    monkeypatch.setattr(templating, "duties", unreadable)
    page = Visitor(served, world.senco).get("/learners")
    assert (page.status, page.h1) == (500, "This failed its safety check")
    assert "cannot be read, is missing or is there twice" in page.text
    assert "Learners" in page.text, "the links at the top lead on"
