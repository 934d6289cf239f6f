"""That a learner has left their school early or moved to another one, as a card says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from transition_exchange.english import day, day_of
from transition_exchange.exchange.states import LEFT_SCHOOL, Tag
from transition_exchange.stored_text import UnreadableText, read_moment


@dataclass(frozen=True, slots=True)
class LeftSchool:
    """What the school says of a learner who is not there any more.

    Attributes:
        code: `left` if they are at no other school, `moved` if they are at one.
        at: noon of the day on which they left; None if the school does not say it.
        to: the other school; empty if the school does not say it or the card may not.
    """

    code: Literal["left", "moved"]
    at: datetime | None
    to: str

    @property
    def on(self) -> date | None:
        """The day on which they left; None if the school does not say it."""
        return day_of(self.at) if self.at else None

    @property
    def tag(self) -> Tag:
        """The words and the colour for lists."""
        return LEFT_SCHOOL[self.code]

    @property
    def words(self) -> str:
        """What the school says, in one line: `Moved to Hill School. Last day: 3 June 2027`."""
        words = "Left, and is at no other school" if self.code == "left" else "Moved to another school"
        if self.to:
            words = f"Moved to {self.to}"
        return f"{words}. Last day: {day(self.on)}" if self.on else words


def left_school(card: Mapping[str, Any]) -> LeftSchool | None:
    """What a card says of a learner who is not at the school any more; None if it does not say so.

    Args:
        card: the fields of the card. One of a form without this question says nothing.
    """
    code = card.get("left_school")
    if code not in ("left", "moved"):
        return None
    try:
        at = read_moment(f"{card.get('left_on', '')}T12:00:00+00:00")
    except UnreadableText:
        at = None
    return LeftSchool(code, at, str(card.get("moved_to") or "") if code == "moved" else "")
