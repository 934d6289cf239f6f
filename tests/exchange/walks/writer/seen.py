"""What somebody was shown, as data that can be compared with what they are shown in an area that nobody wrote into."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from transition_exchange.exchange.actor import KnownTeam, OpenTeam
from transition_exchange.exchange.queries.messages import DAMAGED, UNREADABLE
from transition_exchange.exchange.receiving.safeguarding_part import SafeguardingPart
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.exchange.records.revisions import OpenRevision
from transition_exchange.exchange.states import DISPUTED
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.proforma import Access, Version

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00")
_HIDDEN = {"seen", "tags", "keys", "digests", "secret", "older", "orderings", "derived", "order"}
"""Fields that no page shows: keys, random tags, and what a form carries to be given back."""


@dataclass(frozen=True)
class Shown:
    """What one page shows.

    Attributes:
        data: the page as plain values, without what differs in every run.
        alarms: what on it says that something is wrong, missing or waiting.
    """

    data: Any
    alarms: Counter[str]


@dataclass(frozen=True)
class Refusal:
    """A page or an action that was refused, with its message."""

    kind: str
    message: str


@dataclass(frozen=True)
class Crash:
    """An error that a page would turn into a 500.

    Attributes:
        kind: the exception's class.
        where: the function of this program in which it was raised.
        line: the last line of the traceback.
    """

    kind: str
    where: str
    line: str


View = Shown | Refusal | Crash
"""What came of one page or action."""


@dataclass(frozen=True)
class Reader:
    """Turns what the exchange returns into plain values.

    Attributes:
        known: the ids of the rows that were there before anybody acted; all others are new in each run.
        built_at: what is later than this was written by the journeys, at another time in each run.
    """

    known: frozenset[UUID]
    built_at: datetime

    def shown(self, value: Any, *, left_out: int = 0) -> Shown:
        """One page, which says too how many rows were left out of it because they cannot be read."""
        data = self.plain(value)
        return Shown(data, Counter(_alarms(data)) + Counter({"left out": left_out}))

    def plain(self, value: Any) -> Any:
        """A value without ids, times and keys that differ in every run."""
        for kind, reduce in _REDUCED.items():
            if isinstance(value, kind):
                return self.plain(reduce(value))
        if is_dataclass(value) and not isinstance(value, type):
            return {
                field.name: self.plain(getattr(value, field.name))
                for field in fields(value)
                if field.name not in _HIDDEN
            }
        if isinstance(value, Mapping):
            return {
                str(self.plain(key)): self.plain(held) for key, held in value.items() if key not in _HIDDEN
            }
        if isinstance(value, (list, tuple)):
            return [self.plain(held) for held in value]
        if isinstance(value, Set):
            return sorted(map(str, (self.plain(held) for held in value)))
        return self._single(value)

    def _single(self, value: Any) -> Any:
        if isinstance(value, UUID):
            return str(value) if value in self.known else "new"
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return self._single(datetime.fromisoformat(value))
        if isinstance(value, str):
            return _UUID.sub(lambda found: str(self._single(UUID(found.group()))), value)
        if isinstance(value, datetime):
            later = self.built_at < value < self.built_at + timedelta(days=30)
            return "now" if later else value.isoformat()
        if isinstance(value, date):
            return value.isoformat()
        return value


_REDUCED: Mapping[type, Callable[[Any], Any]] = {
    OpenTeam: lambda team: {"team": team.name, "of": team.organisation_name, "purposes": team.purposes},
    KnownTeam: lambda team: {"team": team.name, "of": team.organisation_name, "purposes": team.purposes},
    Version: lambda version: version.name,
    SafeguardingPart: lambda part: {"answer": part.answer, "since": part.since},
    Access: lambda access: sorted(access.sections),
    OpenRevision: lambda opened: {
        "number": opened.revision.number,
        "answers": opened.answers,
        "attachments": opened.attachments,
    },
    AttachmentLabel: lambda label: {
        "id": label.id,
        "kind": label.kind,
        "name": label.name,
        "dated": label.dated,
        "pages": label.pages,
    },
    Draft: lambda draft: {
        "answers": draft.answers,
        "attachments": draft.attachments,
        "version": draft.version.name,
        "leaving_year": draft.leaving_year,
        "delete_on": draft.delete_on,
    },
}


_UNTRUE = {"genuine", "certain", "checked", "can_check", "can_complete", "signed", "whole"}
_SAID = {
    "problem",
    "own_problem",
    "missing",
    "failed",
    "unread",
    "due",
    "before",
    "other_name",
    "dispute",
    "doubt",
    "doubtful",
    "safeguarding_doubtful",
}


def _alarms(data: Any) -> Iterator[str]:
    """What a page says is wrong, missing or waiting."""
    if isinstance(data, dict):
        for name, value in data.items():
            empty = (name, value) in (
                ("send_at", ""),
                ("confirmed_at", None),
            )  # what was signed cannot be checked
            if (name in _UNTRUE and value is False) or (name in _SAID and value) or empty:
                yield f"{name}: {value}"
            else:
                yield from _alarms(value)
    elif isinstance(data, list):
        for value in data:
            yield from _alarms(value)
    elif isinstance(data, str) and data in (DAMAGED, UNREADABLE, DISPUTED):
        yield data
