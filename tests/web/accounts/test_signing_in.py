"""Joining and signing in, page by page, as somebody would who has no scripts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.web.accounts.people import PASSPHRASE, Invited, code_for, founded
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import LateSave, SignInSession

SESSION = "__Host-signed-in"


def join(visitor: Visitor, invited: Invited) -> Page:
    return visitor.post(
        invited.link, {"spoken_code": invited.words, "name": "Robin Marsh", "passphrase": PASSPHRASE}
    )


def set_up(visitor: Visitor) -> str:
    """Set the second step up. Returns the app's secret as one would type it."""
    page = visitor.get("/account/set-up")
    typed = page.one(".te-code")
    done = visitor.post("/account/set-up", {"code": code_for(typed)})
    assert done.status == 303, done.errors
    return typed


@pytest.fixture
def joined(app: Flask, web_db: Database) -> tuple[Visitor, str]:
    """Somebody who has joined and is signed in, and the secret of their app."""
    visitor = Visitor(app)
    assert join(visitor, founded(web_db)).status == 303
    return visitor, set_up(visitor)


def test_a_newcomer_gets_in_with_link_words_and_passphrase(app: Flask, web_db: Database) -> None:
    visitor, invited = Visitor(app), founded(web_db)
    page = visitor.get(invited.link)
    assert page.h1 == "Join Ashdown Council"
    assert "robin@council.example" in page.text
    done = join(visitor, invited)
    assert done.location.startswith("/account/set-up")
    set_up(visitor)
    assert visitor.get("/account/joined").h1 == "You have joined"


def test_wrong_words_and_weak_passphrases_are_said_at_the_field(app: Flask, web_db: Database) -> None:
    visitor, invited = Visitor(app), founded(web_db)
    page = visitor.post(invited.link, {"spoken_code": "one", "name": "Robin", "passphrase": PASSPHRASE})
    assert page.status == 422
    assert page.errors
    assert page.tree.cssselect("#spoken_code-error")
    weak = visitor.post(
        invited.link, {"spoken_code": invited.words, "name": "Robin", "passphrase": "robin123"}
    )
    assert weak.tree.cssselect("#passphrase-error")
    assert "robin123" not in weak.source


def test_a_used_link_says_so(app: Flask, joined: tuple[Visitor, str]) -> None:
    page = Visitor(app).get("/join/never-was-one")
    assert page.status == 404
    assert page.h1 == "This link no longer works"


def test_signing_in_takes_a_passphrase_and_a_code(app: Flask, joined: tuple[Visitor, str]) -> None:
    visitor = Visitor(app)
    form = {"email": "robin@council.example", "passphrase": PASSPHRASE, "next": "/account"}
    half = visitor.post("/account/sign-in", form)
    assert half.location == "/account/code?next=/account"
    assert visitor.get("/account").location == "/account/code", "half way in is not in"
    wrong = visitor.post("/account/code", {"code": "000000"})
    assert wrong.status == 422
    done = visitor.post("/account/code", {"code": code_for(joined[1], ahead=1), "next": "/account"})
    assert done.location == "/account"
    assert visitor.get("/account").h1 == "Your account"


def test_nothing_tells_whether_an_account_exists(app: Flask, joined: tuple[Visitor, str]) -> None:
    answers = []
    for email in ("robin@council.example", "nobody@council.example"):
        page = Visitor(app).post("/account/sign-in", {"email": email, "passphrase": "not this one at all"})
        answers.append(page.source.replace(email, ""))
        answers[-1] = re.sub(r'name="csrf_token" value="[^"]*"', "", answers[-1])
    assert answers[0] == answers[1]


def test_a_remembered_device_needs_no_code(app: Flask, joined: tuple[Visitor, str]) -> None:
    visitor = Visitor(app)
    form = {"email": "robin@council.example", "passphrase": PASSPHRASE}
    visitor.post("/account/sign-in", form)
    visitor.post("/account/code", {"code": code_for(joined[1], ahead=1), "remember": "yes"})
    assert visitor.cookie("__Host-known-device")
    visitor.post("/account/sign-out")
    assert visitor.cookie(SESSION) is None
    assert visitor.post("/account/sign-in", form).location == "/"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:1"],
)
def test_signing_in_never_leads_to_another_site(app: Flask, joined: tuple[Visitor, str], target: str) -> None:
    visitor = Visitor(app)
    form = {"email": "robin@council.example", "passphrase": PASSPHRASE, "next": target}
    assert visitor.post("/account/sign-in", form).location == "/account/code"


def test_a_recovery_code_is_shown_once_typed_back_and_opens(app: Flask, joined: tuple[Visitor, str]) -> None:
    visitor, typed = joined
    shown = visitor.post("/account/recovery-code")
    code = shown.one("#recovery-code")
    assert "Missing" in visitor.get("/account").text
    assert visitor.post("/account/recovery-code/typed-back", {"code": "not it"}).status == 422
    assert visitor.post("/account/recovery-code/typed-back", {"code": code.upper()}).location == "/account"
    assert "You have one" in visitor.get("/account").text

    other = Visitor(app)
    form = {"email": "robin@council.example", "code": code}
    assert other.post("/account/recover", form).location == "/account/code"
    done = other.post("/account/code", {"code": code_for(typed, ahead=1)})
    assert done.location == "/account/passphrase", "whoever came by a recovery code chooses a new passphrase"
    changed = other.post("/account/passphrase", {"passphrase": f"{PASSPHRASE} again"})
    assert changed.location == "/account"
    assert visitor.get("/account").status == 303, "every other session has ended"


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
    assert visitor.post("/account/teams/invite", offered.fields(0)).h1 == "Tell them these five words"
    with web_db.read() as session:
        assert session.scalars(select(LateSave)).all() == []


def test_a_passphrase_is_never_kept_for_later(web_db: Database, joined: tuple[Visitor, str]) -> None:
    visitor, _ = joined
    with web_db.write() as session:
        session.execute(update(SignInSession).values(last_seen_at=utc_now() - timedelta(hours=1)))
    late = visitor.post("/account/passphrase", {"passphrase": "never keep this one anywhere"})
    assert late.location == "/account/sign-in"
    with web_db.read() as session:
        assert session.scalars(select(LateSave)).all() == []


def test_whoever_stays_is_told_until_when(joined: tuple[Visitor, str]) -> None:
    visitor, _ = joined
    answer = visitor.client.post(
        "/account/stay",
        base_url=visitor.base,
        headers={"X-CSRFToken": visitor.token, "Referer": visitor.base},
    )
    assert answer.status_code == 200
    said = answer.get_json()
    assert 1_790 <= said["seconds"] <= 1_800
    assert re.fullmatch(r"\d{1,2}:\d\d[ap]m", said["clock"])


def test_the_qr_code_stands_in_the_page_without_style_or_address(app: Flask, web_db: Database) -> None:
    visitor = Visitor(app)
    join(visitor, founded(web_db))
    page = visitor.get("/account/set-up")
    (qr,) = page.tree.cssselect("svg.te-qr")
    assert qr.get("role") == "img"
    assert len(page.texts(".te-codes li")) == 10


def test_whoever_comes_next_gets_no_message_of_whoever_signed_out(app: Flask) -> None:
    client, base = app.test_client(), "https://exchange.example"
    with client.session_transaction(base_url=base) as kept:
        kept["_flashes"] = [("message", "Version 2 was sent to Northway College.")]
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/account/sign-out", base_url=base)
    with client.session_transaction(base_url=base) as kept:
        assert kept["_flashes"] == [("message", "You have signed out.")]
