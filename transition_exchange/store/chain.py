"""Checking a chain of events: finds the first event that was changed, removed, inserted, reordered or cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from transition_exchange.store import events
from transition_exchange.store.events import GENESIS, Action, hash_of
from transition_exchange.store.models.events import ChainHead, Event
from transition_exchange.store.unreadable import KEEP, leave_out
from transition_exchange.stored_text import read_object

_AT_ONCE = 1000

COLUMNS = select(Event.id, Event.organisation_id, Event.seq, Event.at, Event.body, Event.hash)
"""The query for events as links of a chain."""

FaultKind = Literal["changed", "removed", "inserted", "reordered", "cut_off"]


@dataclass(frozen=True)
class Head:
    """The end of a chain at some time, which somebody vouched for.

    Attributes:
        organisation_id: whose chain it is.
        seq: the number of the last event.
        hash: its hash, in hexadecimal.
    """

    organisation_id: UUID
    seq: int
    hash: str


@dataclass(frozen=True)
class Fault:
    """The first fault in a chain.

    Attributes:
        kind: what happened to the event.
        seq: the number of the event; for `cut_off`, of the first missing one; 0 if it is about no event.
        message: the text for a person.
    """

    kind: FaultKind
    seq: int
    message: str


@dataclass(frozen=True)
class Verdict:
    """The result of verifying a chain.

    Attributes:
        organisation_id: whose chain it is.
        events: how many events from the first on are without fault.
        fault: the first fault; None in a whole chain.
    """

    organisation_id: UUID
    events: int
    fault: Fault | None = None


@dataclass(frozen=True)
class Link:
    """One event as it is stored, a row of `COLUMNS`."""

    id: UUID
    organisation_id: UUID
    seq: int
    at: datetime
    body: str
    hash: str

    def read(self) -> dict[str, Any] | None:
        """The content of the text; None where text, hash and the other columns disagree."""
        try:
            if hash_of(self.body) != self.hash:
                return None
            content = read_object(self.body)
            columns = (content["event"], content["organisation"], datetime.fromisoformat(content["at"]))
            right = columns == (str(self.id), str(self.organisation_id), self.at)
            known = isinstance(content["seq"], int) and isinstance(content["previous"], str)
            return content if right and known else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def action(self) -> Action | None:
        """What the event says; None as for `read`."""
        content = self.read()
        try:
            return events.action_of(content, hash=self.hash) if content else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def verify(session: Session, organisation_id: UUID, *, heads: Sequence[Head] = ()) -> Verdict:
    """Check a chain from its first event, and compare it with heads that somebody vouched for.

    Args:
        session: an open session.
        organisation_id: whose chain it is.
        heads: heads whose signatures were verified; those of other organisations are ignored.

    Returns:
        The verdict, with the first fault if there is one.
    """
    if _ends(session, organisation_id) > 1:
        return Verdict(
            organisation_id, 0, Fault("inserted", 0, "The end of the chain is stored more than once.")
        )
    before = head_of(session, organisation_id)
    vouched: dict[int, set[str]] = {}
    for head in heads:
        if head.organisation_id == organisation_id:
            vouched.setdefault(head.seq, set()).add(head.hash)
    count, previous = 0, GENESIS
    for link in _links(session, organisation_id):
        content = link.read()
        follows = content is not None and (content["seq"], content["previous"]) == (link.seq, previous)
        if link.seq != count + 1 or not follows:
            fault = _diagnose(session, organisation_id, expected=count + 1, previous=previous)
            return Verdict(organisation_id, fault.seq - 1, fault)
        if not vouched.get(link.seq, set()) <= {link.hash}:
            message = f"Event {link.seq}, or one before it, was rewritten: a signed head knows it otherwise."
            return Verdict(organisation_id, count, Fault("changed", link.seq, message))
        count, previous = link.seq, link.hash
    # Somebody may have written an event meanwhile, so the head is read before and after the check.
    after = head_of(session, organisation_id)
    whole = max(before.seq if before else 0, max(vouched, default=0))
    end = _compare_end(count=count, last=previous, whole=whole, head=after)
    return Verdict(organisation_id, end.seq - 1 if end else count, end)


def _compare_end(*, count: int, last: str, whole: int, head: Head | None) -> Fault | None:
    if count < whole:
        return Fault("cut_off", count + 1, f"The chain was cut off: it ends at event {count} of {whole}.")
    known = head.seq if head else 0
    if count > known:
        return Fault("inserted", known + 1, f"Event {known + 1} was inserted after the end of the chain.")
    if head is not None and count == head.seq and last != head.hash:
        return Fault("changed", count, f"Event {count}, or one before it, was rewritten.")
    return None


def told(session: Session, organisation_id: UUID, what: ColumnElement[bool]) -> list[Action]:
    """What some events of a chain say, the oldest first. The chain beyond their neighbours is not looked at.

    Each is as it was written, has the number that it says, and names the one before it; the one after it, or the end of
    the chain, names it. One that does not is left out and counted.

    Args:
        session: an open session.
        organisation_id: whose chain it is.
        what: the condition for the events.
    """
    chain = COLUMNS.where(Event.organisation_id == organisation_id)
    links = {link.seq: link for link in starmap(Link, session.execute(chain.where(what).order_by(Event.seq)))}
    if not links:
        return []
    # The end is read before the neighbours: an event that somebody writes meanwhile is then among those.
    head = head_of(session, organisation_id)
    numbers = [seq + step for seq in links for step in (-1, 1)]
    near = dict(links)
    for start in range(0, len(numbers), _AT_ONCE):
        beside = chain.where(Event.seq.in_(numbers[start : start + _AT_ONCE]))
        near |= {link.seq: link for link in starmap(Link, session.execute(beside))}
    actions = []
    for link in links.values():
        action = link.action()
        if action is not None and _is_in_place(link, near.get(link.seq - 1), near.get(link.seq + 1), head):
            actions.append(action)
        else:
            leave_out()
    return actions


def _is_in_place(link: Link, before: Link | None, after: Link | None, head: Head | None) -> bool:
    """Whether an event stands in its chain between its neighbours."""
    content = link.read()
    previous = before.hash if before else GENESIS if link.seq == 1 else None
    if content is None or (content["seq"], content["previous"]) != (link.seq, previous):
        return False
    if after is not None:
        follows = after.read()
        return follows is not None and bool(follows["previous"] == link.hash)
    return head is not None and (head.seq, head.hash) == (link.seq, link.hash)


def _ends(session: Session, organisation_id: UUID) -> int:
    """How many rows say where a chain ends. The table allows one."""
    ends = select(func.count()).select_from(ChainHead).where(ChainHead.organisation_id == organisation_id)
    return session.scalar(ends) or 0


def head_of(session: Session, organisation_id: UUID) -> Head | None:
    """The end of a chain, as the row that appending locks has it; None if there is no such row.

    Raises:
        MultipleResultsFound: there are several. The session's block turns it into `Unreadable`.
    """
    row = session.execute(
        select(ChainHead.seq, ChainHead.hash).where(ChainHead.organisation_id == organisation_id)
    ).one_or_none()
    return Head(organisation_id, row.seq, row.hash) if row else None


def _links(session: Session, organisation_id: UUID) -> Iterator[Link]:
    # One that cannot be read is a fault of its own: left out, it would pass for one that was removed.
    chain = (
        COLUMNS.where(Event.organisation_id == organisation_id)
        .order_by(Event.seq)
        .limit(_AT_ONCE)
        .execution_options(**{KEEP: True})
    )
    rows = session.execute(chain).all()
    while rows:
        for row in rows:
            yield Link(*row)
        if not isinstance(rows[-1].seq, int):
            return  # it is in no order, and the fault of the chain
        rows = session.execute(chain.where(Event.seq > rows[-1].seq)).all()


def _is_numbered(link: Link) -> bool:
    """Whether the number of an event can be read. The chain is read with what cannot."""
    seq: object = link.seq
    return isinstance(seq, int)


def _diagnose(session: Session, organisation_id: UUID, *, expected: int, previous: str) -> Fault:
    """Find out what happened to event `expected`, given that all events before it are without fault."""
    links = [link for link in _links(session, organisation_id) if _is_numbered(link)]
    by_seq = {link.seq: link for link in links}
    link = by_seq.get(expected)
    if link is None:
        return Fault("removed", expected, f"Event {expected} was removed.")
    content = link.read()
    if content is None:
        return _changed_or_inserted(links, link, previous)
    follows = by_seq.get(expected + 1)
    number, names = content["seq"], content["previous"]
    if number == expected:
        if expected > 1 and _is_original(session, link, follows):
            # The next events are whole, so the event before this one was rewritten together with its hash.
            return Fault("changed", expected - 1, f"Event {expected - 1} was changed.")
        return _changed_or_inserted(links, link, previous)
    if number > expected:
        if any((other.read() or {}).get("seq") == expected for other in links if other.seq > expected):
            return Fault(
                "reordered", expected, f"Event {expected} is not in its place: events were reordered."
            )
        return Fault("removed", expected, f"Event {expected} was removed.")
    earlier = by_seq.get(number)
    before = by_seq[number - 1].hash if number > 1 else GENESIS
    if earlier is not None and earlier.hash != link.hash and names == before:
        return Fault("inserted", number, f"Event {number} was inserted.")
    return Fault("inserted", expected, f"Event {expected} was inserted.")


def _changed_or_inserted(links: Sequence[Link], link: Link, previous: str) -> Fault:
    """Tell a changed event from an inserted one, which the true event of that number follows."""
    for other in links:
        content = other.read() if other.seq > link.seq else None
        if content and content["seq"] == link.seq and content["previous"] == previous:
            return Fault("inserted", link.seq, f"Event {link.seq} was inserted.")
    return Fault("changed", link.seq, f"Event {link.seq} was changed.")


def _is_original(session: Session, link: Link, follows: Link | None) -> bool:
    if follows is not None:
        content = follows.read()
        return content is not None and bool(content["previous"] == link.hash)
    head = head_of(session, link.organisation_id)
    return head is not None and head.hash == link.hash
