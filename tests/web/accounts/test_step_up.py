"""Before somebody is let in by a code, an invitation or a new app, the passphrase or a code is asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.sealing.few_places import few_places
from tests.web.accounts.people import PASSPHRASE, code_for, founded, join
from tests.web.visitor import Visitor
from transition_exchange.config import Config
from transition_exchange.exchange.signing_in import tries
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, SignInSession
from transition_exchange.web import create_app

SESSION = "__Host-signed-in"
INVITED = {"name": "Sam O’Kafor", "email": "sam@council.example", "administrator": "yes"}


@pytest.fixture
def robin(joined: tuple[Visitor, str], web_db: Database) -> Visitor:
    """Somebody who joined more than ten minutes ago."""
    with web_db.write() as session:
        session.execute(update(SignInSession).values(proven_at=utc_now() - timedelta(minutes=11)))
    return joined[0]


def invitations(db: Database) -> list[str | None]:
    with db.read() as session:
        return list(session.scalars(select(Invitation.name).where(Invitation.accepted_at.is_(None))))


def test_what_was_asked_goes_on_with_all_that_was_typed(robin: Visitor, web_db: Database) -> None:
    asked = robin.post("/account/teams/invite", INVITED)
    assert (asked.status, asked.h1) == (403, "Confirm that it is you")
    assert invitations(web_db) == []
    wrong = robin.post("/account/teams/invite", {**asked.fields(0), "proof": "not this at all"})
    assert wrong.status == 422
    assert wrong.errors == ["This is neither your passphrase nor a code that your app shows now."]
    assert "not this at all" not in wrong.source
    assert invitations(web_db) == []
    done = robin.post("/account/teams/invite", {**wrong.fields(0), "proof": PASSPHRASE})
    assert done.h1 == "Tell them these five words"
    assert invitations(web_db) == ["Sam O’Kafor"]
    again = robin.post("/account/teams/invite", {**INVITED, "email": "alex@council.example"})
    assert again.h1 == "Tell them these five words", "it counts for ten minutes"


def test_what_is_wrong_with_a_form_is_said_before_anybody_is_asked(robin: Visitor) -> None:
    assert robin.post("/account/teams/invite", {**INVITED, "email": "nonsense"}).errors


def test_a_recovery_code_is_asked_for_with_a_code_of_the_app(
    robin: Visitor, joined: tuple[Visitor, str]
) -> None:
    assert robin.post("/account/recovery-code").h1 == "Confirm that it is you"
    done = robin.post("/account/recovery-code", {"proof": code_for(joined[1], ahead=1)})
    assert done.h1 == "Write down your recovery code"


def test_the_session_goes_on_under_a_new_cookie(robin: Visitor) -> None:
    old = robin.cookie(SESSION)
    robin.post("/account/recovery-code", {"proof": PASSPHRASE})
    assert robin.cookie(SESSION) not in {old, None}
    assert robin.get("/account").status == 200
    thief = Visitor(robin.app)
    thief.keep(SESSION, old or "")
    assert thief.get("/account").location.startswith("/account/sign-in")


def test_too_many_wrong_tries_sign_out(robin: Visitor, web_db: Database) -> None:
    for _ in range(tries.MOST_OF_A_SESSION):
        assert robin.post("/account/recovery-code", {"proof": "wrong"}).status == 422
    out = robin.post("/account/recovery-code", {"proof": PASSPHRASE})
    assert out.location == "/account/sign-in"
    assert robin.cookie(SESSION) is None
    assert "too many wrong tries" in robin.get("/account/sign-in").text


def test_another_app_takes_a_code_and_the_present_one_works_until_it_is_confirmed(
    app: Flask, robin: Visitor, joined: tuple[Visitor, str]
) -> None:
    asked = robin.post("/account/new-app")
    assert "From your present app, or one of your backup codes" in asked.text
    assert robin.post("/account/new-app", {**asked.fields(0), "proof": PASSPHRASE}).status == 422
    begun = robin.post("/account/new-app", {**asked.fields(0), "proof": code_for(joined[1], ahead=1)})
    page = robin.follow(begun)
    assert page.h1 == "Set up your new app"
    assert len(page.texts(".te-codes li")) == 10
    assert robin.post("/account/new-app/confirm", {"code": "000000"}).status == 422
    new = page.one(".te-code")
    assert new != joined[1]
    assert robin.post("/account/new-app/confirm", {"code": code_for(new)}).location == "/account"
    other = Visitor(app)
    other.post("/account/sign-in", {"email": "robin@council.example", "passphrase": PASSPHRASE})
    assert other.post("/account/code", {"code": code_for(new, ahead=1)}).location == "/"


def test_a_page_that_needs_it_is_shown_after_it(robin: Visitor, joined: tuple[Visitor, str]) -> None:
    asked = robin.get("/account/new-app/confirm")
    assert (asked.status, asked.h1) == (403, "Confirm that it is you")
    fields = {**asked.fields(0), "proof": code_for(joined[1], ahead=1)}
    assert robin.post("/account/confirm", fields).location == "/account/new-app/confirm"


def test_in_the_demo_the_passphrase_alone_lets_in_and_is_asked_for_again(
    config: Config, web_db: Database
) -> None:
    local = replace(config, public_url="http://localhost:8000", sample=True, demo=True)
    visitor = Visitor(create_app(local, web_db, testing=True))
    assert join(visitor, founded(web_db, sample=True)).location == "/account/joined"
    assert "Authenticator app" not in visitor.get("/account").text
    with web_db.write() as session:
        session.execute(update(SignInSession).values(proven_at=None, proven_by=None))
    asked = visitor.post("/account/recovery-code")
    assert asked.texts("main label") == ["Your passphrase"]
    wrong = visitor.post("/account/recovery-code", {"proof": "not this at all"})
    assert wrong.errors == ["This is not your passphrase."], "nobody is told of an app that they do not have"
    done = visitor.post("/account/recovery-code", {"proof": PASSPHRASE})
    assert done.h1 == "Write down your recovery code"


@pytest.mark.parametrize("path", ["/nowhere", "/account/keys"])
def test_a_proof_that_is_sent_where_no_view_takes_it_is_not_tried(robin: Visitor, path: str) -> None:
    """No form token is checked there, so a page of another service could try."""
    for _ in range(7):
        assert robin.client.post(path, data={"proof": "wrong wrong"}, base_url=robin.base).status_code in (
            404,
            405,
        )
    assert robin.get("/account").status == 200


def test_a_stranger_s_proof_is_asked_of_nobody(visitor: Visitor) -> None:
    assert visitor.post("/account/recovery-code", {"proof": PASSPHRASE}).location == "/account/sign-in"


def test_a_machine_that_is_busy_says_when_to_come_again_and_keeps_what_was_typed(
    robin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = robin.post("/account/teams/invite", INVITED)
    with few_places(monkeypatch, strangers=0, own=0):
        busy = robin.post("/account/teams/invite", {**asked.fields(0), "proof": PASSPHRASE})
    assert (busy.status, busy.response.headers["Retry-After"]) == (503, "5")
    assert "very busy" in busy.errors[0]
    done = robin.post("/account/teams/invite", {**busy.fields(0), "proof": PASSPHRASE})
    assert done.h1 == "Tell them these five words"
