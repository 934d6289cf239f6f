"""Whatever text is sealed or wrapped in the place of what this package writes, it cannot be opened, and that is all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from transition_exchange.sealing import handovers, hpke, padding, personal, unlocks
from transition_exchange.sealing.address_book import AddressBook
from transition_exchange.sealing.cards import SignedCard
from transition_exchange.sealing.errors import CannotOpen
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.late_saves import LateKeys
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.sealing.second_factor import Secret
from transition_exchange.sealing.sessions import SessionToken

PAIR, ID = KeyPair.generate(), UUID(int=7)
AT = datetime(2027, 6, 3, 9, 30, tzinfo=UTC)


def _address_book(text: str) -> object:
    sealed = personal.seal(PAIR, text.encode(), use=f"address book {ID}")
    return AddressBook.open(PAIR, sealed, principal_id=ID)


def _late_keys(text: str) -> object:
    token = SessionToken.new()
    return LateKeys.unwrap(token, token.wrap(text.encode(), use="late save"))


def _handover(text: str) -> object:
    sealed = hpke.seal(PAIR.public, padding.pad(text.encode()), info=f"handover {ID}")
    return handovers.open_handover(PersonKeys(PAIR), sealed, taker_id=ID)


READERS: dict[str, Callable[[str], object]] = {
    "unlock": unlocks.cost_of,
    "second factor": lambda text: Secret.from_bytes(text.encode()),
    "membership": lambda text: HeldKey.from_bytes(text.encode()),
    "card": lambda text: SignedCard.from_bytes(text.encode()),
    "address book": _address_book,
    "late keys": _late_keys,
    "handover": _handover,
}
HOSTILE: tuple[Any, ...] = (None, True, 7, -1.5, "", "soon", "\ud800", [], [7], {}, {"a": [None]}, 2**60)
FIELDS = {
    "unlock": ("kdf", "memory_kib", "iterations", "lanes", "salt", "sealed"),
    "second factor": ("secret", "backup_codes"),
    "membership": ("team", "key", "secret", "version"),
    "card": ("content", "school", "key", "made_at", "signature"),
    "address book": ("colleagues", "team_keys", "second", "second_key"),
    "late keys": ("principal", "public", "session_key", "kept"),
    "handover": ("held", "statement", "signature"),
}
"""What each of them holds besides `format`."""


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "7", "[" * 100_000, '{"format":' * 5_000, '{"format": NaN}', '{"a": 1, "a": 1}', "{}"],
    ids=range(9),
)
def test_a_text_that_is_none_of_ours_cannot_be_opened(kind: str, text: str) -> None:
    with pytest.raises(CannotOpen):
        READERS[kind](text)


@pytest.mark.parametrize("kind", READERS)
def test_fields_of_another_shape_cannot_be_opened(kind: str) -> None:
    for name in FIELDS[kind]:
        for value in HOSTILE:
            fields = {"format": 1} | {other: _usual(other) for other in FIELDS[kind]} | {name: value}
            try:
                READERS[kind](json.dumps(fields))
            except CannotOpen:
                continue
            assert not isinstance(value, int | float) or name in {
                "memory_kib",
                "iterations",
                "lanes",
                "version",
            }


def _usual(name: str) -> object:
    """A value of the right shape."""
    usual: dict[str, object] = {
        "kdf": "argon2id",
        "memory_kib": 64,
        "iterations": 1,
        "lanes": 1,
        "salt": "AAAAAAAAAAAAAAAAAAAAAA==",
        "backup_codes": [],
        "content": {},
        "made_at": AT.isoformat(),
        "colleagues": {},
        "team_keys": {},
        "version": 1,
        "statement": "{}",
        "team": {
            "id": str(ID),
            "name": "Office",
            "organisation": str(ID),
            "organisation_name": "School",
            "purposes": [],
        },
    }
    if name in {"school", "key", "principal"}:
        return str(ID)
    return usual.get(name, "AAAA")
