"""The learners of an area as lines in memory, sorted and ready to be filtered.

Each filter is a whole number with one bit for each learner, so that a page of 50 takes as long with 30,000 learners as
with 300. The lines are kept beside the opened ledger: they are made again where cards or plain rows changed, and
dropped together with it.
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
from transition_exchange.exchange.coordinating.area_facts import AreaFacts, area_facts
from transition_exchange.exchange.coordinating.lines import Line, learner_line
from transition_exchange.exchange.coordinating.plain_rows import PlainRows
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.ledger_memory import CardKey, OpenCard, card_for
from transition_exchange.exchange.records.ledgers import OpenLedger
from transition_exchange.exchange.records.names import text_order
from transition_exchange.exchange.records.searching import Search
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.purposes import COORDINATING
from transition_exchange.store.database import Database
from transition_exchange.store.unreadable import leave_out, left_out

SORTS: Mapping[str, Callable[[Line], Any]] = {
    "name": lambda line: (line.order, line.school, line.record_id),
    "school": lambda line: (text_order(line.school), line.order, line.record_id),
    "waiting": lambda line: (
        line.waiting_since.timestamp() if line.waiting_since else inf,
        line.order,
        line.record_id,
    ),
    "missing": lambda line: (
        -(len(line.card.get("gaps", ())) + line.other_missing),
        line.order,
        line.record_id,
    ),
}
"""How a list may be sorted; the first is the usual order."""

_CHUNK = 64
"""How many bytes of a mask are looked at together."""

_NAME = "area"
"""Under which name the lines stand beside the opened ledger."""


@dataclass
class Ordering:
    """All lines in one order, with masks to filter them by.

    A mask is a whole number: bit n stands for line n.
    """

    lines: Sequence[Line]

    @cached_property
    def masks(self) -> dict[str, int]:
        """The lines that have each facet, as a mask."""
        rows: dict[str, bytearray] = {}
        size = len(self.lines) // 8 + 1
        for number, line in enumerate(self.lines):
            byte, bit = number >> 3, 1 << (number & 7)
            for facet in line.facets:
                row = rows.get(facet)
                if row is None:
                    row = rows[facet] = bytearray(size)
                row[byte] |= bit
        return {facet: int.from_bytes(row, "little") for facet, row in rows.items()}

    @cached_property
    def _searched(self) -> tuple[str, list[int]]:
        """Everything a search looks through as one text, and where each line begins in it."""
        texts = [line.searched_text for line in self.lines]
        return "\n".join(texts), list(accumulate((len(text) + 1 for text in texts), initial=0))

    def matching(self, facets: Iterable[str] = (), search: str = "") -> int:
        """The lines that have every facet and that a search finds, as a mask."""
        mask = (1 << len(self.lines)) - 1
        for facet in facets:
            mask &= self.masks.get(facet, 0)
        return Search(search).among(mask, self._holding)

    def _holding(self, piece: str) -> int:
        """The lines whose searched text holds a piece of text, as a mask."""
        text, starts = self._searched
        bits = bytearray(len(self.lines) // 8 + 1)
        at = text.find(piece)
        while at >= 0:
            number = bisect_right(starts, at) - 1
            bits[number >> 3] |= 1 << (number & 7)
            at = text.find(piece, starts[number + 1])
        return int.from_bytes(bits, "little")

    def lines_in(self, mask: int, *, offset: int = 0, limit: int | None = None) -> Iterator[Line]:
        """The lines of a mask in order.

        Args:
            mask: as `matching` gives it.
            offset: how many lines are skipped.
            limit: how many lines are wanted at most; None for all.
        """
        data = mask.to_bytes(len(self.lines) // 8 + 1, "little")
        left = len(self.lines) if limit is None else limit
        for start in range(0, len(data), _CHUNK):
            chunk = int.from_bytes(data[start : start + _CHUNK], "little")
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
        lines: one for each learner, by name.
        facts: what the lines need to know of the area.
        today: the day for which the lines were made.
        unread: the number of records without an opened card, by school and leaving year.
        orderings: the lines in each order that was asked for.
        derived: what other modules worked out from the lines, by name, so that they do so once only.
    """

    lines: tuple[Line, ...]
    facts: AreaFacts
    today: date
    unread: Mapping[tuple[UUID, int], int]
    orderings: dict[str, Ordering] = field(default_factory=dict, repr=False)
    derived: dict[str, Any] = field(default_factory=dict, repr=False)

    def ordering(self, sort: str) -> Ordering:
        """The lines in one of the orders of `SORTS`."""
        ordering = self.orderings.get(sort)
        if ordering is None:
            lines = self.lines if sort == "name" else sorted(self.lines, key=SORTS[sort])
            ordering = self.orderings[sort] = Ordering(lines)
        return ordering

    def count(self, *facets: str) -> int:
        """How many learners have all of these facets."""
        return self.ordering("name").matching(facets).bit_count()


