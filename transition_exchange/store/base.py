"""What every table shares: constraint names, time in UTC, ids, and columns that hold one of a few words."""

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
    """A moment: in with any time zone, back in UTC always. SQLite itself would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a time zone: nobody could tell later which was meant.

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
    """A foreign key, indexed unless another index of the table begins with it.

    It is checked when the transaction commits, so a deed may add its rows in any order: SQLAlchemy orders
    inserts by relationships only, and most tables here have none.
    """
    return mapped_column(
        ForeignKey(column, ondelete=ondelete, deferrable=True, initially="DEFERRED"),
        index=index,
        primary_key=primary_key,
    )


def one_of(column: str, words: Sequence[str]) -> CheckConstraint:
    """The rule that a column holds one of a few words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=column)
