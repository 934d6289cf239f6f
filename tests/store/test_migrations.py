"""Models and migrations agree, and what was stored at each earlier migration survives all later ones.

`tests/store/migrations/REVISION.json` holds rows as they were stored when that migration was the newest. A new
migration gets a file of its own, made by `python -m tests.store.keep_rows` before the next one is written.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, PrimaryKeyConstraint, UniqueConstraint, inspect, select

from tests.store import keep_rows
from transition_exchange.store import chain
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database
from transition_exchange.store.migrations import revisions
from transition_exchange.store.models import (
    Ciphertext,
    Event,
    Organisation,
    Record,
    Revision,
    Team,
    TeamKey,
    TermStart,
)


def test_the_tables_that_migrations_make_are_those_of_the_models(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def _shape(engine: Engine) -> dict[str, object]:
    """Everything that can be read back from the tables, rules that Alembic doesn't compare among it."""
    inspector = inspect(engine)
    shape: dict[str, object] = {}
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        lists: dict[str, list[Any]] = {
            "foreign": list(inspector.get_foreign_keys(table)),
            "unique": list(inspector.get_unique_constraints(table)),
            "check": list(inspector.get_check_constraints(table)),
            "indexes": [
                {
                    "name": index["name"],
                    "columns": index["column_names"],
                    "unique": index["unique"],
                    "where": _where(index),
                }
                for index in inspector.get_indexes(table)
            ],
        }
        shape[table] = {
            "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)],
            "primary": inspector.get_pk_constraint(table),
            **{kind: sorted(items, key=_name) for kind, items in lists.items()},
        }
    return shape


def _name(one: Any) -> str:
    return str(one["name"])


def _where(index: object) -> str:
    options = index.get("dialect_options", {}) if isinstance(index, dict) else {}
    return str(options.get("sqlite_where", options.get("postgresql_where", "")))


BEFORE_SIGNED = ("0001", "0002", "0003", "0004", "0005")
DROPPED = {"agreed_versions"}
"""Tables that a later migration dropped. The NEET group signs in the area's rules what stood there."""
EMPTIED = dict.fromkeys(BEFORE_SIGNED, ("query_messages",))
"""Tables by the migration whose rows of them are not carried over, as nobody could open or believe these."""


def test_constraints_and_indexes_are_those_of_the_models_too(empty_url: str) -> None:
    db = Database(empty_url)
    db.create()
    made = _shape(db.engine)
    Base.metadata.drop_all(db.engine)
    Base.metadata.create_all(db.engine)
    modelled = _shape(db.engine)
    db.dispose()
    assert made.keys() == modelled.keys()
    for table, shape in made.items():
        assert shape == modelled[table], table


def test_every_constraint_and_index_has_a_name() -> None:
    for table in Base.metadata.tables.values():
        assert all(constraint.name for constraint in table.constraints), table.name
        assert all(index.name for index in table.indexes), table.name


def test_every_foreign_key_is_the_beginning_of_an_index() -> None:
    """Or deleting one row would read the whole of another table."""
    for table in Base.metadata.tables.values():
        beginnings = {next(iter(index.columns)).name for index in table.indexes}
        for constraint in table.constraints:
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint):
                beginnings.add(next(iter(constraint.columns)).name)
        for key in table.foreign_keys:
            assert key.parent.name in beginnings, (table.name, key.parent.name)


def test_rows_were_kept_of_every_migration() -> None:
    kept = {path.stem for path in keep_rows.FOLDER.glob("*.json")}
    assert kept == set(revisions()), "run python -m tests.store.keep_rows"


@pytest.mark.parametrize("revision", revisions())
def test_what_was_stored_at_an_earlier_migration_upgrades(empty_url: str, revision: str) -> None:
    db = Database(empty_url)
    db.upgrade(revision)
    stored = keep_rows.load(db, revision)
    db.upgrade()
    with db.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for name, rows in stored.items():
            if name in DROPPED:
                assert name not in tables.tables, name
                continue
            left = 0 if name in EMPTIED.get(revision, ()) else len(rows)
            assert len(connection.execute(select(tables.tables[name])).all()) == left, name
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    with db.read() as session:
        organisations = session.scalars(select(Organisation)).all()
        assert {organisation.name for organisation in organisations} >= {
            "Ashdown School",
            "Northfield College",
        }
        record = session.scalars(select(Record)).one()
        assert record.changed_at == datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
        assert session.scalars(select(Ciphertext.body)).one() == bytes(range(256))
        assert session.scalars(select(TermStart.first_day)).one() is not None
        school = UUID(str(session.scalars(select(Event.organisation_id)).first()))
        assert chain.verify(session, school) == chain.Verdict(school, 3)
    db.dispose()


@pytest.mark.parametrize(
    ("sends", "receives", "after"),
    [
        (True, False, ["school_safeguarding", "transition"]),
        (False, True, ["safeguarding", "transition"]),
        (True, True, ["safeguarding", "school_safeguarding", "transition"]),
    ],
)
def test_safeguarding_is_told_apart_by_side_and_confirmations_are_made_again(
    empty_url: str, sends: bool, receives: bool, after: list[str]
) -> None:
    """0006: whoever wrote and read does both from now on; a bare signature cannot be read as a statement."""
    db = Database(empty_url)
    db.upgrade("0005")
    keep_rows.load(db, "0005")
    tables = MetaData()
    tables.reflect(db.engine)
    with db.engine.begin() as connection:
        teams, organisations = tables.tables["teams"], tables.tables["organisations"]
        connection.execute(teams.update().values(purposes=["safeguarding", "transition"]))
        connection.execute(organisations.update().values(sends=sends, receives=receives))
        connection.execute(tables.tables["revisions"].update().values(owner="safeguarding"))
    db.upgrade()
    with db.read() as session:
        assert {tuple(team.purposes) for team in session.scalars(select(Team))} == {tuple(after)}
        assert set(session.scalars(select(Revision.owner))) == {"school_safeguarding"}
        for key in session.scalars(select(TeamKey)):
            assert (key.confirmation, key.confirmation_signature, key.confirmation_key_id) == (
                None,
                None,
                None,
            )
            assert (key.confirmed_at, key.confirmed_by) == (None, None)
    db.dispose()
