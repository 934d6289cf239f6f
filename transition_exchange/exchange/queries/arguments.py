"""What the pages send on which a college asks about a record and a school answers."""

from __future__ import annotations

from marshmallow import fields

from transition_exchange.exchange.arguments import Arguments


class Reply(Arguments):
    """A message of a query."""

    text = fields.String(load_default="")


class Ask(Reply):
    """The first message of a query, and the section it is about; empty for the whole record."""

    section = fields.String(load_default="")
