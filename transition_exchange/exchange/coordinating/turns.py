"""Who has to do something next about a learner, and since when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from transition_exchange.english import day_of
from transition_exchange.exchange.coordinating.area_facts import AreaFacts
from transition_exchange.exchange.coordinating.plain_rows import PlainRecord, PlainTransfer
from transition_exchange.exchange.records.left_school import LeftSchool
from transition_exchange.proforma.destinations import by_provider, far_enough

WHO = (
    ("school", "School"),
    ("safeguarding", "School’s safeguarding team"),
    ("college", "College or provider"),
    ("council", "Council"),
    ("nobody", "Nobody"),
)
"""Who can have to act next, with the words of the filter."""

DELIVERED = frozenset({"acknowledged", "enrolled", "did_not_arrive", "moved"})
"""The states in which the provider has nothing left to do about receiving a record."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that somebody has to do next.

    Attributes:
        who: a code of `WHO`.
        words: what is to be done, as pages show it.
        since: since when it is to be done.
        certain: whether it is certain that this is still to be done.
    """

    who: str
    words: str
    since: datetime
    certain: bool = True

    def days(self, today: date) -> int:
        """For how many days it is to be done."""
        return (today - day_of(self.since)).days


def turns(
    *,
    record: PlainRecord,
    transfers: Sequence[PlainTransfer],
    destinations: Sequence[Mapping[str, Any]],
    facts: AreaFacts,
    left: LeftSchool | None = None,
) -> tuple[Turn, ...]:
    """What is still to be done about one learner, beginning with the school's part, or the council's if they have left.

    The school of a learner who has left is not waited for to finish the form. What was sent is not changed by it.

    Args:
        record: the record's plain row.
        transfers: its transfers.
        destinations: the destinations on the learner's card.
        facts: the area.
        left: that the learner is not at the school any more; None while they are.
    """
    return (
        *council(left, record.changed_at),
        *_school(record, transfers, destinations, facts, left),
        *_answers(transfers),
        *_safeguarding(record, transfers),
        *_college(transfers, facts),
    )


def council(left: LeftSchool | None, known_since: datetime, *, asked_less: bool = False) -> Iterator[Turn]:
    """What the council has to do about a learner who is not at their school any more.

    Args:
        left: that they have left; None while they are there.
        known_since: what counts for the day on which they left where the school does not say it.
        asked_less: whether there is an objection, so that the council is not told to which school they moved.
    """
    if left is None:
        return
    since = left.at or known_since
    if left.code == "left":
        yield Turn("council", "Council to find out where they are: they have left school", since)
    elif not left.to and not asked_less:
        yield Turn("council", "Council to find out which school they moved to", since)


def _school(
    record: PlainRecord,
    transfers: Sequence[PlainTransfer],
    destinations: Sequence[Mapping[str, Any]],
    facts: AreaFacts,
    left: LeftSchool | None,
) -> Iterator[Turn]:
    if left is not None and left.code == "moved":
        return  # the other school makes the record of a learner who is there
    if left is None and not record.started:
        yield Turn("school", "School to start the form", record.created_at)
    elif left is None and not record.complete:
        yield Turn("school", "School to fill in what is missing", record.changed_at)
    elif not transfers and (providers := _could_go_to(destinations, facts)):
        yield _to_send(record, providers, facts)


def _could_go_to(destinations: Sequence[Mapping[str, Any]], facts: AreaFacts) -> tuple[UUID, ...]:
    """The providers that a pack can go to, because the application is far enough by the area's rule."""
    return tuple(
        provider
        for provider, row in by_provider(destinations).items()
        if provider in facts.receivers and far_enough(row, facts.send_at)
    )


def _to_send(record: PlainRecord, providers: Sequence[UUID], facts: AreaFacts) -> Turn:
    """Who has to act before a record goes out that could be sent."""
    own = facts.sending.get(record.school_id)
    blocked = [(record.school_id, own)] if own else []
    blocked += [(provider, why) for provider in providers if (why := facts.receiving.get(provider))]
    for organisation, why in blocked:
        if why.by_council:
            words = f"Council to confirm a security number of {facts.names[organisation]} by phone"
            return Turn("council", words, why.since)
    if own:
        return Turn("school", "School to get its team ready", own.since)
    if len(blocked) == len(providers):
        provider, why = blocked[0]
        return Turn("college", f"{facts.names[provider]} to get its teams ready", why.since)
    return Turn("school", "School to send it", record.changed_at)


def _answers(transfers: Sequence[PlainTransfer]) -> Iterator[Turn]:
    for transfer in transfers:
        for owner, since in transfer.asked:
            if owner == "school_safeguarding":
                yield Turn("safeguarding", "School’s safeguarding team to answer a question", since)
            else:
                yield Turn("school", "School to answer a question", since)


def _safeguarding(record: PlainRecord, transfers: Sequence[PlainTransfer]) -> Iterator[Turn]:
    if transfers and not record.safeguarding_released:
        first = min(transfer.sent_at for transfer in transfers)
        if record.safeguarding_doubtful:
            words = (
                "School’s safeguarding team to say whether it sent its part: what is stored is not certain"
            )
        else:
            words = "School’s safeguarding team to send its part"
        yield Turn("safeguarding", words, first, certain=not record.safeguarding_doubtful)


def _college(transfers: Sequence[PlainTransfer], facts: AreaFacts) -> Iterator[Turn]:
    for transfer in transfers:
        name = facts.names.get(transfer.provider_id, "The provider")
        since = transfer.waiting_since or transfer.sent_at
        if transfer.state == "sent" and transfer.given_out:
            # Somebody holds it in a table and nobody has looked at it: the clock of the reader still runs.
            yield Turn("college", f"{name} to open it: so far it was only downloaded in a table", since)
        elif transfer.state == "sent":
            yield Turn("college", f"{name} to open it", since)
        elif transfer.state == "queried" and not transfer.asked:
            yield Turn("college", f"{name} to read the school’s answer", since)
        elif transfer.state not in DELIVERED and not transfer.asked:
            yield Turn("college", f"{name} to acknowledge it", since)
        elif transfer.safeguarding_waiting:
            yield Turn("college", f"{name}’s safeguarding team to open its part", since)
