"""A confirmation says whose key it is, of which organisation and for what."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.sealing.signed import CONFIRMATION, TEAM
from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.keys import SigningKey, TeamSecret

KEY = SigningKey.generate()
OTHER_TEAMS: list[dict[str, Any]] = [
    {"id": uuid4()},
    {"name": "Exams office"},
    {"organisation_id": uuid4()},
    {"organisation_name": "Southway College"},
    {"purposes": frozenset({"exams", "safeguarding"})},
    {"purposes": frozenset()},
    {"ukprn": "10001234"},
    {"school_urn": "123456"},
]
CHANGES: list[dict[str, Any]] = [
    {"area": uuid4()},
    {"fingerprint": TeamSecret.generate().fingerprint.hex()},
    {"confirmed_at": datetime(2027, 6, 4, tzinfo=UTC)},
    *({"team": replace(TEAM, **changed).plain()} for changed in OTHER_TEAMS),
]


@pytest.mark.parametrize("changed", CHANGES)
def test_a_signature_holds_for_nothing_else_than_was_confirmed(changed: dict[str, Any]) -> None:
    signature = CONFIRMATION.sign(KEY)
    assert Confirmation.verify(CONFIRMATION.text(), signature, KEY.public) == CONFIRMATION
    with pytest.raises(BadSignature):
        Confirmation.verify(replace(CONFIRMATION, **changed).text(), signature, KEY.public)


@pytest.mark.parametrize("changed", CHANGES)
def test_whatever_is_confirmed_is_in_the_digest(changed: dict[str, Any]) -> None:
    """The page's form carries a digest of all that would be signed."""
    assert replace(CONFIRMATION, **changed).digest() != CONFIRMATION.digest()


def test_it_gives_the_team_back_whatever_the_order_of_its_purposes() -> None:
    text = CONFIRMATION.text()
    assert Confirmation.verify(text, CONFIRMATION.sign(KEY), KEY.public).identity == TEAM
    assert json.loads(text)["team"]["purposes"] == ["learning_support", "safeguarding"]
    ids = {UUID(json.loads(text)["area"]), UUID(json.loads(text)["team"]["id"])}
    assert ids == {UUID(str(CONFIRMATION.area)), TEAM.id}


@pytest.mark.parametrize(
    "said", [{}, TEAM.plain() | {"id": "no id"}, TEAM.plain() | {"purposes": None}, {"id": str(TEAM.id)}]
)
def test_a_signed_statement_that_names_no_team_is_refused(said: dict[str, Any]) -> None:
    statement = replace(CONFIRMATION, team=said)
    read = Confirmation.verify(statement.text(), statement.sign(KEY), KEY.public)
    with pytest.raises(BadSignature):
        _ = read.identity
