"""Who the sample's learners are: how many at which school, with which needs, at which stage, with which flags."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from transition_exchange.sample.organisations import ORGANISATIONS, SampleOrganisation
from transition_exchange.sample.portraits import PORTRAITS, Portrait, Provision
from transition_exchange.sample.young_people import people
from transition_exchange.sample.young_people.courses import first_choice
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
    "born_a_year_earlier": 2,
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

STAGES: Final[tuple[Stage, ...]] = ("complete", "nearly", "partial", "started")
#: The weights of the stages at a school of each pace, and of the records of those who left last summer.
_STAGE_WEIGHTS: Final[dict[str, tuple[int, ...]]] = {
    "eager": (70, 20, 8, 2),
    "steady": (35, 30, 25, 10),
    "late": (8, 22, 40, 30),
    "not_yet": (0, 0, 15, 85),
}
_STAGE_WEIGHTS_OF_LAST_YEAR: Final = (80, 20, 0, 0)


#: What the first learners who are complete show at each provider, one after another: somebody who must not be
#: contacted, with something for the first day; nothing to pass on; no answer about safeguarding.
_EXAMPLES: Final = (
    frozenset({"example", "do_not_contact", "safeguarding_file", "day_one"}),
    frozenset({"example", "nothing_to_pass_on"}),
    frozenset({"example", "not_answered"}),
    *[frozenset({"example"})] * 4,
)
_NO_EXAMPLE: Final = frozenset({"in_care", "kinship", "not_disclosed", "safeguarding_file", "youth_justice"})


@dataclass(frozen=True)
class _Place:
    """One learner's place in the sample: where, with which provision, and whether they left last summer."""

    number: int
    school: SampleOrganisation
    provision: Provision
    left: bool


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
        "E" if index < with_plan else "K" if index < with_plan + with_support else "N"
        for index in range(number)
    ]
    rng.shuffle(kinds)
    return kinds


def _flags(rng: random.Random, total: int) -> list[frozenset[str]]:
    """Flags for each learner: every flag about as often as `FLAGS` says, without flags that contradict each other."""
    flags_of: list[set[str]] = [set() for _ in range(total)]
    for flag, share in FLAGS.items():
        for index in rng.sample(range(total), max(1, round(share * total / 300))):
            flags_of[index].add(flag)
    for flags in flags_of:
        if "in_care" in flags:
            flags |= {"safeguarding_file"}
            flags -= {"care_leaver", "previously_looked_after", "kinship", "moving_away", "do_not_contact"}
        if "severe_absence" in flags:
            flags.add("low_attendance")
        for stays, goes in (
            ("no_upn", "temporary_upn"),
            ("not_disclosed", "safeguarding_file"),
            ("job", "none_yet"),
        ):
            if stays in flags:
                flags.discard(goes)
        if flags & {"job", "none_yet"}:
            flags.discard("moving_away")
    return [frozenset(flags) for flags in flags_of]


def _portraits(school: SampleOrganisation, provision: Provision, flags: frozenset[str]) -> list[Portrait]:
    """Portraits that fit a learner's school and provision."""
    fitting = [portrait for portrait in PORTRAITS if portrait.provision == provision]
    if provision == "N":
        return fitting if "young_carer" in flags else []
    if school.kind == "pupil_referral_unit" and provision == "K":
        return [portrait for portrait in fitting if portrait.types[0] in ("SEMH", "SLCN", "MLD")]
    place = school.kind if school.kind in ("special_school", "pupil_referral_unit") else "mainstream"
    return [portrait for portrait in fitting if place in portrait.places]


