"""What a member holds of a team: the key and who the team is, together or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from transition_exchange.sealing import CannotOpen, UnknownFormat
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.encoding import canonical, to_base64
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey

HELD = HeldKey(
    team=TeamIdentity(
        id=uuid4(),
        name="Équipe",
        organisation_id=uuid4(),
        organisation_name="Northway College",
        purposes=frozenset({"exams"}),
    ),
    key_id=uuid4(),
    secret=TeamSecret.generate(),
)


def test_it_comes_back_as_it_was() -> None:
    assert HeldKey.from_bytes(HELD.to_bytes()) == HELD
    assert HeldKey.from_plain(HELD.plain()) == HELD


def test_that_its_team_waits_for_the_council_stays_with_its_member() -> None:
    waiting = replace(HELD, awaits_council=True)
    assert HeldKey.from_bytes(waiting.to_bytes()) == waiting
    assert waiting.for_others() == HELD


RULES = AreaRules(uuid4(), "accepted", {"2027": "core/2027.1"}, datetime(2027, 6, 3, 9, tzinfo=UTC))


def test_the_rules_that_its_member_has_seen_go_with_it_to_others() -> None:
    held = replace(HELD, rules=RULES)
    assert HeldKey.from_bytes(held.to_bytes()) == held
    assert held.for_others() == held


@pytest.mark.parametrize("rules", ["{}", 7, RULES.text().replace("accepted", " accepted ", 1)[:-1]])
def test_what_are_no_rules_is_refused(rules: Any) -> None:
    with pytest.raises(CannotOpen):
        HeldKey.from_plain(HELD.plain() | {"rules": rules})


def test_rules_in_a_newer_format_are_told_as_that() -> None:
    newer = canonical(json.loads(RULES.text()) | {"format": 2})
    with pytest.raises(UnknownFormat):
        HeldKey.from_plain(HELD.plain() | {"rules": newer})


def test_it_is_canonical_json_with_its_version() -> None:
    raw = HELD.to_bytes().decode()
    read = json.loads(raw)
    assert raw == canonical(read)
    assert read == {
        "format": 1,
        "key": str(HELD.key_id),
        "secret": to_base64(HELD.secret.to_bytes()),
        "team": HELD.team.plain(),
        "version": 1,
    }


@pytest.mark.parametrize("missing", ["team", "key", "secret"])
def test_without_the_team_the_key_or_the_secret_it_is_refused(missing: str) -> None:
    read = {name: value for name, value in json.loads(HELD.to_bytes()).items() if name != missing}
    with pytest.raises(CannotOpen):
        HeldKey.from_bytes(json.dumps(read).encode())


@pytest.mark.parametrize(
    "wrong",
    [{"team": None}, {"team": {}}, {"key": "key"}, {"key": 5}, {"secret": 5}, {"secret": "?"}],
)
def test_a_field_of_another_kind_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CannotOpen):
        HeldKey.from_plain(HELD.plain() | wrong)


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"\xff", b"not JSON", b"\x01" + bytes(64)])
def test_what_is_no_membership_is_refused(raw: bytes) -> None:
    """Also a bare team secret, which memberships held in an earlier release."""
    with pytest.raises(CannotOpen):
        HeldKey.from_bytes(raw)


@pytest.mark.parametrize("version", [2, None, "1"])
def test_another_version_is_refused_by_name(version: object) -> None:
    raw = json.dumps(json.loads(HELD.to_bytes()) | {"format": version}).encode()
    with pytest.raises(UnknownFormat, match="membership"):
        HeldKey.from_bytes(raw)


def test_a_secret_of_another_version_is_refused_by_name() -> None:
    secret = to_base64(b"\x02" + HELD.secret.to_bytes()[1:])
    with pytest.raises(UnknownFormat, match="team secret"):
        HeldKey.from_plain(HELD.plain() | {"secret": secret})


def test_its_secret_shows_in_no_repr() -> None:
    assert repr(HELD.secret.kem_seed) not in repr(HELD)
    assert "TeamSecret" not in repr(HELD)
    assert str(UUID(str(HELD.key_id))) in repr(HELD)
