"""Rows of team keys in their order, and what was signed about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from tests.store.doubled import take_constraints
from tests.store.test_unreadable import ONLY_SQLITE
from tests.web.spoiling import written_to
from transition_exchange.exchange.keys.confirming import number_of
from transition_exchange.exchange.keys.key_rows import (
    identity_in_rows,
    key_in_rows,
    keyed_teams,
    keys_by_version,
    retires,
    retires_fingerprint,
    succession_of,
)
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import retiring
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Organisation, Team, TeamKey
from transition_exchange.store.unreadable import forget, left_out

COLLEGE, TEAM = "Northway College", "Admissions"


def test_the_keys_of_teams_come_by_version(world: World) -> None:
    team, other = world.college.teams[TEAM], world.college.teams["Exams office"]
    first = team.key_id
    world.new_key(COLLEGE, TEAM)
    with world.db.read() as session:
        lines = keys_by_version(session, [team.row.id, other.row.id])
        assert {version: key.id for version, key in lines[team.row.id].items()} == {1: first, 2: team.key_id}
        assert list(lines[other.row.id]) == [1]
        assert keyed_teams(session, [team.row.id, world.area_id]) == {team.row.id}


def test_a_key_follows_the_one_that_signed_it(world: World) -> None:
    team = world.college.teams[TEAM]
    first = team.key_id
    world.new_key(COLLEGE, TEAM)
    with world.db.read() as session:
        key, before = session.get_one(TeamKey, team.key_id), session.get_one(TeamKey, first)
        statement = succession_of(key, before)
    assert statement is not None
    assert (statement.version, list(statement.removed)) == (2, [])


@pytest.mark.parametrize("change", ["version", "team", "fingerprint", "previous"])
def test_a_statement_about_something_else_is_none(world: World, change: str) -> None:
    team = world.college.teams[TEAM]
    first, secret = team.key_id, team.secret
    world.new_key(COLLEGE, TEAM)
    with world.db.read() as session:
        key, before = session.get_one(TeamKey, team.key_id), session.get_one(TeamKey, first)
        statement = succession_of(key, before)
        assert statement is not None
        wrong: dict[str, Any] = {change: 3 if change == "version" else str(world.area_id)}
        other = replace(statement, **wrong)
        key.succession, key.succession_signature = other.text(), other.sign(secret.signing)
        assert succession_of(key, before) is None
        session.expunge_all()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_whose_row_is_damaged_signs_nothing_and_stops_nobody(world: World) -> None:
    team, other = world.college.teams[TEAM], world.college.teams["Exams office"]
    with world.db.write() as session:
        session.get_one(TeamKey, other.key_id).voucher_key_id = team.key_id
    with written_to(world.db) as file:
        file.execute("UPDATE team_keys SET created_at = 'soon' WHERE id = ?", (team.key_id.hex,))
    with world.db.read() as session:
        assert key_in_rows(session, team.key_id) is None
        assert key_in_rows(session, None) is None
        assert key_in_rows(session, other.key_id) is not None
        known = trust_of(session, world.senco).current(session, [team.row.id, other.row.id])
        assert list(known) == [other.row.id]


def test_a_retirement_is_read_without_the_row_that_it_retires(world: World) -> None:
    team = world.college.teams[TEAM]
    first, secret = team.key_id, team.secret
    world.new_key(COLLEGE, TEAM)
    actor = world.college_admissions
    with world.db.read() as session:
        ids = retiring.due(session, actor=actor, trust=trust_of(session, actor))
    retiring.retire(db=world.db, actor=actor, ids=ids, now=utc_now())
    with world.db.read() as session:
        key, before = session.get_one(TeamKey, team.key_id), session.get_one(TeamKey, first)
        assert retires(key, before)
        assert retires_fingerprint(key, secret.fingerprint)
        assert not retires_fingerprint(key, team.secret.fingerprint)


def _plant(world: World, team: MadeTeam, version: int) -> None:
    """What somebody writes whom no constraint binds."""
    stranger = TeamSecret.generate()
    with written_to(world.db) as rows:
        take_constraints(rows)
        kept = rows.execute("SELECT * FROM team_keys WHERE id = ?", (team.key_id.hex,))
        names = [column[0] for column in kept.description]
        planted = dict(zip(names, kept.fetchone(), strict=True)) | {
            "id": uuid4().hex,
            "version": version,
            "kem_public": stranger.kem.public,
            "signing_public": stranger.signing.public,
        }
        marks = ", ".join("?" for _ in names)
        rows.execute(f"INSERT INTO team_keys VALUES ({marks})", tuple(planted.values()))
    world.db.dispose()


@ONLY_SQLITE
def test_of_two_keys_with_one_number_neither_counts_and_it_is_told(world: World) -> None:
    """With the first or the last of them, a key would count again that the other one has retired."""
    team = world.college.teams["Exams office"]
    record_id = world.add()
    world.fill(record_id)
    _plant(world, team, 1)
    forget()
    with world.db.read() as session:
        assert keys_by_version(session, [team.row.id]) == {team.row.id: {}}
    assert left_out() == 1
    (college,) = world.plan(record_id).providers
    assert (college.state, college.goes) == ("not_ready", False)


@ONLY_SQLITE
@pytest.mark.parametrize("version", [0, -1])
def test_a_number_that_no_key_has_stands_for_nothing(world: World, version: int) -> None:
    team = world.college.teams["Exams office"]
    _plant(world, team, version)
    forget()
    with world.db.read() as session:
        assert list(keys_by_version(session, [team.row.id])[team.row.id]) == [1]
        assert number_of(db=world.db, actor=world.coordinator, team_id=team.row.id).confirmed_at
    assert left_out() >= 1


@pytest.mark.parametrize(
    ("columns", "numbers"),
    [
        ({"kind": "school_with_sixth_form", "urn": "123456", "ukprn": "10001234"}, ("10001234", "123456")),
        ({"kind": "special_school", "urn": "123456", "ukprn": None}, ("", "123456")),
        ({"kind": "college_group", "urn": "130527", "ukprn": "10001234"}, ("10001234", "")),
        ({"kind": "home_education", "urn": "123456", "ukprn": "01234567"}, ("", "")),
        ({"kind": "school", "urn": "12345", "ukprn": "1000123"}, ("", "")),
    ],
)
def test_what_rows_say_of_a_place_is_its_ukprn_and_the_urn_of_a_school(
    columns: dict[str, str | None], numbers: tuple[str, str]
) -> None:
    """Whatever is no such number is none: nobody could read a confirmation with it."""
    team = Team(id=uuid4(), name="Office", purposes=["admissions"])
    identity = identity_in_rows(team, Organisation(id=uuid4(), name="Hill", **columns))
    assert (identity.ukprn, identity.school_urn) == numbers
    assert TeamIdentity.from_plain(identity.plain()) == identity
