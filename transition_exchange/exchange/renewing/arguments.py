"""What the pages send on which the key of a team is changed, or a new one is compared."""

from __future__ import annotations

from marshmallow import fields

from transition_exchange.exchange.arguments import Arguments, Ids


class ChangeKey(Arguments):
    """Who gets the new key of a team, and what was on the page."""

    seen = fields.String(load_default="")
    person = Ids(attribute="hand_to")


class Compared(Arguments):
    """What was on the page when a number was compared."""

    seen = fields.String(load_default="")
