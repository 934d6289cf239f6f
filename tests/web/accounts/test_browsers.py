"""The page that says where one is signed in."""

from __future__ import annotations

from uuid import uuid4

from flask import Flask

from tests.web.accounts.people import PASSPHRASE, code_for
from tests.web.visitor import Visitor

FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def at_school(app: Flask, typed: str) -> Visitor:
    """Robin's browser at another desk, in which no code is needed for two weeks."""
    visitor = Visitor(app)
    visitor.client.environ_base["HTTP_USER_AGENT"] = FIREFOX["User-Agent"]
    visitor.post("/account/sign-in", {"email": "robin@council.example", "passphrase": PASSPHRASE})
    done = visitor.post("/account/code", {"code": code_for(typed, ahead=1), "remember": "yes"})
    assert done.status == 303
    return visitor


def test_one_s_other_browser_is_named_and_signed_out(app: Flask, joined: tuple[Visitor, str]) -> None:
    visitor, typed = joined
    other = at_school(app, typed)
    assert visitor.get("/account").href("Look").endswith("/account/browsers")
    page = visitor.get("/account/browsers")
    assert page.h1 == "Where you are signed in"
    assert "Firefox on Windows" in page.text
    assert "It needs no code until" in page.text
    assert "140" not in page.text
    assert "127.0.0.1" not in page.text
    session = page.fields(0)
    assert visitor.post("/account/browsers/end", session).location == "/account/browsers"
    assert other.get("/account").location.startswith("/account/sign-in")
    assert visitor.get("/account").status == 200
    assert visitor.post("/account/browsers/end", session).status == 404


def test_a_remembered_browser_is_forgotten_and_needs_a_code(app: Flask, joined: tuple[Visitor, str]) -> None:
    visitor, typed = joined
    other = at_school(app, typed)
    page = visitor.get("/account/browsers")
    forms = [form.get("action") for form in page.forms if str(form.get("action")).endswith("/forget")]
    assert visitor.post(forms[0]).location == "/account/browsers"
    assert visitor.post(f"/account/browsers/{uuid4()}/forget").status == 404
    other.post("/account/sign-out")
    form = {"email": "robin@council.example", "passphrase": PASSPHRASE}
    assert other.post("/account/sign-in", form).location == "/account/code"


def test_everywhere_else_is_signed_out_together(app: Flask, joined: tuple[Visitor, str]) -> None:
    visitor, typed = joined
    other = at_school(app, typed)
    assert visitor.post("/account/browsers/end-others").location == "/account/browsers"
    assert "1 other browser" in visitor.get("/account/browsers").text
    assert other.get("/account").location.startswith("/account/sign-in")
