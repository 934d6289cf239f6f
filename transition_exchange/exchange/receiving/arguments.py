"""What a receiving team asks its inbox for, acknowledges and downloads."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import OneOf

from transition_exchange.exchange.arguments import Arguments, Code, Ids, page
from transition_exchange.exchange.receiving.inbox import INBOX_STATES
from transition_exchange.purposes import SENDING


class WantedTeam(Arguments):
    """The team whose records are looked at; None for the person's first."""

    team = fields.UUID(load_default=None)


class WantedRecords(Arguments):
    """What the inbox is narrowed to."""

    q = fields.String(load_default="")
    state = fields.String(load_default="", validate=OneOf(INBOX_STATES))
    page = page()


class Acknowledge(Arguments):
    """The transfers that the team has taken on."""

    transfer = Ids(attribute="transfer_ids")


class WantedPart(Arguments):
    """Which owner's part of a record is downloaded."""

    part = Code(SENDING, load_default=SENDING[0])
