"""What sending would do for each provider, and what each team would get."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.exchange.answers import destination
from tests.exchange.statements import counted
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotReady
from transition_exchange.exchange.sending import planning
from transition_exchange.exchange.sending.planning import UNCONFIRMED
from transition_exchange.exchange.sending.plans import ProviderPlan, ReleasePlan
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import TeamKey


def test_each_team_would_get_what_the_form_lets_it_read(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    [college] = world.plan(record_id).providers
    sections = {team.name: set(team.access.sections) for team in college.teams}
    assert "enrolment" in sections["Admissions"]
    assert "enrolment" not in sections["Learning support"]
    assert "needs" in sections["Learning support"]
    assert "needs" not in sections["Admissions"]
    assert not any("destinations" in names or "safeguarding" in names for names in sections.values())


@pytest.mark.parametrize("lacks", ["confirmation", "a second person"])
def test_a_provider_whose_team_is_not_ready_waits_and_we_hear_who_to_ring(world: World, lacks: str) -> None:
    """The council has to act, or the provider."""
    world.place("Hilltop Training", kind="training_provider", receives=True, phone="01709 111111")
    confirmed = lacks != "confirmation"
    world.team("Hilltop Training", "Office", "admissions", confirmed=confirmed, ready=not confirmed)
    record_id = world.add()
    world.fill(record_id, going_to=("Hilltop Training",))
    [hilltop] = world.plan(record_id).providers
    assert hilltop.state == "not_ready"
    assert ("01709 111111" in hilltop.problem) == confirmed
    assert hilltop.problem.endswith("Ring the council’s NEET group.") != confirmed


def test_teams_that_lack_the_same_are_named_in_one_sentence(world: World) -> None:
    world.place("Hilltop Training", kind="training_provider", receives=True, phone="01709 111111")
    for name, purpose in (("Office", "admissions"), ("Support", "learning_support")):
        world.team("Hilltop Training", name, purpose, confirmed=False)
    record_id = world.add()
    world.fill(record_id, going_to=("Hilltop Training",))
    [hilltop] = world.plan(record_id).providers
    assert hilltop.problem == (
        "Office and Support at Hilltop Training are not ready. Of each of them: the council has not yet confirmed its "
        "security number by phone. Ring the council’s NEET group."
    )


@pytest.mark.parametrize("other", [{"kind": "ehc_plan"}, {"digests": {}}])
def test_whoever_sends_has_seen_which_documents_of_which_kind(
    world: World, monkeypatch: pytest.MonkeyPatch, other: dict[str, Any]
) -> None:
    record_id = world.add()
    world.attach(record_id)
    before = world.plan(record_id).seen
    assert world.plan(record_id).seen == before

    def another(**asked: Any) -> Draft:
        draft = open_draft(**asked)
        (label,) = draft.attachments
        changed = dict.fromkeys(label.digests, "0" * 64) if "digests" in other else label.digests
        return replace(draft, attachments=(replace(label, **{**other, "digests": changed}),))

    monkeypatch.setattr(planning, "open_draft", another)
    assert world.plan(record_id).seen != before


def test_two_courses_at_one_provider_are_one_pack_for_the_one_that_is_furthest(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    rows = [
        destination(world.college.id, "Northway College", course="Animal care", status="accepted"),
        destination(world.college.id, "Northway College", course="Joinery", preference=2, status="declined"),
    ]
    world.save(record_id, {"destinations": {"destinations": rows}})
    [college] = world.plan(record_id).providers
    assert (college.state, college.destination["course"]) == ("new", "Animal care")


@pytest.mark.parametrize("owner", ["transition", "school_safeguarding"])
def test_a_team_that_the_council_has_not_confirmed_sends_nothing(world: World, owner: str) -> None:
    """Its row may say that it was, and that it is ready; the session goes by the signature."""
    record_id = world.sent().record_id
    actor = world.senco if owner == "transition" else world.safeguarding_lead
    unconfirmed = replace(actor, teams=tuple(replace(team, confirmed=False) for team in actor.teams))
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    assert world.plan(record_id, owner=owner, actor=unconfirmed).own_problem == UNCONFIRMED
    with pytest.raises(NotReady, match="has not yet confirmed your team"):
        world.send(record_id, owner=owner, actor=unconfirmed)
    assert world.plan(record_id, owner=owner, actor=actor).own_problem == ""
    world.send(record_id, owner=owner, actor=actor)


def _states(planned: ReleasePlan) -> dict[str, str]:
    return {provider.name: provider.state for provider in planned.providers}


def _college(planned: ReleasePlan) -> ProviderPlan:
    (college,) = planned.providers
    return college


def test_a_provider_that_has_nothing_yet_gets_it_once_the_application_is_far_enough(world: World) -> None:
    record_id = world.add()
    for status, state in (
        ("applied", "status"),
        ("interviewed", "status"),
        ("conditional", "status"),
        ("unconditional", "status"),
        ("allocated", "status"),
        ("accepted", "new"),
        ("enrolled", "new"),
        ("declined", "status"),
    ):
        world.fill(record_id, status=status)
        college = _college(world.plan(record_id))
        assert (college.state, college.goes) == (state, state == "new"), status
        assert bool(college.problem) is (state == "status")


def test_the_area_says_how_far_is_far_enough(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, status="conditional")
    for send_at, state in (("conditional", "new"), ("interviewed", "new"), ("unconditional", "status")):
        world.sign_rules(send_at=send_at)
        assert _college(world.plan(record_id)).state == state, send_at


def test_who_holds_the_newest_version_is_current_and_gets_a_changed_one_again(world: World) -> None:
    record_id = world.sent().record_id
    planned = world.plan(record_id)
    assert (_college(planned).state, _college(planned).goes) == ("current", False)
    assert (planned.changed, planned.number) == (False, 1)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    planned = world.plan(record_id)
    assert (_college(planned).state, _college(planned).goes) == ("again", True)
    assert (planned.changed, planned.number) == (True, 2)


def test_who_holds_a_version_gets_the_next_whatever_became_of_the_application_while_it_is_named(
    world: World,
) -> None:
    record_id = world.sent().record_id
    world.fill(record_id, status="declined")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    college = _college(world.plan(record_id))
    assert (college.state, college.named, college.chosen) == ("again", True, False)
    world.save(record_id, {"destinations": {"destinations": []}})
    college = _college(world.plan(record_id))
    assert (college.state, college.destination) == ("again", {})
    assert (college.named, college.chosen) == (False, True), "it gets it only if somebody asks for it"


def test_a_team_that_the_provider_added_later_is_to_get_what_the_others_hold(world: World) -> None:
    record_id = world.sent().record_id
    world.team("Northway College", "Second support team", "learning_support")
    planned = world.plan(record_id)
    assert (_college(planned).state, planned.changed, planned.number) == ("added", False, 1)
    assert [team.name for team in _college(planned).teams] == ["Second support team"]


@pytest.mark.parametrize("held", [False, True])
def test_one_team_that_is_not_ready_keeps_the_whole_provider_waiting(world: World, held: bool) -> None:
    """A pack goes to all teams of a provider or to none; one that holds a version waits for the next."""
    record_id = world.add()
    world.fill(record_id)
    if held:
        world.send(record_id)
    world.team("Northway College", "Second support team", "learning_support", ready=False)
    college = _college(world.plan(record_id))
    assert (college.state, college.goes) == ("not_ready", False)
    assert "Second support team at Northway College is not ready" in college.problem


def test_a_key_whose_confirmation_nobody_signed_is_not_confirmed(world: World) -> None:
    """The row says on which day it was confirmed; the council's page offers to confirm it again."""
    record_id = world.add()
    world.fill(record_id)
    with world.db.write() as session:
        session.get_one(TeamKey, world.college.teams["Admissions"].key_id).confirmation = "nobody's"
    college = _college(world.plan(record_id))
    assert college.state == "not_ready"
    assert college.problem == (
        "Admissions at Northway College is not ready: the council has not yet confirmed its security number by phone. "
        "Ring the council’s NEET group."
    )
    assert [team.team is None for team in college.teams] == [True, False, False, False]


