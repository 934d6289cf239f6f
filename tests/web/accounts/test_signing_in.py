"""Signing in and out."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.sealing.few_places import few_places
from tests.web.accounts.people import PASSPHRASE, code_for
from tests.web.visitor import Visitor
from transition_exchange.exchange.signing_in import throttling, tries

SESSION = "__Host-signed-in"


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


def test_too_many_tries_are_answered_429_with_the_seconds_to_wait(
    app: Flask, joined: tuple[Visitor, str]
) -> None:
    answers = []
    for email in ("robin@council.example", "nobody@council.example"):
        visitor = Visitor(app)
        form = {"email": email, "passphrase": "not this one at all"}
        for _ in range(throttling.FREE_TRIES + 1):
            assert visitor.post("/account/sign-in", form).status == 422
        page = visitor.post("/account/sign-in", form)
        answers.append((page.status, page.response.headers["Retry-After"], page.errors))
        assert page.fields()["email"] == [email]
    assert answers[0] == answers[1]
    assert answers[0][0] == 429
    assert 1 <= int(answers[0][1]) <= 2


def test_a_busy_machine_answers_503_at_once_and_signed_in_people_are_served(
    app: Flask, joined: tuple[Visitor, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    with few_places(monkeypatch) as places, places.hold(pool="strangers", source="198.51.100.1"):
        for email in ("robin@council.example", "nobody@council.example"):
            visitor = Visitor(app)
            page = visitor.post("/account/sign-in", {"email": email, "passphrase": PASSPHRASE})
            answers.append((page.status, page.response.headers["Retry-After"], page.errors))
            assert visitor.post("/account/recover", {"email": email, "code": "x"}).status == 503
        assert joined[0].get("/account").status == 200
    assert answers[0] == answers[1]
    assert answers[0][:2] == (503, "5")


def test_signing_out_clears_what_the_browser_kept_and_leaves_it_known(
    app: Flask, joined: tuple[Visitor, str]
) -> None:
    visitor, _ = joined
    out = visitor.post("/account/sign-out")
    assert out.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visitor.cookie("__Host-known-device")


def test_too_many_wrong_codes_send_back_to_the_passphrase(app: Flask, joined: tuple[Visitor, str]) -> None:
    visitor = Visitor(app)
    visitor.post("/account/sign-in", {"email": "robin@council.example", "passphrase": PASSPHRASE})
    for _ in range(tries.MOST_OF_A_SESSION):
        assert visitor.post("/account/code", {"code": "000000"}).status == 422
    out = visitor.post("/account/code", {"code": code_for(joined[1], ahead=1)})
    assert out.location == "/account/sign-in"
    assert visitor.cookie(SESSION) is None
    assert "too many wrong tries" in visitor.get("/account/sign-in").text


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:1"],
)
def test_signing_in_never_leads_to_another_site(app: Flask, joined: tuple[Visitor, str], target: str) -> None:
    visitor = Visitor(app)
    form = {"email": "robin@council.example", "passphrase": PASSPHRASE, "next": target}
    assert visitor.post("/account/sign-in", form).location == "/account/code"


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


def test_whoever_comes_next_gets_no_message_of_whoever_signed_out(app: Flask) -> None:
    client, base = app.test_client(), "https://exchange.example"
    with client.session_transaction(base_url=base) as kept:
        kept["_flashes"] = [("message", "Version 2 was sent to Northway College.")]
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/account/sign-out", base_url=base)
    with client.session_transaction(base_url=base) as kept:
        assert kept["_flashes"] == [("message", "You have signed out.")]
