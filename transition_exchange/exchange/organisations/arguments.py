"""What changes a person's part in their organisation, and what its list of events is asked for."""

from __future__ import annotations

from marshmallow import fields

from transition_exchange.exchange.arguments import Arguments, flag


class SetAdministrator(Arguments):
    """Whether somebody is an administrator from now on."""

    administrator = flag()


class WantedActivity(Arguments):
    """Where a page of the list of events begins; None for the newest."""

    before = fields.Integer(load_default=None)
