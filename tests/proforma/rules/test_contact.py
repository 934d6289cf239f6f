"""Postcodes, e-mail addresses and phone numbers are judged by libraries and written in one way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.proforma.rules import Wrong, contact


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("s523qt", "S52 3QT"),
        (" S60  1AE ", "S60 1AE"),
        ("sw1a 1aa", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("DN55 1PT", "DN55 1PT"),
        ("gir 0aa", "GIR 0AA"),
        ("bfpo 61", "BFPO 61"),
    ],
)
def test_a_postcode_is_written_in_one_way(text: str, written: str) -> None:
    assert contact.postcode(text) == written


@pytest.mark.parametrize("text", ["", "S60", "S6O 1AE", "S60 1A", "12345", "S60 1AEE", "Q1 1AA", "BFPO"])
def test_what_is_no_full_postcode_is_refused(text: str) -> None:
    with pytest.raises(Wrong) as caught:
        contact.postcode(text)
    assert caught.value.code == "postcode_shape"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("01632960123", "01632 960123"),
        ("+44 7700 900 123", "07700 900123"),
        ("(0114) 496 0123", "0114 496 0123"),
        ("0114 496 0123 ext 12", "0114 496 0123 x12"),
        ("+48 22 460 00 00", "+48 22 460 00 00"),
    ],
)
def test_a_phone_number_is_written_as_one_dials_it(text: str, written: str) -> None:
    assert contact.phone(text) == written
    assert contact.phone(written) == written


@pytest.mark.parametrize("text", ["", "460123", "0000 000000", "07700 90012", "ring mum", "01632 960123 4"])
def test_what_is_no_phone_number_is_refused(text: str) -> None:
    with pytest.raises(Wrong) as caught:
        contact.phone(text)
    assert caught.value.code == "phone_shape"


def test_an_address_is_taken_without_asking_whether_it_exists() -> None:
    assert contact.email(" a.shah@Example.ORG ") == "a.shah@example.org"
    assert contact.email("office@ashbourne.example") == "office@ashbourne.example"


@pytest.mark.parametrize(
    "text", ["", "a.shah", "a shah@example.org", "a@b@example.org", "@example.org", "a@localhost"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(Wrong) as caught:
        contact.email(text)
    assert caught.value.code == "email_shape"


def refused(rule: Callable[[str], str], text: str) -> Wrong | None:
    """What the rule says against the text; None where it is taken."""
    try:
        rule(text)
    except Wrong as wrong:
        return wrong
    return None


@given(text=st.text(max_size=60))
def test_any_text_is_either_written_in_one_way_or_refused_without_being_repeated(text: str) -> None:
    for rule in (contact.postcode, contact.phone, contact.email):
        if wrong := refused(rule, text):
            assert len(text) < 5 or text not in wrong.message
            assert wrong.__cause__ is None
        else:
            assert rule(rule(text)) == rule(text)
