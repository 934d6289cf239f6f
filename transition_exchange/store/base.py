"""What all tables share: constraint names, times in UTC, ids, and columns that hold one of a few words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, DateTime, Dialect, ForeignKey, MetaData, String, TypeDecorator, Uuid
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: stored with any time zone, read back in UTC. SQLite on its own would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert a moment for the database, and refuse one without a time zone, which nobody could interpret later.

        Raises:
            ValueError: `value` has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert a moment from the database to UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: UtcDateTime, UUID: Uuid}


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


Id = Annotated[UUID, mapped_column(primary_key=True, default=uuid4)]
Created = Annotated[datetime, mapped_column(default=utc_now)]
Digest = Annotated[str, mapped_column(String(64))]


def refers_to(
    column: str, *, ondelete: str | None = None, index: bool = True, primary_key: bool = False
) -> MappedColumn[Any]:
    """A foreign key. The database checks it when the transaction commits.

    So an action may add its rows in any order: SQLAlchemy orders inserts by relationships only, and most tables here
    have none.

    Args:
        column: the column it refers to, such as `teams.id`.
        ondelete: what happens to the row when the other one is deleted, in SQL.
        index: whether it gets an index; not where another index of the table begins with it.
        primary_key: whether it is the table's primary key.
    """
    return mapped_column(
        ForeignKey(column, ondelete=ondelete, deferrable=True, initially="DEFERRED"),
        index=index,
        primary_key=primary_key,
    )


def one_of(column: str, words: Sequence[str]) -> CheckConstraint:
    """The constraint that a column holds one of a few words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=column)