def sketches(*, seed: int, count: int, today: date, leaving_year: int) -> Iterator[Sketch]:
    """The learners in outline, school by school; the same for the same seed, day and year.

    Args:
        seed: any number; another gives other learners.
        count: how many of the 300; fewer for a small sample, taken evenly from all schools.
        today: the day on which the sample is made.
        leaving_year: the year in which this year's learners leave; some left the year before.
    """
    rng = random.Random(seed)  # noqa: S311  # invented learners, no secrets
    places: list[_Place] = []
    for school in ORGANISATIONS:
        for index, provision in enumerate(_provisions(rng, school)):
            places.append(_Place(len(places) + 1, school, provision, index < school.left_last_year))
    all_flags = _flags(rng, len(places))
    turns: dict[tuple[str, str], int] = {}
    examples: Counter[tuple[str, str]] = Counter()
    kept = {round(step * len(places) / count) for step in range(count)} if count < len(places) else None
    # Those who are left out are made too: whose turn it is at a portrait depends on those before.
    for index, (place, flags) in enumerate(zip(places, all_flags, strict=True)):
        sketch = _as_example(
            examples,
            _sketch(
                random.Random(f"{seed}-{place.number}"),  # noqa: S311
                place,
                flags=flags,
                turns=turns,
                today=today,
                leaving_year=leaving_year,
            ),
        )
        if kept is None or index in kept:
            yield sketch


def _as_example(examples: Counter[tuple[str, str]], sketch: Sketch) -> Sketch:
    """The learner as one of those who show something at their provider. `examples` counts them, and is changed.

    Of those who are nearly complete, the first at each provider is sent all the same, so that its list has gaps.
    """
    if sketch.first_choice is None or sketch.flags & _NO_EXAMPLE or sketch.left:
        return sketch
    bereaved = sketch.portrait is not None and sketch.portrait.bereaved_of
    place = (sketch.first_choice[0].key, sketch.stage)
    shown: frozenset[str] = frozenset()
    if sketch.stage == "complete" and not bereaved and examples[place] < len(_EXAMPLES):
        shown = _EXAMPLES[examples[place]]
    elif sketch.stage == "nearly" and examples[place] == 0:
        shown = frozenset({"example"})
    else:
        return sketch
    examples[place] += 1
    return replace(sketch, flags=sketch.flags | shown)


def _sketch(
    rng: random.Random,
    place: _Place,
    *,
    flags: frozenset[str],
    turns: dict[tuple[str, str], int],
    today: date,
    leaving_year: int,
) -> Sketch:
    """One learner in outline. `turns` counts whose turn it is at the portraits, and is changed."""
    school, provision = place.school, place.provision
    year = leaving_year - 1 if place.left else leaving_year
    stage_weights = _STAGE_WEIGHTS_OF_LAST_YEAR if place.left else _STAGE_WEIGHTS[school.pace]
    stage = rng.choices(STAGES, weights=stage_weights)[0]
    if place.left or stage in ("complete", "nearly"):
        flags -= {"none_yet"}
    name = people.name(rng)
    known_as = name.forename
    if "preferred_name" in flags:
        known_as = name.forename[:3] if len(name.forename) > 5 else f"{name.forename[0]}J"
    if "they" in flags and provision != "N":
        flags -= {"they"}  # the portraits speak of her or him
    relative = None if "in_care" in flags else name
    parents = [people.adult(rng, relative_of=relative, sex="F")]
    if rng.random() < 0.55:
        parents.append(people.adult(rng, relative_of=relative, sex="M"))
    born = date(year - 17, 9, 1) + timedelta(days=rng.randint(0, 364))
    if "born_a_year_earlier" in flags:
        born -= timedelta(days=365)
    portrait = None
    if fitting := _portraits(school, provision, flags):
        kind = (school.kind, provision)
        turns[kind] = turns.get(kind, rng.randint(0, 5)) + 1
        portrait = fitting[turns[kind] % len(fitting)]
        parents = [parent for parent in parents if parent.sex != portrait.bereaved_of]
    choice = None
    undecided = flags & {"job", "moving_away", "none_yet"} or (stage == "started" and rng.random() < 0.6)
    if not undecided:
        choice = first_choice(rng, school, provision, portrait)
    mentor = people.adult(rng)
    return Sketch(
        rng=rng,
        number=place.number,
        today=today,
        worked_on=min(today, date(year, 6, 19)) if place.left else today,
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
        interest=rng.choice(people.INTERESTS),
        mentor=f"{'Ms' if mentor.sex == 'F' else 'Mr'} {mentor.surname}",
        first_choice=choice,
    )
