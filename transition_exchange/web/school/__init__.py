"""The school's side: learners, their form, sending it, and what becomes of it."""

from __future__ import annotations

from transition_exchange.web.school import (
    attachments,
    automatic,
    destinations,
    dropping,
    learners,
    pages,
    queries,
    record,
    removing,
    safeguarding,
    sending,
    taking_back,
    tracking,
    year_group,
)
from transition_exchange.web.school.blueprint import blueprint

__all__ = [
    "attachments",
    "automatic",
    "blueprint",
    "destinations",
    "dropping",
    "learners",
    "pages",
    "queries",
    "record",
    "removing",
    "safeguarding",
    "sending",
    "taking_back",
    "tracking",
    "year_group",
]
