"""What the tables of the area, its organisations and teams refuse."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from tests.store.rows import organisation, team, team_key
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, KeyPin, Organisation, Team


@pytest.mark.parametrize("months", [0, -1])
def test_a_record_is_kept_for_some_time(db: Database, months: int) -> None:
    with pytest.raises(IntegrityError, match="keep_months"), db.write() as session:
        session.add(Area(name="Ashdown", keep_months=months))


def test_a_kind_of_organisation_that_is_not_known_is_refused(db: Database) -> None:
    school = organisation(db)
    with pytest.raises(IntegrityError, match="ck_organisations_kind"), db.write() as session:
        session.get_one(Organisation, school).kind = "castle"


def test_a_team_has_one_key_of_each_version_counted_from_1(db: Database) -> None:
    school = organisation(db)
    with db.write() as session:
        group = team(session, school, "transition")
        for version in (1, 2):
            team_key(session, group.id, version)
    with pytest.raises(IntegrityError), db.write() as session:
        team_key(session, group.id, 2)
    with pytest.raises(IntegrityError, match="ck_team_keys_version"), db.write() as session:
        team_key(session, group.id, 0)


def test_a_team_pins_a_key_once(db: Database) -> None:
    school = organisation(db)
    with db.write() as session:
        pinning, pinned = team(session, school, "transition"), team(session, school, "neet_group")
    ids = {"team_id": pinning.id, "pinned_team_id": pinned.id, "signature": b""}
    with db.write() as session:
        session.add_all([KeyPin(**ids, fingerprint=digit * 64) for digit in "ab"])
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(KeyPin(**ids, fingerprint="a" * 64))


def test_purposes_come_back_as_a_list_and_relationships_load_only_where_asked_for(db: Database) -> None:
    school = organisation(db)
    with db.write() as session:
        group = team(session, school, "admissions", "exams")
    with db.read() as session:
        read = session.get_one(Team, group.id)
        assert read.purposes == ["admissions", "exams"]
        with pytest.raises(InvalidRequestError, match="raise_on_sql"):
            _ = read.organisation
