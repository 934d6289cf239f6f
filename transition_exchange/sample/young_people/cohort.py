"""Who the sample's learners are: how many at which school, with which needs, at which stage, with what apart."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, Literal

from transition_exchange.sample.organisations import (
    OAKMERE,
    ORGANISATIONS,
    PROVIDERS,
    SampleCourse,
    SampleOrganisation,
)
from transition_exchange.sample.portraits import PORTRAITS, Portrait
from transition_exchange.sample.young_people import people
from transition_exchange.sample.young_people.sketch import Sketch, Stage

#: What sets learners apart, and of how many of 300 it is true. The rarest come first, so that none is left out.
FLAGS: Final[dict[str, int]] = {
    "lone_working": 1,
    "young_parent": 2,
    "care_leaver": 2,
    "excluded": 3,
    "not_disclosed": 3,
    "service_child": 3,
    "no_upn": 3,
    "temporary_upn": 3,
    "job": 2,
    "moving_away": 2,
    "born_elsewhen": 2,
    "previously_looked_after": 4,
    "kinship": 4,
    "youth_justice": 4,
    "objection": 4,
    "do_not_contact": 4,
    "withheld": 5,
    "refugee": 5,
    "they": 4,
    "gypsy_roma_traveller": 6,
    "in_care": 9,
    "none_yet": 18,
    "alternative_provision": 10,
    "young_carer": 12,
    "uln_not_known": 12,
    "preferred_name": 16,
    "suspended": 18,
    "severe_absence": 8,
    "low_attendance": 30,
    "safeguarding_file": 40,
    "medical": 45,
}

#: How far each school has got: weights of complete, nearly, partial and started.
STAGES: Final[tuple[Stage, ...]] = ("complete", "nearly", "partial", "started")
_EAGER, _STEADY, _LATE, _NOT_YET = (70, 20, 8, 2), (35, 30, 25, 10), (8, 22, 40, 30), (0, 0, 15, 85)
_PACE: Final[dict[str, tuple[int, ...]]] = {
    "grove": _EAGER,
    "oakmere": _EAGER,
    "larkrise": _EAGER,
    "kilnbrook": _EAGER,
    "swinthorpe": _STEADY,
    "hathersley": _STEADY,
    "maltholme": _STEADY,
    "st_osyth": _STEADY,
    "rookery": _STEADY,
    "wathbridge": _LATE,
    "thornley": _LATE,
    "council": _LATE,
    "beckhouse": _LATE,
    "crucible": _NOT_YET,
    "northings": _NOT_YET,
}

#: Learners who left last summer, by school.
LAST_YEAR: Final[dict[str, int]] = {
    "grove": 10,
    "kilnbrook": 8,
    "oakmere": 10,
    "larkrise": 5,
    ("swinthorpe"): 7,
}

_INTERESTS: Final = (
    "football",
    "fixing bikes",
    "baking",
    "anime",
    "horse riding",
    "drumming",
    "fishing with my uncle",
    "buses and trains",
    "make-up and nails",
    "gaming",
    "dance",
    "dogs",
    "drawing manga",
    "boxing",
    "gardening",
    "building computers",
    "cricket",
    "singing",
    "swimming",
    "photography",
    "motorbikes",
    "Lego",
    "history films",
    "cooking with my nan",
    "roller skating",
    "birds of prey",
    "coding",
    "rugby league",
    "crochet",
    "space",
)

Provision = Literal["N", "K", "E"]


def _provisions(rng: random.Random, school: SampleOrganisation) -> list[Provision]:
    """Provision of each of a school's learners: a special school's all have plans, a PRU's none goes without help."""
    number = school.learners
    if school.kind == "special_school":
        return ["E"] * number
    plans, support = (0.45, 0.55) if school.kind == "pupil_referral_unit" else (0.1, 0.25)
    if school.kind == "council":
        plans, support = 0.2, 0.3
    with_plan, with_support = round(number * plans), round(number * support)
    kinds: list[Provision] = [
        "E" if index < with_plan else "K" if index < with_plan + with_support else ("N")
        for index in range(number)
    ]
    rng.shuffle(kinds)
    return kinds


def _flags(rng: random.Random, total: int) -> list[frozenset[str]]:
    """Flags for each learner: every flag as often as ``FLAGS`` says, more than one on those who have any."""
    found: list[set[str]] = [set() for _ in range(total)]
    for flag, share in FLAGS.items():
        for index in rng.sample(range(total), max(1, round(share * total / 300))):
            found[index].add(flag)
    for flags in found:
        if "in_care" in flags:
            flags |= {"safeguarding_file"}
            flags -= {"care_leaver", "previously_looked_after", "kinship", "moving_away", "do_not_contact"}
        if "severe_absence" in flags:
            flags.add("low_attendance")
        for either, other in (
            ("no_upn", "temporary_upn"),
            ("not_disclosed", "safeguarding_file"),
            ("job", ("none_yet")),
        ):
            if {either, other} <= flags:
                flags.discard(other)
        if flags & {"job", "none_yet"}:
            flags.discard("moving_away")
    return [frozenset(flags) for flags in found]


