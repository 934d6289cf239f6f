"""Somebody who left signs another line of keys with the one that they know, around a key that others have seen.

Whoever knows a key can sign any key as the one after it, the genuine next ones too. So for those who have seen a key of
the team only those count that lead through it, or that they had seen before it.
"""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.exchange.changing import member, sign_in
from tests.exchange.members import Member, actor_of
from tests.exchange.seconding import believed, confirmer_team, named, require, second_all, sign_second
from tests.exchange.team_rows import MadeTeam, confirm_key, held_council
from tests.exchange.world import World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import progress
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import TeamKey

COLLEGE, ADMISSIONS = "Northway College", "Admissions"
CONFIRMER = "Riverside Boxing"


@pytest.fixture
def lee(world: World) -> Member:
    """A SENCO who has seen the second key of the admissions team, which was made because somebody left."""
    lee = member(world, "Lee", world.school.teams["Transition team"])
    sign_in(world, lee)
    world.new_key(COLLEGE, ADMISSIONS, removed=[uuid4()])
    _finish(world)
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, _admissions(world).key_id), world.root)
    sign_in(world, lee)
    return lee


def _admissions(world: World) -> MadeTeam:
    return world.college.teams[ADMISSIONS]


def _finish(world: World) -> None:
    for _ in range(20):
        if not progress.carry_on(db=world.db, actor=world.college_admissions).left:
            return
    raise AssertionError


def succession(team: MadeTeam, version: int, new: TeamSecret, before: TeamSecret) -> dict[str, object]:
    """The columns of a key row that say that a key follows on another, because of nobody."""
    statement = Succession(
        team=team.row.id,
        version=version,
        fingerprint=new.fingerprint.hex(),
        previous=before.fingerprint.hex(),
        removed=[],
        at=utc_now(),
    )
    return {"succession": statement.text(), "succession_signature": statement.sign(before.signing)}


def put_key(world: World, team: MadeTeam, version: int, secret: TeamSecret, before: TeamSecret) -> UUID:
    """Put a key in the place of the one with a number, or after the last one, signed by the one before."""
    about = {
        "kem_public": secret.kem.public,
        "signing_public": secret.signing.public,
        **succession(team, version, secret, before),
        **dict.fromkeys(("confirmation", "confirmation_signature", "confirmation_key_id")),
        **dict.fromkeys(("voucher", "voucher_signature", "voucher_key_id")),
        **dict.fromkeys(("retirement", "retirement_signature")),
    }
    with world.db.write() as session:
        key = session.scalar(
            select(TeamKey).where(TeamKey.team_id == team.row.id, TeamKey.version == version)
        )
        if key is None:
            key = TeamKey(team_id=team.row.id, version=version, **about)
            session.add(key)
            session.flush()
        else:
            session.execute(update(TeamKey).where(TeamKey.id == key.id).values(**about))
        return key.id


def test_a_line_around_the_remembered_key_is_sealed_to_by_nobody_and_remembered_by_nobody(
    world: World, lee: Member
) -> None:
    team, (first,) = _admissions(world), _admissions(world).older.values()
    planted, next_planted = TeamSecret.generate(), TeamSecret.generate()
    with world.db.read() as session:
        genuine = session.get_one(TeamKey, team.key_id)
        real = {column.key: getattr(genuine, column.key) for column in TeamKey.__table__.columns}
    put_key(world, team, 2, planted, first)
    put_key(world, team, 3, next_planted, planted)
    for _ in range(2):
        with world.db.read() as session:
            assert trust_of(session, actor_of(world, lee)).current(session, [team.row.id]) == {}
        sign_in(world, lee)
    with world.db.write() as session:
        session.execute(update(TeamKey).where(TeamKey.id == team.key_id).values(**real))
        session.delete(
            session.scalars(select(TeamKey).where(TeamKey.team_id == team.row.id, TeamKey.version == 3)).one()
        )
    with world.db.read() as session:
        (known,) = trust_of(session, actor_of(world, lee)).current(session, [team.row.id]).values()
    assert known.key_id == team.key_id, "nobody has lost the real one"


def test_a_key_in_the_middle_of_a_seen_line_signs_nothing(world: World, lee: Member) -> None:
    """The genuine third key's row is made to follow on the planted one. That takes nobody's help."""
    team = _admissions(world)
    first = next(iter(team.older.values()))
    world.new_key(COLLEGE, ADMISSIONS)
    sign_in(world, lee)
    planted = TeamSecret.generate()
    planted_id = put_key(world, team, 2, planted, first)
    with world.db.write() as session:
        session.execute(
            update(TeamKey)
            .where(TeamKey.id == team.key_id)
            .values(**succession(team, 3, team.secret, planted))
        )
    with world.db.read() as session:
        trust = trust_of(session, actor_of(world, lee))
        assert trust.known(session, session.get_one(TeamKey, planted_id)) is None
        assert trust.basis(session, session.get_one(TeamKey, planted_id)) is None


