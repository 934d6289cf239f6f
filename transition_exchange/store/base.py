"""What all tables share: constraint names, times in UTC, ids, and columns that hold one of a few words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, String, Table, event
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

from transition_exchange.store.stored_values import OneOf, UtcDateTime, checked

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
_COLUMN, _WORDS = "column", "words"

CLOCKS_DIFFER = timedelta(minutes=2)
"""So much the clocks of two servers may differ. A row that reaches further into the future was changed."""


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: UtcDateTime}


@event.listens_for(Column, "before_parent_attach")
def _check_what_is_read(column: Column[Any], table: Table) -> None:
    # Every column of ours, and so every one that is added later. Migrations make columns of their own.
    if table.metadata is Base.metadata:
        column.type = checked(column.type)


@event.listens_for(CheckConstraint, "after_parent_attach")
def _check_words_that_are_read(constraint: CheckConstraint, table: Table) -> None:
    if table.metadata is Base.metadata and _WORDS in constraint.info:
        column = table.c[str(constraint.info[_COLUMN])]
        column.type = OneOf(constraint.info[_WORDS], column.type)


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
    """The constraint that a column holds one of a few words. What is read from it is checked likewise."""
    return CheckConstraint(
        f"{column} IN ({', '.join(repr(word) for word in words)})",
        name=column,
        info={_COLUMN: column, _WORDS: tuple(words)},
    )
