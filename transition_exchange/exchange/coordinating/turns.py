"""Whose turn it is with a learner, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from transition_exchange.exchange.coordinating.plain_rows import PlainRecord, PlainTransfer, Surroundings
from transition_exchange.exchange.sending.planning import STATUS_ORDER

WHO = (
    ("school", "School"),
    ("safeguarding", "School’s safeguarding team"),
    ("college", "College or provider"),
    ("council", "Council"),
    ("nobody", "Nobody"),
)
"""Whose turn it can be, with the words of the filter."""

DELIVERED = frozenset({"acknowledged", "enrolled", "did_not_arrive", "moved"})
"""States in which nothing is waited for from the provider as far as receiving goes."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that somebody has to do next.

    Attributes:
        who: a code of `WHO`.
        words: what is to be done, for a page, with the provider's name where it is about one.
        since: since when it waits.
    """

    who: str
    words: str
    since: datetime


def turns(
    *,
    record: PlainRecord,
    transfers: Sequence[PlainTransfer],
    destinations: Sequence[Mapping[str, Any]],
    around: Surroundings,
) -> tuple[Turn, ...]:
    """What is waited for with one learner, the school's own first; nothing where all is done.

    Args:
        destinations: the rows of the learner's card.
    """
    return (
        *_school(record, transfers, destinations, around),
        *_answers(transfers),
        *_safeguarding(record, transfers),
        *_college(transfers, around),
    )


def _school(
    record: PlainRecord,
    transfers: Sequence[PlainTransfer],
    destinations: Sequence[Mapping[str, Any]],
    around: Surroundings,
) -> Iterator[Turn]:
    if not record.started:
        yield Turn("school", "School to start the form", record.created_at)
    elif not record.complete:
        yield Turn("school", "School to fill in what is missing", record.changed_at)
    elif not transfers and (ready := [row for row in destinations if far_enough(row, around.send_at)]):
        yield _to_send(record, ready, around)


def _to_send(record: PlainRecord, ready: Sequence[Mapping[str, Any]], around: Surroundings) -> Turn:
    """Who must do something before a record that could go out goes out."""
    places = [place for row in ready if (place := provider_of(row, around))]
    own = around.sending.get(record.school_id)
    blocked = [(record.school_id, own)] if own else []
    blocked += [(place, found) for place in places if (found := around.receiving.get(place))]
    for place, found in blocked:
        if found.by_council:
            words = f"Council to confirm a security number of {around.names[place]} by phone"
            return Turn("council", words, found.since)
    if own:
        return Turn("school", "School to get its team ready", own.since)
    if places and len(blocked) == len(places):
        place, found = blocked[0]
        return Turn("college", f"{around.names[place]} to get its teams ready", found.since)
    return Turn("school", "School to send it", record.changed_at)


def far_enough(destination: Mapping[str, Any], send_at: str) -> bool:
    """Whether a destination is a provider at the status from which packs go out in this area."""
    status = destination.get("status")
    return (
        destination.get("kind") in ("provider", "staying_on")
        and status in STATUS_ORDER
        and STATUS_ORDER.index(status) >= STATUS_ORDER.index(send_at)
    )


def _answers(transfers: Sequence[PlainTransfer]) -> Iterator[Turn]:
    for transfer in transfers:
        for owner, since in transfer.asked:
            if owner == "safeguarding":
                yield Turn("safeguarding", "School’s safeguarding team to answer a question", since)
            else:
                yield Turn("school", "School to answer a question", since)


def _safeguarding(record: PlainRecord, transfers: Sequence[PlainTransfer]) -> Iterator[Turn]:
    if transfers and not record.safeguarding_released:
        first = min(transfer.sent_at for transfer in transfers)
        yield Turn("safeguarding", "School’s safeguarding team to send its part", first)


def _college(transfers: Sequence[PlainTransfer], around: Surroundings) -> Iterator[Turn]:
    for transfer in transfers:
        name = around.names.get(transfer.provider_id, "The provider")
        since = transfer.waiting_since or transfer.sent_at
        if transfer.state == "sent":
            yield Turn("college", f"{name} to open it", since)
        elif transfer.state == "queried" and not transfer.asked:
            yield Turn("college", f"{name} to read the school’s answer", since)
        elif transfer.state not in DELIVERED and not transfer.asked:
            yield Turn("college", f"{name} to acknowledge it", since)
        elif transfer.safeguarding_waiting:
            yield Turn("college", f"{name}’s safeguarding team to open its part", since)


def provider_of(destination: Mapping[str, Any], around: Surroundings) -> UUID | None:
    """The provider in this exchange that a destination names, if it is one."""
    return around.places.get(str(destination.get("provider_name", "")).casefold())
