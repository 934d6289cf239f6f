"""What is sent after a session has ended."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from tests.web.accounts.people import PASSPHRASE, code_for
from tests.web.visitor import Visitor
from transition_exchange.exchange.signing_in import late_saves, sessions
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import LateSave, SignInSession


def test_what_is_sent_after_the_session_ended_is_kept_and_offered(
    app: Flask, web_db: Database, joined: tuple[Visitor, str]
) -> None:
    visitor, typed = joined
    before = utc_now() - sessions.IDLE - timedelta(minutes=1)
    with web_db.write() as session:
        session.execute(update(SignInSession).values(last_seen_at=before))
    late = visitor.post("/account/teams/invite", {"name": "Sam Okafor", "email": "sam@council.example"})
    assert late.location == "/account/sign-in?kept=yes"
    assert "We have kept what you typed" in visitor.get(late.location).text
    with web_db.read() as session:
        kept = session.scalars(select(LateSave)).one()
    assert b"Sam" not in kept.sealed

    form = {"email": "robin@council.example", "passphrase": PASSPHRASE}
    visitor.post("/account/sign-in", form)
    done = visitor.post("/account/code", {"code": code_for(typed, ahead=1)})
    assert done.location == "/account/unsaved"
    offered = visitor.get(visitor.get("/account/unsaved").href("Look at it"))
    fields = offered.fields(0)
    assert fields["name"] == ["Sam Okafor"]
    again = visitor.post("/account/teams/invite", {**fields, "teams": []})
    assert again.status == 422, "the page judges it as if it had just been typed"
    assert 'value="Sam Okafor"' in again.source
    assert visitor.get("/account/unsaved").status == 200, "refused is not taken: it stays"


def test_what_was_put_back_is_kept_no_longer(
    app: Flask, web_db: Database, joined: tuple[Visitor, str]
) -> None:
    visitor, typed = joined
    with web_db.write() as session:
        session.execute(update(SignInSession).values(last_seen_at=utc_now() - timedelta(hours=1)))
    visitor.post(
        "/account/teams/invite",
        {"name": "Sam Okafor", "email": "sam@council.example", "administrator": "yes"},
    )
    visitor.post("/account/sign-in", {"email": "robin@council.example", "passphrase": PASSPHRASE})
    visitor.post("/account/code", {"code": code_for(typed, ahead=1)})
    offered = visitor.get(visitor.get("/account/unsaved").href("Look at it"))
    asked = visitor.post("/account/teams/invite", offered.fields(0))
    assert asked.h1 == "Confirm that it is you"
    assert visitor.get("/account/unsaved").status == 200, "it was not taken yet"
    done = visitor.post("/account/teams/invite", {**asked.fields(0), "proof": PASSPHRASE})
    assert done.h1 == "Tell them these five words"
    with web_db.read() as session:
        assert session.scalars(select(LateSave)).all() == []


@pytest.mark.parametrize("how", ["ended by an administrator", "too large to keep"])
def test_what_is_sent_after_the_session_ended_for_good_is_said_to_be_lost(
    web_db: Database, joined: tuple[Visitor, str], how: str
) -> None:
    visitor, _ = joined
    form = {"name": "Sam Okafor", "email": "sam@council.example"}
    with web_db.write() as session:
        if how == "too large to keep":
            form["name"] = "S" * late_saves.LARGEST
            session.execute(update(SignInSession).values(last_seen_at=utc_now() - timedelta(hours=1)))
        else:
            session.execute(delete(SignInSession))
    late = visitor.post("/account/teams/invite", form)
    assert late.location == "/account/sign-in?kept=no"
    assert (
        "What you sent was not saved, because you were not signed in any more."
        in visitor.get(late.location).text
    )
    with web_db.read() as session:
        assert session.scalars(select(LateSave)).all() == []
    wrong = visitor.post("/account/sign-in", {"email": "robin@council.example", "passphrase": "not that"})
    assert "was not saved" not in wrong.text


def test_a_button_that_is_pressed_too_late_loses_nothing(app: Flask) -> None:
    assert "kept" not in Visitor(app).post("/account/teams/invite").location
    assert "was not saved" not in Visitor(app).get("/account/sign-in?kept=perhaps").text


def test_an_unknown_late_save_cannot_be_thrown_away(joined: tuple[Visitor, str]) -> None:
    visitor, _ = joined
    page = visitor.post(f"/account/unsaved/{uuid4()}/drop")
    assert page.status == 404
    assert "We threw it away" not in visitor.get("/account").text
