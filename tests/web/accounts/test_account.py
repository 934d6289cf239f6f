"""One's own account."""

from __future__ import annotations

from flask import Flask

from tests.exchange.world import World
from tests.web.visitor import Visitor


def test_it_says_who_one_is_and_that_a_recovery_code_is_missing(joined: tuple[Visitor, str]) -> None:
    visitor, _ = joined
    page = visitor.get("/account")
    assert page.h1 == "Your account"
    assert "Robin Marsh" in page.text
    assert "Missing" in page.text


def test_it_says_so_once_there_is_a_recovery_code(joined: tuple[Visitor, str]) -> None:
    visitor, _ = joined
    code = visitor.post("/account/recovery-code").one("#recovery-code")
    visitor.post("/account/recovery-code/typed-back", {"code": code})
    assert "You have one" in visitor.get("/account").text


def test_it_is_for_whoever_is_signed_in(app: Flask, world: World) -> None:
    assert Visitor(app).get("/account").location.startswith("/account/sign-in")