def _portraits(school: SampleOrganisation, provision: Provision, flags: frozenset[str]) -> list[Portrait]:
    """Portraits that fit a learner's place and provision."""
    place = school.kind if school.kind in ("special_school", "pupil_referral_unit") else "mainstream"
    if provision == "N":
        return [each for each in PORTRAITS if each.provision == "N"] if "young_carer" in flags else []
    fitting = [each for each in PORTRAITS if each.provision == provision and place in each.places]
    if place == "pupil_referral_unit" and provision == "K":
        fitting = [
            each for each in PORTRAITS if each.provision == "K" and each.types[0] in ("SEMH", "SLCN", ("MLD"))
        ]
    return fitting


def _going(
    rng: random.Random,
    school: SampleOrganisation,
    provision: Provision,
    portrait: Portrait | None,
    stage: Stage,
) -> tuple[SampleOrganisation, SampleCourse] | None:
    """Where the learner means to go: a course that fits the portrait, at a place by its size and nearness."""
    if stage == "started" and rng.random() < 0.6:
        return None
    weights = {"three_rivers": 10, "hathersley_sfc": 8, "northmoor": 5, "brightwater": 16, "forge": 9}
    weights |= {"level_ground": 1, OAKMERE.key: 16 if school.key == OAKMERE.key else 1}
    choices = fitting_courses(school, provision, portrait)
    shares = [weights.get(place.key, 2) / len(place.courses) for place, _ in choices]
    return rng.choices(choices, weights=shares)[0]


def fitting_courses(
    school: SampleOrganisation, provision: Provision, portrait: Portrait | None
) -> list[tuple[SampleOrganisation, SampleCourse]]:
    """Courses that suit the learner's provision and, if there are any, what their portrait says they want."""
    suits = {"E", "S"} if school.kind == "special_school" else {provision}
    every = [
        (place, course)
        for place in (*PROVIDERS, OAKMERE)
        for course in place.courses
        if suits & set(course.suits)
    ]
    wanted = [each for each in every if portrait and each[1].name.startswith(portrait.courses)]
    return wanted or every


def sketches(*, seed: int, count: int, today: date, leaving_year: int) -> Iterator[Sketch]:
    """The learners in outline, school by school; the same for the same seed, day and year.

    Args:
        seed: whatever number; another gives other learners.
        count: how many of the 300; fewer for a small sample, taken evenly from all schools.
        today: the day on which the sample is made.
        leaving_year: the year in which this year's learners leave; some left the year before.
    """
    rng = random.Random(seed)  # noqa: S311  # invented learners, no secrets
    places: list[tuple[SampleOrganisation, Provision, bool]] = []
    for school in ORGANISATIONS:
        left = LAST_YEAR.get(school.key, 0)
        for index, provision in enumerate(_provisions(rng, school)):
            places.append((school, provision, index < left))
    flags = _flags(rng, len(places))
    turn: dict[tuple[str, str], int] = {}
    kept = {round(step * len(places) / count) for step in range(count)} if count < len(places) else None
    for number, (school, provision, left) in enumerate(places, start=1):
        own = random.Random(f"{seed}-{number}")  # noqa: S311
        sketch = _sketch(own, number, school, provision, left, flags[number - 1], turn, today, leaving_year)
        if kept is None or number - 1 in kept:
            yield sketch


def _sketch(
    rng: random.Random,
    number: int,
    school: SampleOrganisation,
    provision: Provision,
    left: bool,
    flags: frozenset[str],
    turn: dict[tuple[str, str], int],
    today: date,
    leaving_year: int,
) -> Sketch:
    year = leaving_year - 1 if left else leaving_year
    stage = rng.choices(STAGES, weights=(80, 20, 0, 0) if left else _PACE[school.key])[0]
    if left or stage in ("complete", "nearly"):
        flags -= {"none_yet"}
    name = people.name(rng)
    known_as = name.forename
    if "preferred_name" in flags:
        known_as = name.forename[:3] if len(name.forename) > 5 else f"{name.forename[0]}J"
    if "they" in flags and provision != "N":
        flags -= {"they"}  # the portraits speak of her or him
    parents = [people.adult(rng, of=None if "in_care" in flags else name, sex="F")]
    if rng.random() < 0.55:
        parents.append(people.adult(rng, of=None if "in_care" in flags else name, sex="M"))
    born = date(year - 17, 9, 1) + timedelta(days=rng.randint(0, 364))
    if "born_elsewhen" in flags:
        born -= timedelta(days=365)
    fitting = _portraits(school, provision, flags)
    portrait = None
    if fitting:
        place = (school.kind, provision)
        turn[place] = turn.get(place, rng.randint(0, 5)) + 1
        portrait = fitting[turn[place] % len(fitting)]
    going = (
        None
        if flags & {"job", "moving_away", ("none_yet")}
        else _going(rng, school, provision, portrait, stage)
    )
    mentor = people.adult(rng)
    return Sketch(
        rng=rng,
        number=number,
        today=today,
        now=min(today, date(year, 6, 19)) if left else today,
        leaving_year=year,
        school=school,
        name=name,
        known_as=known_as,
        parents=tuple(parents),
        home=people.address(rng, town=school.town if rng.random() < 0.7 else None),
        born=born,
        provision=provision,
        portrait=portrait,
        stage=stage,
        flags=flags,
        interest=rng.choice(_INTERESTS),
        mentor=f"{'Ms' if mentor.sex == 'F' else 'Mr'} {mentor.surname}",
        going=going,
    )
