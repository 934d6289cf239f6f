"""Teams that cannot send or be sent to yet, what each lacks, and whom to ring."""

from __future__ import annotations

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.coordinating.not_ready import organisations
from transition_exchange.exchange.errors import NotAllowed


def test_organisations_say_what_their_teams_lack_and_whom_to_ring(world: World) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Transition", "transition", confirmed=False, ready=False)
    with pytest.raises(NotAllowed):
        organisations(db=world.db, actor=world.senco)
    by_name = {each.name: each for each in organisations(db=world.db, actor=world.coordinator)}
    assert by_name["Ashdown School"].ready
    assert by_name["Riverside Boxing"].ready
    new = by_name["New School"]
    assert (new.ready, new.to_confirm, new.without) == (False, 1, ("safeguarding",))
    assert new.teams[0].missing == (
        "it needs a second person, or a recovery code typed back once",
        "the council has not yet confirmed its security number by phone",
    )
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    assert len(organisations(db=world.db, actor=administrator)) == len(by_name)