def test_a_key_in_the_middle_of_the_neet_groups_line_is_no_root(world: World) -> None:
    """While the key before is not retired yet. Nobody's key is needed for it but the planted one."""
    council = world.root
    assert council is not None
    world.new_key("Ashdown Council", "NEET group")
    lee = member(
        world, "Lee", _holding(world.school.teams["Transition team"], council.row.id, held_council(council))
    )
    planted = TeamSecret.generate()
    planted_id = put_key(world, council, 1, planted, TeamSecret.generate())
    with world.db.write() as session:
        session.execute(
            update(TeamKey)
            .where(TeamKey.id == council.key_id)
            .values(**succession(council, 2, council.secret, planted))
        )
    with world.db.read() as session:
        trust = trust_of(session, actor_of(world, lee))
        assert trust.is_root(session, session.get_one(TeamKey, council.key_id))
        assert not trust.is_root(session, session.get_one(TeamKey, planted_id))


def _holding(team: MadeTeam, council_id: UUID, key: object) -> MadeTeam:
    team.councils = {council_id: key}  # type: ignore[dict-item]
    return team


@pytest.fixture
def sam(world: World) -> Member:
    """A SENCO who has seen that the second confirmer changed its key because somebody left, and retired the first."""
    sam = member(world, "Sam", world.school.teams["Transition team"])
    require(world, named(confirmer_team(world)))
    second_all(world)
    sign_in(world, sam)
    world.new_key(CONFIRMER, CONFIRMER, removed=[uuid4()])
    for _ in range(20):
        if not progress.carry_on(db=world.db, actor=world.coach).left:
            break
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, confirmer_team(world).key_id), world.root)
    sign_in(world, sam)
    return sam


@pytest.mark.parametrize("how", ["its retirement is gone", "a copy with another number", "a line around it"])
def test_a_retired_key_of_the_second_confirmer_confirms_nobody(world: World, sam: Member, how: str) -> None:
    team = confirmer_team(world)
    (first_id, first) = next(iter(team.older.items()))
    inserted = world.team(COLLEGE, "Inclusion", "exams")
    signing, key_id = first, first_id
    with world.db.write() as session:
        if how == "its retirement is gone":
            key = session.get_one(TeamKey, team.key_id)
            key.retirement = key.retirement_signature = None
        if how == "a copy with another number":
            copy = TeamKey(
                team_id=team.row.id,
                version=9,
                kem_public=first.kem.public,
                signing_public=first.signing.public,
            )
            session.add(copy)
            session.flush()
            key_id = copy.id
    if how == "a line around it":
        planted, signing = TeamSecret.generate(), TeamSecret.generate()
        put_key(world, team, 2, planted, first)
        key_id = put_key(world, team, 3, signing, planted)
    sign_second(world, inserted, signing, key_id)
    assert not believed(world, actor_of(world, sam), inserted)


def test_the_second_confirmers_next_key_needs_no_confirmation_of_its_own(world: World, sam: Member) -> None:
    """After a removal the council confirms it by phone. Nobody could confirm it besides the council."""
    assert believed(world, actor_of(world, sam), confirmer_team(world))


def test_a_key_of_the_second_confirmer_that_nobody_vouched_for_is_not_remembered(world: World) -> None:
    """A leaver puts their own in its place for the moment of somebody's one sign-in."""
    assert world.root is not None
    sam = member(world, "Sam", world.school.teams["Transition team"])
    require(world, named(confirmer_team(world)))
    second_all(world)
    sign_in(world, sam)
    world.new_key(CONFIRMER, CONFIRMER, removed=[uuid4()])
    team = confirmer_team(world)
    with world.db.write() as session:
        genuine = session.get_one(TeamKey, team.key_id)
        real = {column.key: getattr(genuine, column.key) for column in TeamKey.__table__.columns}
    put_key(world, team, 2, TeamSecret.generate(), next(iter(team.older.values())))
    sign_in(world, sam)
    with world.db.write() as session:
        session.execute(update(TeamKey).where(TeamKey.id == team.key_id).values(**real))
        session.flush()
        confirm_key(session, session.get_one(TeamKey, team.key_id), world.root)
    sign_in(world, sam)
    inserted = world.team(COLLEGE, "Inclusion", "exams")
    sign_second(world, inserted, team.secret, team.key_id)
    assert believed(world, actor_of(world, sam), inserted)
    assert believed(world, actor_of(world, sam), world.college.teams["Exams office"]), "as before"