def test_a_destination_outside_the_exchange_gets_no_pack(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    rows = [destination(None, "Somewhere Else"), destination(world.school.id, "Ashdown School", preference=2)]
    world.save(record_id, {"destinations": {"destinations": rows}})
    assert world.plan(record_id).providers == ()


def test_what_the_family_holds_back_is_planned_for_nobody(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)

    def readers(section: str) -> set[str]:
        teams = _college(world.plan(record_id)).teams
        return {team.name for team in teams if section in team.access.sections}

    assert "Learning support" in readers("health")
    world.save(record_id, {"sharing": {"agreed": "some", "withheld": ["health"]}})
    assert readers("health") == set()
    assert "Learning support" in readers("needs")


def test_a_document_is_planned_for_the_readers_of_its_section(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"sen": {"provision": "K"}})
    attachment_id = world.attach(record_id, kind="strategies")
    teams = _college(world.plan(record_id)).teams
    assert {team.name: team.attachments for team in teams} == {
        team.name: ((attachment_id,) if "what_helps" in team.access.sections else ()) for team in teams
    }
    assert any(team.attachments for team in teams)


def test_what_is_looked_at_has_a_digest_that_any_change_changes(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    seen = [world.plan(record_id).seen]
    assert world.plan(record_id).seen == seen[0]
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    seen.append(world.plan(record_id).seen)
    world.attach(record_id)
    seen.append(world.plan(record_id).seen)
    world.team("Northway College", "Second support team", "learning_support")
    seen.append(world.plan(record_id).seen)
    world.fill(record_id, status="applied")
    seen.append(world.plan(record_id).seen)
    assert len(set(seen)) == len(seen)


def test_what_is_no_longer_asked_is_in_the_draft_and_in_no_release(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"sen": {"provision": "K"}})
    world.save(record_id, {"needs": {"needs": [{"type": "SPLD", "rank": 1}]}})
    before = world.plan(record_id)
    assert "destinations" not in before.answers
    assert before.answers["sen"] == {"provision": "K"}
    world.save(record_id, {"sen": {"provision": "N"}})
    after = world.plan(record_id)
    assert before.answers["needs"]["needs"]
    assert after.draft.answers["needs"] == before.draft.answers["needs"]
    assert after.answers["needs"] == {}


