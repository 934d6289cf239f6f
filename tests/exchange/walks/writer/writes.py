"""Everything that the writer tries: each column of each table, rows as wholes, and pairs of columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import Boolean, Connection, Date, DateTime, LargeBinary, Uuid, delete, insert, update
from sqlalchemy.exc import IntegrityError

from tests.exchange.walks.writer.area import WritersArea
from tests.exchange.walks.writer.rows import TABLES, Copies, Row, Rows, kind_of, primary_key
from tests.exchange.walks.writer.targets import targets
from tests.exchange.walks.writer.values import values_for

OLDER_ROWS = 6
"""How many older rows of a table are put back one by one, for each earlier moment."""

Kind = Literal["column", "row", "older", "pair", "attack"]


@dataclass(frozen=True)
class Step:
    """One statement: a cell is changed, a row removed, or a row written whole.

    Attributes:
        row: the whole row; None if it is not written whole.
        column: the column that is changed; empty if none is.
    """

    table: str
    key: Any
    column: str = ""
    value: Any = None
    row: Row | None = None

    def carry_out(self, connection: Connection, *prefix: str) -> None:
        """Write it.

        Args:
            prefix: `OR REPLACE` to remove the row that stands in the way of a value that has to be unique.
        """
        table = TABLES[self.table]
        key = table.columns[primary_key(table)]
        if self.column:
            changed = update(table).where(key == self.key).values({self.column: self.value})
            connection.execute(changed.prefix_with(*prefix) if prefix else changed)
            return
        connection.execute(delete(table).where(key == self.key))
        if self.row is not None:
            written = insert(table).values(dict(self.row))
            connection.execute(written.prefix_with(*prefix) if prefix else written)


@dataclass(frozen=True)
class Write:
    """What the writer does before everybody goes on working.

    Attributes:
        name: what it does, the same in every run.
        columns: the columns that it changes; none for whole rows.
        tables: the tables that it changes.
    """

    kind: Kind
    name: str
    steps: tuple[Step, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it changes."""
        return frozenset(f"{step.table}.{step.column}" for step in self.steps if step.column)

    @property
    def tables(self) -> frozenset[str]:
        """The tables in which it changes something."""
        return frozenset(step.table for step in self.steps)

    @property
    def order(self) -> str:
        """Where it stands among all: mixed, so that each slice of the walk has something of everything."""
        return sha256(self.name.encode()).hexdigest()

    def carry_out(self, copies: Copies, *, keep: bool = True) -> bool:
        """Write it into the database.

        Args:
            keep: whether it stays there; otherwise it is only tried.

        Returns:
            Whether the database accepts it.
        """
        for prefix in ((), ("OR REPLACE",)):
            try:
                with copies.writing() as connection:
                    for step in self.steps:
                        step.carry_out(connection, *prefix)
                    if not keep:
                        connection.rollback()
            except IntegrityError:
                continue
            return True
        return False


def every_write(area: WritersArea, rows: Rows) -> list[Write]:
    """All writes, mixed."""
    writes = [
        *columns(area, rows),
        *whole_rows(area, rows),
        *older_rows(area, rows),
        *pairs(area, rows),
    ]
    return sorted(writes, key=lambda write: write.order)


def columns(area: WritersArea, rows: Rows) -> Iterator[Write]:
    """Each column of each table, in some rows, with some values each."""
    for table in TABLES.values():
        for place, key in enumerate(targets(area, rows, table.name)):
            row = rows[table.name][key]
            for column in table.columns:
                values = values_for(area, rows, column, row)
                for number, value in enumerate(values if place == 0 else values[:1]):
                    name = f"{table.name}.{column.name} row {place} value {number}"
                    yield Write("column", name, (Step(table.name, key, column.name, value),))


def whole_rows(area: WritersArea, rows: Rows) -> Iterator[Write]:
    """Rows copied, removed, and inserted with the writer's own values."""
    for table in TABLES.values():
        key_name = primary_key(table)
        for place, key in enumerate(targets(area, rows, table.name)):
            row = rows[table.name][key]
            yield Write("row", f"{table.name} row {place} removed", (Step(table.name, key),))
            fresh = uuid4() if isinstance(key, UUID) else f"{key}"[::-1]
            if not table.columns[key_name].foreign_keys:
                copied = {**row, key_name: fresh}
                yield Write("row", f"{table.name} row {place} copied", (Step(table.name, fresh, row=copied),))
            for number, inserted in enumerate(_inserted(area, rows, table.name, row) if place == 0 else ()):
                own = {**inserted, key_name: fresh} if not table.columns[key_name].foreign_keys else inserted
                name = f"{table.name} row {place} inserted {number}"
                yield Write("row", name, (Step(table.name, own[key_name], row=own),))


