"""Ready or not: a confirmed key and two ways in, counted as people and recovery codes that were typed back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.keys.readiness import (
    Readiness,
    openers_of,
    readiness_of,
)
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Handover, Membership, Principal, Team, TeamKey, Unlock
from transition_exchange.store.unreadable import Unreadable


@pytest.fixture
def office(world: World) -> MadeTeam:
    """A confirmed team of a new school that nobody has joined yet."""
    world.place("New School", kind="school", sends=True)
    return world.team("New School", "Office", "transition", ready=False)


def _state(world: World, team: MadeTeam) -> Readiness:
    with world.db.read() as session:
        return readiness_of(session, team.row.id, trust=trust_of(session, world.coordinator))


def _member(session: Session, team: MadeTeam, name: str, *, sealed: bytes | None = b"sealed") -> Principal:
    person = Principal(
        organisation_id=team.row.organisation_id,
        name=name,
        email=f"{name}@example.org",
    )
    session.add(person)
    session.flush()
    session.add(
        Membership(principal_id=person.id, team_id=team.row.id, team_key_id=team.key_id, sealed=sealed)
    )
    return person


def _recovery(session: Session, person: Principal, *, proven: bool) -> None:
    moment = datetime.now(UTC) if proven else None
    session.add(Unlock(principal_id=person.id, kind="recovery", wrapped="{}", proven_at=moment))


def test_two_people_are_two_ways_in(world: World, office: MadeTeam) -> None:
    with world.db.write() as session:
        _member(session, office, "amy")
    assert (_state(world, office).openers, _state(world, office).ready) == (1, False)
    with world.db.write() as session:
        _member(session, office, "ben")
    assert (_state(world, office).openers, _state(world, office).ready) == (2, True)


@pytest.mark.parametrize(("proven", "openers"), [(False, 1), (True, 2)])
def test_a_recovery_code_counts_once_it_was_typed_back(
    world: World, office: MadeTeam, proven: bool, openers: int
) -> None:
    with world.db.write() as session:
        _recovery(session, _member(session, office, "amy"), proven=proven)
    assert _state(world, office).openers == openers


def test_several_proven_codes_of_one_person_are_one_way_in(world: World, office: MadeTeam) -> None:
    with world.db.write() as session:
        person = _member(session, office, "amy")
        _recovery(session, person, proven=True)
        _recovery(session, person, proven=True)
    assert _state(world, office).openers == 2


def test_who_left_was_removed_or_holds_no_key_does_not_count(world: World, office: MadeTeam) -> None:
    now = datetime.now(UTC)
    with world.db.write() as session:
        for name in ("left", "removed"):
            _recovery(session, _member(session, office, name), proven=True)
        _recovery(session, _member(session, office, "keyless", sealed=None), proven=True)
        session.execute(
            update(Membership)
            .where(Membership.principal_id.in_(_ids_of(session, "left")))
            .values(removed_at=now, sealed=None)
        )
        session.execute(update(Principal).where(Principal.name == "removed").values(removed_at=now))
    assert _state(world, office).openers == 0


def _ids_of(session: Session, name: str) -> list[UUID]:
    return [person.id for person in session.query(Principal).filter_by(name=name)]


def test_ways_in_are_counted_for_each_key_on_its_own(world: World, office: MadeTeam) -> None:
    support = world.college.teams["Learning support"]
    with world.db.write() as session:
        _member(session, office, "amy")
    with world.db.read() as session:
        assert openers_of(session, [office.key_id, support.key_id]) == {office.key_id: 1, support.key_id: 2}
        assert openers_of(session, []) == {}


def test_a_team_without_a_key_lacks_its_first_member_only(world: World) -> None:
    with world.db.write() as session:
        row = Team(organisation_id=world.school.id, name="Empty", purposes=["transition"])
        session.add(row)
        session.flush()
        team_id = row.id
    with world.db.read() as session:
        state = readiness_of(session, team_id, trust=trust_of(session, world.coordinator))
    assert (state.has_key, state.confirmed, state.ready) == (False, False, False)
    assert state.missing == ("nobody has joined it yet",)


def test_what_is_missing_is_said_in_words(world: World) -> None:
    made = world.team("Northway College", "Late team", "exams", confirmed=False, ready=False)
    assert _state(world, made).missing == (
        "it needs a second person, or a recovery code typed back once",
        "the council has not yet confirmed its security number by phone",
    )
    assert _state(world, world.college.teams["Admissions"]).missing == ()


def test_a_successor_of_a_confirmed_key_needs_no_telephone_call(world: World) -> None:
    world.new_key("Northway College", "Admissions")
    assert _state(world, world.college.teams["Admissions"]).ready
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    world.new_key("Northway College", "Late team")
    assert _state(world, late).to_confirm, "the key before was not confirmed either"


def test_a_successor_after_somebody_left_waits_for_another_team_or_the_council(world: World) -> None:
    world.new_key("Northway College", "Admissions", removed=[world.college_admissions.principal_id])
    state = _state(world, world.college.teams["Admissions"])
    assert (state.to_vouch, state.to_confirm, state.ready) == (True, True, False)
    assert state.missing == (
        "somebody has left it, so another team of its organisation has to confirm its new key, "
        "or the council by phone",
    )


def test_the_neet_groups_key_needs_no_confirmation(world: World) -> None:
    assert world.root is not None
    with world.db.read() as session:
        assert session.get_one(TeamKey, world.root.key_id).confirmed_at is None
    assert _state(world, world.root).ready


def test_for_the_neet_group_only_people_count(world: World) -> None:
    assert world.root is not None
    with world.db.write() as session:
        first, *others = session.scalars(
            select(Membership).where(Membership.team_id == world.root.row.id, Membership.sealed.is_not(None))
        ).all()
        for other in others:
            session.delete(other)
        proven = select(Unlock).where(Unlock.principal_id == first.principal_id, Unlock.kind == "recovery")
        assert session.scalars(proven).one().proven_at is not None
    state = _state(world, world.root)
    assert (state.openers, state.ready, state.lacks_person) == (1, False, True)
    assert state.missing == ("it needs a second person, because it confirms the teams of everybody else",)
    assert not _state(world, world.college.teams["Admissions"]).lacks_person


def test_after_a_change_the_colleagues_who_have_not_taken_the_new_key_are_named(
    world: World, office: MadeTeam
) -> None:
    """What the team needs is not another person."""
    with world.db.write() as session:
        giver, *takers = (_member(session, office, name, sealed=None) for name in ("amy", "ben", "cat"))
        session.scalars(
            select(Membership).where(Membership.principal_id == giver.id)
        ).one().sealed = b"sealed"
        for taker in takers:
            session.add(
                Handover(team_key_id=office.key_id, taker_id=taker.id, giver_id=giver.id, sealed=b"x")
            )
    assert _state(world, office).missing == ("one of ben and cat has to sign in and take its new key",)
    with world.db.write() as session:
        session.execute(delete(Handover).where(Handover.taker_id == takers[1].id))
    assert _state(world, office).missing == ("ben has to sign in and take its new key",)
    with world.db.write() as session:
        session.get_one(Principal, takers[0].id).removed_at = datetime.now(UTC)
    assert _state(world, office).missing == ("it needs a second person, or a recovery code typed back once",)


def test_a_team_that_is_not_there_has_no_state(world: World) -> None:
    with world.db.read() as session, pytest.raises(Unreadable):
        readiness_of(session, world.school.id, trust=trust_of(session, world.coordinator))


@pytest.mark.parametrize("version", [2, 99])
def test_a_row_with_a_higher_number_that_nobody_signed_shuts_no_team_out(world: World, version: int) -> None:
    sent = world.sent()
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    stranger = TeamSecret.generate()
    for team in (world.college.teams["Exams office"], world.school.teams["Transition team"]):
        with world.db.write() as session:
            session.add(
                TeamKey(
                    team_id=team.row.id,
                    version=version,
                    kem_public=stranger.kem.public,
                    signing_public=stranger.signing.public,
                )
            )
        assert _state(world, team).ready
    planned = world.plan(sent.record_id)
    assert planned.own_problem == ""
    assert [provider.state for provider in planned.providers] == ["again"]
    assert world.send(sent.record_id).providers == ("Northway College",)