def test_the_safeguarding_team_sends_to_whoever_holds_the_transfer(world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=["Northway College", "Riverside Boxing"])
    planned = world.plan(record_id, owner="school_safeguarding")
    assert (planned.providers, planned.changed, planned.number) == ((), True, 1)
    world.send(record_id)
    planned = world.plan(record_id, owner="school_safeguarding")
    assert _states(planned) == {"Northway College": "again", "Riverside Boxing": "again"}
    college = next(provider for provider in planned.providers if provider.name == "Northway College")
    assert {team.name: set(team.access.sections) for team in college.teams} == {
        "Learning support": {"day_one_safety"},
        "Safeguarding": {"safeguarding", "day_one_safety"},
    }


def test_only_the_owners_team_of_the_school_plans(world: World) -> None:
    record_id = world.add()
    with pytest.raises(NotAllowed):
        world.plan(record_id, actor=world.safeguarding_lead)
    with pytest.raises(NotFound):
        world.plan(record_id, actor=world.other_senco)
    assert world.plan(record_id).own_problem == ""


def test_a_provider_with_many_teams_takes_no_more_statements(world: World) -> None:
    """Somebody who can write to the database can put thousands of teams at a provider."""
    record_id = world.add()
    world.fill(record_id)

    def statements() -> int:
        with counted(world.db) as asked:
            world.plan(record_id)
        return len(asked)

    few = statements()
    for number in range(5):
        world.team("Northway College", f"Evening {number}", "learning_support", confirmed=False)
    assert statements() == few
