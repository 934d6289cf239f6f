"""Who acts: the first open team with a purpose, or a refusal; and never a secret in sight."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import uuid4

import pytest

from transition_exchange.exchange.actor import Actor, OlderKey, OpenTeam
from transition_exchange.exchange.errors import NotAllowed, ProofNeeded
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.keys import TeamSecret


def _team(name: str, *purposes: str) -> OpenTeam:
    return OpenTeam(
        id=uuid4(),
        organisation_id=uuid4(),
        organisation_name="Northway College",
        name=name,
        purposes=frozenset(purposes),
        key_id=uuid4(),
        secret=TeamSecret.generate(),
    )


SUPPORT = _team("Support", "learning_support", "exams")
SAFEGUARDING = _team("Safeguarding", "safeguarding")
SECOND = _team("Support of another campus", "learning_support")


@pytest.fixture
def actor() -> Actor:
    """Somebody in three teams."""
    return Actor(
        principal_id=uuid4(),
        organisation_id=uuid4(),
        name="Sam",
        administrator=False,
        teams=(SUPPORT, SAFEGUARDING, SECOND),
    )


def test_the_first_team_with_a_purpose_acts(actor: Actor) -> None:
    assert actor.team_for("learning_support") == actor.require("learning_support") == SUPPORT
    assert actor.require("safeguarding") == SAFEGUARDING


def test_a_team_whose_key_counts_acts_first_whatever_the_order_of_the_rows(actor: Actor) -> None:
    """What others await goes before what nobody has confirmed, and among equals the name decides."""
    counts = replace(_team("Z", "exams"), confirmed=True)
    awaited = replace(_team("Y", "exams"), awaited=True)
    named = [_team(name, "exams") for name in ("A", "B")]
    for teams in permutations((counts, awaited, *named)):
        assert replace(actor, teams=teams).teams_for("exams") == (counts, awaited, *named)
    assert replace(actor, teams=(named[1], awaited)).require("exams") == awaited


def test_a_team_that_the_other_memberships_call_the_council_acts_before_another_of_that_work(
    actor: Actor,
) -> None:
    other = replace(_team("A", "neet_group"), confirmed=True)
    group = replace(_team("B", "neet_group"), confirmed=True)
    councils = {group.id: RememberedKey(1, group.secret.fingerprint.hex(), root=True)}
    teams = tuple(replace(team, councils=councils) for team in (other, group))
    assert replace(actor, teams=teams).require("neet_group").id == group.id


def test_without_a_team_for_it_nothing_is_allowed(actor: Actor) -> None:
    assert actor.team_for("admissions") is None
    with pytest.raises(NotAllowed):
        actor.require("admissions")
    with pytest.raises(NotAllowed):
        replace(actor, teams=(), administrator=True).require("exams")


def test_what_an_unattended_browser_must_not_do_needs_a_passphrase_or_code_given_lately(
    actor: Actor,
) -> None:
    now = datetime(2027, 6, 3, tzinfo=UTC)
    replace(actor, proven_until=now + timedelta(seconds=1)).require_proof(now)
    for until in (None, now):
        with pytest.raises(ProofNeeded):
            replace(actor, proven_until=until).require_proof(now)


def test_a_team_is_found_by_its_id(actor: Actor) -> None:
    assert actor.team(SECOND.id) == SECOND
    assert actor.team(uuid4()) is None


def test_a_secret_is_found_by_its_keys_id() -> None:
    old_id, old = uuid4(), TeamSecret.generate()
    team = replace(SUPPORT, older={old_id: OlderKey(1, old)})
    assert team.secret_of(team.key_id) == team.secret
    assert team.secret_of(old_id) == old
    assert team.secret_of(uuid4()) is None


def test_a_key_keeps_its_number_where_one_before_it_was_never_held() -> None:
    """Somebody was away while key 2 was the newest."""
    old_id = uuid4()
    team = replace(SUPPORT, version=3, older={old_id: OlderKey(1, TeamSecret.generate())})
    assert [(key.key_id, key.version) for key in team.held_keys] == [(old_id, 1), (team.key_id, 3)]
    assert team.secrets == (team.secret, team.older[old_id].secret)


def test_no_secret_shows_in_a_repr(actor: Actor) -> None:
    old = TeamSecret.generate()
    shown = repr(replace(actor, teams=(replace(SUPPORT, older={uuid4(): OlderKey(1, old)}),)))
    for secret in (SUPPORT.secret, old):
        assert repr(secret.kem_seed) not in shown
        assert "TeamSecret" not in shown
