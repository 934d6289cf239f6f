"""What the learners of an area share in a coordinator's lists: who receives, and which organisations wait for what."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import update

from tests.exchange.spoilt_rules import spoil
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.area_facts import AreaFacts, area_facts
from transition_exchange.exchange.keys.contacts import Contact
from transition_exchange.exchange.keys.readiness import readiness_of
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.store.models import Area, Organisation, Team, TeamKey


def facts_of(world: World) -> AreaFacts:
    with world.db.read() as session:
        return area_facts(session, world.coordinator)


def named(world: World, ids: object) -> set[str]:
    names = {place.id: place.name for place in world.places.values()}
    assert isinstance(ids, (dict, frozenset))
    return {names[organisation_id] for organisation_id in ids if isinstance(organisation_id, UUID)}


def test_the_area_knows_its_rule_and_who_receives(world: World) -> None:
    facts = facts_of(world)
    assert (facts.area_id, facts.name, facts.send_at) == (world.area_id, "Ashdown", "accepted")
    assert named(world, facts.receivers) == {"Northway College", "Riverside Boxing"}
    assert facts.names[world.school.id] == "Ashdown School"
    assert facts.contacts[world.school.id] == Contact("The office", "01709 000000")
    assert (facts.sending, facts.receiving) == ({}, {})


@pytest.mark.parametrize("how", ["removed", "lowered", "elsewhere"])
def test_while_rules_cannot_be_checked_only_an_enrolment_is_far_enough(world: World, how: str) -> None:
    spoil(world, how)
    assert facts_of(world).send_at == "enrolled"


def test_a_team_that_is_not_ready_blocks_its_organisation(world: World) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Transition", "transition", ready=False)
    world.place("New College", kind="college_group", receives=True)
    world.team("New College", "Admissions", "admissions", confirmed=False)
    facts = facts_of(world)
    assert named(world, facts.sending) == {"New School"}
    assert named(world, facts.receiving) == {"New College"}
    [school], [college] = facts.sending.values(), facts.receiving.values()
    assert (school.by_council, college.by_council) == (False, True)


def test_a_school_does_not_wait_for_its_safeguarding_team_to_send(world: World) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Transition", "transition")
    world.team("New School", "Safeguarding", "school_safeguarding", ready=False)
    assert named(world, facts_of(world).sending) == set()


def test_of_two_teams_the_one_that_waits_for_the_council_counts(world: World) -> None:
    world.place("New College", kind="college_group", receives=True)
    world.team("New College", "Admissions", "admissions", ready=False)
    world.team("New College", "Exams", "exams", confirmed=False)
    [blocked] = facts_of(world).receiving.values()
    assert blocked.by_council


def test_a_neet_group_that_also_sends_does_not_wait_for_itself_to_confirm_its_key(world: World) -> None:
    assert world.root is not None
    council = world.places["Ashdown Council"].id
    with world.db.write() as session:
        session.get_one(Team, world.root.row.id).purposes = ["neet_group", "transition"]
    with world.db.read() as session:
        assert readiness_of(session, world.root.row.id, trust=trust_of(session, world.coordinator)).confirmed
    blocked = facts_of(world).sending.get(council)
    assert blocked is None or not blocked.by_council


def test_organisations_of_other_areas_are_named_and_not_waited_for(world: World) -> None:
    with world.db.write() as session:
        area = Area(name="Elsewhere")
        session.add(area)
        session.flush()
        area_id = area.id
    place = world.place("Far School", kind="school", sends=True)
    world.team("Far School", "Transition team", "transition", ready=False)
    assert place.id in facts_of(world).sending
    with world.db.write() as session:
        session.execute(update(Organisation).where(Organisation.id == place.id).values(area_id=area_id))
    facts = facts_of(world)
    assert facts.names[place.id] == "Far School"
    assert place.id not in facts.sending


@pytest.mark.parametrize(
    ("confirmed", "ready", "by_council"), [(False, True, True), (False, False, True), (True, False, False)]
)
def test_an_organisation_is_blocked_by_the_council_or_by_itself(
    world: World, confirmed: bool, ready: bool, by_council: bool
) -> None:
    team = world.team("Northway College", "Late team", "exams", confirmed=confirmed, ready=ready)
    facts = facts_of(world)
    assert facts.sending == {}
    assert facts.receiving[world.college.id].by_council is by_council
    with world.db.read() as session:
        assert facts.receiving[world.college.id].since == session.get_one(TeamKey, team.key_id).created_at
