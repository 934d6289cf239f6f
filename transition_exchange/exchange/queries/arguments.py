"""What the pages send on which a college asks about a record and a school answers."""

from __future__ import annotations

from marshmallow import fields

from transition_exchange.exchange.arguments import Arguments, Code
from transition_exchange.purposes import SENDING


class Reply(Arguments):
    """A message of a query, and whom the page named as concerned."""

    text = fields.String(load_default="")
    seen = fields.String(load_default="")


class Ask(Arguments):
    """The first message of a query, whom it is for (empty where the page offers no choice), the section it is about
    (empty for the whole record), and whom the page named."""

    text = fields.String(load_default="")
    owner = Code(("", *SENDING), load_default="")
    section = fields.String(load_default="")
    seen = fields.String(load_default="")
