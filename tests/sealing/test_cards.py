"""A card counts only as the school's team signed it, in the place for which it was signed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transition_exchange.sealing import BadSignature, CannotOpen
from transition_exchange.sealing.cards import CardStatement, Place, SignedCard
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.stored_text import LARGEST_NUMBER

SCHOOL, KEY = uuid4(), uuid4()
SECRET = TeamSecret.generate()
PLACE = Place(uuid4(), uuid4(), uuid4(), uuid4())
NOW = datetime(2027, 6, 3, 9, 30, tzinfo=UTC)
CONTENT = {"legal_surname": "Nguyễn", "gaps": ["sen.provision"], "objection": False}

answers = st.dictionaries(
    st.text(max_size=20),
    st.recursive(
        st.none() | st.booleans() | st.integers(-LARGEST_NUMBER, LARGEST_NUMBER) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=6,
)


def _signed(content: dict[str, Any] | None = None) -> SignedCard:
    return SignedCard.sign(
        SECRET.signing,
        place=PLACE,
        school=SCHOOL,
        key=KEY,
        content=CONTENT if content is None else content,
        made_at=NOW,
    )


@given(answers)
def test_a_card_of_any_content_comes_back_and_its_signature_with_it(content: dict[str, Any]) -> None:
    card = SignedCard.from_bytes(_signed(content).to_bytes())
    assert (card.content, card.school, card.key) == (content, SCHOOL, KEY)
    assert card.made_at == "2027-06-03T09:30:00+00:00"
    card.check(SECRET.signing.public, place=PLACE)


@pytest.mark.parametrize("part", ["card", "record", "transfer", "recipient"])
def test_it_counts_in_no_other_place(part: str) -> None:
    with pytest.raises(BadSignature):
        _signed().check(SECRET.signing.public, place=replace(PLACE, **{part: uuid4()}))


def test_a_card_of_a_transfer_is_none_of_the_record() -> None:
    with pytest.raises(BadSignature):
        _signed().check(SECRET.signing.public, place=replace(PLACE, transfer=None))


@pytest.mark.parametrize(
    "change",
    [
        {"content": {**CONTENT, "legal_surname": "Other"}},
        {"content": {}},
        {"school": uuid4()},
        {"made_at": "2027-06-03T09:31:00+00:00"},
        {"signature": bytes(64)},
    ],
)
def test_nothing_in_it_can_be_changed(change: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        replace(_signed(), **change).check(SECRET.signing.public, place=PLACE)


def test_another_key_did_not_sign_it() -> None:
    with pytest.raises(BadSignature):
        _signed().check(TeamSecret.generate().signing.public, place=PLACE)


def test_the_signature_of_another_kind_of_statement_is_none() -> None:
    text = CardStatement(PLACE.card, SCHOOL, PLACE.record, PLACE.transfer, PLACE.recipient, "", NOW).text()
    signature = SECRET.signing.sign(text.encode())
    with pytest.raises(BadSignature):
        replace(_signed(), signature=signature).check(SECRET.signing.public, place=PLACE)


@pytest.mark.parametrize(
    "change",
    [
        {"content": []},
        {"made_at": 1},
        {"school": "no id"},
        {"key": None},
        {"signature": "%"},
        {"signature": 1},
    ],
)
def test_what_is_no_card_cannot_be_opened(change: dict[str, Any]) -> None:
    plain = json.loads(_signed().to_bytes())
    with pytest.raises(CannotOpen):
        SignedCard.from_bytes(json.dumps(plain | change).encode())


@pytest.mark.parametrize("left_out", ["content", "school", "key", "made_at", "signature"])
def test_nor_can_what_lacks_a_part(left_out: str) -> None:
    plain = json.loads(_signed().to_bytes())
    del plain[left_out]
    with pytest.raises(CannotOpen):
        SignedCard.from_bytes(json.dumps(plain).encode())


@given(st.binary(max_size=80))
def test_nor_can_any_other_bytes(raw: bytes) -> None:
    with pytest.raises(CannotOpen):
        SignedCard.from_bytes(raw)


def test_the_use_names_card_record_and_transfer() -> None:
    card, record, transfer = (UUID(int=number) for number in (1, 2, 3))
    assert Place(card, record, transfer, uuid4()).use == f"card {card} {record} {transfer}"
    assert Place(card, record, None, uuid4()).use == f"card {card} {record} own"


def test_what_a_card_holds_shows_in_no_repr() -> None:
    assert "Nguyễn" not in repr(_signed())
