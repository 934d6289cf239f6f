"""What one invented portrait of a learner's needs is made of.

A portrait belongs together: the strategies fit what is hard, the outcomes fit the course, the voice fits the
person. Learners who share a portrait differ in the sentences chosen from it, in name, interests, course and
dates. Texts have slots: ``{name}``, ``{he}`` ``{him}`` ``{his}`` ``{He}`` ``{His}``, ``{interest}``,
``{course}``, ``{mentor}``. What the young person says is in their own words; the rest is a SENCO's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Voice:
    """A one-page profile in the young person's own words, by its four headings."""

    liked: str
    important: str
    support: str
    hopes: str


@dataclass(frozen=True)
class Outcome:
    """One outcome of preparing for adulthood. ``by`` is (years after leaving school, month)."""

    area: Literal["employment", "independent_living", "community", "health"]
    outcome: str
    steps: str = ""
    who: str = ""
    by: tuple[int, int] | None = None


@dataclass(frozen=True)
class Support:
    """Provision in place: what, hours a week, learners to an adult, who gives it, cost a year if known."""

    what: str
    hours: float
    ratio: str
    who: str
    cost: int | None = None


@dataclass(frozen=True)
class Equipment:
    """An aid: what it is, whose it is, and whether it goes with the learner."""

    item: str
    owner: Literal["school", "council", "health", "family"]
    moves: bool


@dataclass(frozen=True)
class Service:
    """A specialist service involved (code of ``SPECIALIST_SERVICES``), and what it does."""

    code: str
    does: str
    role: str


@dataclass(frozen=True)
class Contribution:
    """What health or social care adds, in its own words."""

    sector: Literal["health", "social_care"]
    service: str
    role: str
    words: str


@dataclass(frozen=True)
class Wait:
    """Something the learner waits for: code of ``WAITING_FOR``, who referred, and the support meanwhile."""

    what: str
    by: str
    meanwhile: str
    ring: str


@dataclass(frozen=True)
class Health:
    """A health condition as first aid needs it."""

    condition: str
    medication: str
    emergency: str
    allergy: str = ""
    dietary: str = ""
    plan: bool = False


@dataclass(frozen=True)
class Daily:
    """Moving and personal care, by the codes of the form."""

    mobility: Literal["independent", "aid", "wheelchair_self", "wheelchair_helped", "other"]
    care: Literal["none", "some", "full"]
    evacuation_plan: bool
    details: str


@dataclass(frozen=True)
class Portrait:
    """All that is particular to one kind of learner. See the module for the slots texts may have.

    Attributes:
        courses: beginnings of the names of courses that fit what is written.
        places: kinds of school one meets such a learner at; ``mainstream`` for all that are not special.
    """

    types: tuple[str, ...]
    provision: Literal["N", "K", "E"]
    diagnoses: tuple[tuple[str, str], ...]
    good_at: tuple[str, ...]
    find_hard: tuple[str, ...]
    strategies: tuple[str, ...]
    supports: tuple[Support, ...]
    voices: tuple[Voice, ...]
    courses: tuple[str, ...]
    outcomes: tuple[Outcome, ...] = ()
    work: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    services: tuple[Service, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    waits: tuple[Wait, ...] = ()
    arrangements: tuple[str, ...] = ()
    route: str = ""
    health: tuple[Health, ...] = ()
    daily: Daily | None = None
    risks: tuple[str, ...] = ()
    travel: tuple[str, ...] = ("bus", "family")
    written_by: Literal["learner", "spoken", "together", "others"] = "learner"
    places: frozenset[str] = field(default_factory=lambda: frozenset({"mainstream"}))
