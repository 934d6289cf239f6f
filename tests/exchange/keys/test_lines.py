"""The lines of keys: each key is weighed once, after those before it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.team_rows import add_key
from tests.exchange.world import World
from transition_exchange.exchange.keys.lines import KeyLines, fits
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import retiring
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.base import utc_now
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


def test_a_key_fits_beside_the_remembered_one_unless_it_stands_in_its_place(world: World) -> None:
    team = world.college.teams["Admissions"]
    fingerprint = team.secret.fingerprint.hex()
    with world.db.read() as session:
        key = session.get_one(TeamKey, team.key_id)
    assert fits(key, None)
    assert fits(key, RememberedKey(1, fingerprint, alone=False, root=False))
    assert fits(key, RememberedKey(2, "0" * 64, alone=False, root=False))
    assert not fits(key, RememberedKey(1, "0" * 64, alone=False, root=False))


@pytest.mark.parametrize("follows", [True, False])
def test_only_a_key_that_follows_retires_those_before_it(world: World, follows: bool) -> None:
    team = world.college.teams["Admissions"]
    first = team.key_id
    for _ in range(2):
        world.new_key("Northway College", "Admissions")
    actor = world.college_admissions
    with world.db.read() as session:
        ids = retiring.due(session, actor=actor, trust=trust_of(session, actor))
    retiring.retire(db=world.db, actor=actor, ids=ids, now=utc_now())
    with world.db.read() as session:
        key, lines = session.get_one(TeamKey, first), KeyLines()
        assert lines.is_retired(session, key, remembered=None, follows=lambda _: follows) == follows
        seen = RememberedKey(3, team.secret.fingerprint.hex(), alone=True, root=False)
        assert lines.is_retired(session, key, remembered=seen, follows=lambda _: False)
