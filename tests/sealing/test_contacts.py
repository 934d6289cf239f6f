"""A contact says whom to ring at one team, and nothing else is signed with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.contacts import ContactStatement
from transition_exchange.sealing.keys import SigningKey

KEY = SigningKey.generate()
CONTACT = ContactStatement(
    team=uuid4(), name="Sam Lead", phone="01709 382121", at=datetime(2027, 6, 3, tzinfo=UTC)
)


@pytest.mark.parametrize(
    "changed",
    [
        {"team": uuid4()},
        {"name": "Ann Other"},
        {"phone": "01709 382122"},
        {"at": datetime(2027, 6, 4, tzinfo=UTC)},
    ],
)
def test_a_signature_holds_for_nothing_else(changed: dict[str, Any]) -> None:
    signature = CONTACT.sign(KEY)
    assert ContactStatement.verify(CONTACT.text(), signature, KEY.public) == CONTACT
    with pytest.raises(BadSignature):
        ContactStatement.verify(replace(CONTACT, **changed).text(), signature, KEY.public)


@pytest.mark.parametrize("value", ["7", "null", '["Sam"]'])
def test_a_name_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(BadSignature):
        ContactStatement.read(CONTACT.text().replace('"Sam Lead"', value))
