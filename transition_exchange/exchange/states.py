"""The words and colours that pages have for states, with a table for each of school, provider and council.

The words differ on purpose: a school follows what it sent, a college works through an inbox, and the council counts
what has not arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Tag(NamedTuple):
    """The words for a state, and the colour of its tag in the GOV.UK Design System."""

    words: str
    colour: str


NOT_OPENED, OPENED = "Sent, not opened yet", "Opened"
"""What school and council read of a version that nobody at the provider has opened, and of one that somebody has."""

FOR_SCHOOL: Mapping[str, Tag] = {
    "sent": Tag(NOT_OPENED, "light-blue"),
    "received": Tag(OPENED, "blue"),
    "acknowledged": Tag("Acknowledged", "green"),
    "queried": Tag("Question waiting", "orange"),
    "enrolled": Tag("Enrolled", "green"),
    "did_not_arrive": Tag("Did not arrive", "red"),
    "recalled": Tag("Taken back", "grey"),
    "moved": Tag("Moved on", "grey"),
}
"""The states of a transfer, as the school sees them."""

NOT_SENT = Tag("Not sent", "grey")
"""A learner without a transfer, as the school sees it."""
CHANGED = Tag("Changed since it was sent", "yellow")
"""A record of which a provider has an older version than the form is now, as the school sees it."""
HELD_BACK = Tag("Held back", "yellow")
"""A record of which a provider is left with the version before on purpose, as the school sees it."""
CHANGED_RELEASE = Tag("Changed since it was released", "yellow")
"""The same of what the safeguarding team released."""
NOT_CERTAIN = Tag("Not certain", "red")
"""A transfer of which it is disputed whether it was taken back, as the school sees it."""
DISPUTED = "disputed"
"""What stands for it among the states of a learner's transfers. No row has this state."""

FOR_PROVIDER: Mapping[str, Tag] = {
    "new": Tag("New", "blue"),
    "changed": Tag("Changed", "purple"),
    "answered": Tag("Question answered", "orange"),
    "queried": Tag("Question open", "yellow"),
    "opened": Tag("Opened", "light-blue"),
    "acknowledged": Tag("Acknowledged", "green"),
    "exported": Tag("Exported", "grey"),
}
"""The marks of a row in a receiving team's inbox, those that wait for the team first.

One of `new`, `changed`, `opened` and `acknowledged` says what the team has read and done. An open question and a file
that was taken stand beside it and hide nothing of that.
"""

SAFEGUARDING: Mapping[str, Tag] = {
    "yes": Tag("There is a file", "purple"),
    "not_disclosed": Tag("Ring the school", "orange"),
    "no": Tag("Nothing to pass on", "grey"),
    "not_answered": Tag("Not answered", "yellow"),
    "withdrawn": Tag("Answer withdrawn", "red"),
    "not_certain": Tag("Not certain", "red"),
}
"""What the school's safeguarding team has answered, for the receiving safeguarding team."""

SAFEGUARDING_GIVEN: Mapping[str, Tag] = {
    "no": Tag("Nothing to pass on", "green"),
    "yes": Tag("There is a file", "purple"),
    "not_disclosed": Tag("Ring me", "orange"),
    "not_answered": Tag("Released without an answer", "yellow"),
    "not_certain": NOT_CERTAIN,
}
"""The same for that team itself, in the words in which it marks learners."""

FOR_COUNCIL: Mapping[str, str] = {
    "sent": NOT_OPENED,
    "received": OPENED,
    "acknowledged": "Acknowledged",
    "queried": "Question open",
    "enrolled": "Enrolled",
    "did_not_arrive": "Did not arrive",
    "moved": "Moved on",
}
"""The states of a transfer in the council's lists, which show no tags for them and no recalled transfers."""

GIVEN_OUT_FOR_COUNCIL = "Downloaded in a table, not opened yet"
"""A transfer that is sent and was opened by nobody, while a team holds it in a table of many records."""


def for_council(state: str, *, given_out: bool) -> str:
    """What the council's lists say of a transfer.

    Args:
        state: the state of the transfer.
        given_out: whether a team was given it in a table without having opened it.
    """
    if state == "sent" and given_out:
        return GIVEN_OUT_FOR_COUNCIL
    return FOR_COUNCIL.get(state, state)


LEFT_SCHOOL: Mapping[str, Tag] = {
    "left": Tag("Left school", "orange"),
    "moved": Tag("Moved school", "purple"),
}
"""A learner who is not at the school any more, at no other one or at another one. School and council see the same."""

FORMS: Mapping[str, Tag] = {
    "complete": Tag("Complete", "green"),
    "incomplete": Tag("Incomplete", "yellow"),
    "not_started": Tag("Not started", "grey"),
    "shares_less": Tag("Sharing less", "light-blue"),
    **LEFT_SCHOOL,
}
"""The states of a learner's form, as the council sees them. Nobody waits for the form of somebody who has left."""

LOOKED_AT = frozenset({"received", "queried", "acknowledged", "enrolled"})
"""The states in which somebody at the provider has opened what was sent."""

TAKEN_ON = frozenset({"acknowledged", "enrolled"})
"""The states in which nobody has anything left to do about a transfer."""
