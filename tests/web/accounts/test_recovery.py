"""Recovery codes and new passphrases."""

from __future__ import annotations

from flask import Flask

from tests.web.accounts.people import PASSPHRASE, code_for
from tests.web.visitor import Visitor


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
