"""The sample area has the organisations the demonstration promises, with right-shaped numbers of nobody's."""

from __future__ import annotations

from transition_exchange.proforma.rules import contact, identifiers
from transition_exchange.proforma.rules.local_authorities import ENGLAND
from transition_exchange.sample.organisations import BY_KEY, LA_CODE, ORGANISATIONS, PROVIDERS, SCHOOLS


def test_the_area_is_as_promised() -> None:
    assert len(SCHOOLS) == 14
    assert len(PROVIDERS) == 7
    kinds = [school.kind for school in SCHOOLS]
    assert {"special_school", "pupil_referral_unit", "school_with_sixth_form"} <= set(kinds)
    assert len(BY_KEY["three_rivers"].campuses) == 3
    one_person = BY_KEY["level_ground"]
    assert one_person.ukprn is None
    assert len(one_person.teams) == 1
    assert sum(organisation.learners for organisation in ORGANISATIONS) == 300
    assert len({organisation.name for organisation in ORGANISATIONS}) == len(ORGANISATIONS)


def test_every_sender_and_receiver_has_the_teams_it_needs() -> None:
    for organisation in ORGANISATIONS:
        purposes = {purpose for team in organisation.teams for purpose in team.purposes}
        if organisation.sends:
            assert {"transition", "school_safeguarding"} <= purposes, organisation.name
        if organisation.receives:
            assert {"admissions", "learning_support", "exams"} <= purposes, organisation.name
        if organisation.coordinates:
            assert "neet_group" in purposes


def test_numbers_have_the_right_shape_and_were_never_issued() -> None:
    for organisation in ORGANISATIONS:
        urn, ukprn, laestab = organisation.urn, organisation.ukprn, organisation.laestab
        assert urn is None or (identifiers.urn(urn) and urn.startswith("99"))
        assert ukprn is None or (identifiers.ukprn(ukprn) and ukprn.startswith("99"))
        assert laestab is None or identifiers.laestab(laestab) == laestab
        assert contact.phone(organisation.phone) == organisation.phone
        for campus in organisation.campuses:
            assert contact.postcode(campus.postcode) == campus.postcode
    assert LA_CODE not in dict(ENGLAND)
    for numbers in (
        [organisation.urn for organisation in ORGANISATIONS],
        [organisation.ukprn for organisation in ORGANISATIONS],
        [organisation.phone for organisation in ORGANISATIONS],
    ):
        given = [number for number in numbers if number]
        assert len(given) == len(set(given))


def test_every_course_stands_at_a_campus_its_provider_has() -> None:
    for provider in PROVIDERS:
        names = {campus.name for campus in provider.campuses}
        assert {course.campus for course in provider.courses} <= (names or {""}), provider.name
