"""Pages that anybody may read."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.accounts.people import founded, join
from tests.web.visitor import Visitor
from transition_exchange.store.database import Database


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "once for each learner"),
        ("/accessibility", "Web Content Accessibility Guidelines 2.2"),
        ("/privacy", "Privacy"),
        ("/cookies", "__Host-signed-in"),
        ("/what-happens-next", "What happens next"),
    ],
)
def test_anybody_may_read_it(visitor: Visitor, path: str, words: str) -> None:
    page = visitor.get(path)
    assert page.status == 200
    assert words in page.text


def test_the_cookies_are_named_as_the_browser_has_them(visitor: Visitor) -> None:
    text = visitor.get("/cookies").text
    assert all(name in text for name in ("__Host-signed-in", "__Host-form", "__Host-known-device"))


@pytest.mark.parametrize(
    ("who", "place"),
    [("senco", "/learners"), ("college_support", "/received"), ("coordinator", "/area")],
)
def test_whoever_is_signed_in_goes_on_to_what_their_team_does(
    app: Flask, world: World, who: str, place: str
) -> None:
    assert Visitor(app, getattr(world, who)).get("/").location == place


def test_whoever_is_half_signed_in_goes_on_to_the_code(app: Flask, web_db: Database) -> None:
    visitor = Visitor(app)
    join(visitor, founded(web_db))
    assert visitor.get("/").location == "/account/code"
