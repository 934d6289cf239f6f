"""The rules of an area: believed as its NEET group signed them, and from nobody else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.exchange.other_areas import other_area
from tests.exchange.people import Accounts
from tests.exchange.spoilt_rules import LOW, WAYS, sign_as, spoil
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.agreed_versions import form_for
from transition_exchange.exchange.coordinating.settings import area_settings, change_settings
from transition_exchange.exchange.errors import NotReady
from transition_exchange.exchange.keys.area_rules import FIRST_SEND_AT, rules_for, signed_rules
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations.providers import school_facts
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.statements import digest_of
from transition_exchange.store.models import Area


def believed(world: World, actor: Actor | None = None) -> AreaRules | None:
    """The rules of the area that somebody believes; None if they believe none."""
    actor = actor or world.senco
    with world.db.read() as session:
        return signed_rules(
            session, trust=trust_of(session, actor), area=session.get_one(Area, world.area_id)
        )


def test_everybody_with_a_team_in_the_area_believes_what_its_neet_group_signed(world: World) -> None:
    world.sign_rules(send_at="conditional", versions={2027: "core/2027.1"})
    for name in ("senco", "safeguarding_lead", "other_senco", "coordinator", "college_admissions"):
        rules = believed(world, world.people[name])
        assert rules is not None, name
        assert (rules.send_at, rules.versions) == ("conditional", {"2027": "core/2027.1"})
        assert rules.area == str(world.area_id)


def test_new_rules_name_the_ones_before(world: World) -> None:
    first = believed(world)
    assert first is not None
    assert first.previous is None
    world.sign_rules(send_at="conditional")
    second = believed(world)
    assert second is not None
    assert second.previous == digest_of(first.text())


def test_the_neet_groups_first_member_signs_the_first_rules(accounts: Accounts) -> None:
    council = accounts.found()
    school = accounts.school(council)
    for actor in (accounts.actor(council), accounts.actor(school)):
        with accounts.db.read() as session:
            rules = rules_for(session, actor)
        assert (rules.send_at, rules.versions, rules.previous) == (FIRST_SEND_AT, {}, None)


@pytest.mark.parametrize("how", WAYS)
def test_rules_that_no_neet_group_of_this_area_signed_are_none_and_nothing_is_added_or_sent(
    world: World, how: str
) -> None:
    record_id = world.add()
    world.fill(record_id, status=LOW)
    spoil(world, how)
    assert believed(world) is None
    for act in (world.add, lambda: world.plan(record_id), lambda: world.send(record_id)):
        with pytest.raises(NotReady, match="rules of your area cannot be checked"):
            act()
    with pytest.raises(NotReady):
        form_for(db=world.db, actor=world.senco, leaving_year=2027)
    assert school_facts(db=world.db, actor=world.senco).send_at_status is None
    assert area_settings(db=world.db, actor=world.coordinator, today=world.today).send_at == ""
    world.sign_rules()
    assert world.plan(record_id).providers[0].state == "status", "what was signed in between has no effect"


@pytest.mark.parametrize("how", WAYS)
def test_a_safeguarding_team_releases_without_rules_as_it_follows_what_was_sent(
    world: World, how: str
) -> None:
    record_id = world.sent().record_id
    spoil(world, how)
    assert world.send(record_id, owner="school_safeguarding").providers == ("Northway College",)


def test_a_status_lowered_in_the_row_alone_has_no_effect(world: World) -> None:
    """The text was signed, so a changed one is no rule at all: nothing goes out earlier."""
    record_id = world.add()
    world.fill(record_id, status=LOW)
    with world.db.write() as session:
        area = session.get_one(Area, world.area_id)
        area.rules = json.dumps(json.loads(area.rules or "") | {"send_at": LOW})
    with pytest.raises(NotReady):
        world.send(record_id)


def test_rules_for_another_area_count_there_alone(world: World) -> None:
    """The NEET group itself signed them, about the area beside, and somebody copies them here."""
    other = other_area(world)
    assert world.root is not None
    sign_as(world, world.root, area=other)
    assert believed(world) is None
    assert believed(other, other.far_senco) is not None


def test_an_area_beside_has_rules_of_its_own(world: World) -> None:
    other = other_area(world)
    other.sign_rules(send_at=LOW)
    for area, actor, send_at in ((world, world.senco, "accepted"), (other, other.far_senco, LOW)):
        with area.db.read() as session:
            assert rules_for(session, actor).send_at == send_at
    assert believed(other, world.senco) is None


def test_whoever_is_in_no_team_believes_no_rules(world: World) -> None:
    assert believed(world, replace(world.senco, teams=())) is None


@pytest.mark.parametrize("how", WAYS)
def test_saving_the_settings_again_mends_the_rules(world: World, how: str) -> None:
    signer = world.person("signer", "Ashdown Council", "NEET group", administrator=True)
    spoil(world, how)
    doubt = area_settings(db=world.db, actor=signer).doubt
    assert doubt is not None
    change_settings(
        db=world.db,
        actor=signer,
        send_at="accepted",
        keep_months=12,
        term_starts=None,
        instead=doubt.seen,
    )
    rules = believed(world)
    assert rules is not None
    assert (rules.send_at, rules.versions) == ("accepted", {})
    world.add()


def test_saving_what_stands_signs_nothing_anew(world: World) -> None:
    signer = world.person("signer", "Ashdown Council", "NEET group", administrator=True)
    before = believed(world)
    change_settings(db=world.db, actor=signer, send_at="accepted", keep_months=6, term_starts=None)
    assert believed(world) == before


def test_older_rules_put_back_as_a_whole_are_believed(world: World) -> None:
    """As docs/trust.md says: nothing in the database can tell which of two signed rules is the newer one."""
    world.sign_rules(send_at=LOW)
    with world.db.read() as session:
        area = session.get_one(Area, world.area_id)
        older = {name: getattr(area, name) for name in ("rules", "rules_signature", "rules_key_id")}
    world.sign_rules(send_at="accepted")
    with world.db.write() as session:
        for name, value in older.items():
            setattr(session.get_one(Area, world.area_id), name, value)
    rules = believed(world)
    assert rules is not None
    assert rules.send_at == LOW
    assert datetime.fromisoformat(str(rules.signed_at)) <= datetime.now(UTC)
