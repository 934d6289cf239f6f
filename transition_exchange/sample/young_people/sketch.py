"""One invented learner in outline: who they are, where they are, and what the answers are then written from."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

from transition_exchange.sample.organisations import SampleOrganisation
from transition_exchange.sample.portraits import Portrait, Provision
from transition_exchange.sample.young_people.courses import Choice
from transition_exchange.sample.young_people.people import Address, Name

Stage = Literal["complete", "nearly", "partial", "started"]
SectionAnswers = dict[str, Any]
"""One section's answers, by field."""
Answers = dict[str, SectionAnswers]
"""A record's answers, by section."""
T = TypeVar("T")

_PRONOUNS = {"F": ("she", "her", "her"), "M": ("he", "him", "his")}
_OPENING_SLOT = re.compile(r"(^|(?<=[.!?] )|(?<=\) ))\{(interest|course)\}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Sketch:
    """A learner in outline.

    Attributes:
        today: the day on which the sample is made.
        worked_on: the day on which the record was last worked on: today, or in June for those who have left.
        flags: what sets this learner apart, such as `in_care`; see `year_group.FLAGS`.
        first_choice: the provider and course this learner means to go to; None if they have not chosen one.
    """

    rng: random.Random
    number: int
    today: date
    worked_on: date
    leaving_year: int
    school: SampleOrganisation
    name: Name
    known_as: str
    parents: tuple[Name, ...]
    home: Address
    born: date
    provision: Provision
    portrait: Portrait | None
    stage: Stage
    flags: frozenset[str]
    interest: str
    mentor: str
    first_choice: Choice | None

    @property
    def left(self) -> bool:
        """Whether the learner has left school already: last year's."""
        return self.worked_on < self.today

    @property
    def sixteen(self) -> bool:
        """Whether the learner was 16 when the record was worked on."""
        years = self.worked_on.year - self.born.year
        return (years, self.worked_on.month, self.worked_on.day) >= (16, self.born.month, self.born.day)

    def fill(self, text: str) -> str:
        """The text with its slots filled: names, pronouns, interest, course, mentor."""
        he, him, his = _PRONOUNS[self.name.sex]
        text = _OPENING_SLOT.sub(lambda match: f"{match[1]}{{{match[2].capitalize()}}}", text)
        course = self.course
        return text.format(
            name=self.known_as,
            he=he,
            him=him,
            his=his,
            He=_capital(he),
            His=_capital(his),
            interest=self.interest,
            Interest=_capital(self.interest),
            course=course,
            Course=_capital(course),
            mentor=self.mentor,
        )

    @property
    def course(self) -> str:
        """The course as one speaks of it: "motor vehicle", "A levels", "an apprenticeship in bricklaying"."""
        if self.first_choice is None:
            return "a course I like"
        spoken = re.sub(r", (level \d|entry level \d|twelve weeks)$", "", self.first_choice[1].name)
        spoken = re.sub(r"^Apprenticeship", "an apprenticeship", spoken).split(":")[0]
        return spoken if spoken.startswith(("A levels", "English")) else spoken[:1].lower() + spoken[1:]

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self.rng.random() < share

    def pick(self, among: Sequence[T]) -> T:
        """One of them."""
        return self.rng.choice(among)

    def some(self, among: Sequence[T], least: int, most: int) -> list[T]:
        """Between `least` and `most` of them, in their own order."""
        number = min(len(among), self.rng.randint(least, most))
        chosen = sorted(self.rng.sample(range(len(among)), number))
        return [among[index] for index in chosen]

    def ago(self, least: int, most: int) -> str:
        """A day that many days before the record was last worked on, on no Saturday or Sunday."""
        day = self.worked_on - timedelta(days=self.rng.randint(least, most))
        return (day - timedelta(days=max(0, day.weekday() - 4))).isoformat()
