"""Public pages and error pages show whatever the state of the session's rows or of the database is.

Each kind of error is met in each state that breaks the session, or what stands beside a page. Its status stays, and the
log says in one line what broke: no address, no traceback, no words of an exception.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask

from tests.store.doubled import double_tables
from tests.web.accounts.people import PASSPHRASE, code_for
from tests.web.spoiling import FAILED
from tests.web.visitor import Page, Visitor
from transition_exchange.config import Config
from transition_exchange.exchange import errors
from transition_exchange.store.database import Database
from transition_exchange.web import create_app, kept_forms
from transition_exchange.web.error_pages import LAST_RESORT
from transition_exchange.web.policy import may, public, signed_in
from transition_exchange.web.visits import Visit

NAMED = "Ewa.Pawlak"
"""What nobody finds in a log, wherever it was sent."""

UNREACHABLE = "postgresql://nobody@127.0.0.1:1/none"
SIGN_IN = {"email": "robin@council.example", "passphrase": PASSPHRASE}
NOTICE = "We cannot show what is yours"


@pytest.fixture
def served(config: Config, web_db: Database) -> Flask:
    """The application as it is served: no exception leaves it."""
    app = create_app(config, web_db)

    @may(signed_in)
    def conflict() -> str:
        raise errors.Conflict(["sen"])

    @may(public)
    def not_now() -> str:
        raise errors.NotReady("Ring them first.")

    app.add_url_rule("/conflict", "conflict", conflict, methods=["POST"])
    app.add_url_rule("/not-now", "not_now", not_now, methods=["POST"])
    return app


@pytest.fixture
def visitor(served: Flask, joined: tuple[Visitor, str]) -> Visitor:
    """Somebody who is signed in, with rows of their own."""
    visitor = Visitor(served)
    name = served.config["SIGN_IN_COOKIE"]
    visitor.keep(name, joined[0].cookie(name) or "")
    assert visitor.get("/account").status == 200
    return visitor


def _written(db: Database, statement: str) -> None:
    with sqlite3.connect(str(db.url.database)) as file:
        file.execute("PRAGMA foreign_keys = OFF")
        file.execute("PRAGMA legacy_alter_table = ON")
        file.execute(statement)
    file.close()


def _doubled(*tables: str) -> Callable[[Flask], None]:
    return lambda app: double_tables(app.extensions["db"], tables)


def _gone(table: str) -> Callable[[Flask], None]:
    return lambda app: _written(app.extensions["db"], f"ALTER TABLE {table} RENAME TO elsewhere")


def _away(app: Flask) -> None:
    app.extensions["db"] = Database(UNREACHABLE)


def _odd(app: Flask) -> None:
    def resume(*_: object) -> Visit:
        raise ValueError(NAMED)

    app.extensions["resume"] = resume


STATES: dict[str, Callable[[Flask], None]] = {
    "the own teams are there twice": _doubled("teams"),
    "the sessions are there twice": _doubled("sign_in_sessions"),
    "the people are there twice": _doubled("principals"),
    "the organisations are there twice": _doubled("areas", "organisations"),
    "the table of sessions is gone": _gone("sign_in_sessions"),
    "the table of late saves is gone": _gone("late_saves"),
    "the table of handovers is gone": _gone("handovers"),
    "the database is away": _away,
    "nobody thought of this": _odd,
}

PUBLIC = ("/", "/privacy", "/accessibility", "/cookies", "/what-happens-next", "/account/sign-in")

FORM = {"note": f"What {NAMED} typed"}
TYPED = f"name={NAMED}&note=What+she+typed"
MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="\xff\xfe"; filename="Ewa.Pawlak"\r\n\r\n\xff\r\n--x--\r\n'
)


def _errors(visitor: Visitor) -> dict[str, tuple[int, Callable[[], Page]]]:
    """Each kind of error that is met before anybody asks who is looking: the status, and how to meet it."""
    client, base = visitor.client, visitor.base

    def bare(path: str, method: str = "POST", **options: object) -> Callable[[], Page]:
        return lambda: Page(client.open(path, method=method, base_url=base, **options))  # type: ignore[arg-type]

    return {
        "unknown address": (404, bare(f"/{NAMED}", "GET")),
        "unknown address of a form": (404, lambda: visitor.post(f"/{NAMED}", FORM)),
        "no id": (404, bare(f"/learners/{NAMED}", "GET")),
        "unknown file": (404, bare(f"/static/{NAMED}.css?v=1", "GET")),
        "method": (405, bare("/account", "PUT")),
        "method of a public page": (405, lambda: visitor.post("/privacy", FORM)),
        "no token": (400, bare("/account/teams/invite", data=TYPED, content_type=URLENCODED)),
        "too large": (
            413,
            bare("/account/teams/invite", data=b"a=" + b"x" * 3_000_000, content_type=URLENCODED),
        ),
        "unreadable": (
            400,
            bare("/account/teams/invite", data=MULTIPART, content_type="multipart/form-data; boundary=x"),
        ),
        "refusal of a public page": (409, lambda: visitor.post("/not-now", FORM)),
    }


URLENCODED = "application/x-www-form-urlencoded"


def _check_log(caplog: pytest.LogCaptureFixture) -> None:
    """The log says what broke, once, and quotes nothing. The security log has a line of its own."""
    written = [record for record in caplog.records if record.levelno >= logging.WARNING]
    broke = [record for record in written if record.name != "transition_exchange.security"]
    assert len(broke) <= 1, [record.getMessage() for record in broke]
    for record in written:
        assert record.exc_info is None, record.getMessage()
        text = record.getMessage()
        assert NAMED not in text, text
        assert "SELECT" not in text, text
        assert "Traceback" not in text, text


@pytest.mark.parametrize("state", STATES)
def test_every_page_shows_whatever_is_broken(
    served: Flask, visitor: Visitor, caplog: pytest.LogCaptureFixture, state: str
) -> None:
    kinds = _errors(visitor)
    whole = {kind: look() for kind, (_, look) in kinds.items()}
    STATES[state](served)
    for kind, (status, look) in kinds.items():
        caplog.clear()
        page = look()
        assert (page.status, page.h1) == (status, whole[kind].h1), kind
        assert whole[kind].status == status, kind
        _check_log(caplog)
    for path in PUBLIC:
        caplog.clear()
        page = visitor.get(path)
        assert page.status in (200, 302), (path, page.h1)
        _check_log(caplog)
        known = page.status == 302 or "Signed in as" in page.text
        assert (NOTICE in page.text) != known, path
    caplog.clear()
    page = visitor.post(f"/conflict?name={NAMED}", FORM)
    assert page.status in (409, 500, 503)
    _check_log(caplog)


def test_a_form_that_cannot_be_kept_keeps_its_refusal(
    served: Flask, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    kept = visitor.post("/conflict", FORM)
    assert (kept.status, "is not saved yet" in kept.text) == (409, True)
    _gone("late_saves")(served)
    caplog.clear()
    page = visitor.post("/conflict", FORM)
    assert (page.status, page.h1, "is not saved yet" in page.text) == (409, kept.h1, False)
    assert "OperationalError on conflict" in caplog.text
    _check_log(caplog)


def test_what_is_saved_says_so_though_the_kept_form_cannot_be_dropped(
    served: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> tuple[()]:
        raise ValueError(NAMED)

    monkeypatch.setattr(kept_forms, "put_back", broken)
    page = visitor.post("/account/sign-out")
    assert page.status == 303
    _check_log(caplog)


def test_whoever_gives_the_right_passphrase_again_has_a_session_afterwards(
    app: Flask, web_db: Database, joined: tuple[Visitor, str], caplog: pytest.LogCaptureFixture
) -> None:
    """While their teams are there twice nothing of theirs opens. When it is mended, they are still signed in."""
    visitor, secret = joined
    double_tables(web_db, ["teams"])
    page = visitor.post("/account/sign-in", SIGN_IN)
    if page.location.endswith("/account/code"):
        page = visitor.post("/account/code", {"code": code_for(secret, ahead=1)})
    assert (page.status, page.location) == (303, "/")
    _check_log(caplog)
    assert visitor.get("/account/teams").h1 == FAILED
    assert NOTICE in visitor.get("/").text
    _written(web_db, "DELETE FROM teams WHERE rowid NOT IN (SELECT min(rowid) FROM teams GROUP BY id)")
    assert visitor.get("/account/teams").status == 200


def test_what_breaks_the_error_page_itself_is_logged_without_its_address(
    served: Flask, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(NAMED)

    served.jinja_env.globals["static_url"] = broken
    answer = visitor.client.get(f"/{NAMED}", base_url=visitor.base)
    assert (answer.status_code, answer.get_data(as_text=True)) == (500, LAST_RESORT)
    assert "ValueError" in caplog.text
    _check_log(caplog)
