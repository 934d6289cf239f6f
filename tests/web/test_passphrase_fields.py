"""Passphrases are hidden while they are typed, may be left to a password manager; one can always sign out."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.exchange.world import World
from tests.web.accounts.people import founded
from tests.web.visitor import Page, Visitor
from transition_exchange.store.database import Database


def passphrase_fields(page: Page) -> dict[str, tuple[str | None, str | None]]:
    """Type and `autocomplete` of each field of a passphrase, by its name."""
    return {
        field.get("name"): (field.get("type"), field.get("autocomplete"))
        for field in page.tree.xpath("//input[contains(@name, 'passphrase')]")
    }


def test_the_passphrase_is_hidden_and_left_to_a_password_manager(app: Flask, world: World) -> None:
    asked = passphrase_fields(Visitor(app).get("/account/sign-in"))
    assert asked == {"passphrase": ("password", "current-password")}
    chosen = passphrase_fields(Visitor(app, world.senco).get("/account/passphrase"))
    assert chosen == {
        "current_passphrase": ("password", "current-password"),
        "passphrase": ("password", "new-password"),
    }


def test_a_newcomers_passphrase_is_hidden_too(app: Flask, web_db: Database) -> None:
    page = Visitor(app).get(founded(web_db).link)
    assert passphrase_fields(page) == {"passphrase": ("password", "new-password")}


@pytest.mark.parametrize("who", ["senco", "safeguarding_lead", "college_support"])
def test_every_page_lets_one_sign_out(app: Flask, world: World, who: str) -> None:
    visitor, seen = Visitor(app, getattr(world, who)), 0
    for rule in app.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()):
            continue
        page = visitor.get(rule.rule)
        if page.status == 200 and page.response.mimetype == "text/html":
            seen += 1
            assert page.tree.xpath("//form[@action='/account/sign-out'][@method='post']//button"), rule.rule
    assert seen > 4
