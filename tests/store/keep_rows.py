"""Keep rows of the newest migration, one of every table, for the test that later migrations carry them over.

Run `python -m tests.store.keep_rows` once, when a migration is added, and commit the file it writes. Files of
earlier migrations are never made anew: their worth is that they are old.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, MetaData, Table, insert, select
from sqlalchemy.orm import Session

from transition_exchange.store import events
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database
from transition_exchange.store.migrations import revisions
from transition_exchange.store.stored_values import UtcDateTime

FOLDER = Path(__file__).parent / "migrations"
MOMENT = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)

Rows = dict[str, list[dict[str, Any]]]

# What the columns hold that must be one of a few words, or that the test looks at; all else follows its type.
SPECIAL: Mapping[tuple[str, str], Any] = {
    ("organisations", "kind"): "school",
    ("organisations", "name"): "Ashdown School",
    ("areas", "name"): "Ashdown",
    ("areas", "closed_year"): 2026,
    ("principals", "kind"): "person",
    ("principals", "own_notices"): "daily",
    ("principals", "email"): "invented@ashdown.example",
    ("unlocks", "kind"): "passphrase",
    ("sign_in_sessions", "stage"): "full",
    ("sign_in_sessions", "proven_by"): "code",
    ("revisions", "owner"): "transition",
    ("attachments", "owner"): "transition",
    ("queries", "owner"): "transition",
    ("cards", "state"): "ledger",
    ("records", "leaving_year"): 2027,
    ("transfers", "state"): "sent",
    ("ciphertexts", "body"): bytes(range(256)),
    ("teams", "purposes"): ["transition"],
    ("team_changes", "purposes"): ["transition"],
    ("team_changes", "outcome"): "done",
    ("invitations", "team_ids"): [],
    ("outbox_mails", "figures"): {"count": 1},
}


def make() -> Rows:
    """One row of every table as the models have it, a second organisation, and a chain of three events."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/rows.db")
        db.upgrade()
        with db.write() as session:
            _fill(session)
        with db.engine.connect() as connection:
            rows = {
                table.name: [
                    {column.name: _plain(value) for column, value in zip(table.columns, row, strict=True)}
                    for row in connection.execute(select(table))
                ]
                for table in Base.metadata.sorted_tables
            }
        db.dispose()
    return rows


def _fill(session: Session) -> None:
    ids = {name: UUID(int=number) for number, name in enumerate(sorted(Base.metadata.tables), start=1)}
    for table in Base.metadata.tables.values():
        if table.name in {"events", "chain_heads"}:
            continue
        session.execute(insert(table).values({c.name: _value(table, c, ids) for c in table.columns}))
    organisations = Base.metadata.tables["organisations"]
    row = {c.name: _value(organisations, c, ids) for c in organisations.columns}
    row |= {"id": UUID(int=1000), "name": "Northfield College", "kind": "college_group"}
    session.execute(insert(organisations).values(row))
    for count in range(3):
        events.append(
            session,
            organisation_id=ids["organisations"],
            kind="record.saved",
            about={"count": count},
            at=MOMENT,
        )


def _value(table: Table, column: Column[Any], ids: Mapping[str, UUID]) -> Any:
    if (table.name, column.name) in SPECIAL:
        return SPECIAL[table.name, column.name]
    if column.foreign_keys:
        return ids[next(iter(column.foreign_keys)).column.table.name]
    if isinstance(column.type, UtcDateTime):
        return MOMENT
    values: dict[type, Any] = {
        UUID: ids[table.name],
        date: MOMENT.date(),
        bytes: b"\x00\xff",
        bool: True,
        int: 1,
    }
    made = values.get(column.type.python_type)
    return made if made is not None else "x" * min(getattr(column.type, "length", None) or 10, 10)


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return {"bytes": value.hex()}
        case UUID():
            return {"uuid": str(value)}
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
    return value


def _back(value: Any) -> Any:
    match value:
        case {"bytes": str(text)}:
            return bytes.fromhex(text)
        case {"uuid": str(text)}:
            return UUID(text)
        case {"datetime": str(text)}:
            return datetime.fromisoformat(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
    return value


def load(db: Database, revision: str) -> Rows:
    """Store the kept rows of a migration in a database that stands at it, by its tables and not by the models."""
    rows: Rows = json.loads((FOLDER / f"{revision}.json").read_text())
    with db.engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for name, kept in rows.items():
            table = tables.tables[name]
            for row in kept:
                connection.execute(insert(table).values(_fitting(connection, row)))
    return rows


def _fitting(connection: Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    """SQLite's own types, as reflected, know neither ids nor time zones: store them as the models did."""
    fitting = {}
    for name, kept in row.items():
        value = _back(kept)
        if connection.dialect.name == "sqlite":
            if isinstance(value, UUID):
                value = value.hex
            elif isinstance(value, datetime):
                value = value.replace(tzinfo=None)
        fitting[name] = value
    return fitting


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{revisions()[-1]}.json"
    if path.exists():
        raise SystemExit(f"{path.name} was kept already and must stay as it is.")
    path.write_text(json.dumps(make(), indent=1) + "\n")
