"""What the pages of an organisation send: a person's rights, and where its list of events begins."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import Range

from transition_exchange.exchange.arguments import LARGEST_ID, Arguments, flag


class SetAdministrator(Arguments):
    """Whether somebody is an administrator from now on."""

    administrator = flag()


class WantedActivity(Arguments):
    """The event before which a page of the list begins; None for the newest events."""

    before = fields.Integer(load_default=None, validate=Range(1, LARGEST_ID))
