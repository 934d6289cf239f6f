"""Invented people have names of one community, relatives of the same name, and addresses under reserved domains."""

from __future__ import annotations

import random

import pytest

from transition_exchange.proforma.rules import contact
from transition_exchange.sample.young_people import people


def test_relatives_share_the_surname_and_the_community() -> None:
    rng = random.Random(3)
    for _ in range(200):
        name = people.name(rng)
        mother = people.adult(rng, relative_of=name, sex="F")
        assert (mother.surname, mother.community, mother.sex) == (name.surname, name.community, "F")
        assert mother.forename in name.community.mothers


def test_an_address_lies_in_the_town_asked_for() -> None:
    rng = random.Random(3)
    for _ in range(50):
        address = people.address(rng, town="Kilnbrook")
        assert address.town == "Kilnbrook"
        assert address.postcode.startswith("S54 ")
        assert contact.postcode(address.postcode) == address.postcode


@pytest.mark.parametrize(
    ("who", "number", "address"),
    [
        ("Zoë O'Neill-Łis", None, "zoe.o.neill.is@example.org"),
        ("Anna Mei Chow", 12, "anna.mei.chow12@example.org"),
    ],
)
def test_an_e_mail_address_is_plain(who: str, number: int | None, address: str) -> None:
    assert people.email(who, number=number) == address
