"""What one invented portrait of a learner's needs is made of. Fields bear the names the form gives them.

A portrait belongs together: the strategies fit what is hard, the outcomes fit the course, the voice fits the
person. Learners who share a portrait differ in the sentences chosen from it, in name, interests, course and
dates. Texts have slots: `{name}`, `{he}` `{him}` `{his}` `{He}` `{His}`, `{interest}`, `{course}`, `{mentor}`.
What the young person says is in their own words; the rest is a SENCO's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Provision = Literal["N", "K", "E"]
"""No special educational needs, SEN support, or an EHC plan, by the school census's codes."""


@dataclass(frozen=True)
class Diagnosis:
    """What was diagnosed, by whom, and what the school holds of it."""

    what: str
    who: str
    evidence: Literal["report", "letter"]


@dataclass(frozen=True)
class Voice:
    """A one-page profile in the young person's own words, by its four headings."""

    like_about_me: str
    matters_to_me: str
    help_me: str
    hopes: str


@dataclass(frozen=True)
class Due:
    """When an outcome is due: a month, counted in years from the one in which the learner leaves school."""

    years: int
    month: int


@dataclass(frozen=True)
class Outcome:
    """One outcome of preparing for adulthood. One without steps would fit anybody: a bad example."""

    area: Literal["employment", "independent_living", "community", "health"]
    outcome: str
    steps: str = ""
    who: str = ""
    by: Due | None = None


@dataclass(frozen=True)
class Support:
    """Provision in place: what, hours a week, adults to learners, who gives it, cost a year if known."""

    kind: str
    hours: float
    ratio: str
    who: str
    cost: int | None = None


@dataclass(frozen=True)
class Equipment:
    """An aid: what it is, whose it is, and whether it goes with the learner."""

    item: str
    owner: Literal["school", "council", "health", "learner"]
    moves: bool


@dataclass(frozen=True)
class Service:
    """A specialist service involved (code of `SPECIALIST_SERVICES`), and what its member of staff is."""

    code: str
    role: str


@dataclass(frozen=True)
class Contribution:
    """What health or social care adds, in its own words."""

    service: str
    role: str
    words: str


@dataclass(frozen=True)
class Wait:
    """Something the learner waits for: code of `WAITING_FOR`, who referred, the support meanwhile, whom to ring."""

    waiting_for: str
    referred_by: str
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
    care_plan: bool = False


@dataclass(frozen=True)
class DailyLiving:
    """Moving and personal care, by the codes of the form."""

    mobility: Literal["independent", "aid", "wheelchair_self", "wheelchair_helped", "other"]
    personal_care: Literal["none", "some", "full"]
    evacuation_plan: bool
    details: str


@dataclass(frozen=True)
class Portrait:
    """All that is particular to one kind of learner. See the module for the slots texts may have.

    Attributes:
        types: types of need by the school census's codes, the most important first.
        courses: beginnings of the names of courses that fit what is written.
        arrangements: access arrangements by the form's codes; empty where none are approved.
        evidence_route: how the arrangements are shown to be needed; empty where none are approved.
        other_arrangement: what `other` among the arrangements is.
        travel: ways to travel one of which is chosen.
        places: kinds of school one meets such a learner at; `mainstream` for all that are not special.
        bereaved_of: the sex of the parent who has died, where the texts say so; there is no such contact then.
    """

    types: tuple[str, ...]
    provision: Provision
    courses: tuple[str, ...]
    good_at: tuple[str, ...]
    find_hard: tuple[str, ...]
    strategies: tuple[str, ...]
    supports: tuple[Support, ...]
    voices: tuple[Voice, ...]
    written_by: Literal["learner", "spoken", "together", "others"] = "learner"
    places: frozenset[str] = frozenset({"mainstream"})
    travel: tuple[str, ...] = ("bus", "family")
    diagnoses: tuple[Diagnosis, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    vocational: tuple[str, ...] = ()
    independent_living: tuple[str, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    services: tuple[Service, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    waits: tuple[Wait, ...] = ()
    arrangements: tuple[str, ...] = ()
    evidence_route: Literal["", "form_8", "form_9"] = ""
    other_arrangement: str = ""
    health: tuple[Health, ...] = ()
    daily_living: DailyLiving | None = None
    risks: tuple[str, ...] = ()
    bereaved_of: Literal["", "F", "M"] = ""
