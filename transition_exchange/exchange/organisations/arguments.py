"""What the pages of an organisation send: rights, changes of names and work, where its list of events begins."""

from __future__ import annotations

from marshmallow import fields
from marshmallow.validate import Range

from transition_exchange.exchange.arguments import (
    LARGEST_ID,
    LONGEST_EMAIL,
    LONGEST_NAME,
    LONGEST_PHONE,
    Arguments,
    Code,
    flag,
)
from transition_exchange.proforma.values import Text
from transition_exchange.purposes import COORDINATING, RECEIVING, SENDING
from transition_exchange.store.models.people import OWN_NOTICES


class SetAdministrator(Arguments):
    """Whether somebody is an administrator from now on."""

    administrator = flag()


class ProposeChange(Arguments):
    """The name that a team would have, and what it would do."""

    name = Text(limit=LONGEST_NAME, load_default="")
    purposes = fields.List(Code((*SENDING, *RECEIVING, *COORDINATING)), load_default=())


class RenameOrganisation(Arguments):
    """The name that the organisation would have."""

    name = Text(limit=LONGEST_NAME, load_default="")


class SetNoticeAddress(Arguments):
    """Where a team's notices go."""

    email = Text(limit=LONGEST_EMAIL, load_default="")


class SetOwnNotices(Arguments):
    """When somebody gets notices of their own."""

    when = Code(OWN_NOTICES, required=True)


class SetContact(Arguments):
    """Whom others ring about what a team sent."""

    name = Text(limit=LONGEST_NAME, load_default="")
    phone = Text(limit=LONGEST_PHONE, load_default="")


class AcceptChange(Arguments):
    """What was on the page on which a member read the change."""

    seen = fields.String(load_default="")


class AcceptRules(Arguments):
    """What was on the page on which a member read the area's rules."""

    seen = fields.String(load_default="")


class WantedActivity(Arguments):
    """The event before which a page of the list begins; None for the newest events."""

    before = fields.Integer(load_default=None, validate=Range(1, LARGEST_ID))
