"""What a form offers about destinations, in the order in which a page shows it."""

from __future__ import annotations

from transition_exchange.proforma.rules import destination_codes


def test_an_allocated_place_is_a_status_of_2027_only_and_stands_first() -> None:
    before = destination_codes.DESTINATION_STATUS_BEFORE_ALLOCATED
    assert (("allocated", "Place allocated"), *before) == destination_codes.DESTINATION_STATUS


def test_what_ends_an_application_without_a_place_stands_last() -> None:
    assert [code for code, _ in destination_codes.DESTINATION_STATUS][-1] == "declined"


def test_no_destination_is_an_answer_and_the_last_one() -> None:
    codes = [code for code, _ in destination_codes.DESTINATION_KINDS]
    assert codes == ["provider", "staying_on", "apprenticeship", "job", "moving_away", "none_yet"]


def test_levels_rise() -> None:
    assert [code for code, _ in destination_codes.COURSE_LEVELS][:4] == ["entry", "1", "2", "3"]
