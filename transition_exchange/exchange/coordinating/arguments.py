"""What the council's pages send: the area's settings, what a list is narrowed to, who is reminded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import fields, post_load
from marshmallow.validate import OneOf, Range

from transition_exchange.exchange.arguments import Arguments, Ids, flag, page, year
from transition_exchange.exchange.coordinating import lines
from transition_exchange.exchange.coordinating.acting import WHO
from transition_exchange.exchange.coordinating.index import SORTS
from transition_exchange.exchange.coordinating.listing import Wanted
from transition_exchange.exchange.coordinating.second_confirmer import NO_TEAM
from transition_exchange.exchange.coordinating.settings import (
    KEPT_AT_LEAST,
    KEPT_AT_MOST,
    SEND_AT,
    WRONG_MONTHS,
    WRONG_SEND_AT,
)
from transition_exchange.exchange.records.searching import LONGEST_SEARCH

NO_SINCE = "The day must be a real date, such as 6 9 2027"
NO_DAY = "The first day of term in {year} must be a real date, such as 6 9 {year}"
ANY_DELIVERY = "any"
"""The filter for records that were sent, in whatever state the transfer is."""


class ChangeSettings(Arguments):
    """The area's settings."""

    send_at = fields.String(
        required=True,
        validate=OneOf(dict(SEND_AT), error=WRONG_SEND_AT),
        error_messages={"required": WRONG_SEND_AT},
    )
    keep_months = fields.Integer(
        required=True,
        validate=Range(KEPT_AT_LEAST, KEPT_AT_MOST, error=WRONG_MONTHS),
        error_messages={"required": WRONG_MONTHS, "invalid": WRONG_MONTHS},
    )
    instead = fields.String(load_default="")


def term_field(leaving_year: int) -> str:
    """The name of the field for the first day of the term after a leaving year."""
    return f"term_starts_{leaving_year}"


def change_settings_in(leaving_years: Iterable[int]) -> type[Arguments]:
    """The schema of the area's settings with the first day of term after each of some leaving years; None if empty."""
    days: dict[str, fields.Field[Any]] = {
        term_field(year): fields.Date(
            format="%Y-%m-%d", load_default=None, error_messages={"invalid": NO_DAY.format(year=year)}
        )
        for year in leaving_years
    }
    return type("ChangeSettings", (ChangeSettings,), days)


class ChooseSecond(Arguments):
    """The team that confirms others besides the council, and from which day on both are needed."""

    second = fields.UUID(load_default=None, attribute="team_id", error_messages={"invalid_uuid": NO_TEAM})
    since = fields.Date(format="%Y-%m-%d", load_default=None, error_messages={"invalid": NO_SINCE})

    @post_load
    def none_chosen(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Take the empty choice as no team, for which no day is needed."""
        return data if data["team_id"] else {**data, "since": None}


class WantedYear(Arguments):
    """Which leaving year the figures are for."""

    year = year()


class Remind(WantedYear):
    """The schools of which a team gets an e-mail: the one that fills in forms, or the safeguarding team."""

    school = Ids(attribute="schools")
    safeguarding = Ids()


def _one_of(choices: Mapping[str, str] | tuple[tuple[str, str], ...], *more: str) -> fields.String:
    """A filter that takes one of a list's codes; empty for all."""
    return fields.String(load_default="", validate=OneOf((*dict(choices), *more)))


class WantedLearners(WantedYear):
    """What the list of learners is narrowed to, and how it is sorted."""

    school = fields.UUID(load_default=None)
    provider = fields.UUID(load_default=None)
    state = _one_of(lines.STATES)
    delivery = _one_of(lines.DELIVERIES, ANY_DELIVERY)
    provision = _one_of(lines.PROVISIONS)
    attendance = _one_of(lines.ATTENDANCES)
    risk = _one_of(lines.RISKS)
    turn = _one_of(WHO)
    care = flag()
    no_destination = flag()
    no_offer = flag()
    overdue = flag()
    waiting = flag()
    q = fields.String(load_default="", attribute="search")
    sort = fields.String(load_default=next(iter(SORTS)), validate=OneOf(SORTS))
    page = page()

    @post_load
    def as_wanted(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The argument of `listing.learners`."""
        search = " ".join(data.pop("search").split())[:LONGEST_SEARCH]
        return {"wanted": Wanted(**data, search=search)}
