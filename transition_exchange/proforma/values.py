"""The kinds of value an answer may have, as marshmallow fields.

Loading a value gives it back as JSON can hold it (dates as ISO text, money as text with two decimals), normalised,
or raises marshmallow's ValidationError with a `Problem`: a message that also has a code. No message repeats what
was typed, so that it may be logged and shown anywhere.
"""

from __future__ import annotations

import datetime
import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validates_schema

from transition_exchange.proforma import rules

today_is: ContextVar[datetime.date | None] = ContextVar("today_is", default=None)
"""The day on which answers are read; dates "in the past" are measured against it."""

IDENTIFIER_RULES = {
    "upn": rules.identifiers.upn,
    "uln": rules.identifiers.uln,
    "ukprn": rules.identifiers.ukprn,
    "urn": rules.identifiers.urn,
    "laestab": rules.identifiers.laestab,
    "la_code": rules.identifiers.la_code,
    "postcode": rules.contact.postcode,
    "email": rules.contact.email,
    "phone": rules.contact.phone,
}

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100

_SHORT_YEAR = re.compile(r"(0[0-9]{3}|[0-9]{1,3})-[0-9]{1,2}-[0-9]{1,2}")
"""A date of which the year has fewer than four digits. No century is guessed: somebody may have begun to type 2012."""


class Problem(str):
    """A message with a code, so that machines need not read it.

    Attributes:
        code: the code of its rule.
        joined: the names of the fields that contradict one another; empty if one is wrong by itself.
    """

    code: str
    joined: tuple[str, ...]

    def __new__(cls, code: str, message: str, *, joined: tuple[str, ...] = ()) -> Problem:
        """A message, with the code of its rule and the fields that it joins."""
        made = super().__new__(cls, message)
        made.code, made.joined = code, joined
        return made


def wrong(code: str, message: str) -> ValidationError:
    """The error for one field."""
    return ValidationError([Problem(code, message)])


def today() -> datetime.date:
    """The day against which dates are read."""
    return today_is.get() or datetime.datetime.now(tz=ZoneInfo("Europe/London")).date()


def storable(text: str) -> bool:
    """Whether a database takes a text: PostgreSQL takes no NUL, and half a surrogate pair has no bytes in UTF-8."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def showable(text: str) -> str:
    """A text as a page can show it again, with a mark in place of each NUL: HTML has no character for it."""
    return text.replace("\0", "\ufffd")


_TURNING = str.maketrans("", "", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = str.maketrans(dict.fromkeys("\v\f\x85\u2028\u2029", "\n"))
"""What Word and other programs put between lines and pages (Unicode Standard, section 5.8)."""


def composed(text: str) -> str:
    """A text as it is stored: composed (NFC), without spaces around it and without marks that turn the direction.

    Such marks (Unicode Standard Annex 9, explicit directional formatting) show no character of their own. They come
    with what is pasted, and would turn round the words of the page after them. Letters keep the direction of their
    script.
    """
    return unicodedata.normalize("NFC", text).translate(_TURNING).strip()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise wrong("text.kind", "Enter this as text")
    if not storable(value):
        raise wrong("text.characters", "Remove the characters that cannot be printed")
    return composed(value)


class Text(fields.Field[str]):
    """One line of text; line breaks become spaces. `limit` characters at most."""

    def __init__(self, *, limit: int, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit, self.lines = limit, lines

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        text = _text(value).replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS).strip()
        if any(ord(character) < 32 and character not in "\n\t" for character in text):
            raise wrong("text.characters", "Remove the characters that cannot be printed")
        if not self.lines:
            text = " ".join(text.split())
        if len(text) > self.limit:
            raise wrong(
                "text.long", f"Shorten this to {self.limit:,} characters or fewer. It has {len(text):,}"
            )
        return text


class IsoDate(fields.Field[str]):
    """A date as YYYY-MM-DD. `when` "past" refuses days after today, "future" days before it."""

    def __init__(self, *, when: Literal["past", "future", "any"] = "any", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.when = when

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        text = _text(value)
        if _SHORT_YEAR.fullmatch(text):
            raise wrong("date.short_year", "Write the year in four digits, such as 2025")
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                raise ValueError
            day = datetime.date.fromisoformat(text)
        except ValueError:
            raise wrong("date.real", "Enter a real date, such as 27 3 2026") from None
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            raise wrong("date.year", f"The year must be between {EARLIEST_YEAR} and {LATEST_YEAR}")
        if self.when == "past" and day > today():
            raise wrong("date.future", "The date must be today or in the past")
        if self.when == "future" and day < today():
            raise wrong("date.past", "The date must be today or in the future")
        return day.isoformat()


class YesNo(fields.Field[bool]):
    """Yes or no, as a boolean; never text, never a number."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise wrong("yes_no.kind", "Choose yes or no")
        return value


