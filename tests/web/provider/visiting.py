"""Who visits the receiving side’s pages, and what the tags on them say."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from flask import Flask

from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.actor import Actor


def visiting(app: Flask, actor: Actor) -> Visitor:
    return Visitor(app, replace(actor, session_id=str(uuid4())))


def states(page: Page) -> list[str]:
    return page.texts("tbody .govuk-tag")
