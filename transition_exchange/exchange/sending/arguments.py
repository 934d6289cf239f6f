"""What the pages send on which a record is sent, and on which the safeguarding team works through many learners."""

from __future__ import annotations

from typing import Any, get_args

from marshmallow import fields, post_load
from marshmallow.validate import OneOf

from transition_exchange.exchange.arguments import Arguments, Code, Count, Ids
from transition_exchange.exchange.sending.safeguarding_releases import Work

LEAD = ("lead_name", "lead_phone", "lead_email")
SAFEGUARDING_STATES = (("waiting", "Not released yet"), ("released", "Released"), ("all", "All learners"))


class Send(Arguments):
    """The preview that the sender has seen, the providers that get something if they are ticked, and those held back.

    Attributes:
        why_of: the provider to which each entry of `why` belongs.
        why: the reasons for holding a version back, as they stand on the page, ticked or not.
    """

    seen = fields.String(load_default="")
    provider = Ids(attribute="providers")
    hold = Ids()
    why_of = Ids()
    why = fields.List(fields.String(), load_default=())

    @post_load
    def with_reasons(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The arguments of `send.send`, which takes the reasons by provider."""
        reasons = dict(zip(data.pop("why_of"), data.pop("why"), strict=False))
        return {**data, "reasons": reasons}


class Keep(Arguments):
    """What the page showed that contradicts what, so that nothing else is decided with it."""

    seen = fields.String(load_default="")


class Recall(Arguments):
    """Where the record was by the page, so that it is taken back from nobody whom the page did not name."""

    seen = fields.String(load_default="")


class WantedSafeguarding(Arguments):
    """What the safeguarding team's list is narrowed to."""

    q = fields.String(load_default="")
    state = fields.String(load_default=SAFEGUARDING_STATES[0][0], validate=OneOf(dict(SAFEGUARDING_STATES)))


class PickLearners(Arguments):
    """What is to be done, and the learners who were ticked for it."""

    work = Code(get_args(Work), required=True)
    record = Ids(attribute="record_ids")


class ReleaseSome(Arguments):
    """A step of the work: the learners who are left, the lead's contact, and the results of the steps before.

    Attributes:
        name: what those who were picked are called.
    """

    work = Code(get_args(Work), required=True)
    left = Ids(attribute="record_ids")
    lead_name = fields.String(load_default="")
    lead_phone = fields.String(load_default="")
    lead_email = fields.String(load_default="")
    total = Count()
    note = fields.List(fields.String(), load_default=(), attribute="notes")
    name = fields.List(fields.String(), load_default=(), attribute="names")

    @post_load
    def with_lead(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The arguments of `safeguarding_releases.step`, which takes the lead's contact as one."""
        lead = {name: data.pop(name).strip() for name in LEAD}
        return {**data, "lead": lead}
