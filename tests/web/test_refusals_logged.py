"""Whoever is refused stands in the security log, by ids and the name of the view and by nothing else."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask, abort

from tests.exchange.world import World
from tests.web.accounts.people import founded, join
from tests.web.visitor import Visitor
from transition_exchange import security_log
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Tampered
from transition_exchange.store.database import Database
from transition_exchange.web.policy import may, public


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == security_log.NAME]


def by(actor: Actor) -> str:
    return f"principal={actor.principal_id} organisation={actor.organisation_id}"


def test_somebody_elses_record_and_a_missing_one_are_logged_alike(
    app: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    visitor, record_id = Visitor(app, world.senco), uuid4()
    assert visitor.get(f"/learners/{record_id}").status == 404
    assert lines(caplog) == [f"event=access.refused reason=not_found route=school.record {by(world.senco)}"]
    assert str(record_id) not in caplog.text


def test_another_schools_record_is_logged_without_its_id(
    app: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    record_id = world.add(forename="Zebrafinch", surname="Walrus")
    assert Visitor(app, world.college_support).get(f"/learners/{record_id}").status == 403
    assert lines(caplog) == [
        f"event=access.refused reason=wrong_team route=school.record {by(world.college_support)}"
    ]
    assert str(record_id) not in caplog.text


def test_a_wrong_team_is_logged(app: Flask, world: World, caplog: pytest.LogCaptureFixture) -> None:
    assert Visitor(app, world.college_support).get("/learners?search=Zebrafinch").status == 403
    assert lines(caplog) == [
        f"event=access.refused reason=wrong_team route=school.learners {by(world.college_support)}"
    ]
    assert "Zebrafinch" not in caplog.text


def test_a_form_without_its_token_is_logged_without_what_it_held(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """Anybody can send such forms, so that many of them are one line a minute."""
    security_log._flood.forget()
    for _ in range(20):
        answer = app.test_client().post(
            "/account/sign-in", base_url="https://exchange.example", data={"email": "somebody@school.example"}
        )
        assert answer.status_code == 400
    assert lines(caplog) == [
        "event=access.refused reason=form_token route=accounts.sign_in principal=- organisation=- times=1"
    ]
    assert "somebody" not in caplog.text


def test_somebody_whose_code_is_still_to_come_is_named_too(
    app: Flask, web_db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Visitor(app)
    join(visitor, founded(web_db))
    caplog.clear()
    visitor.client.post("/account/sign-out", base_url=visitor.base)
    [line] = lines(caplog)
    assert line.startswith("event=access.refused reason=form_token route=accounts.sign_out principal=")
    assert "principal=-" not in line


def test_a_strange_host_is_logged_without_its_name(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    answer = app.test_client().get("/", base_url="https://zebrafinch.example")
    assert answer.status_code == 400
    assert lines(caplog) == [
        "event=access.refused reason=wrong_address_of_service route=- principal=- organisation=-"
    ]
    assert "zebrafinch" not in caplog.text


def test_a_mistyped_address_is_not_logged(app: Flask, world: World, caplog: pytest.LogCaptureFixture) -> None:
    assert Visitor(app, world.senco).get("/no-such-page").status == 404
    assert lines(caplog) == []


@pytest.mark.parametrize(("status", "reason"), [(403, "no_rule"), (404, "not_found")])
def test_a_view_that_refuses_by_status_is_logged(
    app: Flask, caplog: pytest.LogCaptureFixture, status: int, reason: str
) -> None:
    @may(public)
    def refusing() -> str:
        abort(status)

    app.add_url_rule("/refusing", "refusing", refusing)
    assert Visitor(app).get("/refusing").status == status
    assert lines(caplog) == [
        f"event=access.refused reason={reason} route=refusing principal=- organisation=-"
    ]


def test_a_stored_piece_that_fails_its_check_is_logged(
    app: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    @may(public)
    def tampered() -> str:
        raise Tampered

    app.add_url_rule("/tampered", "tampered", tampered)
    assert Visitor(app, world.senco).get("/tampered").status == 500
    assert lines(caplog) == [f"event=stored_piece.tampered reason=signature route=tampered {by(world.senco)}"]
