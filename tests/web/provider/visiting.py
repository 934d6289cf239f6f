"""Who visits the receiving side’s pages, and what the tags on them say."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from flask import Flask

from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.actor import Actor


def visiting(app: Flask, actor: Actor) -> Visitor:
    return Visitor(app, replace(actor, session_id=str(uuid4())))


def opening(visitor: Visitor, transfer_id: UUID) -> Page:
    """Press "Open" on a record's cover. Returns the record."""
    cover = visitor.get(f"/received/{transfer_id}")
    [address] = cover.tree.xpath("//main//form[.//button[normalize-space()='Open']]/@action")
    return visitor.follow(visitor.post(address))


def states(page: Page) -> list[str]:
    return page.texts("tbody .govuk-tag")
