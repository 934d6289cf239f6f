"""What a receiving team's pages send: what the inbox is narrowed to, what is acknowledged and downloaded."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import OneOf

from transition_exchange.exchange import states
from transition_exchange.exchange.arguments import Arguments, Code, Ids, page
from transition_exchange.exchange.receiving.inbox import MARKS
from transition_exchange.purposes import SENDING


class WantedTeam(Arguments):
    """The team whose records are shown; None for the first of the person's teams."""

    team = fields.UUID(load_default=None)


class WantedRecords(Arguments):
    """What the inbox is narrowed to."""

    q = fields.String(load_default="")
    state = fields.String(load_default="", validate=OneOf(MARKS))
    answer = fields.String(load_default="", validate=OneOf(tuple(states.SAFEGUARDING)))
    page = page()


class Acknowledge(Arguments):
    """The transfers that the team acknowledges, and whether somebody has seen what is still owed about them."""

    transfer = Ids(attribute="transfer_ids")
    sure = fields.Boolean(load_default=False)


class TakeNote(Arguments):
    """The transfer of which the team takes note; all in which nothing changed for it if none is named."""

    transfer = fields.UUID(load_default=None)


class WantedPart(Arguments):
    """The sending team whose part of a record is downloaded."""

    part = Code(SENDING, load_default=SENDING[0])
