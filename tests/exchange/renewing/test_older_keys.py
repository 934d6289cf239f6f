"""Which older keys count for which work."""

from __future__ import annotations

from tests.exchange.world import World
from transition_exchange.exchange.renewing.older_keys import older_keys
from transition_exchange.purposes import RECEIVING, SENDING


def test_the_older_keys_of_teams_that_do_this_work_and_no_current_one(world: World) -> None:
    team = world.school.teams["Transition team"]
    assert older_keys(world.senco, SENDING) == ()
    first = team.key_id
    world.new_key("Ashdown School", "Transition team")
    second = team.key_id
    world.new_key("Ashdown School", "Transition team")
    assert older_keys(world.senco, SENDING) == (first, second)
    assert older_keys(world.senco, ("school_safeguarding",)) == older_keys(world.senco, RECEIVING) == ()
