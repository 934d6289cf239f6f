"""When an organisation last confirmed a team, by its own chain of events."""

from __future__ import annotations

from uuid import uuid4

from tests.exchange.world import World
from transition_exchange.exchange.keys.numbers import confirmed_before


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
