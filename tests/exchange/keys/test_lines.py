"""The lines of keys: each key is weighed once, after those before it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.team_rows import add_key
from tests.exchange.world import World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import TeamKey

MANY = 400


@pytest.mark.parametrize(
    ("whose", "left"),
    [("a college's", False), ("a college's", True), ("the council's", False)],
    ids=["nobody left", "somebody left", "the council's"],
)
def test_a_long_line_of_keys_that_somebody_planted_stops_nobody(world: World, whose: str, left: bool) -> None:
    """Whoever writes to the database can sign such a line with keys of their own."""
    assert world.root is not None
    team = world.root if whose == "the council's" else world.college.teams["Learning support"]
    removed = [uuid4()] if left else []
    with world.db.write() as session:
        signed_by = TeamSecret.generate()
        for version in range(3, MANY):
            secret = TeamSecret.generate()
            add_key(session, team.row.id, secret, version=version, signed_by=signed_by, removed=removed)
            signed_by = secret
    with world.db.read() as session:
        newest, *_ = session.scalars(select(TeamKey).order_by(TeamKey.version.desc()))
        trust = trust_of(session, world.senco)
        assert trust.known(session, newest) is None
        assert trust.vouched(session, newest) is None
        assert trust.waiting_since(session, newest)[0] is None
        assert not trust.is_root(session, newest)
        assert not trust.roots.lead_to(session, newest)
        assert trust.current(session, [team.row.id]) == {}
        assert trust.councils(session).keys() == {world.root.row.id}
