"""Where somebody is sent who has just got further in signing in, and with which cookies."""

from __future__ import annotations

from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from flask import Flask

from transition_exchange.exchange.signing_in.devices import Browser
from transition_exchange.exchange.signing_in.sessions import SignedIn
from transition_exchange.store.base import utc_now
from transition_exchange.web.accounts.blueprint import address, browser, memory_kib, onward

FULL = SignedIn(cookie="never-was-a-session", stage="full", ends_at=utc_now())


def sent_on(app: Flask, signed_in: SignedIn, target: str | None) -> tuple[str, SimpleCookie]:
    """Where somebody is sent, and the cookies that they get."""
    with app.test_request_context(base_url="https://exchange.example"):
        response = onward(signed_in, target)
    return response.headers["Location"], SimpleCookie("; ".join(response.headers.getlist("Set-Cookie")))


@pytest.mark.parametrize(
    ("signed_in", "place"),
    [
        (FULL, "/learners"),
        (replace(FULL, stage="half"), "/account/code?next=/learners"),
        (replace(FULL, stage="half", set_up=True), "/account/set-up?next=/learners"),
        (replace(FULL, choose_passphrase=True), "/account/passphrase"),
    ],
)
def test_each_step_leads_to_the_next_and_keeps_where_one_was_going(
    app: Flask, signed_in: SignedIn, place: str
) -> None:
    location, cookies = sent_on(app, signed_in, "/learners")
    assert location == place
    assert cookies["__Host-signed-in"].value == "never-was-a-session"


@pytest.mark.parametrize("target", [None, "", "//evil.example"])
def test_without_a_place_of_our_own_to_go_to_it_is_the_start_page(app: Flask, target: str | None) -> None:
    assert sent_on(app, FULL, target)[0] == "/"


def test_a_browser_is_known_for_three_months(app: Flask) -> None:
    _, cookies = sent_on(app, replace(FULL, known="a-browser"), None)
    cookie = cookies["__Host-known-device"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == ("a-browser", str(90 * 24 * 3600), "Lax")
    assert cookie["secure"]
    assert cookie["httponly"]
    assert "__Host-known-device" not in sent_on(app, FULL, None)[1]


def test_a_browser_is_its_two_cookies_and_a_few_words(app: Flask) -> None:
    headers = {
        "Cookie": "__Host-known-device=a.b; __Host-signed-in=c",
        "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    }
    with app.test_request_context(headers=headers):
        assert browser() == Browser(known="a.b", session="c", words="Firefox on Windows")


def test_what_a_try_costs_and_where_it_comes_from(app: Flask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        assert (memory_kib(), address()) == (64, "192.0.2.7")
    with app.test_request_context(environ_base={"REMOTE_ADDR": ""}):
        assert address() == "unknown"