def _inserted(area: WritersArea, rows: Rows, table: str, row: Row) -> Iterator[Row]:
    """The row again, with one reference pointing somewhere else."""
    for column in TABLES[table].columns:
        if column.foreign_keys:
            for value in values_for(area, rows, column, row)[:2]:
                yield {**row, column.name: value}


def older_rows(area: WritersArea, rows: Rows) -> Iterator[Write]:
    """Rows that were others at an earlier moment, or have been deleted since, put back: some alone, then all."""
    for moment, earlier in enumerate(area.earlier):
        for table, older in earlier.items():
            changed = [Step(table, key, row=row) for key, row in older.items() if rows[table].get(key) != row]
            for place, step in enumerate(changed[:OLDER_ROWS]):
                yield Write("older", f"{table} older row {place} of moment {moment}", (step,))
            if len(changed) > 1:
                yield Write("older", f"{table} as it was at moment {moment}", tuple(changed))


def pairs(area: WritersArea, rows: Rows) -> Iterator[Write]:
    """Every column that holds a key, an owner or a purpose, with every column that decides whether it is used."""
    for bearing in TABLES.values():
        for name in [column.name for column in bearing.columns]:
            if not bears(bearing.name, name):
                continue
            for deciding, column in _deciding(bearing.name, name):
                yield from _pair(area, rows, (bearing.name, name), (deciding, column))


def bears(table: str, column: str) -> bool:
    """Whether a column holds a key, an owner or a purpose."""
    kind = TABLES[table].columns[column]
    refers = any(key.column.table.name in ("teams", "team_keys", "principals") for key in kind.foreign_keys)
    named = column in (
        "owner",
        "purposes",
        "fingerprint",
        "rules_key_id",
        "wrapped",
        "bundle",
        "statement",
        "confirmation",
    )
    return named or isinstance(kind_of(kind), LargeBinary) or (refers and not column.endswith("_by"))


def decides(table: str, column: str, *, elsewhere: bool) -> bool:
    """Whether a column may decide if another is used: a state, a time, a flag, a number, and in the same table an id.

    Args:
        elsewhere: whether the other column stands in another table. Then its row is reached by a reference, whose two
            ends are tried as single columns, so that ids are left out.
    """
    held = TABLES[table].columns[column]
    if isinstance(kind_of(held), LargeBinary) or column == "created_at":
        return False
    timed = isinstance(kind_of(held), (DateTime, Date, Boolean))
    counted = column in (
        "state",
        "stage",
        "kind",
        "number",
        "version",
        "owner",
        "purposes",
        "proven_by",
        "card_format",
    )
    identified = not elsewhere and (isinstance(kind_of(held), Uuid) or column in ("id", "name", "failures"))
    return timed or counted or identified


def _deciding(table: str, bearing: str) -> Iterator[tuple[str, str]]:
    """The deciding columns of the same table and of those that it refers to or that refer to it."""
    linked = {table}
    for other in TABLES.values():
        for column in other.columns:
            for key in column.foreign_keys:
                ends = {other.name, key.column.table.name}
                if table in ends and not column.name.endswith("_by"):
                    linked |= ends
    for other_name in sorted(linked):
        for column in TABLES[other_name].columns:
            same = other_name == table
            if (same and column.name == bearing) or not decides(other_name, column.name, elsewhere=not same):
                continue
            yield other_name, column.name


def _pair(
    area: WritersArea, rows: Rows, bearing: tuple[str, str], deciding: tuple[str, str]
) -> Iterable[Write]:
    first = _first_change(area, rows, bearing)
    second = _first_change(area, rows, deciding, beside=first)
    if first is None or second is None:
        return
    name = f"{'.'.join(bearing)} with {'.'.join(deciding)}"
    yield Write("pair", name, (first, second))


def _first_change(
    area: WritersArea, rows: Rows, at: tuple[str, str], *, beside: Step | None = None
) -> Step | None:
    """A change of one column, in the row of another change if it is of the same table."""
    table, column = at
    keys = targets(area, rows, table)
    if beside is not None and beside.table == table:
        keys = [beside.key]
    for key in keys:
        for value in values_for(area, rows, TABLES[table].columns[column], rows[table][key]):
            return Step(table, key, column, value)
    return None
