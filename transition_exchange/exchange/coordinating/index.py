"""The lines of an area, in memory beside the opened ledger, sorted and ready to be filtered.

Filtering is arithmetic on whole numbers, one bit a learner: a list of 50 costs the same with 300 learners and with
30,000. What is kept is refreshed where cards or plain rows changed, and thrown away with the ledger.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import accumulate
from math import inf
from typing import Any
from uuid import UUID

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.coordinating.lines import Line, line
from transition_exchange.exchange.coordinating.plain_rows import PlainRows, Surroundings, surroundings
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.ledgers import Key, OpenCard, OpenLedger
from transition_exchange.exchange.records.names import text_order
from transition_exchange.exchange.records.searching import Search
from transition_exchange.store.database import Database

SORTS: Mapping[str, Callable[[Line], Any]] = {
    "name": lambda line: (line.order, line.school, line.record_id),
    "school": lambda line: (text_order(line.school), line.order, line.record_id),
    "waiting": lambda line: (
        line.waiting_since.timestamp() if line.waiting_since else inf,
        line.order,
        line.record_id,
    ),
    "missing": lambda line: (-(len(line.card.get("gaps", ())) + line.others), line.order, line.record_id),
}
"""How a list may be sorted; the first is how it comes."""

_BYTES = 64
_NAME = "area"


@dataclass
class Ordering:
    """All lines in one order, with a bit for each line under each facet."""

    lines: Sequence[Line]

    @cached_property
    def masks(self) -> dict[str, int]:
        """By facet, the lines that have it: bit n stands for line n."""
        found: dict[str, bytearray] = {}
        size = len(self.lines) // 8 + 1
        for place, each in enumerate(self.lines):
            byte, bit = place >> 3, 1 << (place & 7)
            for facet in each.facets:
                row = found.get(facet)
                if row is None:
                    row = found[facet] = bytearray(size)
                row[byte] |= bit
        return {facet: int.from_bytes(row, "little") for facet, row in found.items()}

    @cached_property
    def _sought(self) -> tuple[str, list[int]]:
        """Everything a search looks through as one text, and where each line begins in it."""
        texts = [each.sought for each in self.lines]
        return "\n".join(texts), list(accumulate((len(text) + 1 for text in texts), initial=0))

    def matching(self, facets: Iterable[str] = (), search: str = "") -> int:
        """The lines that have every facet and whom a search finds, as bits."""
        found = (1 << len(self.lines)) - 1
        for facet in facets:
            found &= self.masks.get(facet, 0)
        return Search(search).among(found, self._holding)

    def _holding(self, piece: str) -> int:
        """The lines in whose searched text a piece of text stands, as bits."""
        text, starts = self._sought
        bits = bytearray(len(self.lines) // 8 + 1)
        at = text.find(piece)
        while at >= 0:
            place = bisect_right(starts, at) - 1
            bits[place >> 3] |= 1 << (place & 7)
            at = text.find(piece, starts[place + 1])
        return int.from_bytes(bits, "little")

    def some(self, mask: int, *, offset: int = 0, limit: int | None = None) -> Iterator[Line]:
        """The lines behind a mask from the `offset`th on, at most `limit` of them."""
        data = mask.to_bytes(len(self.lines) // 8 + 1, "little")
        left = len(self.lines) if limit is None else limit
        for start in range(0, len(data), _BYTES):
            chunk = int.from_bytes(data[start : start + _BYTES], "little")
            count = chunk.bit_count()
            if offset >= count:
                offset -= count
                continue
            while chunk and left:
                lowest = chunk & -chunk
                chunk ^= lowest
                if offset:
                    offset -= 1
                    continue
                yield self.lines[start * 8 + lowest.bit_length() - 1]
                left -= 1
            if not left:
                return


@dataclass(frozen=True)
class AreaLearners:
    """An area's learners as they stood when something last changed.

    Attributes:
        lines: by name.
        unread: by school and leaving year, how many records there are of which no card could be opened yet.
        made: what was worked out from these lines, by name; it lasts until something changes.
    """

    lines: tuple[Line, ...]
    around: Surroundings
    today: date
    unread: Mapping[tuple[UUID, int], int]
    orderings: dict[str, Ordering] = field(default_factory=dict, repr=False)
    made: dict[str, Any] = field(default_factory=dict, repr=False)

    def ordering(self, sort: str) -> Ordering:
        """The lines in the order of a code of `SORTS`."""
        found = self.orderings.get(sort)
        if found is None:
            lines = self.lines if sort == "name" else sorted(self.lines, key=SORTS[sort])
            found = self.orderings[sort] = Ordering(lines)
        return found

    def count(self, *facets: str) -> int:
        """How many learners have all of these facets."""
        return self.ordering("name").matching(facets).bit_count()


@dataclass
class _Kept:
    cards: Mapping[Key, OpenCard] = field(default_factory=dict)
    version: int = -1
    heads: Mapping[UUID, int] = field(default_factory=dict)
    rows: PlainRows = field(default_factory=PlainRows)
    area: AreaLearners | None = None


def coordinating_team(actor: Actor) -> OpenTeam:
    """The actor's team that coordinates: the NEET group before the SEND team.

    Raises:
        NotAllowed: the actor is in neither.
    """
    team = actor.team_for("neet_group") or actor.team_for("send")
    if team is None:
        raise NotAllowed
    return team


def open_area(*, db: Database, actor: Actor, today: date | None = None) -> AreaLearners:
    """The learners whom the actor's coordinating team sees.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    opened = ledgers.refreshed(db=db, actor=actor, team=coordinating_team(actor))
    today = today or school_calendar.today()
    with opened.lock:
        kept: _Kept = opened.beside.setdefault(_NAME, _Kept())
        return _refresh(db, actor, opened, kept, today)


