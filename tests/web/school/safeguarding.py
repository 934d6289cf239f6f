"""The safeguarding team's list: what its pages send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.sending.safeguarding_written import Mark

LEAD = {"lead_name": "Sam Lead", "lead_phone": "01709 382121", "lead_email": "", "compared": "true"}


def marked(marks: Mapping[UUID, Mark]) -> dict[str, str]:
    """The list's form with some learners marked."""
    return {"work": "answer"} | {f"mark-{record_id}": mark for record_id, mark in marks.items()}


def confirming(lead: Visitor, record_ids: Iterable[UUID], mark: Mark = "nothing") -> Page:
    """The page on which learners with the same mark are confirmed."""
    return lead.post("/learners/safeguarding/confirm", marked(dict.fromkeys(record_ids, mark)))


def released(lead: Visitor, confirm: Page) -> Page:
    """What follows on confirming: the first step."""
    return lead.post("/learners/safeguarding/release", confirm.fields() | LEAD)
