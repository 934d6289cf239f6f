"""Learners choose courses that suit them, at places that teach them."""

from __future__ import annotations

import random
from collections import Counter

from transition_exchange.sample.organisations import BY_KEY
from transition_exchange.sample.portraits import PORTRAITS
from transition_exchange.sample.young_people.courses import first_choice, fitting_courses


def test_a_course_suits_the_provision_or_the_special_school() -> None:
    grove, larkrise = BY_KEY["grove"], BY_KEY["larkrise"]
    assert all("K" in course.suits for _, course in fitting_courses(grove, "K", None))
    assert all(set("ES") & set(course.suits) for _, course in fitting_courses(larkrise, "E", None))
    assert any(course.suits == "S" for _, course in fitting_courses(larkrise, "E", None))


def test_a_portrait_narrows_the_courses_to_those_it_speaks_of() -> None:
    for portrait in PORTRAITS:
        for _, course in fitting_courses(BY_KEY["grove"], portrait.provision, portrait):
            wanted = course.name.startswith(portrait.courses)
            assert wanted or portrait.places == {"special_school"}, (portrait.courses, course.name)


def test_the_sixth_form_is_chosen_by_its_own_school() -> None:
    def chosen(school: str) -> Counter[str]:
        rng = random.Random(1)
        return Counter(first_choice(rng, BY_KEY[school], "N", None)[0].key for _ in range(400))

    assert chosen("oakmere")["oakmere"] > 5 * chosen("grove")["oakmere"] > 0
