"""A team's new key is handed to a colleague by somebody whom they remember, and by nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature, CannotOpen, hpke, padding
from transition_exchange.sealing.handovers import Handover, hand_over, open_handover
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.sealing.succession import Succession

NOW = datetime(2027, 7, 21, 16, 0, tzinfo=UTC)
TEAM = TeamIdentity(
    id=uuid4(),
    name="Transition team",
    organisation_id=uuid4(),
    organisation_name="Ashdown School",
    purposes=frozenset({"transition"}),
)
HELD = HeldKey(TEAM, uuid4(), TeamSecret.generate())
GIVER, TAKER, LEAVER = (PersonKeys(KeyPair.generate()) for _ in range(3))
GIVER_ID, TAKER_ID = uuid4(), uuid4()


def _sealed(giver: PersonKeys = GIVER) -> bytes:
    return hand_over(HELD, giver=giver, giver_id=GIVER_ID, taker=TAKER.public, taker_id=TAKER_ID, at=NOW)


def test_the_colleague_gets_the_key_and_knows_from_whom() -> None:
    opened = open_handover(TAKER, _sealed(), taker_id=TAKER_ID)
    assert opened.held == HELD
    read = opened.check(GIVER.public, giver_id=GIVER_ID, taker_id=TAKER_ID)
    assert read.fingerprint == HELD.secret.fingerprint.hex()


def test_nobody_else_opens_it() -> None:
    with pytest.raises(CannotOpen):
        open_handover(LEAVER, _sealed(), taker_id=TAKER_ID)
    with pytest.raises(CannotOpen):
        open_handover(TAKER, _sealed(), taker_id=uuid4())


def test_a_key_that_somebody_else_hands_over_is_not_taken() -> None:
    """The leaver knows the colleague's public key and the team's old key, and makes a new one of their own."""
    opened = open_handover(TAKER, _sealed(LEAVER), taker_id=TAKER_ID)
    with pytest.raises(BadSignature):
        opened.check(GIVER.public, giver_id=GIVER_ID, taker_id=TAKER_ID)


def test_a_statement_about_another_key_or_person_is_not_enough() -> None:
    opened = open_handover(TAKER, _sealed(), taker_id=TAKER_ID)
    other = replace(opened, held=replace(HELD, secret=TeamSecret.generate()))
    with pytest.raises(BadSignature):
        other.check(GIVER.public, giver_id=GIVER_ID, taker_id=TAKER_ID)
    for giver_id, taker_id in ((uuid4(), TAKER_ID), (GIVER_ID, uuid4())):
        with pytest.raises(BadSignature):
            opened.check(GIVER.public, giver_id=giver_id, taker_id=taker_id)


def test_what_is_no_handover_cannot_be_opened() -> None:
    for body in (b"[]", b"no", b'{"format":1}'):
        sealed = hpke.seal(TAKER.public.kem, padding.pad(body), info=f"handover {TAKER_ID}")
        with pytest.raises(CannotOpen):
            open_handover(TAKER, sealed, taker_id=TAKER_ID)


def test_no_kind_of_statement_passes_for_another() -> None:
    statement = Handover(TEAM.id, HELD.key_id, "f" * 64, GIVER_ID, TAKER_ID, NOW)
    with pytest.raises(BadSignature):
        Succession.verify(statement.text(), statement.sign(GIVER.signing), GIVER.signing.public)
