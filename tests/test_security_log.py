"""The security log has one shape, and no room for personal data."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest

from transition_exchange import security_log

PERSON, SCHOOL = UUID(int=1), UUID(int=2)


def test_a_line_names_view_person_organisation_and_reason(caplog: pytest.LogCaptureFixture) -> None:
    security_log.note(
        "access.refused",
        reason="wrong_team",
        route="school.record",
        principal_id=PERSON,
        organisation_id=SCHOOL,
    )
    assert caplog.messages == [
        f"event=access.refused reason=wrong_team route=school.record principal={PERSON} organisation={SCHOOL}"
    ]
    assert caplog.records[0].name == security_log.NAME


def test_what_is_not_known_is_a_dash(caplog: pytest.LogCaptureFixture) -> None:
    security_log.note("sign_in.refused", reason="wrong_passphrase")
    assert caplog.messages == [
        "event=sign_in.refused reason=wrong_passphrase route=- principal=- organisation=-"
    ]


@pytest.mark.parametrize("route", ["/learners/amina", "a@b.example", "x\nevent=access.refused", "School"])
def test_a_route_that_is_no_name_of_a_view_is_left_out(route: str, caplog: pytest.LogCaptureFixture) -> None:
    security_log.note("access.refused", reason="not_found", route=route)
    assert "route=- " in caplog.messages[0]
    assert route not in caplog.text


def test_every_event_and_reason_is_a_code() -> None:
    for word in (*get_args(security_log.Event), *get_args(security_log.Reason)):
        assert re.fullmatch(r"[a-z]+([._][a-z]+)*", word)


def test_each_line_bears_its_time_in_utc_and_the_name_of_its_logger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as in a process that has just started
    monkeypatch.setattr(logging.getLogger(), "level", logging.WARNING)
    stream = io.StringIO()
    security_log.write_logs_to(stream)
    security_log.write_logs_to(stream)
    security_log.note("access.refused", reason="form_token", route="accounts.sign_in")
    [line] = stream.getvalue().splitlines()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING transition_exchange\.security event=.*", line
    )


def test_a_flood_is_one_line_a_minute_that_says_how_often(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = 1000.0
    monkeypatch.setattr(security_log, "_flood", security_log._Flood())
    monkeypatch.setattr("transition_exchange.security_log.time.monotonic", lambda: now)
    for _ in range(500):
        security_log.note_flood("sign_in.refused", reason="throttled")
    security_log.note_flood("sign_in.refused", reason="busy")
    now += security_log.FLOOD_SECONDS
    security_log.note_flood("sign_in.refused", reason="throttled")
    shape = "event=sign_in.refused reason={} route=- principal=- organisation=- times={}"
    assert caplog.messages == [
        shape.format(*what) for what in (("throttled", 1), ("busy", 1), ("throttled", 500))
    ]


def test_every_reason_is_written_somewhere() -> None:
    root = Path(security_log.__file__).parent
    sources = [
        path.read_text(encoding="utf-8") for path in root.rglob("*.py") if path.name != "security_log.py"
    ]
    for reason in get_args(security_log.Reason):
        assert any(f'"{reason}"' in source for source in sources), reason
