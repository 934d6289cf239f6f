"""How far an application is, which row counts for a provider, and that a provider gets its own row alone."""

from __future__ import annotations

import itertools
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proforma.records import V2026, V2027
from transition_exchange.proforma import load
from transition_exchange.proforma.destinations import (
    OFFERS,
    STATUS_ORDER,
    by_provider,
    entered,
    far_enough,
    how_far,
    own,
    provider_of,
    rows,
)
from transition_exchange.proforma.rules import destination_codes

COLLEGE, OTHER = UUID(int=1), UUID(int=2)


def row(status: str | None = None, organisation: UUID | str | None = COLLEGE, **more: Any) -> dict[str, Any]:
    """A row of the list of destinations."""
    place = {"organisation": str(organisation)} if organisation else {}
    return {"kind": "provider", **place, **({"status": status} if status else {}), **more}


def test_an_application_goes_from_the_first_step_to_the_last_in_this_order() -> None:
    assert STATUS_ORDER == (
        "applied",
        "interviewed",
        "conditional",
        "unconditional",
        "allocated",
        "accepted",
        "enrolled",
    )
    assert [how_far(row(status)) for status in STATUS_ORDER] == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("earlier", "later"), list(itertools.combinations(STATUS_ORDER, 2)))
def test_what_has_got_further_goes_out_where_less_does_and_never_the_other_way(
    earlier: str, later: str
) -> None:
    assert far_enough(row(later), earlier)
    assert not far_enough(row(earlier), later)
    assert far_enough(row(later), later)


@pytest.mark.parametrize("status", STATUS_ORDER)
@pytest.mark.parametrize("nothing", ["declined", None, "no such status"])
def test_what_is_no_step_never_goes_out(status: str, nothing: str | None) -> None:
    assert how_far(row(nothing)) == -1
    assert not far_enough(row(nothing), status)


def test_a_status_that_no_area_can_set_is_an_error_and_no_silent_yes_or_no() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        far_enough(row("accepted"), "declined")


def test_an_allocated_place_is_an_offer_that_nobody_has_accepted_yet() -> None:
    assert {status for status in STATUS_ORDER if status in OFFERS} == {
        "conditional",
        "unconditional",
        "allocated",
        "accepted",
        "enrolled",
    }
    assert far_enough(row("allocated"), "unconditional")
    assert not far_enough(row("allocated"), "accepted")


@pytest.mark.parametrize(
    ("version", "statuses"),
    [
        (V2026, destination_codes.DESTINATION_STATUS_BEFORE_ALLOCATED),
        (V2027, destination_codes.DESTINATION_STATUS),
    ],
)
def test_every_status_that_the_form_offers_has_its_place_in_the_order(
    version: str, statuses: tuple[tuple[str, str], ...]
) -> None:
    assert load(version).question("destinations.destinations.status").choices == statuses
    steps = [code for code, _ in statuses if code not in ("declined", "allocated")]
    assert steps == [status for status in STATUS_ORDER if status != "allocated"]
    assert {code for code, _ in statuses} <= {*STATUS_ORDER, "declined"}


def test_an_offer_is_the_same_thing_to_the_form_and_to_the_lists() -> None:
    condition = load(V2027).question("neet_risk.careers_adviser").required
    assert condition is not None
    for status, _ in destination_codes.DESTINATION_STATUS:
        answers = {"destinations": {"destinations": [row(status)]}}
        assert condition.holds(answers) == (status not in OFFERS), status


@pytest.mark.parametrize("organisation", [None, "", "Northway College", "7"])
def test_a_row_without_an_organisation_of_this_exchange_leads_to_none(organisation: str | None) -> None:
    assert provider_of(row("accepted", organisation)) is None
    assert by_provider([row("accepted", organisation)]) == {}


def test_of_two_courses_at_one_provider_the_furthest_counts() -> None:
    first, second = row("interviewed", course="Animal care"), row("accepted", course="Floristry")
    elsewhere = row("applied", OTHER)
    assert by_provider([first, second, elsewhere]) == {COLLEGE: second, OTHER: elsewhere}
    assert by_provider([second, first]) == {COLLEGE: second}


def test_of_two_courses_that_are_equally_far_the_first_counts() -> None:
    first, second = row("applied", course="Animal care"), row("applied", course="Floristry")
    assert by_provider([first, second])[COLLEGE] is first
    declined, unanswered = row("declined"), row(None)
    assert by_provider([declined, unanswered])[COLLEGE] is declined


@given(st.lists(st.sampled_from([*STATUS_ORDER, "declined", None])))
def test_no_course_at_a_provider_is_further_than_the_one_that_counts(statuses: list[str | None]) -> None:
    entries = [row(status) for status in statuses]
    counting = by_provider(entries)
    assert len(counting) == min(1, len(entries))
    assert all(how_far(entry) <= how_far(counting[COLLEGE]) for entry in entries)


def test_destinations_are_read_as_entered_or_by_preference() -> None:
    second, first = row(preference=2), row(preference=1, kind="job")
    answers = {"destinations": {"destinations": [second, first]}}
    assert entered(answers) == [second, first]
    assert rows(answers) == [first, second]
    assert entered({}) == rows({}) == []


def test_a_provider_gets_its_own_destination_and_no_other() -> None:
    entry = {"kind": "provider", "provider_name": "A", "preference": 2}
    assert own(load(V2027), entry, {}) == {
        "destination": {"kind": "provider", "provider_name": "A"},
        "application": {"preference": 2},
    }


def test_what_is_not_asked_about_a_row_is_told_to_no_provider() -> None:
    entry = {"kind": "job", "provider_name": "A shop", "course": "left over", "status": "applied"}
    assert own(load(V2027), entry, {}) == {
        "destination": {"kind": "job", "provider_name": "A shop"},
        "application": {},
    }


def test_a_condition_of_one_of_a_providers_sections_may_look_at_another() -> None:
    """How far the application is stands in one section, the kind of destination that it is asked about in another."""
    told = own(load(V2027), {"kind": "provider", "preference": 1, "status": "accepted"}, {})
    assert told["application"] == {"preference": 1, "status": "accepted"}
