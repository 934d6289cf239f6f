"""Whoever is in the book stays as they were first seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.address_book import AddressBook, RememberedKey
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys, PersonPublic

NOW = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)
OWNER, OWNER_ID = KeyPair.generate(), uuid4()


def _people(count: int) -> dict[UUID, tuple[PersonPublic, str]]:
    return {uuid4(): (PersonKeys(KeyPair.generate()).public, f"Person {count}") for _ in range(count)}


def test_it_comes_back_as_it_was_sealed_and_to_its_owner_only() -> None:
    book = AddressBook().with_colleagues(_people(3), now=NOW)
    sealed = book.seal(OWNER, principal_id=OWNER_ID)
    assert AddressBook.open(OWNER, sealed, principal_id=OWNER_ID) == book
    for pair, principal_id in ((KeyPair.generate(), OWNER_ID), (OWNER, uuid4())):
        with pytest.raises(CannotOpen):
            AddressBook.open(pair, sealed, principal_id=principal_id)


def test_other_keys_for_somebody_known_are_not_taken() -> None:
    seen = _people(2)
    book = AddressBook().with_colleagues(seen, now=NOW)
    first, second = seen
    swapped = {first: (PersonKeys(KeyPair.generate()).public, "Somebody else"), second: seen[second]}
    assert book.public_of(first) == seen[first][0]
    assert book.with_colleagues(swapped, now=NOW + timedelta(days=1)) is book


def test_somebody_new_is_added_with_the_day_and_nobody_else_changes() -> None:
    seen = _people(1)
    book = AddressBook().with_colleagues(seen, now=NOW)
    later = book.with_colleagues(seen | _people(1), now=NOW + timedelta(days=1))
    assert sorted(colleague.since for colleague in later.colleagues.values()) == [
        "2027-06-03T09:00:00+00:00",
        "2027-06-04T09:00:00+00:00",
    ]


def test_a_newer_key_of_a_team_is_never_exchanged_for_an_older_one() -> None:
    team = uuid4()
    second = RememberedKey(2, "b" * 64)
    book = AddressBook().with_team_keys({team: second})
    for other in (
        RememberedKey(1, "a" * 64),
        RememberedKey(2, "c" * 64),
        RememberedKey(2, "c" * 64, alone=True),
    ):
        assert book.with_team_keys({team: other}) is book
    retired = book.with_team_keys({team: RememberedKey(2, "b" * 64, alone=True)})
    assert retired.team_keys[team].alone
    assert retired.with_team_keys({team: second}) is retired
    assert retired.with_team_keys({team: RememberedKey(3, "d" * 64)}).team_keys[team].version == 3
