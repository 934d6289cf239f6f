"""Who may require a second confirmer, which teams can be one, and what else the rules keep saying."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.exchange import spoilt_rules
from tests.exchange.chains import events_of
from tests.exchange.seconding import confirmer_team, named, require
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating import second_confirmer, settings
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.keys import seconds
from transition_exchange.exchange.keys.readiness import readiness_of
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.second_confirmer import SecondConfirmer

TODAY = datetime.now(UTC).date()


@pytest.fixture
def lead(world: World) -> Actor:
    """An administrator who is in the NEET group."""
    return world.person("lead", "Ashdown Council", "NEET group", administrator=True)


def _now(world: World) -> SecondConfirmer | None:
    return second_confirmer.second_choice(db=world.db, actor=world.coordinator).now


def _refusal(world: World, actor: Actor, **wanted: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        second_confirmer.choose_second(db=world.db, actor=actor, **wanted)  # type: ignore[arg-type]
    return list(refused.value.fields)


def test_it_is_required_from_a_day_on_and_the_other_rules_stay(world: World, lead: Actor) -> None:
    world.sign_rules(send_at="conditional", versions={2027: "core/2027.1"})
    team = confirmer_team(world)
    second_confirmer.choose_second(db=world.db, actor=lead, team_id=team.row.id, since=TODAY)
    assert _now(world) == named(team, TODAY)
    with world.db.read() as session:
        rules = seconds.rules_of(session, world.senco)
    assert rules is not None
    assert (rules.send_at, rules.versions) == ("conditional", {"2027": "core/2027.1"})
    event = events_of(world.db, lead.organisation_id)[-1]
    assert event.about == {"second_confirmer": str(team.row.id), "second_since": TODAY.isoformat()}
    settings.change_settings(db=world.db, actor=lead, send_at="accepted", keep_months=12, term_starts=None)
    assert _now(world) == named(team, TODAY), "another setting does not drop it"
    second_confirmer.choose_second(db=world.db, actor=lead, team_id=None, since=None)
    assert _now(world) is None


def test_only_an_administrator_in_the_neet_group_decides(world: World, lead: Actor) -> None:
    plain = world.person("plain", "Ashdown Council", administrator=True)
    for actor in (world.coordinator, plain, world.senco):
        with pytest.raises(NotAllowed):
            second_confirmer.choose_second(
                db=world.db, actor=actor, team_id=confirmer_team(world).row.id, since=TODAY
            )
    with pytest.raises(NotAllowed):
        second_confirmer.second_choice(db=world.db, actor=world.senco)
    assert second_confirmer.second_choice(db=world.db, actor=lead).may_change
    assert not second_confirmer.second_choice(db=world.db, actor=plain).can_check


def test_only_a_confirmed_and_ready_team_of_another_organisation_can_be_one(
    world: World, lead: Actor
) -> None:
    assert world.root is not None
    send = world.team("Ashdown Council", "SEND team", "send")
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    alone = world.team("Northway College", "Alone", "exams", ready=False)
    offered = {team.id for team in second_confirmer.second_choice(db=world.db, actor=lead).teams}
    assert confirmer_team(world).row.id in offered
    for team in (world.root, send, late, alone):
        assert team.row.id not in offered
        assert _refusal(world, lead, team_id=team.row.id, since=TODAY) == ["second"]


def test_the_day_is_not_past_and_not_put_off(world: World, lead: Actor) -> None:
    team_id = confirmer_team(world).row.id
    for since in (None, TODAY - timedelta(days=2)):
        assert _refusal(world, lead, team_id=team_id, since=since) == ["since"]
    day = TODAY + timedelta(days=30)
    second_confirmer.choose_second(db=world.db, actor=lead, team_id=team_id, since=day)
    assert _refusal(world, lead, team_id=team_id, since=day + timedelta(days=1)) == ["since"]
    second_confirmer.choose_second(db=world.db, actor=lead, team_id=team_id, since=day - timedelta(days=5))
    now = _now(world)
    assert now is not None
    assert now.since == day - timedelta(days=5)


def test_rules_that_cannot_be_checked_are_saved_first(world: World, lead: Actor) -> None:
    spoilt_rules.spoil(world, "forged")
    assert _refusal(world, lead, team_id=confirmer_team(world).row.id, since=TODAY) == ["second"]
    assert not second_confirmer.second_choice(db=world.db, actor=lead).can_check


def test_it_is_said_how_many_teams_wait_and_which(world: World, lead: Actor) -> None:
    require(world, named(confirmer_team(world), TODAY + timedelta(days=1)))
    assert second_confirmer.second_choice(db=world.db, actor=lead).waiting == 0
    require(world, named(confirmer_team(world)))
    assert second_confirmer.second_choice(db=world.db, actor=lead).waiting == 8
    with world.db.read() as session:
        waiting = readiness_of(
            session, world.college.teams["Exams office"].row.id, trust=trust_of(session, world.coordinator)
        )
        assert world.root is not None
        free = [
            readiness_of(session, team.row.id, trust=trust_of(session, world.coordinator))
            for team in (world.root, confirmer_team(world))
        ]
    assert not waiting.ready
    assert not waiting.to_confirm, "the council has done its part"
    assert waiting.missing == (
        "the council has confirmed it, and it waits for Riverside Boxing at Riverside Boxing, "
        "which confirms teams too",
    )
    assert [team.ready for team in free] == [True, True]
