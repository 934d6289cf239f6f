"""Whom a session takes for whom, of those whom its own teams and others name."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from tests.exchange.members import Member, actor_of, add_member, join
from tests.exchange.world import World
from transition_exchange.exchange.keys.colleagues import (
    Known,
    known_people,
    own_name,
    own_teams,
    shown_name,
    sightings,
    sure_keys,
)
from transition_exchange.exchange.keys.remembering import remember
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import Member as Statement
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.store.models import Membership, Principal

TEAM, OTHER = "Transition team", "Safeguarding team"


@pytest.fixture
def alex(world: World) -> Member:
    """Who looks: a member of the transition team."""
    member = add_member(world, "Alex")
    join(world, member, world.school.teams[TEAM].held)
    return member


@pytest.fixture
def robin(world: World) -> Member:
    """Somebody in no team yet."""
    return add_member(world, "Robin")


def known(world: World, alex: Member, robin: Member) -> Known | None:
    """Robin, as Alex knows them."""
    with world.db.read() as session:
        return known_people(session, actor=actor_of(world, alex), ids=[robin.row.id]).get(robin.row.id)


def sign_in(world: World, member: Member) -> None:
    with world.db.write() as session:
        principal = session.get_one(Principal, member.row.id)
        remember(session, principal=principal, pair=member.pair, now=datetime.now(UTC))


def leave(world: World, membership_id: UUID) -> None:
    with world.db.write() as session:
        session.execute(delete(Membership).where(Membership.id == membership_id))


def public(member: Member) -> object:
    return PersonKeys(member.pair).public


@pytest.mark.parametrize("signs_in", [False, True])
def test_a_colleague_of_an_own_team_is_certain(
    world: World, alex: Member, robin: Member, signs_in: bool
) -> None:
    join(world, robin, world.school.teams[TEAM].held)
    if signs_in:
        sign_in(world, alex)
    assert known(world, alex, robin) == Known((public(robin),), "Robin", True)  # type: ignore[arg-type]


@pytest.mark.parametrize("signs_in", [False, True])
def test_one_of_another_team_is_told_of_by_that_team(
    world: World, alex: Member, robin: Member, signs_in: bool
) -> None:
    membership_id = join(world, robin, world.school.teams[OTHER].held)
    if signs_in:
        sign_in(world, alex)
        leave(world, membership_id)
    assert known(world, alex, robin) == Known(
        (public(robin),),  # type: ignore[arg-type]
        "Robin",
        False,
        (OTHER,),
    )
    assert sure_keys(actor_of(world, alex), robin.row.id) is None


def test_what_one_was_told_gets_certain_when_the_own_team_says_the_same(
    world: World, alex: Member, robin: Member
) -> None:
    join(world, robin, world.school.teams[OTHER].held)
    sign_in(world, alex)
    join(world, robin, world.school.teams[TEAM].held)
    sign_in(world, alex)
    found = known(world, alex, robin)
    assert found is not None
    assert found.certain
    assert sure_keys(actor_of(world, alex), robin.row.id) == public(robin)


@pytest.mark.parametrize("first", [TEAM, OTHER])
def test_different_keys_make_somebody_doubtful_whichever_was_first(
    world: World, alex: Member, robin: Member, first: str
) -> None:
    teams = world.school.teams
    join(world, robin, teams[first].held)
    sign_in(world, alex)
    before = actor_of(world, alex).address_book
    second = teams[OTHER if first == TEAM else TEAM]
    join(world, Member(robin.row, KeyPair.generate()), second.held)
    sign_in(world, alex)
    found = known(world, alex, robin)
    assert found is not None
    assert (found.doubtful, found.certain, found.name) == (True, False, "")
    assert actor_of(world, alex).address_book.colleagues == before.colleagues, "nothing is replaced"


def test_somebody_new_with_different_keys_is_not_remembered(
    world: World, alex: Member, robin: Member
) -> None:
    join(world, robin, world.school.teams[TEAM].held)
    join(world, Member(robin.row, KeyPair.generate()), world.school.teams[OTHER].held)
    sign_in(world, alex)
    found = known(world, alex, robin)
    assert found is not None
    assert found.doubtful
    assert actor_of(world, alex).address_book.public_of(robin.row.id) is None


def test_whom_nobody_names_is_unknown(world: World, alex: Member, robin: Member) -> None:
    assert known(world, alex, robin) is None


def test_one_knows_oneself_by_the_name_that_one_remembers(world: World, alex: Member, robin: Member) -> None:
    """And by the own keys only, whatever a team's key signs."""
    sign_in(world, alex)
    with world.db.write() as session:
        session.get_one(Principal, alex.row.id).name = "Helena Quarmby"
    actor = actor_of(world, alex)
    with world.db.read() as session:
        everybody = known_people(session, actor=actor)
        assert everybody[alex.row.id] == Known((public(alex),), "Alex", True)  # type: ignore[arg-type]
        assert own_name(session, actor=actor, team_id=actor.teams[0].id) == "Alex"
    assert sure_keys(actor, alex.row.id) == public(alex)
    assert sure_keys(actor, None) is None
    assert own_teams(actor) == {actor.teams[0].id}


@pytest.mark.parametrize(("whose", "name"), [("their own", "Alex"), ("another", None), ("none", None)])
def test_without_a_memory_the_own_name_is_what_the_team_signed_with_the_own_keys(
    world: World, alex: Member, whose: str, name: str | None
) -> None:
    team = world.school.teams[TEAM]
    with world.db.write() as session:
        row = session.scalars(select(Membership).where(Membership.principal_id == alex.row.id)).one()
        if whose == "another":
            claim = Statement.of(
                team=row.team_id,
                principal=alex.row.id,
                name="Helena Quarmby",
                public=PersonKeys(KeyPair.generate()).public,
                joined_at=datetime.now(UTC),
            )
            row.statement, row.signature = claim.text(), claim.sign(team.secret.signing)
        elif whose == "none":
            row.statement = None
    actor = actor_of(world, alex)
    with world.db.read() as session:
        assert own_name(session, actor=actor, team_id=team.row.id) == name
        seen = sightings(session, actor=actor, trust=trust_of(session, actor))
    assert (alex.row.id in seen) == (name is not None)


def test_a_name_that_neither_memory_nor_a_team_has_is_empty(
    world: World, alex: Member, robin: Member
) -> None:
    actor = actor_of(world, alex)
    assert shown_name(actor, robin.row.id, None) == ""
    claim = Statement.of(
        team=actor.teams[0].id,
        principal=robin.row.id,
        name="Robin Reed",
        public=PersonKeys(robin.pair).public,
        joined_at=datetime.now(UTC),
    )
    assert shown_name(actor, robin.row.id, claim) == "Robin Reed"
