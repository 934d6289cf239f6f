"""What the page sends on which the council confirms a team's key."""

from __future__ import annotations

from marshmallow import fields

from transition_exchange.exchange.arguments import Arguments


class ConfirmKey(Arguments):
    """The fingerprint that was compared by phone."""

    fingerprint = fields.String(load_default="")