def _refresh(db: Database, actor: Actor, opened: OpenLedger, kept: _Kept, today: date) -> AreaLearners:
    before = kept.area
    deeds = [each for each, seq in opened.heads.items() if kept.heads.get(each) != seq]
    if before and not deeds and opened.version == kept.version and before.today == today:
        return before
    stale: set[UUID] = set()
    around = before.around if before else None
    if deeds or around is None:
        with db.read() as session:
            around = surroundings(session, actor.organisation_id)
            stale = kept.rows.reload(session, deeds if before else list(around.names))
    cards = opened.cards
    if opened.version != kept.version:
        there = kept.cards.keys() | cards.keys()
        stale |= {key[0] for key in there if kept.cards.get(key) is not cards.get(key)}
    if before is None or before.around != around or before.today != today:
        stale |= {record_id for record_id, _ in cards}
    area = before
    if before is None or stale:
        area = _made(before, cards, kept.rows, around, today, stale)
    assert area is not None
    kept.cards, kept.version, kept.heads, kept.area = cards, opened.version, opened.heads, area
    return area


def _made(
    before: AreaLearners | None,
    cards: Mapping[Key, OpenCard],
    rows: PlainRows,
    around: Surroundings,
    today: date,
    stale: set[UUID],
) -> AreaLearners:
    lines = [each for each in (before.lines if before else ()) if each.record_id not in stale]
    for record_id in stale:
        card, record = cards.get((record_id, None)), rows.records.get(record_id)
        if card is not None and record is not None:
            lines.append(
                line(
                    card=card.content,
                    record=record,
                    transfers=rows.transfers.get(record_id, {}),
                    around=around,
                    today=today,
                )
            )
    lines.sort(key=SORTS["name"])
    unread = Counter(
        (record.school_id, record.leaving_year)
        for record in rows.records.values()
        if (record.id, None) not in cards
    )
    return AreaLearners(lines=tuple(lines), around=around, today=today, unread=unread)