@dataclass
class _Kept:
    """What stands beside an opened ledger.

    Attributes:
        cards, version, heads: those of the ledger when the lines were made.
        rows: the plain rows at that time.
        area: the lines; None before they are first made.
        left_out: how many rows could not be read for them.
    """

    cards: Mapping[CardKey, OpenCard] = field(default_factory=dict)
    version: int = -1
    heads: Mapping[UUID, int] = field(default_factory=dict)
    rows: PlainRows = field(default_factory=PlainRows)
    area: AreaLearners | None = None
    left_out: int = 0


def coordinating_team(actor: Actor) -> OpenTeam:
    """The actor's team that coordinates: the NEET group before the SEND team, but a confirmed team before another.

    Schools send no cards to a team that is not confirmed.

    Raises:
        NotAllowed: the actor is in neither.
    """
    teams = [team for purpose in COORDINATING if (team := actor.team_for(purpose)) is not None]
    if not teams:
        raise NotAllowed
    return min(teams, key=lambda team: team.rank)


def open_area(*, db: Database, actor: Actor, today: date | None = None) -> AreaLearners:
    """The learners on the lists of the actor's coordinating team.

    Rows that cannot be read are left out, and counted whenever the lines are used that lack them.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    opened = ledgers.refreshed(db=db, actor=actor, team=coordinating_team(actor))
    today = today or school_calendar.today()
    with opened.lock:
        kept: _Kept = opened.beside.setdefault(_NAME, _Kept())
        before = left_out()
        area = _refresh(db, actor, opened, kept, today)
        leave_out(kept.left_out - (left_out() - before))  # what was left out when they were made
        return area


def _refresh(db: Database, actor: Actor, opened: OpenLedger, kept: _Kept, today: date) -> AreaLearners:
    """Bring the lines up to date, as far as anything changed."""
    before = kept.area
    acted = [
        organisation for organisation, seq in opened.heads.items() if kept.heads.get(organisation) != seq
    ]
    if before and not acted and opened.version == kept.version and before.today == today:
        return before
    stale: set[UUID] = set()
    facts = before.facts if before else None
    if acted or facts is None:
        already = left_out()
        with db.read() as session:
            facts = area_facts(session, actor)
            # Whether what could not be read before is put right is known only if everything is read again.
            # Another start of term moves the days of every school's transfers, in which no school has done anything.
            moved = before is not None and before.facts.term_starts != facts.term_starts
            some = before is not None and not kept.left_out and not moved
            stale = kept.rows.reload(
                session,
                acted if some else list(facts.names),
                signed_rows=SignedRows(session, trust_of(session, actor), opened.checked),
            )
        kept.left_out = left_out() - already
    cards = opened.cards
    if opened.version != kept.version:
        keys = kept.cards.keys() | cards.keys()
        stale |= {key[0] for key in keys if kept.cards.get(key) is not cards.get(key)}
    if before is None or before.facts != facts or before.today != today:
        stale |= {record_id for record_id, _ in cards}
    area = before
    if before is None or stale:
        area = _area(before, cards=cards, rows=kept.rows, facts=facts, today=today, stale=stale)
        opened.disagreeing.clear()
        opened.disagreeing.update(_disagreeing(cards, kept.rows))
    assert area is not None
    kept.cards, kept.version, kept.heads, kept.area = cards, opened.version, opened.heads, area
    return area


def _disagreeing(cards: Mapping[CardKey, OpenCard], rows: PlainRows) -> set[UUID]:
    """The ids of the cards whose school is not the one that the rows name, so that no line is made of them."""
    return {
        card.id
        for record in rows.records.values()
        if (card := cards.get((record.id, None))) is not None and card.school_id != record.school_id
    }


def _area(
    before: AreaLearners | None,
    *,
    cards: Mapping[CardKey, OpenCard],
    rows: PlainRows,
    facts: AreaFacts,
    today: date,
    stale: set[UUID],
) -> AreaLearners:
    """The area's learners, with lines made anew for the stale records and taken over for the others."""
    lines = [line for line in (before.lines if before else ()) if line.record_id not in stale]
    for record_id in stale:
        record = rows.records.get(record_id)
        card = card_for(cards, record_id, school_id=record.school_id) if record else None
        if card is not None and record is not None:
            lines.append(
                learner_line(
                    card=card.content,
                    record=record,
                    transfers=rows.transfers.get(record_id, {}),
                    facts=facts,
                    today=today,
                )
            )
    lines.sort(key=SORTS["name"])
    unread = Counter(
        (record.school_id, record.leaving_year)
        for record in rows.records.values()
        if card_for(cards, record.id, school_id=record.school_id) is None
    )
    return AreaLearners(lines=tuple(lines), facts=facts, today=today, unread=unread)
