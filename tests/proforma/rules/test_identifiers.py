"""Identifiers are taken by check digit, written in one way, and never repeated in a message."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.proforma.rules import Wrong
from transition_exchange.proforma.rules import identifiers as ids


@pytest.mark.parametrize(
    "number",
    [
        "B801200005001",
        "R674123101121",
        "L372400114001",
        "A372400114002",
        "X37240011400A",
        "H37240011400Z",
        "F660400114001",
        "P838400119001",
        "T999400126001",
        "P207000016049",
    ],
)
def test_a_upn_with_the_right_check_letter_is_taken_whatever_council_issued_it(number: str) -> None:
    assert ids.upn(number) == number
    assert ids.former_upn(number) == number


@pytest.mark.parametrize("number", ["A801200005001", "B207000016049", "Q207000016049"])
def test_a_upn_with_a_wrong_check_letter_is_refused_even_where_a_manual_gives_it_as_example(
    number: str,
) -> None:
    with pytest.raises(Wrong) as caught:
        ids.upn(number)
    assert caught.value.code == "upn_check_letter"


@pytest.mark.parametrize(
    "number",
    [
        "",
        "I801200005001",
        "B80120000500",
        "B8012000050011",
        "X37240011400S",
        "1801200005001",
        "B80120000５001",
    ],
)
def test_what_is_not_shaped_like_a_upn_is_refused(number: str) -> None:
    with pytest.raises(Wrong) as caught:
        ids.upn(number)
    assert caught.value.code == "upn_shape"


def test_a_upn_is_taken_in_small_letters_and_with_spaces() -> None:
    assert ids.upn(" p207 000 016 049 ") == "P207000016049"


DIGITS = "0123456789"


def refused(rule: Callable[[str], str], text: str) -> Wrong | None:
    """What the rule says against the text; None where it is taken."""
    try:
        rule(text)
    except Wrong as wrong:
        return wrong
    return None


@given(
    la=st.text(DIGITS, min_size=3, max_size=3),
    establishment=st.text(DIGITS, min_size=4, max_size=4),
    year=st.integers(0, 99),
    serial=st.integers(0, 99),
    letter=st.none() | st.sampled_from(ids.UPN_LETTERS),
)
def test_every_upn_made_is_right_and_wrong_with_any_other_first_letter(
    la: str, establishment: str, year: int, serial: int, letter: str | None
) -> None:
    made = ids.make_upn(la=la, establishment=establishment, year=year, serial=serial, temporary_letter=letter)
    assert ids.upn(made) == made
    for other in set(ids.UPN_LETTERS) - {made[0]}:
        with pytest.raises(Wrong):
            ids.upn(other + made[1:])


@given(
    serial=st.integers(0, 999),
    place=st.integers(1, 12),
    digit=st.integers(0, 9),
)
def test_one_mistyped_digit_of_a_upn_is_always_noticed(serial: int, place: int, digit: int) -> None:
    made = ids.make_upn(la="375", establishment="4001", year=16, serial=serial)
    typed = made[:place] + str(digit) + made[place + 1 :]
    if typed != made:
        with pytest.raises(Wrong):
            ids.upn(typed)


def test_a_upn_cannot_be_made_of_the_wrong_pieces() -> None:
    with pytest.raises(Wrong):
        ids.make_upn(la="3750", establishment="001", year=16, serial=1)
    with pytest.raises(Wrong):
        ids.make_upn(la="375", establishment="4001", year=16, serial=1000)


@pytest.mark.parametrize(
    "number", ["1000000000", "1234567899", "1000000019", "1000000035", "2000000028", "9276308686"]
)
def test_a_uln_with_the_right_check_digit_is_taken(number: str) -> None:
    assert ids.uln(number) == number


@pytest.mark.parametrize("number", ["1234567890", *(f"100000006{last}" for last in DIGITS)])
def test_a_uln_with_a_wrong_digit_or_from_a_stem_never_issued_is_refused(number: str) -> None:
    with pytest.raises(Wrong) as caught:
        ids.uln(number)
    assert caught.value.code == "uln_check_digit"


@pytest.mark.parametrize("number", ["0000000042", "123456789", "12345678999", "ABCDEFGHIJ", ""])
def test_what_is_not_shaped_like_a_uln_is_refused(number: str) -> None:
    with pytest.raises(Wrong) as caught:
        ids.uln(number)
    assert caught.value.code == "uln_shape"


def test_ten_nines_is_refused_as_a_placeholder_and_not_as_a_wrong_digit() -> None:
    with pytest.raises(Wrong) as caught:
        ids.uln("9999999999")
    assert caught.value.code == "uln_placeholder"


@given(stem=st.integers(100_000_000, 999_999_999))
def test_a_uln_made_is_right_and_agrees_with_the_other_published_test(stem: int) -> None:
    # HESA's own form of the test: all ten digits, weighted ten to one, leave ten by eleven.
    right = [
        last
        for last in DIGITS
        if sum(int(d) * w for d, w in zip(f"{stem}{last}", range(10, 0, -1), strict=True)) % 11 == 10
    ]
    for last in DIGITS:
        assert (refused(ids.uln, f"{stem}{last}") is None) == (last in right)
    if right:
        assert ids.make_uln(stem) == f"{stem}{right[0]}"
    else:
        with pytest.raises(Wrong) as caught:
            ids.make_uln(stem)
        assert caught.value.code == "uln_no_check_digit"


def test_organisations_numbers_are_taken_in_the_ways_people_write_them() -> None:
    assert ids.ukprn(" 1000 5534 ") == "10005534"
    assert ids.urn("130527") == "130527"
    assert ids.laestab("372/8000") == ids.laestab("3728000") == ids.laestab("372 8000") == "372/8000"
    assert ids.la_code("372") == "372"


@pytest.mark.parametrize(
    ("rule", "text", "code"),
    [
        (ids.ukprn, "01234567", "ukprn_shape"),
        (ids.ukprn, "1000553", "ukprn_shape"),
        (ids.urn, "13052", "urn_shape"),
        (ids.urn, "030527", "urn_shape"),
        (ids.laestab, "372/80000", "laestab_shape"),
        (ids.laestab, "0008000", "laestab_shape"),
        (ids.la_code, "37", "la_code_shape"),
        (ids.la_code, "000", "la_code_shape"),
    ],
)
def test_organisations_numbers_of_another_shape_are_refused(
    rule: Callable[[str], str], text: str, code: str
) -> None:
    with pytest.raises(Wrong) as caught:
        rule(text)
    assert caught.value.code == code


@given(text=st.text(min_size=4, max_size=20))
def test_no_message_ever_holds_what_was_typed(text: str) -> None:
    for rule in (ids.upn, ids.uln, ids.ukprn, ids.urn, ids.laestab, ids.la_code):
        if (wrong := refused(rule, text)) and any(character.isdigit() for character in text):
            assert text not in wrong.message
