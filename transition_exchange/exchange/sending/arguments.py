"""What is sent to whom, and what the safeguarding team does for many learners at a time."""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import fields, post_load
from marshmallow.validate import OneOf

from transition_exchange.exchange.arguments import Arguments, Code, Ids
from transition_exchange.exchange.sending.safeguarding_releases import Work

LEAD = ("lead_name", "lead_phone", "lead_email")
SAFEGUARDING_STATES = (("waiting", "Not released yet"), ("released", "Released"), ("all", "All learners"))


class Send(Arguments):
    """What the sender looked at, and the providers that get the record for the first time."""

    seen = fields.String(load_default="")
    provider = Ids(attribute="providers")


class WantedSafeguarding(Arguments):
    """What the safeguarding team's list is narrowed to."""

    q = fields.String(load_default="")
    state = fields.String(load_default=SAFEGUARDING_STATES[0][0], validate=OneOf(dict(SAFEGUARDING_STATES)))


class PickLearners(Arguments):
    """What is to be done, and the learners that were ticked for it."""

    work = Code(get_args(Work), required=True)
    record = Ids(attribute="record_ids")


class ReleaseSome(Arguments):
    """A step of the work: who is left, whom the next place can ask, and what the steps before came to."""

    work = Code(get_args(Work), required=True)
    left = Ids(attribute="record_ids")
    lead_name = fields.String(load_default="")
    lead_phone = fields.String(load_default="")
    lead_email = fields.String(load_default="")
    total = fields.Integer(load_default=0)
    note = fields.List(fields.String(), load_default=(), attribute="notes")

    @post_load
    def with_lead(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The lead's contact as one argument, as `safeguarding_releases.step` takes it."""
        lead = {name: data.pop(name).strip() for name in LEAD}
        return {**data, "lead": lead}
