"""The types of columns: what a value must be when it is read, whoever wrote it.

The database holds to them only in part. SQLite takes any value in any column, and a constraint can be switched off. So
each value is checked once, here, as it is read. One that our code cannot have written becomes `UNREADABLE`, and
`store.unreadable` says what follows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    String,
    TypeDecorator,
    Uuid,
)
from sqlalchemy.types import NullType, TypeEngine

from transition_exchange.store.unreadable import UNREADABLE, UnreadableValue, unreadable_value
from transition_exchange.stored_text import YEARS, UnreadableText, read_json

LARGEST = 2**31 - 1
"""The largest whole number that both databases store."""

_WRONG = (ValueError, TypeError, ArithmeticError, AttributeError, MemoryError, RecursionError)
"""What conversions of a strange value raise."""


class _Stored(TypeDecorator[Any]):
    """A type that checks what is read.

    Attributes:
        from_driver: the types of value that the driver may give for this column; empty for any.
    """

    impl: Any = String
    cache_ok = True
    from_driver: tuple[type, ...] = ()

    @property
    def python_type(self) -> type[Any]:
        """The type of a sound value."""
        return self.impl_instance.python_type

    def sound(self, value: Any) -> bool:
        """Whether code of ours can have written a value."""
        return True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Convert a value as the type does, and check it."""
        convert = super().result_processor(dialect, coltype)
        from_driver, sound = self.from_driver, self.sound

        def read(value: Any) -> Any:
            if value is None:
                return None
            try:
                if from_driver and not isinstance(value, from_driver):
                    return unreadable_value()
                converted = value if convert is None else convert(value)
                return converted if sound(converted) else unreadable_value()
            except _WRONG:
                return unreadable_value()

        return read


class UtcDateTime(_Stored):
    """A moment: stored with any time zone, read back in UTC. SQLite on its own would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True
    from_driver = (str, datetime)

    def sound(self, value: datetime) -> bool:
        """Whether it lies in a year in which something can be stored."""
        return value.year in YEARS

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


class Day(_Stored):
    """A date."""

    impl = Date
    cache_ok = True
    from_driver = (str, date)

    def sound(self, value: date) -> bool:
        """Whether it lies in a year in which something can be stored."""
        return value.year in YEARS


class StoredId(_Stored):
    """An id."""

    impl = Uuid
    cache_ok = True
    from_driver = (str, UUID)


class StoredText(_Stored):
    """A text.

    Args:
        stored_as: the type of the column, with its length.
    """

    impl: Any = String
    cache_ok = True
    from_driver = (str,)

    def __init__(self, stored_as: TypeEngine[Any]) -> None:
        super().__init__(getattr(stored_as, "length", None))
        self.impl = stored_as


class OneOf(_Stored):
    """One of a few words. The database has a constraint for it too (`base.one_of`).

    Args:
        words: the words.
        stored_as: the type of the column.
    """

    impl = String
    cache_ok = True
    from_driver = (str,)

    def __init__(self, words: Sequence[str], stored_as: TypeEngine[Any]) -> None:
        super().__init__(getattr(stored_as, "length", None))
        self.words = tuple(words)

    def sound(self, value: str) -> bool:
        """Whether it is one of the words."""
        return value in self.words


class Bytes(_Stored):
    """Bytes, such as sealed ones."""

    impl = LargeBinary
    cache_ok = True
    from_driver = (bytes, memoryview)


class Flag(_Stored):
    """Yes or no."""

    impl = Boolean
    cache_ok = True
    coerce_to_is_types = (type(None), bool)

    def sound(self, value: bool) -> bool:
        """Whether it is a truth value; the conversion takes any number for one."""
        return isinstance(value, bool)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Convert 0 and 1, and nothing else."""
        convert = super().result_processor(dialect, coltype)

        def read(value: Any) -> bool | UnreadableValue | None:
            if value is None or value in (0, 1):
                return convert(value)  # type: ignore[no-any-return]
            return unreadable_value()

        return read


class Whole(_Stored):
    """A whole number.

    Args:
        least: the smallest that makes sense.
        most: the largest.
    """

    impl = Integer
    cache_ok = True
    from_driver = (int,)

    def __init__(self, least: int = -LARGEST, most: int = LARGEST) -> None:
        super().__init__()
        self.least, self.most = least, most

    def sound(self, value: int) -> bool:
        """Whether it is not too small and not too large."""
        return self.least <= value <= self.most


def json_or_unreadable(text: str | bytes) -> Any:
    """The value of a JSON text, `UNREADABLE` for one that nobody of ours wrote.

    The connections to both databases read with it, because psycopg does so before any type of column sees the text.
    """
    try:
        return read_json(text)
    except UnreadableText:
        return UNREADABLE


class StoredJson(_Stored):
    """A value as JSON, read by `json_or_unreadable`.

    Args:
        shape: whether a value that was read has the shape that our code writes; a function of a module.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, shape: Callable[[Any], bool] = lambda value: True) -> None:
        super().__init__()
        self.shape = shape

    def sound(self, value: Any) -> bool:
        """Whether it has the shape that our code writes."""
        return value is not UNREADABLE and self.shape(value)


def checked(stored_as: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type of a column with the check of what is read. A type that checks already stays as it is.

    Raises:
        TypeError: it is a type that no column of ours has had so far.
    """
    match stored_as:
        case _Stored() | NullType():  # a foreign key takes the type of what it refers to
            return stored_as
        case Uuid():
            return StoredId()
        case JSON():
            return StoredJson()
        case LargeBinary():
            return Bytes()
        case Boolean():
            return Flag()
        case Integer():
            return Whole()
        case Date():
            return Day()
        case String():
            return StoredText(stored_as)
    raise TypeError(f"say in checked() how {type(stored_as).__name__} is read")


def list_of_ids(value: object) -> bool:
    """Whether a value is a list of ids as texts."""
    return isinstance(value, list) and all(
        isinstance(item, str) and str(UUID(item)) == item for item in value
    )


def list_of_words(value: object) -> bool:
    """Whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def words_or_none(value: object) -> bool:
    """Whether a value is a list of texts, or says that there is none."""
    return value is None or list_of_words(value)


def figures(value: object) -> bool:
    """Whether a value is an object of whole numbers."""
    return isinstance(value, dict) and all(type(number) is int for number in value.values())
