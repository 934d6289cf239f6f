"""Which council a team's next key, or an invitation, passes on as the one to trust."""

from __future__ import annotations

from tests.exchange.team_rows import held_council
from tests.exchange.world import World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing import pins
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import KeyPin


def test_a_council_that_somebody_signed_before_they_left_is_pinned_no_further(world: World) -> None:
    """Their pin was good while the key that they know was the newest. No newer key of the team signs it again."""
    assert world.root is not None
    team, stranger = world.school.teams["Transition team"], TeamSecret.generate()
    with world.db.write() as session:
        session.add(
            KeyPin(
                team_id=team.row.id,
                pinned_team_id=world.root.row.id,
                fingerprint=stranger.fingerprint.hex(),
                signature=pins.sign(
                    team.secret.signing, team_id=world.root.row.id, fingerprint=stranger.fingerprint
                ),
            )
        )
    with world.db.read() as session:
        trust = trust_of(session, world.senco)
        assert stranger.fingerprint in trust.roots
        assert trust.councils(session) == {world.root.row.id: held_council(world.root)}
