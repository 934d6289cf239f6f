"""What the pages send on which a record is sent, and on which the safeguarding team works through many learners."""

from __future__ import annotations

from typing import Any, Literal, get_args
from uuid import UUID

from marshmallow import ValidationError, fields, post_load
from marshmallow.validate import OneOf

from transition_exchange.exchange.arguments import Arguments, Code, Count, FromAPage, Ids, flag
from transition_exchange.exchange.sending.safeguarding_marks import Marked
from transition_exchange.exchange.sending.safeguarding_written import CONTACT, Mark

SAFEGUARDING_STATES = (("waiting", "Not released yet"), ("released", "Released"), ("all", "All learners"))

Work = Literal["answer", "follow"]
"""What is done for many learners: answer for them, or let what was released follow to providers that lack it."""


class Send(Arguments):
    """The preview that the sender has seen, and the providers that get the record for the first time."""

    seen = fields.String(load_default="")
    provider = Ids(attribute="providers")


class Keep(Arguments):
    """What the page showed that contradicts what, so that nothing else is decided with it."""

    seen = fields.String(load_default="")


class Recall(Arguments):
    """Where the record was by the page, so that it is taken back from nobody whom the page did not name."""

    seen = fields.String(load_default="")


class TakeBack(Arguments):
    """Whom to ring about an answer that is taken back, and what the page showed of it."""

    seen = fields.String(load_default="")
    lead_name = fields.String(load_default="")
    lead_phone = fields.String(load_default="")
    lead_email = fields.String(load_default="")

    @post_load
    def with_lead(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The arguments of `taking_back.take_back`, which takes the lead's contact as one."""
        return _with_lead(data)


class WantedSafeguarding(Arguments):
    """What the safeguarding team's list is narrowed to."""

    q = fields.String(load_default="")
    state = fields.String(load_default=SAFEGUARDING_STATES[0][0], validate=OneOf(dict(SAFEGUARDING_STATES)))


class _OneMarked(FromAPage, fields.Field[Marked]):
    """A learner's id, the mark and perhaps what the page showed, joined by colons."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Marked:
        record_id, _, rest = str(value).partition(":")
        mark, _, seen = rest.partition(":")
        if mark not in get_args(Mark):
            raise ValidationError("unknown")
        try:
            return Marked(UUID(record_id), mark, seen)  # type: ignore[arg-type]  # it was looked up
        except ValueError:
            raise ValidationError("unreadable") from None


class MarkedOnes(fields.List[Marked]):
    """Learners with their marks: a list, as a page of radio buttons sends it, or one text with spaces, as steps do.

    Of two marks of one learner the last counts, so that nobody is answered for twice.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_OneMarked, **{"load_default": (), **kwargs})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Marked | None]:
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            value = " ".join(texts).split()
        read = super()._deserialize(value, attr, data, **kwargs)
        return list({one.record_id: one for one in read if one is not None}.values())


class PickLearners(Arguments):
    """What is to be done for whom.

    Attributes:
        record: those for whom what was released follows.
        marked: those who are answered for, with their marks.
        listed: those whom the list showed.
        rest: the mark for all of these who have none and against whom nothing speaks; empty to go on.
    """

    work = Code(get_args(Work), required=True)
    record = Ids(attribute="record_ids")
    marked = MarkedOnes()
    listed = Ids()
    rest = Code(("", "nothing"), load_default="")


class ReleaseSome(Arguments):
    """A step of the work: the learners who are left, the lead's contact, and the results of the steps before.

    Attributes:
        left: those who are left where what was released follows.
        marked: those who are left where they are answered for, with their marks and what the page showed of them.
        compared: whether the list was compared with the school's own safeguarding system.
        name: what those who were picked are called.
    """

    work = Code(get_args(Work), required=True)
    left = Ids(attribute="record_ids")
    marked = MarkedOnes()
    compared = flag()
    lead_name = fields.String(load_default="")
    lead_phone = fields.String(load_default="")
    lead_email = fields.String(load_default="")
    total = Count()
    note = fields.List(fields.String(), load_default=(), attribute="notes")
    name = fields.List(fields.String(), load_default=(), attribute="names")

    @post_load
    def with_lead(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The arguments of `safeguarding_marks.answer`, which takes the lead's contact as one."""
        return _with_lead(data)


def _with_lead(data: dict[str, Any]) -> dict[str, Any]:
    """Some arguments with the lead's contact as one of them."""
    lead = {name: data.pop(name).strip() for name in CONTACT}
    return {**data, "lead": lead}
