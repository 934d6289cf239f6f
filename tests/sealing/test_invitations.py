"""What is signed about an invitation: whom it asks, into which teams, by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.handovers import Handover
from transition_exchange.sealing.invitations import InvitationStatement, InvitedTeam
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys

NOW = datetime(2027, 7, 21, 16, 0, tzinfo=UTC)
MAKER, SOMEBODY = (PersonKeys(KeyPair.generate()) for _ in range(2))
TEAMS = sorted(
    InvitedTeam(str(uuid4()), "Learning support", "Northway College", ("exams",)) for _ in range(3)
)
STATEMENT = InvitationStatement(
    invitation=uuid4(),
    organisation=uuid4(),
    email="zoe@college.example",
    name="Zoë Ziegler",
    teams=TEAMS,
    administrator=False,
    maker=uuid4(),
    at=NOW,
)


def test_whoever_made_it_is_known_by_their_signature() -> None:
    signature = STATEMENT.sign(MAKER.signing)
    STATEMENT.check(signature, MAKER.signing.public)
    assert InvitationStatement.verify(STATEMENT.text(), signature, MAKER.signing.public) == STATEMENT
    with pytest.raises(BadSignature):
        STATEMENT.check(signature, SOMEBODY.signing.public)


@pytest.mark.parametrize(
    "changed",
    [
        {"invitation": uuid4()},
        {"organisation": uuid4()},
        {"email": "mallory@elsewhere.example"},
        {"name": "Mallory"},
        {"teams": TEAMS[:2]},
        {"teams": [replace(TEAMS[0], name="Admissions"), *TEAMS[1:]]},
        {"teams": [replace(TEAMS[0], organisation_name="Southway College"), *TEAMS[1:]]},
        {"teams": [replace(TEAMS[0], purposes=("exams", "safeguarding")), *TEAMS[1:]]},
        {"teams": [replace(TEAMS[0], ukprn="10001234"), *TEAMS[1:]]},
        {"teams": [replace(TEAMS[0], school_urn="123456"), *TEAMS[1:]]},
        {"administrator": True},
        {"maker": uuid4()},
        {"at": NOW.replace(year=2028)},
    ],
)
def test_it_is_signed_as_a_whole(changed: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        replace(STATEMENT, **changed).check(STATEMENT.sign(MAKER.signing), MAKER.signing.public)


def test_the_order_of_the_teams_does_not_matter() -> None:
    assert replace(STATEMENT, teams=TEAMS[::-1]) == STATEMENT


def test_it_is_read_before_it_is_known_who_should_have_signed_it() -> None:
    assert InvitationStatement.read(STATEMENT.text()) == STATEMENT


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", BadSignature),
        ("[]", BadSignature),
        (STATEMENT.text() + " ", BadSignature),
        (STATEMENT.text().replace('"kind":"invitation"', '"kind":"handover"'), BadSignature),
        (STATEMENT.text().replace('"teams":[', '"teams":7,"more":['), BadSignature),
        (STATEMENT.text().replace('"purposes":["exams"]', '"purposes":"exams"'), BadSignature),
        (STATEMENT.text().replace('"purposes":["exams"]', '"purposes":[7]'), BadSignature),
        (STATEMENT.text().replace('"purposes":', '"also":1,"purposes":'), BadSignature),
        (STATEMENT.text().replace(TEAMS[0].id, "Learning support"), BadSignature),
        (STATEMENT.text().replace(NOW.isoformat(), "yesterday"), BadSignature),
        (STATEMENT.text().replace('"format":1', '"format":2'), UnknownFormat),
    ],
)
def test_what_is_no_statement_is_not_read(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        InvitationStatement.read(text)


def test_no_kind_of_statement_passes_for_another() -> None:
    with pytest.raises(BadSignature):
        Handover.verify(STATEMENT.text(), STATEMENT.sign(MAKER.signing), MAKER.signing.public)
