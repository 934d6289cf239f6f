"""A person has one seed, and from it a key to be sealed to and a key to sign with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.keys import KeyPair, SigningKey, TeamSecret
from transition_exchange.sealing.people import Member, PersonKeys

NOW = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)


def test_both_keys_come_from_the_seed_and_are_not_the_seed() -> None:
    pair = KeyPair.generate()
    first, again = PersonKeys(pair), PersonKeys(KeyPair.from_seed(pair.seed))
    assert first.public == again.public
    assert first.signing.seed != pair.seed
    assert first.signing.public != SigningKey.from_seed(pair.seed).public


def test_two_people_have_other_fingerprints() -> None:
    assert len({PersonKeys(KeyPair.generate()).public.fingerprint for _ in range(3)}) == 3


def test_the_teams_key_signs_who_is_a_member() -> None:
    team, person = TeamSecret.generate(), PersonKeys(KeyPair.generate())
    statement = Member.of(
        team=uuid4(), principal=uuid4(), name="Sam School", public=person.public, joined_at=NOW
    )
    read = Member.verify(statement.text(), statement.sign(team.signing), team.signing.public)
    assert read == statement
    assert read.public == person.public
    with pytest.raises(BadSignature):
        Member.verify(statement.text(), statement.sign(person.signing), team.signing.public)


@pytest.mark.parametrize("name", ["", " ", None, 7, ["Sam School"]])
def test_a_statement_names_somebody(name: Any) -> None:
    team = TeamSecret.generate()
    public = PersonKeys(KeyPair.generate()).public
    statement = Member.of(team=uuid4(), principal=uuid4(), name=name, public=public, joined_at=NOW)
    with pytest.raises(BadSignature):
        Member.verify(statement.text(), statement.sign(team.signing), team.signing.public)


def test_the_signature_binds_the_name() -> None:
    team = TeamSecret.generate()
    public = PersonKeys(KeyPair.generate()).public
    sam = Member.of(team=uuid4(), principal=uuid4(), name="Sam School", public=public, joined_at=NOW)
    with pytest.raises(BadSignature):
        Member.verify(replace(sam, name="Helena Quarmby").text(), sam.sign(team.signing), team.signing.public)


def test_a_statement_without_keys_is_no_statement() -> None:
    with pytest.raises(BadSignature):
        _ = Member(uuid4(), uuid4(), "Sam School", "no key", "", NOW).public
