"""Whose turn it is with a learner, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from transition_exchange.exchange.coordinating.plain_rows import PlainRecord, PlainTransfer, Surroundings
from transition_exchange.proforma.destinations import by_provider, far_enough

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
    elif not transfers and (providers := _could_go_to(destinations, around)):
        yield _to_send(record, providers, around)


def _could_go_to(destinations: Sequence[Mapping[str, Any]], around: Surroundings) -> tuple[UUID, ...]:
    """The providers at which an application is far enough for a pack to go out in this area."""
    return tuple(
        provider
        for provider, row in by_provider(destinations).items()
        if provider in around.receivers and far_enough(row, around.send_at)
    )


def _to_send(record: PlainRecord, providers: Sequence[UUID], around: Surroundings) -> Turn:
    """Who must do something before a record that could go out goes out."""
    own = around.sending.get(record.school_id)
    blocked = [(record.school_id, own)] if own else []
    blocked += [(provider, why) for provider in providers if (why := around.receiving.get(provider))]
    for organisation, why in blocked:
        if why.by_council:
            words = f"Council to confirm a security number of {around.names[organisation]} by phone"
            return Turn("council", words, why.since)
    if own:
        return Turn("school", "School to get its team ready", own.since)
    if len(blocked) == len(providers):
        provider, why = blocked[0]
        return Turn("college", f"{around.names[provider]} to get its teams ready", why.since)
    return Turn("school", "School to send it", record.changed_at)


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
