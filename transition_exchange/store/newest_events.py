"""The newest events of a chain, for a page, with the check that a page can make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.store.chain import COLUMNS, Head, Link, head_of
from transition_exchange.store.events import GENESIS, Action
from transition_exchange.store.models.events import Event
from transition_exchange.store.unreadable import KEEP


@dataclass(frozen=True)
class Entry:
    """One event of a chain, as somebody is shown it.

    Attributes:
        seq: its number in the chain.
        action: what it says; None if it was changed or cannot be read.
    """

    seq: int
    action: Action | None


@dataclass(frozen=True)
class Stretch:
    """Some events of a chain that follow each other, the newest first.

    Attributes:
        whole: whether each is as it was written and names the one before it, none between them is missing, and they
            begin and end where they should. Older and newer ones were not looked at.
        goes_on: whether there are older ones.
    """

    entries: tuple[Entry, ...]
    whole: bool
    goes_on: bool


def stretch(session: Session, organisation_id: UUID, *, before: int | None, most: int) -> Stretch:
    """The newest events of a chain, checked against each other and against its head.

    It is a small check, for a page. `verify` makes the whole one, and compares it with signed heads.

    Args:
        before: only events with smaller numbers.
        most: how many at most.
    """
    at_first = head_of(session, organisation_id)
    chain = COLUMNS.where(Event.organisation_id == organisation_id).execution_options(**{KEEP: True})
    if before is not None:
        chain = chain.where(Event.seq < before)
    rows = session.execute(chain.order_by(Event.seq.desc()).limit(most + 1)).all()
    links = [Link(*row) for row in rows if isinstance(row.seq, int)]
    whole = len(links) == len(rows) and _reaches(links, before, at_first, head_of(session, organisation_id))
    for position, link in enumerate(links[:most]):
        older = links[position + 1] if position + 1 < len(links) else None
        expected = (older.seq + 1, older.hash) if older else (1, GENESIS)
        content = link.read()
        whole = whole and content is not None and (link.seq, content["previous"]) == expected
    entries = tuple(Entry(link.seq, link.action()) for link in links[:most])
    whole = whole and all(entry.action for entry in entries)
    return Stretch(entries, whole=whole, goes_on=len(links) > most)


def _reaches(links: Sequence[Link], before: int | None, at_first: Head | None, now: Head | None) -> bool:
    """Whether some events, the newest first, begin where a chain ends, or right before a number.

    Somebody may have written an event meanwhile, so the head was read before them and after them.
    """
    heads = {head.seq: head.hash for head in (at_first, now) if head}
    least, most = (at_first.seq if at_first else 0), (now.seq if now else 0)
    if before is not None:
        least, most = min(least, before - 1), min(most, before - 1)
    newest = links[0] if links else None
    seq = newest.seq if newest else 0
    return least <= seq <= most and (newest is None or heads.get(seq, newest.hash) == newest.hash)
