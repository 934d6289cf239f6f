"""Who can have to do something next about a learner, and one thing that somebody has to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from transition_exchange.english import day_of
from transition_exchange.exchange.coordinating.ringing import ToRing

WHO = (
    ("school", "School"),
    ("safeguarding", "School’s safeguarding team"),
    ("college", "College or provider"),
    ("council", "Council"),
    ("nobody", "Nobody"),
)
"""Who can have to act next, with the words of the filter."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that somebody has to do next.

    Attributes:
        who: a code of `WHO`.
        words: what is to be done, as pages show it.
        since: since when it is to be done.
        certain: whether it is certain that this is still to be done.
        organisation: the organisation that does it, or about which the council does it; None if it is neither a school
            nor a provider of this exchange.
        ring: whom the council rings about it: the teams whose turn it is.
        detail: what each of several teams has not done yet; empty if `words` say it all.
        page: where the council does it, or helps to have it done: `remind` schools that have forms to finish,
            `organisation` for who to ring and for confirming by phone, `invite`; empty if no page does it.
    """

    who: str
    words: str
    since: datetime
    certain: bool = True
    organisation: UUID | None = None
    page: str = ""
    ring: tuple[ToRing, ...] = ()
    detail: str = ""

    @property
    def in_full(self) -> str:
        """What is to be done, with what each team has not done yet."""
        return f"{self.words}: {self.detail}" if self.detail else self.words

    def days(self, today: date) -> int:
        """For how many days it is to be done."""
        return (today - day_of(self.since)).days
