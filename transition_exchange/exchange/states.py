"""How far things are, in the words and colours of whoever looks: one table for each side.

The words differ on purpose. A school follows a parcel it sent, a college works through an inbox, and the council
counts what has not arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Tag(NamedTuple):
    """What a page says of a state, and the colour of its tag in the GOV.UK Design System."""

    words: str
    colour: str


FOR_SCHOOL: Mapping[str, Tag] = {
    "sent": Tag("Sent", "light-blue"),
    "received": Tag("Received", "blue"),
    "acknowledged": Tag("Acknowledged", "green"),
    "queried": Tag("Question waiting", "orange"),
    "enrolled": Tag("Enrolled", "green"),
    "did_not_arrive": Tag("Did not arrive", "red"),
    "recalled": Tag("Taken back", "grey"),
    "moved": Tag("Moved on", "grey"),
}
"""A transfer's state, as its school follows it."""

NOT_SENT = Tag("Not sent", "grey")
"""What a school sees of a learner without a transfer."""

FOR_PROVIDER: Mapping[str, Tag] = {
    "new": Tag("New", "blue"),
    "changed": Tag("Changed", "purple"),
    "queried": Tag("Question open", "yellow"),
    "opened": Tag("Opened", "light-blue"),
    "acknowledged": Tag("Acknowledged", "green"),
}
"""A row of a receiving team's inbox; what waits for the team comes first."""

FOR_COUNCIL: Mapping[str, str] = {
    "sent": "Sent, not opened yet",
    "received": "Opened",
    "acknowledged": "Acknowledged",
    "queried": "Question open",
    "enrolled": "Enrolled",
    "did_not_arrive": "Did not arrive",
    "moved": "Moved on",
}
"""A transfer's state in the council's lists, which show no tag for it; a recalled transfer is in none of them."""

FORMS: Mapping[str, Tag] = {
    "complete": Tag("Complete", "green"),
    "incomplete": Tag("Incomplete", "yellow"),
    "not_started": Tag("Not started", "grey"),
    "shares_less": Tag("Sharing less", "light-blue"),
}
"""How far a learner's form is, as the council sees it."""

TAKEN_ON = frozenset({"acknowledged", "enrolled"})
"""Transfers with which nobody has anything left to do."""
