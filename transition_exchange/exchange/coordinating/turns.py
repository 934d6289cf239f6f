"""Whose turn it is: who has to do something next about a learner, and since when.

What is to be done about the places that a learner goes to is worked out in `places.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from transition_exchange.exchange.coordinating.acting import Turn
from transition_exchange.exchange.coordinating.area_facts import AreaFacts
from transition_exchange.exchange.coordinating.places import place_turns, wanted_providers
from transition_exchange.exchange.coordinating.plain_rows import PlainRecord, PlainTransfer
from transition_exchange.exchange.records.left_school import LeftSchool

DELIVERED = frozenset({"acknowledged", "enrolled", "moved"})
"""The states in which the provider has nothing left to do about receiving a record."""


def turns(
    *,
    record: PlainRecord,
    transfers: Sequence[PlainTransfer],
    destinations: Sequence[Mapping[str, Any]],
    facts: AreaFacts,
    left: LeftSchool | None = None,
    changed_for: Collection[UUID] = (),
) -> tuple[Turn, ...]:
    """What is still to be done about one learner, beginning with the school's part, or the council's if they have left.

    Nothing means that it was acknowledged everywhere it should be, or that they stay at their school. The school of a
    learner who has left is not waited for to finish the form. What was sent is not changed by it.

    Args:
        record: the record's plain row.
        transfers: its transfers.
        destinations: the destinations on the learner's card.
        facts: the area.
        left: that the learner is not at the school any more; None while they are.
        changed_for: the providers that hold the record and are to get a changed version of it.
    """
    moved = (
        left is not None and left.code == "moved"
    )  # the other school makes the record of a learner who is there
    wanted = {transfer.provider_id for transfer in transfers}
    if not moved:
        wanted &= wanted_providers(destinations, facts)
    staying = [transfer for transfer in transfers if transfer.provider_id in wanted]
    places = place_turns(
        record=record,
        transfers=transfers,
        destinations=destinations,
        facts=facts,
        left=left is not None,
        changed_for=changed_for,
    )
    return (
        *council(left, record.changed_at),
        *(() if left else _form(record)),
        *(() if moved else places),
        *_answers(record, transfers),
        *_safeguarding(record, staying, facts),
        *_college(staying, facts),
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


def _form(record: PlainRecord) -> Iterator[Turn]:
    if record.complete:
        return
    words = "School to fill in what is missing" if record.started else "School to start the form"
    since = record.changed_at if record.started else record.created_at
    yield Turn("school", words, since, organisation=record.school_id, page="remind")


def _answers(record: PlainRecord, transfers: Sequence[PlainTransfer]) -> Iterator[Turn]:
    for transfer in transfers:
        for owner, since in transfer.asked:
            who, name = (
                ("safeguarding", "School’s safeguarding team")
                if owner == "school_safeguarding"
                else ("school", "School")
            )
            yield Turn(who, f"{name} to answer a question", since, **_ring(record.school_id))


def _safeguarding(
    record: PlainRecord, transfers: Sequence[PlainTransfer], facts: AreaFacts
) -> Iterator[Turn]:
    if not transfers:
        return
    since, ring = min(transfer.sent_at for transfer in transfers), _ring(record.school_id)
    if record.safeguarding_doubtful and not record.safeguarding_released:
        words = "School’s safeguarding team to say whether it sent its part: what is stored is not certain"
        yield Turn("safeguarding", words, since, certain=False, **ring)
    elif not record.safeguarding_released:
        yield Turn("safeguarding", "School’s safeguarding team to send its part", since, **ring)
    else:
        for transfer in transfers:
            if not transfer.safeguarding_waiting and not transfer.safeguarding_opened:
                name = facts.names.get(transfer.provider_id, "the provider")
                words = f"School’s safeguarding team to send its part to {name} too"
                yield Turn("safeguarding", words, transfer.sent_at, **ring)


def _college(transfers: Sequence[PlainTransfer], facts: AreaFacts) -> Iterator[Turn]:
    for transfer in transfers:
        name = facts.names.get(transfer.provider_id, "The provider")
        since, ring = transfer.waiting_since or transfer.sent_at, _ring(transfer.provider_id)
        if transfer.state == "did_not_arrive":
            words = f"Council to find out where they are: they did not arrive at {name}"
            yield Turn("council", words, since, **ring)
        elif transfer.state == "sent" and transfer.given_out:
            # Somebody holds it in a table and nobody has looked at it: the clock of the reader still runs.
            words = f"{name} to open it: so far it was only downloaded in a table"
            yield Turn("college", words, since, **ring)
        elif transfer.state == "sent":
            yield Turn("college", f"{name} to open it", since, **ring)
        elif transfer.state == "queried" and not transfer.asked:
            answered = transfer.answered or since
            yield Turn("college", f"{name} to read the school’s answer", answered, **ring)
        elif transfer.state not in DELIVERED and not transfer.asked:
            yield Turn("college", f"{name} to acknowledge it", since, **ring)
        elif transfer.safeguarding_waiting:
            yield Turn("college", f"{name}’s safeguarding team to open its part", since, **ring)


def _ring(organisation_id: UUID) -> dict[str, Any]:
    """That the council rings an organisation about it."""
    return {"organisation": organisation_id, "page": "organisation"}
