"""Damaged, missing and older rules never make the council sign away what was agreed, nor sign older ones anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import delete, update

from tests.exchange import spoilt_rules
from tests.exchange.changing import member, session_of, sign_in
from tests.exchange.members import Member, join
from tests.exchange.seconding import confirmer_team, named
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating import doubtful_rules, second_confirmer, settings
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys import seconds
from transition_exchange.exchange.keys.area_rules import signed_rules
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import council
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.store.models import Area, Membership, Principal

VERSIONS = {2026: "core/2026.1"}
SPOILT = ["removed", "half", "forged", "no_key", "school"]


@pytest.fixture
def lead(world: World) -> Member:
    """An administrator in the NEET group, who has seen no rules yet."""
    assert world.root is not None
    return _administrator(world, "Lena")


def _administrator(world: World, name: str) -> Member:
    assert world.root is not None
    person = member(world, name, world.root)
    with world.db.write() as session:
        session.execute(update(Principal).where(Principal.id == person.row.id).values(administrator=True))
    return person


def _columns(world: World) -> dict[str, Any]:
    """The rules as they stand in the database now."""
    with world.db.read() as session:
        area = session.get_one(Area, world.area_id)
        return {name: getattr(area, name) for name in ("rules", "rules_signature", "rules_key_id")}


def _put_back(world: World, older: dict[str, Any]) -> None:
    with world.db.write() as session:
        session.execute(update(Area).where(Area.id == world.area_id).values(**older))


def _require(world: World, actor: Actor) -> dict[str, Any]:
    """Let the council require a second confirmer; the rules before come back."""
    world.sign_rules(send_at="conditional", versions=VERSIONS)
    before = _columns(world)
    second_confirmer.choose_second(
        db=world.db, actor=actor, team_id=confirmer_team(world).row.id, since=datetime.now(UTC).date()
    )
    return before


def _rules(world: World) -> AreaRules | None:
    """The rules as a school believes them."""
    with world.db.read() as session:
        area = session.get_one(Area, world.area_id)
        return signed_rules(session, trust=trust_of(session, world.senco), area=area)


def _save(world: World, actor: Actor, instead: str = "") -> None:
    settings.change_settings(
        db=world.db,
        actor=actor,
        send_at="conditional",
        keep_months=12,
        term_starts=None,
        instead=instead,
    )


@pytest.mark.parametrize("how", [*SPOILT, "put back"])
def test_saving_the_settings_keeps_what_was_agreed_and_says_so_first(
    world: World, lead: Member, how: str
) -> None:
    older = _require(world, session_of(world, lead))
    agreed = _rules(world)
    assert agreed is not None
    if how == "put back":
        _put_back(world, older)
    else:
        spoilt_rules.spoil(world, how)
    actor = session_of(world, lead)
    shown = settings.area_settings(db=world.db, actor=actor)
    assert shown.send_at == "conditional", "what they have seen is shown"
    doubt = shown.doubt
    assert doubt is not None
    today = datetime.now(UTC).date()
    assert (doubt.second, doubt.versions) == (named(confirmer_team(world), today), VERSIONS)
    assert (doubt.put_back is not None) == (how == "put back")
    for instead in ("", "another page"):
        with pytest.raises(Refused) as refused:
            _save(world, actor, instead)
        assert refused.value.fields == {"instead": doubtful_rules.READ_AGAIN}
    _save(world, actor, doubt.seen)
    rules = _rules(world)
    assert rules is not None
    assert (rules.send_at, rules.versions) == (agreed.send_at, agreed.versions)
    assert rules.second == agreed.second
    assert rules.previous == agreed.digest(), "they follow on those that were agreed"
    assert settings.area_settings(db=world.db, actor=session_of(world, lead)).doubt is None


def test_who_has_seen_no_rules_is_told_so_and_signs_only_after_asking(world: World, lead: Member) -> None:
    spoilt_rules.spoil(world, "forged")
    actor = session_of(world, lead)
    shown = settings.area_settings(db=world.db, actor=actor)
    doubt = shown.doubt
    assert doubt is not None
    assert (shown.send_at, doubt.seen_of, doubt.second, doubt.versions) == ("", None, None, {})
    with pytest.raises(Refused) as refused:
        _save(world, actor)
    assert refused.value.fields == {"instead": doubtful_rules.TICK}
    _save(world, actor, doubt.seen)
    assert _rules(world) is not None


def test_rules_that_changed_after_the_page_are_read_again_first(world: World, lead: Member) -> None:
    older = _require(world, session_of(world, lead))
    actor = session_of(world, lead)
    spoilt_rules.spoil(world, "forged")
    doubt = settings.area_settings(db=world.db, actor=actor).doubt
    assert doubt is not None
    _put_back(world, older)
    with pytest.raises(Refused):
        _save(world, actor, doubt.seen)
    assert _columns(world) == older


@pytest.mark.parametrize("how", [*SPOILT, "put back"])
def test_a_second_confirmer_is_chosen_or_dropped_only_by_rules_that_count(
    world: World, lead: Member, how: str
) -> None:
    older = _require(world, session_of(world, lead))
    if how == "put back":
        _put_back(world, older)
    else:
        spoilt_rules.spoil(world, how)
    actor, before = session_of(world, lead), _columns(world)
    choice = second_confirmer.second_choice(db=world.db, actor=actor)
    assert (choice.can_check, choice.now is not None) == (False, True)
    with pytest.raises(Refused):
        second_confirmer.choose_second(db=world.db, actor=actor, team_id=None, since=None)
    assert _columns(world) == before


def test_dropping_it_on_purpose_is_remembered_too(world: World, lead: Member) -> None:
    _require(world, session_of(world, lead))
    required = _columns(world)
    second_confirmer.choose_second(db=world.db, actor=session_of(world, lead), team_id=None, since=None)
    assert session_of(world, lead).teams[0].second is None
    _put_back(world, required)
    actor = session_of(world, lead)
    doubt = settings.area_settings(db=world.db, actor=actor).doubt
    assert doubt is not None
    assert doubt.second is None
    assert actor.teams[0].second is None


@pytest.mark.parametrize("how", ["forged", "put back"])
def test_the_group_goes_on_needing_the_second_confirmation(world: World, lead: Member, how: str) -> None:
    older = _require(world, session_of(world, lead))
    if how == "put back":
        _put_back(world, older)
    else:
        spoilt_rules.spoil(world, how)
    actor = session_of(world, lead)
    assert actor.teams[0].second is not None
    with world.db.read() as session:
        rules = seconds.rules_of(session, actor)
    assert rules is not None
    assert rules.second == actor.teams[0].second


@pytest.mark.parametrize("remember", [sign_in, lambda world, lead: None], ids=["signed in", "not signed in"])
def test_rules_that_a_colleague_signed_are_remembered_from_the_next_sign_in_on(
    world: World, lead: Member, remember: Callable[[World, Member], None]
) -> None:
    """Whoever has not signed in since cannot know. docs/trust.md says so."""
    older = _require(world, session_of(world, _administrator(world, "Cora")))
    remember(world, lead)
    _put_back(world, older)
    doubt = settings.area_settings(db=world.db, actor=session_of(world, lead)).doubt
    assert (doubt is not None) == (remember is sign_in)


def test_newcomers_are_given_the_rules_with_the_key(world: World, lead: Member) -> None:
    assert world.root is not None
    older = _require(world, session_of(world, lead))
    held = session_of(world, lead).teams[0].held
    given = replace(held.for_others(), councils=held.councils)
    newcomer = member(world, "Nico", world.school.teams["Transition team"])
    assert session_of(world, newcomer).teams[0].rules is None, "no other team keeps them"
    heir = _administrator(world, "Hana")
    with world.db.write() as session:
        session.execute(delete(Membership).where(Membership.principal_id == heir.row.id))
    join(world, heir, given)
    _put_back(world, older)
    doubt = settings.area_settings(db=world.db, actor=session_of(world, heir)).doubt
    assert doubt is not None
    assert doubt.put_back is not None


@pytest.mark.parametrize("seen", [True, False])
def test_older_rules_are_never_signed_anew_with_a_new_key(world: World, seen: bool) -> None:
    """They would get the day of the change, and pass for the newest from then on."""
    world.sign_rules(send_at="applied")
    older = _columns(world)
    world.sign_rules(send_at="accepted", versions=VERSIONS)
    newest = _rules(world)
    _put_back(world, older)
    world.new_key("Ashdown Council", "NEET group")
    actor = world.coordinator
    if seen:
        teams = tuple(replace(team, rules=newest) for team in actor.teams)
        actor = world.people["coordinator"] = replace(actor, teams=teams)
    failed = council.renew(db=world.db, actor=actor, ids=[world.area_id], now=datetime.now(UTC))
    assert failed == int(seen)
    assert (_columns(world) == older) == seen
