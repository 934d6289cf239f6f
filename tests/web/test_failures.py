"""What broke is one line of the log, without what somebody typed and without the address."""

from __future__ import annotations

import logging

import psycopg
import pytest
from flask import Flask
from flask.ctx import RequestContext
from sqlalchemy.exc import OperationalError

from tests.web.visitor import Visitor
from transition_exchange.web import failures

TYPED = "Ewa Pawlak"


def _request(app: Flask, path: str = "/account/sign-in") -> RequestContext:
    return app.test_request_context(path, base_url=Visitor(app).base)


def _broken() -> Exception:
    try:
        raise KeyError(TYPED)
    except KeyError as error:
        return error


def test_a_failure_is_one_line_with_its_kind_the_view_and_the_lines_of_code(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with _request(app, "/account/sign-in?next=/Ewa-Pawlak"):
        failures.note(_broken())
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    said = record.getMessage()
    assert said.startswith("KeyError on accounts.sign_in: _broken (")
    assert "Pawlak" not in said
    assert "\n" not in said


def test_the_same_is_noted_once_in_a_request_and_again_in_the_next(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    error = _broken()
    with _request(app):
        failures.note(error)
        failures.note(error)
        failures.note(ValueError(TYPED))
    with _request(app):
        failures.note(error)
    assert [record.getMessage().split(" ")[0] for record in caplog.records] == [
        "KeyError",
        "ValueError",
        "KeyError",
    ]


def test_a_database_that_is_away_is_said_in_plain_words(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    away = OperationalError("SELECT 1", {}, psycopg.OperationalError("Connection refused for s3cret"))
    with _request(app):
        failures.note(away)
    (record,) = caplog.records
    assert record.getMessage() == (
        "The database cannot be reached, for nobody answers at that host and port: accounts.sign_in"
    )
