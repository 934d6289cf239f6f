"""Setting up the second step of signing in."""

from __future__ import annotations

from flask import Flask

from tests.web.accounts.people import founded, join
from tests.web.visitor import Visitor
from transition_exchange.store.database import Database


def test_the_qr_code_stands_in_the_page_without_style_or_address(app: Flask, web_db: Database) -> None:
    visitor = Visitor(app)
    join(visitor, founded(web_db))
    page = visitor.get("/account/set-up")
    (qr,) = page.tree.cssselect("svg.te-qr")
    assert qr.get("role") == "img"
    assert len(page.texts(".te-codes li")) == 10
