"""What the pages send on which the key of a team is changed, or a new one is compared."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import Range

from transition_exchange.exchange.arguments import Arguments, Ids


class ChangeKey(Arguments):
    """Who gets the new key of a team, and what was on the page."""

    seen = fields.String(load_default="")
    person = Ids(attribute="hand_to")


class Compared(Arguments):
    """What was on the page when a number was compared."""

    seen = fields.String(load_default="")


class WantedChange(Arguments):
    """What the step before could not make anew."""

    failed = fields.Integer(load_default=0, validate=Range(min=0, max=100_000))
