"""What the page sends on which the council confirms a team's key."""

from __future__ import annotations

from marshmallow import fields

from transition_exchange.exchange.arguments import Arguments


class ConfirmKey(Arguments):
    """What was on the page when the number was compared by phone."""

    seen = fields.String(load_default="")
