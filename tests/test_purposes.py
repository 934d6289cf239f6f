"""What teams are for, in words, once for every page and document."""

from __future__ import annotations

import pytest

from transition_exchange.purposes import (
    COORDINATING,
    RECEIVING,
    SENDING,
    fitting,
    in_order,
    team,
    teams,
    teams_there,
    work,
)

EVERY = {*SENDING, *RECEIVING, *COORDINATING}


def test_every_purpose_has_words_and_a_place_in_the_order() -> None:
    assert set(in_order(EVERY)) == EVERY
    assert all(work([purpose]) and team(purpose) and teams([purpose]) for purpose in EVERY)


def test_readers_are_named_in_one_order_whatever_order_they_come_in() -> None:
    named = "admissions, learning support, the safeguarding team and the exams office"
    assert teams(RECEIVING) == teams(reversed(RECEIVING)) == named
    assert teams([]) == ""


def test_readers_at_some_places_only_are_named_with_the_kind_of_place() -> None:
    assert teams_there(RECEIVING, "") == teams(RECEIVING)
    assert teams_there(RECEIVING, "school") == "every team of a school"
    assert teams_there(["exams"], "with_ukprn") == "the exams office of a provider with a UKPRN"


def test_who_writes_is_named_as_a_school_would_say() -> None:
    assert teams(["transition"]) == "the SENCO and school office"
    assert team("transition") == "SENCO and school office"


def test_work_is_listed_without_who_does_it() -> None:
    assert work(["exams", "learning_support"]) == "learning support and exams"


def test_an_unknown_purpose_is_an_error() -> None:
    with pytest.raises(KeyError, match="catering"):
        teams(["admissions", "catering"])


def test_what_an_organisation_does_says_what_its_teams_may_be_for() -> None:
    assert fitting(sends=True, receives=False) == set(SENDING)
    assert fitting(sends=False, receives=True) == set(RECEIVING)
    assert fitting(sends=True, receives=True, coordinates=True) == EVERY
    assert fitting(sends=False, receives=False) == set()


def test_no_purpose_is_on_two_sides() -> None:
    assert len({*SENDING, *RECEIVING, *COORDINATING}) == len((*SENDING, *RECEIVING, *COORDINATING))
