"""Which courses suit a learner, and which is the first choice."""

from __future__ import annotations

import random
from typing import Final

from transition_exchange.sample.organisations import RECEIVING, SampleCourse, SampleOrganisation
from transition_exchange.sample.portraits import Portrait, Provision

Choice = tuple[SampleOrganisation, SampleCourse]
"""A provider and one of its courses."""

#: The popularity of a school's sixth form among its own learners.
_OWN_SIXTH_FORM: Final = 16


def fitting_courses(
    school: SampleOrganisation, provision: Provision, portrait: Portrait | None
) -> list[Choice]:
    """Courses that suit the learner's provision and, if there are any, what their portrait says they want."""
    suits = {"E", "S"} if school.kind == "special_school" else {provision}
    suitable = [
        (place, course) for place in RECEIVING for course in place.courses if suits & set(course.suits)
    ]
    if portrait is None:
        return suitable
    wanted = [choice for choice in suitable if choice[1].name.startswith(portrait.courses)]
    return wanted or suitable


def first_choice(
    rng: random.Random, school: SampleOrganisation, provision: Provision, portrait: Portrait | None
) -> Choice:
    """A course that fits, the popular providers' more often."""
    choices = fitting_courses(school, provision, portrait)
    weights = [
        (_OWN_SIXTH_FORM if place.key == school.key else place.popularity) / len(place.courses)
        for place, _ in choices
    ]
    return rng.choices(choices, weights=weights)[0]
