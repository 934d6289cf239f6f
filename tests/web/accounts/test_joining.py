"""The link of an invitation, and what is behind it."""

from __future__ import annotations

from flask import Flask

from tests.web.accounts.people import PASSPHRASE, founded, join, set_up
from tests.web.visitor import Visitor
from transition_exchange.store.database import Database


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
