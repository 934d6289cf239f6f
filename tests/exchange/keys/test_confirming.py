"""Security numbers, compared by telephone and confirmed for the whole area."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.exchange.chains import events_of
from tests.exchange.people import Accounts, Person
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.readiness import believed_key
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import teams
from transition_exchange.sealing.keys import TeamSecret, spoken_fingerprint
from transition_exchange.store.models import Area, Organisation, TeamKey


def test_a_key_counts_once_the_neet_group_confirmed_its_number(accounts: Accounts) -> None:
    cora = accounts.found()
    sam, nia = accounts.school(cora), accounts.college(cora)
    college = accounts.actor(nia).require("admissions")
    with accounts.db.read() as session:
        assert believed_key(session, trust_of(session, accounts.actor(sam)), college.id) is None
    shown = confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=college.id)
    assert shown.spoken == confirming.own_number(actor=accounts.actor(nia), team_id=college.id)
    confirming.confirm(
        db=accounts.db, actor=accounts.actor(cora), team_id=college.id, fingerprint=shown.fingerprint
    )
    with accounts.db.read() as session:
        believed = believed_key(session, trust_of(session, accounts.actor(sam)), college.id)
        assert believed is not None
        assert believed.id == college.key_id


def test_a_key_that_changed_since_the_page_was_opened_is_not_confirmed(accounts: Accounts) -> None:
    cora = accounts.found()
    college = accounts.actor(accounts.college(cora)).require("admissions")
    shown = confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=college.id)
    other = TeamSecret.generate()
    with accounts.db.write() as session:
        row = session.get_one(TeamKey, college.key_id)
        row.kem_public, row.signing_public = other.kem.public, other.signing.public
    with pytest.raises(Refused):
        confirming.confirm(
            db=accounts.db, actor=accounts.actor(cora), team_id=college.id, fingerprint=shown.fingerprint
        )


def test_only_the_neet_group_confirms_and_only_keys_of_its_area(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    own = accounts.actor(sam).teams[0].id
    with pytest.raises(NotAllowed):
        confirming.number_of(db=accounts.db, actor=accounts.actor(sam), team_id=own)
    with pytest.raises(NotAllowed):
        confirming.confirm(db=accounts.db, actor=accounts.actor(sam), team_id=own, fingerprint="")
    with pytest.raises(NotFound):
        confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=uuid4())


def test_a_team_without_a_key_has_no_number(accounts: Accounts, cora: Person, sam: Person) -> None:
    listed = teams.own_teams(db=accounts.db, actor=accounts.actor(sam))
    safeguarding = next(team for team in listed if team.team_name == "Safeguarding")
    with pytest.raises(NotFound):
        confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=safeguarding.team_id)
    with pytest.raises(NotFound):
        confirming.own_number(actor=accounts.actor(sam), team_id=safeguarding.team_id)


def test_a_number_says_whose_it_is_and_who_to_ring(world: World) -> None:
    team = world.college.teams["Learning support"]
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)
    assert (shown.team_name, shown.organisation_name) == ("Learning support", "Northway College")
    assert shown.contact == "The office on 01709 000000"
    assert shown.fingerprint == team.secret.fingerprint.hex()
    assert shown.spoken == spoken_fingerprint(team.secret.fingerprint)
    assert shown.confirmed_at is not None


def test_a_confirmation_is_written_down_with_who_made_it(world: World) -> None:
    late = world.team("Northway College", "Late team", "exams", confirmed=False)
    now = datetime(2027, 6, 3, 9, 0, tzinfo=UTC)
    confirming.confirm(
        db=world.db,
        actor=world.coordinator,
        team_id=late.row.id,
        fingerprint=late.secret.fingerprint.hex(),
        now=now,
    )
    with world.db.read() as session:
        key = session.get_one(TeamKey, late.key_id)
        assert (key.confirmed_at, key.confirmed_by) == (now, world.coordinator.principal_id)
        assert trust_of(session, world.other_senco).believes(session, key)
    event = events_of(world.db, world.coordinator.organisation_id)[-1]
    assert event.kind == "key.confirmed"
    assert event.about == {"team": str(late.row.id), "key": str(late.key_id)}


def test_another_areas_team_has_no_number_here(world: World) -> None:
    with world.db.write() as session:
        area = Area(name="Elsewhere")
        session.add(area)
        session.flush()
        session.get_one(Organisation, world.college.id).area_id = area.id
    team = world.college.teams["Learning support"]
    with pytest.raises(NotFound):
        confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)
    with pytest.raises(NotFound):
        confirming.confirm(
            db=world.db,
            actor=world.coordinator,
            team_id=team.row.id,
            fingerprint=team.secret.fingerprint.hex(),
        )


def test_the_own_number_comes_from_the_key_in_hand_and_not_from_the_database(world: World) -> None:
    team, thief = world.college.teams["Learning support"], TeamSecret.generate()
    with world.db.write() as session:
        key = session.get_one(TeamKey, team.key_id)
        key.kem_public, key.signing_public = thief.kem.public, thief.signing.public
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)
    own = confirming.own_number(actor=world.college_support, team_id=team.row.id)
    assert own == spoken_fingerprint(team.secret.fingerprint)
    assert own != shown.spoken, "the telephone call finds it out"
