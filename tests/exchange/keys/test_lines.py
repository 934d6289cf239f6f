"""The lines of keys: each key is weighed once, after those before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.team_rows import MadeTeam, add_key
from tests.exchange.work import calls
from tests.exchange.world import World
from transition_exchange.exchange.keys import lines
from transition_exchange.exchange.keys.key_rows import succession_of
from transition_exchange.exchange.keys.lines import KeyLines, fits
from transition_exchange.exchange.keys.seen_keys import newest_councils
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import retiring
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import TeamKey

MANY = 400
FEW = 20


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
        assert trust.current(session, [team.row.id])[team.row.id].key_id == team.key_id
        assert newest_councils(session, trust=trust).keys() == {world.root.row.id}


def _plant(
    world: World, team_id: UUID, signed_by: TeamSecret, versions: range, removed: Sequence[UUID]
) -> None:
    with world.db.write() as session:
        for version in versions:
            add_key(session, team_id, signed_by, version=version, signed_by=signed_by, removed=removed)


def _unknown(world: World) -> tuple[MadeTeam, TeamSecret]:
    team = world.team("Northway College", "Evening", "learning_support", confirmed=False)
    return team, team.secret


def _councils(world: World) -> tuple[MadeTeam, TeamSecret]:
    assert world.root is not None
    return world.root, TeamSecret.generate()


def _believed(world: World) -> tuple[MadeTeam, TeamSecret]:
    team = world.college.teams["Learning support"]
    return team, team.secret


def _own(world: World) -> tuple[MadeTeam, TeamSecret]:
    return world.school.teams["Transition team"], TeamSecret.generate()


def _own_copied(world: World) -> tuple[MadeTeam, TeamSecret]:
    team = world.school.teams["Transition team"]
    return team, team.secret


@pytest.mark.parametrize(
    ("left", "newest_first"),
    [(False, True), (True, True), (False, False)],
    ids=["kept", "left", "oldest first"],
)
@pytest.mark.parametrize("whose", [_unknown, _councils, _believed, _own, _own_copied])
def test_each_key_of_a_long_line_is_looked_at_once(
    world: World, whose: Callable[[World], tuple[MadeTeam, TeamSecret]], left: bool, newest_first: bool
) -> None:
    """Four times as many keys are about four times as much work. It would be sixteen times if each looked at all."""
    team, signed_by = whose(world)
    removed = [uuid4()] if left else []

    order = TeamKey.version.desc() if newest_first else TeamKey.version

    def look() -> None:
        with world.db.read() as session:
            trust = trust_of(session, world.senco)
            for row in session.scalars(select(TeamKey).where(TeamKey.team_id == team.row.id).order_by(order)):
                trust.known(session, row)
                trust.vouched(session, row)
                trust.is_root(session, row)
                trust.roots.lead_to(session, row)
            newest_councils(session, trust=trust)

    _plant(world, team.row.id, signed_by, range(2, FEW), removed)
    look()  # what Python does once only
    few = calls(look)
    _plant(world, team.row.id, signed_by, range(FEW, 4 * FEW), removed)
    assert calls(look) < 5 * few


def test_a_line_that_no_believed_key_leads_into_costs_no_signatures(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, signed_by = _unknown(world)
    _plant(world, team.row.id, signed_by, range(2, FEW), [])
    checked: list[TeamKey] = []

    def count(key: TeamKey, before: TeamKey) -> Succession | None:
        checked.append(key)
        return succession_of(key, before)

    monkeypatch.setattr(lines, "succession_of", count)
    with world.db.read() as session:
        newest, *_ = session.scalars(select(TeamKey).order_by(TeamKey.version.desc()))
        trust = trust_of(session, world.senco)
        assert trust.known(session, newest) is None
        assert trust.vouched(session, newest) is None
    assert checked == []


def test_a_key_fits_beside_the_remembered_one_unless_it_stands_in_its_place(world: World) -> None:
    team = world.college.teams["Admissions"]
    fingerprint = team.secret.fingerprint.hex()
    with world.db.read() as session:
        key = session.get_one(TeamKey, team.key_id)
    assert fits(key, None)
    assert fits(key, RememberedKey(1, fingerprint, root=False))
    assert fits(key, RememberedKey(2, "0" * 64, root=False))
    assert not fits(key, RememberedKey(1, "0" * 64, root=False))


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
        key, stored = session.get_one(TeamKey, first), KeyLines()
        assert (
            stored.is_retired(session, key, remembered=None, findings={}, follows=lambda _: follows)
            == follows
        )
        seen = RememberedKey(3, team.secret.fingerprint.hex(), counts_from=3, root=False)
        assert stored.is_retired(session, key, remembered=seen, findings={}, follows=lambda _: False)
