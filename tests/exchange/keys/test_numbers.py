"""When an organisation last confirmed a team, by its own chain of events, and whether somebody has left it since."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from tests.exchange.world import World
from transition_exchange.exchange.keys.numbers import confirmed_before, left_since
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.store.models import TeamKey


def test_only_the_last_confirmation_of_this_team_counts_and_only_if_it_said_something_else(
    world: World,
) -> None:
    team, other = uuid4(), uuid4()
    with world.db.write() as session:
        for team_id, confirmed in ((team, "first"), (team, "second"), (other, "third")):
            world.coordinator.note(session, "key.confirmed", team=team_id, confirmed=confirmed)
        world.coordinator.note(session, "key.seconded", team=team, confirmed="fourth")
    with world.db.read() as session:
        actor = world.coordinator
        assert confirmed_before(session, actor, team_id=team, seen="second") is None
        assert confirmed_before(session, actor, team_id=team, seen="first") is not None
        assert confirmed_before(session, actor, team_id=uuid4(), seen="first") is None
        assert confirmed_before(session, actor, team_id=team, seen="fourth", kind="key.seconded") is None
        assert confirmed_before(session, world.senco, team_id=team, seen="first") is None


def test_a_team_has_another_number_because_somebody_left_if_nothing_else_about_it_is_new(
    world: World,
) -> None:
    def left(name: str = "Admissions") -> bool:
        made = world.college.teams["Admissions"]
        with world.db.read() as session:
            trust = trust_of(session, world.coordinator)
            key = session.get_one(TeamKey, made.key_id)
            return left_since(session, trust, key=key, team=replace(made.identity, name=name))

    assert not left()
    world.new_key("Northway College", "Admissions")
    assert not left(), "nobody left"
    world.new_key("Northway College", "Admissions", removed=[world.college_admissions.principal_id])
    assert left()
    assert not left("Registry")
