"""What the council sets and asks for."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from transition_exchange.exchange.arguments import read, read_wanted
from transition_exchange.exchange.coordinating.arguments import Remind, WantedLearners, change_settings_in
from transition_exchange.exchange.coordinating.listing import Wanted
from transition_exchange.exchange.coordinating.settings import SEND_AT
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.records.searching import LONGEST_SEARCH
from transition_exchange.proforma.destinations import STATUS_ORDER

SETTINGS = {"send_at": "accepted", "keep_months": "12", "term_starts_2027": "2027-09-06"}


def wanted(**raw: Any) -> Wanted:
    made: Wanted = read_wanted(WantedLearners(), raw)["wanted"]
    return made


def test_settings_are_read_from_a_form_and_from_an_api_body() -> None:
    expected = {"send_at": "accepted", "keep_months": 12, "term_starts_2027": date(2027, 9, 6), "instead": ""}
    schema = change_settings_in([2027])
    assert read(schema(), SETTINGS) == expected
    assert read(schema(), SETTINGS | {"keep_months": 12}) == expected
    assert read(schema(), SETTINGS | {"term_starts_2027": ""})["term_starts_2027"] is None


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("send_at", "", "Choose when packs go out"),
        ("send_at", "declined", "Choose when packs go out"),
        ("keep_months", "", "Months must be a number from 1 to 36"),
        ("keep_months", "37", "Months must be a number from 1 to 36"),
        ("keep_months", "0", "Months must be a number from 1 to 36"),
        ("keep_months", "a year", "Months must be a number from 1 to 36"),
        *(
            ("term_starts_2027", value, "The first day of term in 2027 must be a real date, such as 6 9 2027")
            for value in ("2027-13-06", "2027-9-")
        ),
    ],
)
def test_what_cannot_be_set_is_said_in_the_same_words_at_every_door(
    field: str, value: str, message: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(change_settings_in([2027])(), SETTINGS | {field: value})
    assert refused.value.fields == {field: message}


def test_every_status_at_which_packs_may_go_out_has_words() -> None:
    assert tuple(code for code, _ in SEND_AT) == STATUS_ORDER


def test_schools_are_reminded_by_their_ids() -> None:
    school = uuid4()
    form = {"school": [str(school)], "safeguarding": [str(school)], "year": "2027"}
    assert read(Remind(), form) == {"schools": [school], "safeguarding": [school], "year": 2027}
    assert read(Remind(), {}) == {"schools": (), "safeguarding": (), "year": None}
    with pytest.raises(NotFound):
        read(Remind(), {"school": ["x"]})


def test_a_list_is_narrowed_by_what_makes_sense() -> None:
    school = uuid4()
    assert wanted(school=str(school), state="complete", care="yes", sort="waiting", page="2") == Wanted(
        school=school, state="complete", care=True, sort="waiting", page=2
    )
    assert wanted(school="1", state="odd", care="perhaps", sort="colour", page="0", year="x") == Wanted()
    assert wanted(delivery="any") == Wanted(delivery="any")


def test_a_search_is_kept_short_and_its_blanks_are_one() -> None:
    assert wanted(q="  amina   khan ").search == "amina khan"
    assert len(wanted(q="x" * 500).search) == LONGEST_SEARCH


def test_an_address_of_the_list_leads_to_the_same_list() -> None:
    asked = Wanted(school=uuid4(), year=2027, delivery="queried", overdue=True, sort="missing", page=3)
    query = dict(pair.split("=") for pair in asked.query(page=3).split("&"))
    assert wanted(**query) == asked
