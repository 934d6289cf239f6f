"""Finding the right form of a page that has several, and what the safeguarding team's list sends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.web.visitor import Page


def form_to(page: Page, address: str) -> dict[str, list[str]]:
    """What the first form that goes to an address would send as it stands."""
    for number, form in enumerate(page.forms):
        if address in (form.action or ""):
            return page.fields(number)
    raise AssertionError(f"no form goes to {address}")


LEAD = {"compared": "yes", "lead_name": "Sam Lead", "lead_phone": "01709 382121", "lead_email": ""}
"""What the page asks before learners are released together."""


def marked(*record_ids: UUID, mark: str = "no") -> dict[str, Any]:
    """The form of the list with the same mark for some learners."""
    radios = {f"mark-{record_id}": f"{record_id}:{mark}" for record_id in record_ids}
    return {"work": "answer", "record": [str(record_id) for record_id in record_ids], **radios}
