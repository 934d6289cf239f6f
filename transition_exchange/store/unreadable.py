"""Rows that hold a value which no code of ours writes: a date that is none, half an id, an unknown word.

A file that was damaged can hold such a row, and so can one that somebody else has written to. One of them must not keep
everybody from everything else. A query leaves the row out and notes that it did, and a page then says that something is
missing from it. Who asks for this very row is told that it cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Result, Row, event, inspect
from sqlalchemy.exc import MultipleResultsFound, NoInspectionAvailable
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session
from sqlalchemy.orm.exc import StaleDataError

KEEP = "keep_unreadable"
"""The execution option of a query that wants such rows too, with `UNREADABLE` in the place of the value."""


class Unreadable(Exception):
    """A stored row cannot be read, is there twice, or is missing though another one needs it.

    The message names no value of it.
    """

    def __init__(self) -> None:
        super().__init__("a stored row cannot be read")


class UnreadableValue:
    """What stands in the place of a value that cannot be read."""

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE = UnreadableValue()

_values: ContextVar[int] = ContextVar("unreadable_values", default=0)
_rows: ContextVar[int] = ContextVar("unreadable_rows", default=0)


def unreadable_value() -> UnreadableValue:
    """`UNREADABLE`, counted: only a query in which one came up looks for its rows."""
    _values.set(_values.get() + 1)
    return UNREADABLE


def left_out() -> int:
    """How many rows were left out in this request, or in this thread, since it was last forgotten.

    A row that was left out of several queries counts several times.
    """
    return _rows.get()


def leave_out(rows: int = 1) -> None:
    """Note that something is left out although its row can be read: a text in it cannot, or it is kept in memory."""
    _rows.set(_rows.get() + rows)


def forget() -> None:
    """Begin to count anew, at the beginning of a request."""
    _rows.set(0)


@contextmanager
def each_row_once() -> Iterator[None]:
    """Turn what shows that a row is not there exactly once into `Unreadable`. The database surrounds sessions with it.

    The tables forbid two rows with the same key, but somebody who can write to the database can take that from them.
    Then a query for one row finds two, and a change to one reaches two or, if it was deleted meanwhile, none.
    """
    try:
        yield
    except (MultipleResultsFound, StaleDataError):
        raise Unreadable from None


def without_unreadable(state: ORMExecuteState) -> Result[Any] | None:
    """Leave rows that cannot be read out of the result of a query. Sessions call it for each."""
    if not state.is_select or state.is_column_load or state.execution_options.get(KEEP, False):
        return None
    before = _values.get()
    frozen = state.invoke_statement().freeze()
    if _values.get() == before:
        return frozen()
    readable = []
    for row in frozen.data:
        values = tuple(row) if isinstance(row, (Row, tuple)) else (row,)
        if any(_is_unreadable(value) for value in values):
            leave_out()
            _drop(state.session, values)
        else:
            readable.append(row)
    frozen.data = readable
    return frozen()


def _is_unreadable(value: object) -> bool:
    """Whether a value, a column of an object or a column of one that was loaded with it cannot be read."""
    return any(
        part is UNREADABLE or any(column is UNREADABLE for column in _columns(part))
        for part in (value, *_columns(value))
    )


def _columns(value: object) -> list[object]:
    state = _entity(value)
    return [column for name, column in state.dict.items() if name in state.attrs] if state else []


def _drop(session: Session, values: Iterable[object]) -> None:
    """Forget the objects of a row, so that nobody is given them by their id later."""
    for value in values:
        state = _entity(value)
        if state is not None and state.session is session:
            session.expunge(value)


def _entity(value: object) -> InstanceState[Any] | None:
    try:
        state = inspect(value)
    except NoInspectionAvailable:
        return None
    return state if isinstance(state, InstanceState) else None


class ReadingSession(Session):
    """A session that leaves out what cannot be read, and says so to whoever asks for one row."""

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """As `Session.get`.

        Raises:
            Unreadable: the row is there and cannot be read.
        """
        before = left_out()
        entity = super().get(*args, **kwargs)
        if entity is None and left_out() != before:
            raise Unreadable
        return entity

    def get_one(self, *args: Any, **kwargs: Any) -> Any:
        """As `Session.get_one`, for a row that another one names.

        Raises:
            Unreadable: the row cannot be read or is missing. The database itself removes none that is named.
        """
        entity = self.get(*args, **kwargs)
        if entity is None:
            raise Unreadable
        return entity


event.listen(ReadingSession, "do_orm_execute", without_unreadable, retval=True)
