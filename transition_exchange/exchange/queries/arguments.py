"""What a college asks about a record, and what is answered."""

from __future__ import annotations

from marshmallow import fields

from transition_exchange.exchange.arguments import Arguments


class Reply(Arguments):
    """A message of a query."""

    text = fields.String(load_default="")


class Ask(Reply):
    """A query's first message, and the section that it is about; empty for the record as a whole."""

    section = fields.String(load_default="")
