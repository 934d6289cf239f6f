"""Answers by section: whose they are, and as which bytes they are sealed."""

from __future__ import annotations

import json

import pytest

from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.records.answers import (
    from_plaintext,
    plaintext,
    room,
    written_sections,
)
from transition_exchange.proforma import load, versions
from transition_exchange.purposes import SENDING
from transition_exchange.sealing import padding

VERSION = load("core/2027.1")


def test_the_same_answers_are_the_same_bytes_in_whatever_order_they_were_typed() -> None:
    one = plaintext({"town": "Ashdown", "postcode": "S60 1AE"})
    other = plaintext({"postcode": "S60 1AE", "town": "Ashdown"})
    assert one == other == b'{"postcode":"S60 1AE","town":"Ashdown"}'


def test_names_are_sealed_as_they_are_written() -> None:
    sealed = plaintext({"legal_surname": "Nguyễn"})
    assert "Nguyễn".encode() in sealed
    assert json.loads(sealed) == {"legal_surname": "Nguyễn"}
    assert plaintext({}) == b"{}"


@pytest.mark.parametrize("name", versions())
def test_each_section_that_is_written_has_one_owner(name: str) -> None:
    version = load(name)
    written = [section.name for owner in SENDING for section in written_sections(version, owner)]
    made_for_a_transfer = {section.name for section in version.sections if section.per_transfer}
    assert len(written) == len(set(written))
    assert set(written) | made_for_a_transfer == {section.name for section in version.sections}
    assert made_for_a_transfer
    assert not made_for_a_transfer & set(written)


def test_the_safeguarding_team_writes_its_own_two_sections() -> None:
    assert {section.name for section in written_sections(VERSION, "school_safeguarding")} == {
        "safeguarding",
        "day_one_safety",
    }


def test_room_follows_what_is_asked_and_not_what_was_answered() -> None:
    assert room(VERSION.section("known_as")) == padding.SMALLEST
    for name in ("contacts", "needs", "day_one_safety"):
        assert room(VERSION.section(name)) == padding.ROOMY, name


@pytest.mark.parametrize("text", ["[]", "null", "[" * 100_000, '{"a": "\\ud800"}', '{"a": 1e999}', ""])
def test_a_section_that_is_none_fails_the_safety_check(text: str) -> None:
    with pytest.raises(Tampered):
        from_plaintext(text.encode())
