"""What the pages send on which a record is sent, and on which the safeguarding team works through many learners."""

from __future__ import annotations

from typing import Any, get_args
from uuid import UUID

from marshmallow import fields, post_load
from marshmallow.validate import OneOf

from transition_exchange.exchange.arguments import Arguments, Code, Count, Ids
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.sending.safeguarding_releases import LEAD, Mark, Work

SAFEGUARDING_STATES = (
    ("waiting", "Not released yet"),
    ("marked", "Marked, not released yet"),
    ("released", "Released"),
    ("all", "All learners"),
)


LATER = "later"
"""What stands for the mark of a learner who is not marked."""


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


class Marks(fields.Dict):
    """How learners are marked: entries such as `ID:no`, in a list, as radio buttons send them, or in one text with
    spaces, as the steps of a long job send it. Whoever is left for `LATER` is not marked.

    It gives the marks by learner, in the order in which they were sent.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[UUID, Mark]:
        texts = [value] if isinstance(value, str) else value
        marks: dict[UUID, Mark] = {}
        for entry in " ".join(texts).split():
            record_id, _, mark = entry.partition(":")
            if mark == LATER:
                continue
            if mark not in get_args(Mark):
                raise NotFound
            try:
                marks[UUID(record_id)] = mark  # type: ignore[assignment]  # it is one of them
            except ValueError:
                raise NotFound from None
        return marks


class MarkedLearners(Arguments):
    """The learners whom a page shows, and how they are marked there."""

    record = Ids(attribute="record_ids")
    mark = Marks(attribute="marks", load_default=dict)


class PickLearners(Arguments):
    """What is to be done, and the learners whom the page names."""

    work = Code(get_args(Work), required=True)
    record = Ids(attribute="record_ids")


class ReleaseSome(Arguments):
    """A step of the work: the learners who are left, the lead's contact, and the results of the steps before.

    Attributes:
        mark: how those are marked who are left and are to be answered for.
        compared: whether the list was compared with what the school's own system says.
        name: what those who were picked are called.
    """

    work = Code(get_args(Work), required=True)
    left = Ids(attribute="record_ids")
    mark = Marks(attribute="marks", load_default=dict)
    compared = fields.Boolean(load_default=False)
    lead_name = fields.String(load_default="")
    lead_phone = fields.String(load_default="")
    lead_email = fields.String(load_default="")
    total = Count()
    note = fields.List(fields.String(), load_default=(), attribute="notes")
    name = fields.List(fields.String(), load_default=(), attribute="names")

    @post_load
    def with_lead(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The arguments of `safeguarding_releases.step`, which takes the lead's contact as one."""
        return _with_lead(data)


class TakeBack(Arguments):
    """Taking back what was released for one learner: what the page showed, and whom to ring."""

    seen = fields.String(load_default="")
    lead_name = fields.String(load_default="")
    lead_phone = fields.String(load_default="")
    lead_email = fields.String(load_default="")

    @post_load
    def with_lead(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The arguments of `taking_back.take_back`, which takes the lead's contact as one."""
        return _with_lead(data)


def _with_lead(data: dict[str, Any]) -> dict[str, Any]:
    """Some arguments with the lead's contact as one of them."""
    lead = {name: data.pop(name).strip() for name in LEAD}
    return {**data, "lead": lead}
