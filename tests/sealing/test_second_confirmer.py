"""How the rules and a membership name the second confirmer, and that its statement is no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.errors import CannotOpen
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.second_confirmer import SecondConfirmation, SecondConfirmer

SECRET = TeamSecret.generate()
TEAM = TeamIdentity(
    id=uuid4(),
    name="Safeguarding",
    organisation_id=uuid4(),
    organisation_name="Northway College",
    purposes=frozenset({"safeguarding"}),
)
SECOND = SecondConfirmer(TEAM, SECRET.fingerprint.hex(), date(2027, 9, 1))
RULES = AreaRules(area=uuid4(), send_at="accepted", versions={}, signed_at=datetime(2027, 6, 3, tzinfo=UTC))


def test_the_rules_name_it_and_read_as_they_were_signed() -> None:
    rules = replace(RULES, second_confirmer=SECOND.plain())
    read = AreaRules.verify(rules.text(), rules.sign(SECRET.signing), SECRET.signing.public)
    assert read == rules
    assert read.second == SECOND
    assert SECOND.words == "Safeguarding at Northway College"


def test_rules_without_one_have_no_such_field() -> None:
    assert "second" not in RULES.text()
    assert RULES.second is None
    read = AreaRules.verify(RULES.text(), RULES.sign(SECRET.signing), SECRET.signing.public)
    assert read.second is None


@pytest.mark.parametrize("change", [{"since": "soon"}, {"team": {}}, {"fingerprint": None, "since": 3}])
def test_what_cannot_be_read_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(CannotOpen):
        SecondConfirmer.from_plain(SECOND.plain() | change)
    with pytest.raises(BadSignature):
        _ = replace(RULES, second_confirmer=SECOND.plain() | change).second


def test_it_is_needed_from_its_day_on() -> None:
    assert SECOND.is_needed_on(SECOND.since)
    assert not SECOND.is_needed_on(SECOND.since - timedelta(days=1))


def test_a_membership_keeps_it() -> None:
    held = HeldKey(TEAM, uuid4(), SECRET, second=SECOND)
    assert HeldKey.from_bytes(held.to_bytes()) == held
    assert b"second" not in HeldKey(TEAM, uuid4(), SECRET).to_bytes()


def test_the_earlier_of_two_days_counts() -> None:
    later = replace(SECOND, since=SECOND.since + timedelta(days=9))
    assert later.earliest(SECOND) == SECOND.earliest(later) == SECOND
    assert later.is_same_as(SECOND)
    assert not SECOND.is_same_as(None)
    assert not SECOND.is_same_as(replace(SECOND, fingerprint="0" * 64))


def test_neither_confirmation_passes_for_the_other() -> None:
    about: dict[str, Any] = {
        "area": uuid4(),
        "team": TEAM.plain(),
        "version": 1,
        "fingerprint": "0" * 64,
        "confirmed_at": datetime(2027, 6, 3, tzinfo=UTC),
    }
    first, second = Confirmation(**about), SecondConfirmation(**about)
    read = SecondConfirmation.verify(second.text(), second.sign(SECRET.signing), SECRET.signing.public)
    assert read == second
    with pytest.raises(BadSignature):
        SecondConfirmation.verify(first.text(), first.sign(SECRET.signing), SECRET.signing.public)
    with pytest.raises(BadSignature):
        Confirmation.verify(second.text(), second.sign(SECRET.signing), SECRET.signing.public)
