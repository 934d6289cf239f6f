"""What the writer puts into a column: values that the database accepts and that look as if they belonged there.

The column's type and its constraints say what is plausible, so that a new column joins by itself. `OWN` adds what the
writer would choose with a plan: keys and teams of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
)

from tests.exchange.walks.writer.area import OTHER_SCHOOL, WRITER, WRITERS, WritersArea
from tests.exchange.walks.writer.rows import TABLES, Row, Rows, kind_of, primary_key

FAR = timedelta(days=400)
NOWHERE = UUID(int=7)
"""An id that no row has."""
MOST = 3
"""The most values that are tried in one cell."""


def values_for(area: WritersArea, rows: Rows, column: Column[Any], row: Row) -> list[Any]:
    """Some plausible values for one cell, all different from what it holds.

    Args:
        rows: all rows of the database.
        column: the column.
        row: the row.
    """
    own = OWN.get(f"{column.table.name}.{column.name}")
    candidates = [*(own(area) if own else ()), *_usual(area, rows, column, row)]
    different: list[Any] = []
    for value in candidates:
        if value != row[column.name] and value not in different:
            different.append(value)
    return different[:MOST]


def _usual(area: WritersArea, rows: Rows, column: Column[Any], row: Row) -> Iterator[Any]:
    table = column.table
    assert isinstance(table, Table)
    held = row[column.name]
    others = [other[column.name] for key, other in rows[table.name].items() if key != row[primary_key(table)]]
    if column.foreign_keys:
        yield from _references(area, rows, column, held)
    elif words := _words(table, column.name):
        yield from (word for word in words if word != held)
    else:
        yield from _of_type(column, held, [other for other in others if other is not None])
    if column.nullable and held is not None:
        yield None


def _references(area: WritersArea, rows: Rows, column: Column[Any], held: Any) -> Iterator[Any]:
    """The writer's own row of the referred table, another school's, then any other."""
    (reference,) = column.foreign_keys
    referred = reference.column.table.name
    yield from _writers_rows(area, rows, referred)
    yield next((key for key in reversed(list(rows[referred])) if key != held), None)
    if reference.column.name == "id":
        yield NOWHERE


def _writers_rows(area: WritersArea, rows: Rows, table: str) -> Iterator[Any]:
    world = area.world
    writers = world.places[WRITERS]
    team = writers.teams[WRITERS]
    yield from {
        "organisations": (writers.id, world.places[OTHER_SCHOOL].id),
        "teams": (team.row.id, world.places[OTHER_SCHOOL].teams["Transition team"].row.id),
        "team_keys": (team.key_id, world.places[OTHER_SCHOOL].teams["Transition team"].key_id),
        "principals": (world.people[WRITER].principal_id, world.people["other_senco"].principal_id),
        "records": (area.records["writers"], area.records["ready"]),
        "transfers": (area.transfers["writers"], area.transfers["recalled"]),
        "areas": (),
    }.get(table, ())


def _of_type(column: Column[Any], held: Any, others: Sequence[Any]) -> Iterator[Any]:
    kind = kind_of(column)
    if isinstance(kind, Boolean):
        yield not held
    elif isinstance(kind, DateTime):
        now = datetime.now(UTC)
        yield from ((held or now) - FAR, (held or now) + FAR)
    elif isinstance(kind, Date):
        day = held or datetime.now(UTC).date()
        yield from (day - FAR, day + FAR)
    elif isinstance(kind, Integer):
        yield from ((held or 0) + 1, *others[:1], 0, 99)
    elif isinstance(kind, Uuid):
        yield from (*others[-1:], NOWHERE)
    elif isinstance(kind, JSON):
        yield from (*others[:1], *others[-1:], type(held)())
    elif isinstance(kind, LargeBinary):
        yield from others[:1]
        yield from others[-1:]
        yield bytes(len(held)) if held else b"s" * 64
    elif isinstance(kind, String):
        yield from others[:1]
        yield from others[-1:]
        yield _changed(held or "words", kind.length)


def _changed(text: str, most: int | None) -> str:
    """A text of the same kind: other digits in a number, another digest, otherwise a word more."""
    if re.fullmatch(r"[0-9a-f]{32,}|\d+", text):
        return text[1:] + text[0] if len(set(text)) > 1 else "1" + text[1:]
    return f"{text} x"[: most or None]


@cache
def _words(table: Table, column: str) -> tuple[str, ...]:
    """The few words that a constraint allows in a column; none if it allows any."""
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint) and str(constraint.sqltext).startswith(f"{column} IN ("):
            return tuple(re.findall(r"'([^']*)'", str(constraint.sqltext)))
    return ()


OWN: Mapping[str, Callable[[WritersArea], Sequence[Any]]] = {
    "team_keys.kem_public": lambda area: (
        area.planted.kem.public,
        area.secrets[_writers_team(area)].kem.public,
    ),
    "team_keys.signing_public": lambda area: (area.planted.signing.public,),
    "key_pins.fingerprint": lambda area: (
        area.planted.fingerprint.hex(),
        area.secrets[_writers_team(area)].fingerprint.hex(),
    ),
    "teams.purposes": lambda area: (
        ["transition", "school_safeguarding"],
        ["neet_group"],
        ["admissions", "learning_support", "safeguarding", "exams"],
    ),
    "invitations.team_ids": lambda area: (
        [str(team.row.id) for team in area.world.school.teams.values()],
        [str(_writers_team(area))],
    ),
    "team_changes.purposes": lambda area: (["exams", "learning_support"],),
    "principals.kind": lambda area: ("token",),
    "records.version": lambda area: ("core/2026.1",),
    "principals.email": lambda area: ("writer@example.org",),
    "teams.notification_email": lambda area: ("writer@example.org",),
    "invitations.email": lambda area: ("writer@example.org",),
    "outbox_mails.to_address": lambda area: ("writer@example.org",),
}


def _writers_team(area: WritersArea) -> UUID:
    return area.world.places[WRITERS].teams[WRITERS].row.id


def column_of(name: str) -> Column[Any]:
    """A column by its name, such as `teams.name`."""
    table, _, column = name.partition(".")
    return TABLES[table].columns[column]
