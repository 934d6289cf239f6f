"""Signing in and out."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.web.accounts.people import PASSPHRASE, code_for
from tests.web.visitor import Visitor

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
