"""What broke is one line of the log, without what somebody typed and without the address."""

from __future__ import annotations

import logging

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from transition_exchange.web import failures

TYPED = "Ewa Pawlak"


def _broken() -> Exception:
    try:
        raise KeyError(TYPED)
    except KeyError as error:
        return error


def test_a_failure_is_one_line_with_its_kind_the_view_and_the_lines_of_code(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.test_request_context("/account/sign-in?next=/Ewa-Pawlak"):
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
    with app.test_request_context("/account/sign-in"):
        failures.note(error)
        failures.note(error)
        failures.note(ValueError(TYPED))
    with app.test_request_context("/account/sign-in"):
        failures.note(error)
    assert [record.getMessage().split(" ")[0] for record in caplog.records] == [
        "KeyError",
        "ValueError",
        "KeyError",
    ]


def test_a_database_that_is_away_is_said_in_plain_words(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    away = OperationalError("SELECT 1", {}, psycopg.OperationalError("Connection refused for s3cret"))
    with app.test_request_context("/account/sign-in"):
        failures.note(away)
    (record,) = caplog.records
    assert record.getMessage() == (
        "The database cannot be reached, for nobody answers at that host and port: accounts.sign_in"
    )
