"""The sample area has the organisations the demonstration promises, with right-shaped numbers of nobody's."""

from __future__ import annotations

from transition_exchange.proforma.rules import contact, identifiers
from transition_exchange.proforma.rules.local_authorities import ENGLAND
from transition_exchange.sample.organisations import BY_KEY, LA_CODE, ORGANISATIONS, PROVIDERS, SCHOOLS


def test_the_area_is_as_promised() -> None:
    assert len(SCHOOLS) == 14
    assert len(PROVIDERS) == 7
    kinds = [each.kind for each in SCHOOLS]
    assert {"special_school", "pupil_referral_unit", "school_with_sixth_form"} <= set(kinds)
    assert len(BY_KEY["three_rivers"].campuses) == 3
    one_person = BY_KEY["level_ground"]
    assert one_person.ukprn is None
    assert len(one_person.teams) == 1
    assert sum(each.learners for each in ORGANISATIONS) == 300
    assert len({each.name for each in ORGANISATIONS}) == len(ORGANISATIONS)


def test_every_sender_and_receiver_has_the_teams_it_needs() -> None:
    for each in ORGANISATIONS:
        purposes = {purpose for team in each.teams for purpose in team.purposes}
        if each.sends:
            assert {"transition", "safeguarding"} <= purposes, each.name
        if each.receives:
            assert {"admissions", "learning_support", "exams"} <= purposes, each.name
        if each.coordinates:
            assert "neet_group" in purposes


def test_numbers_have_the_right_shape_and_were_never_issued() -> None:
    for each in ORGANISATIONS:
        assert each.urn is None or (identifiers.urn(each.urn) and each.urn.startswith("99"))
        assert each.ukprn is None or (identifiers.ukprn(each.ukprn) and each.ukprn.startswith("99"))
        assert each.laestab is None or identifiers.laestab(each.laestab) == each.laestab
        assert contact.phone(each.phone) == each.phone
        for campus in each.campuses:
            assert contact.postcode(campus.postcode) == campus.postcode
    assert LA_CODE not in dict(ENGLAND)
    for numbers in (
        [o.urn for o in ORGANISATIONS],
        [o.ukprn for o in ORGANISATIONS],
        [o.phone for o in ORGANISATIONS],
    ):
        given = [number for number in numbers if number]
        assert len(given) == len(set(given))


def test_every_course_stands_at_a_campus_its_provider_has() -> None:
    for each in PROVIDERS:
        names = {campus.name for campus in each.campuses}
        assert {course.campus for course in each.courses} <= (names or {""}), each.name