class Choice(fields.Field[str]):
    """One code out of a set."""

    def __init__(self, *, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.codes = tuple(codes)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        text = _text(value)
        if text not in self.codes:
            raise wrong("choice.unknown", "Choose one of the answers listed")
        return text


class Choices(fields.Field[list[str]]):
    """Any number of codes out of a set, each once, in the set's order."""

    def __init__(self, *, codes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.codes = tuple(codes)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise wrong("choices.kind", "Choose from the answers listed")
        if not set(value) <= set(self.codes):
            raise wrong("choice.unknown", "Choose only answers that are listed")
        return [code for code in self.codes if code in value]


class Whole(fields.Field[int]):
    """A whole number between `least` and `most`."""

    def __init__(self, *, least: int, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise wrong("number.kind", "Enter a whole number in figures, such as 12")
        number = int(text)
        if not self.least <= number <= self.most:
            raise wrong("number.range", f"Enter a number between {self.least:,} and {self.most:,}")
        return number


class Hours(fields.Field[float]):
    """Hours, to a hundredth, up to `most`."""

    def __init__(self, *, most: int = 168, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:
        number = _decimal(value, "Enter the hours in figures, such as 12 or 2.5")
        if not 0 <= number <= self.most:
            raise wrong("hours.range", f"Enter hours between 0 and {self.most}")
        return float(number)


class Money(fields.Field[str]):
    """Pounds, kept as text with two decimals. A pound sign and thousands commas are allowed when typed."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        bare = value.replace("£", "").replace(",", "") if isinstance(value, str) else value
        amount = _decimal(bare, "Enter the amount in pounds, such as 6,200 or 6200.50")
        if not 0 <= amount < 10_000_000:
            raise wrong("money.range", "Enter an amount between £0 and £9,999,999")
        return f"{amount:.2f}"


def _decimal(value: object, message: str) -> Decimal:
    """A number with at most two decimals from text or a JSON number."""
    text = str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,2})?", text):
        raise wrong("number.kind", message)
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover  # the pattern leaves nothing that Decimal refuses
        raise wrong("number.kind", message) from None


class Identifier(fields.Field[str]):
    """An identifier checked by the rule of its kind, kept in its normal form."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        try:
            return IDENTIFIER_RULES[self.kind](_text(value))
        except rules.Wrong as problem:
            raise wrong(problem.code, problem.message) from None


class Rows(fields.List[Any]):
    """A table: a list of rows of one schema, `most` of them at most; empty rows are dropped.

    `ranked` names a column that orders the rows: left empty it is the next free number, and with `unique` no
    two rows may share one.
    """

    def __init__(
        self, row: type[RowSchema], *, most: int = 30, ranked: str = "", unique: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(fields.Nested(row), **kwargs)
        self.row, self.most, self.ranked, self.unique = row, most, ranked, unique

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[Any]:
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise wrong("rows.kind", "Enter this as a list")
        if len(value) > self.most:
            raise wrong("rows.many", f"Enter {self.most} or fewer")
        rows = super()._deserialize([row for row in map(without_nothing, value) if row], attr, data, **kwargs)
        return self._in_rank(rows) if self.ranked else rows

    def _in_rank(self, rows: list[Any]) -> list[Any]:
        """Give a rank to the rows without one; refuse two rows of the same rank where ranks have to differ."""
        taken = [row[self.ranked] for row in rows if self.ranked in row]
        if self.unique and len(set(taken)) != len(taken):
            raise wrong("rows.rank", "Give each a rank of its own: 1, 2, 3")
        free = (rank for rank in itertools.count(1) if rank not in taken)
        for row in rows:
            if self.ranked not in row:
                row[self.ranked] = next(free)
        return rows


def without_nothing(raw: Mapping[str, Any]) -> dict[str, Any]:
    """`raw` without what was left empty: an empty box is no answer, not a wrong one."""
    return {name: value for name, value in raw.items() if not _is_nothing(value)}


def _is_nothing(value: object) -> bool:
    """Nothing, blank text, or a table of rows that are all empty."""
    if isinstance(value, list):
        return all(isinstance(row, Mapping) and not without_nothing(row) for row in value)
    return value is None or (isinstance(value, str) and not value.strip())


class StrictSchema(Schema):
    """A schema that treats whatever was left empty as missing, and refuses fields that it does not know."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE

    error_messages = {  # noqa: RUF012  # as marshmallow declares it
        "unknown": "This is not asked here",
        "type": "Enter this as a group of answers",
    }

    @pre_load
    def leave_out_nothing(self, data: Any, **_: Any) -> Any:
        """Drop what was left empty before anything is read."""
        return without_nothing(data) if isinstance(data, Mapping) else data


class RowSchema(StrictSchema):
    """One row of a table."""

    in_order: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    """Pairs of dates where the second cannot lie before the first, with the message for the second."""

    @validates_schema(skip_on_field_errors=False)
    def keep_dates_in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a date that lies before the one it has to follow."""
        for first, second, message in self.in_order:
            if data.get(first) and data.get(second) and data[second] < data[first]:
                raise ValidationError([Problem("date.order", message)], second)
