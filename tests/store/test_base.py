"""What all tables share holds on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from sqlalchemy import CheckConstraint, select
from sqlalchemy.exc import IntegrityError, StatementError

from transition_exchange.store.base import one_of, utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation


def test_rows_may_be_added_in_any_order_but_foreign_keys_hold_at_commit(db: Database) -> None:
    area_id = uuid4()
    with db.write() as session:
        session.add(Organisation(area_id=area_id, name="Ashdown School", kind="school"))
        session.flush()
        session.add(Area(id=area_id, name="Ashdown"))
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(Organisation(area_id=uuid4(), name="Nowhere School", kind="school"))


def test_a_word_outside_its_list_is_refused_by_the_database(db: Database) -> None:
    area_id = uuid4()
    with db.write() as session:
        session.add(Area(id=area_id, name="Ashdown"))
    with pytest.raises(IntegrityError, match="ck_organisations_kind"), db.write() as session:
        session.add(Organisation(area_id=area_id, name="Ashdown School", kind="whatever"))


def test_a_moment_comes_back_in_utc_and_one_without_zone_is_refused(db: Database) -> None:
    moment = datetime(2027, 6, 3, 10, 30, 15, 123456, tzinfo=timezone(timedelta(hours=1)))
    with db.write() as session:
        session.add(Area(name="Ashdown", created_at=moment))
    with db.read() as session:
        found = session.scalars(select(Area.created_at)).one()
        assert found == moment
        assert found.utcoffset() == timedelta()
        assert session.scalars(select(Area.name).where(Area.created_at == moment)).one() == "Ashdown"
    with pytest.raises(StatementError, match="time zone"), db.write() as session:
        session.add(Area(name="Ashdown", created_at=datetime(2027, 6, 3)))  # noqa: DTZ001


def test_an_id_and_the_time_are_given_to_a_new_row(db: Database) -> None:
    before = utc_now()
    with db.write() as session:
        one, other = Area(name="Ashdown"), Area(name="Beech Lane")
        session.add_all([one, other])
    assert isinstance(one.id, UUID)
    assert one.id != other.id
    assert before <= one.created_at <= utc_now()


def test_the_words_of_a_column_become_a_constraint_of_its_name() -> None:
    rule = one_of("state", ("due", "post"))
    assert isinstance(rule, CheckConstraint)
    assert (rule.name, str(rule.sqltext)) == ("state", "state IN ('due', 'post')")


def test_the_present_moment_has_a_zone() -> None:
    assert utc_now().utcoffset() == timedelta()
