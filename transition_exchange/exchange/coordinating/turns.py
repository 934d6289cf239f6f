"""Whose turn it is: who has to do something next about a learner, and since when.

What is to be done about the places that a learner goes to is worked out in `places.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from transition_exchange.english import listed
from transition_exchange.exchange.coordinating.acting import Turn
from transition_exchange.exchange.coordinating.area_facts import AreaFacts
from transition_exchange.exchange.coordinating.places import place_turns, wanted_providers
from transition_exchange.exchange.coordinating.plain_rows import PlainRecord, PlainTransfer, WaitingTeam
from transition_exchange.exchange.coordinating.ringing import AreaTeam
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
        *(() if left else _form(record, facts)),
        *(() if moved else places),
        *_answers(record, transfers, facts),
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


def _form(record: PlainRecord, facts: AreaFacts) -> Iterator[Turn]:
    if record.complete:
        return
    words = "School to fill in what is missing" if record.started else "School to start the form"
    since = record.changed_at if record.started else record.created_at
    yield Turn("school", words, since, **_school(record, facts, "transition") | {"page": "remind"})


def _answers(record: PlainRecord, transfers: Sequence[PlainTransfer], facts: AreaFacts) -> Iterator[Turn]:
    for transfer in transfers:
        for owner, since in transfer.asked:
            who, name = (
                ("safeguarding", "School’s safeguarding team")
                if owner == "school_safeguarding"
                else ("school", "School")
            )
            yield Turn(who, f"{name} to answer a question", since, **_school(record, facts, owner))


def _safeguarding(
    record: PlainRecord, transfers: Sequence[PlainTransfer], facts: AreaFacts
) -> Iterator[Turn]:
    if not transfers:
        return
    since = min(transfer.sent_at for transfer in transfers)
    ring = _school(record, facts, "school_safeguarding")
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
        since = transfer.waiting_since or transfer.sent_at
        teams = _Teams(transfer, facts)
        if transfer.state == "did_not_arrive":
            words = f"Council to find out where they are: they did not arrive at {name}"
            yield Turn("council", words, since, **_ring(facts, transfer.provider_id))
        elif transfer.state == "sent" and transfer.given_out:
            # Somebody holds it in a table and nobody has looked at it: the clock of the reader still runs.
            words = f"{name} to open it: so far it was only downloaded in a table"
            yield Turn("college", words, since, **teams.waiting())
        elif transfer.state == "sent":
            detail = teams.undone() if any(team.some for team in transfer.waiting) else ""
            yield Turn("college", f"{name} to open it", since, **teams.waiting(), detail=detail)
        else:
            yield from _received(transfer, name, since, teams)


def _received(transfer: PlainTransfer, name: str, since: datetime, teams: _Teams) -> Iterator[Turn]:
    """What the teams of a provider that has opened the record have to do: each its own, whoever asks a question."""
    asked = transfer.state == "queried" or bool(transfer.asked)
    if transfer.state == "queried" and not transfer.asked:
        yield Turn(
            "college", f"{name} to read the school’s answer", transfer.answered or since, **teams.asking()
        )
    if (transfer.state not in DELIVERED and not asked) or (asked and teams.undone()):
        yield Turn("college", f"{name} to acknowledge it", since, **teams.waiting(), detail=teams.undone())
    elif transfer.safeguarding_waiting:
        words = f"{name}’s safeguarding team to open its part"
        yield Turn("college", words, since, **teams.safeguarding())


class _Teams:
    """The teams of the provider of a transfer, of which some have something to do.

    One that asked a question acknowledges nothing before it has read the answer.
    """

    def __init__(self, transfer: PlainTransfer, facts: AreaFacts) -> None:
        self._transfer, self._facts = transfer, facts
        self._teams = facts.teams.get(transfer.provider_id, ())
        asking = {*transfer.asking, *transfer.awaiting}
        self._states = {team.id: team for team in transfer.waiting if team.id not in asking}

    def waiting(self) -> dict[str, Any]:
        """Whom the council rings because something is not opened or acknowledged."""
        return self._ring(team for team in self._teams if team.id in self._states)

    def asking(self) -> dict[str, Any]:
        """Whom the council rings because an answer waits to be read."""
        return self._ring(team for team in self._teams if team.id in self._transfer.asking)

    def safeguarding(self) -> dict[str, Any]:
        """Whom the council rings because the safeguarding part is not opened."""
        return self._ring(self._facts.teams_for(self._transfer.provider_id, "safeguarding"))

    def undone(self) -> str:
        """What each team has not done yet."""
        undone: dict[str, list[str]] = {}
        for team in self._teams:
            if (state := self._states.get(team.id)) is not None:
                undone.setdefault(_not_done(state), []).append(team.name)
        return "; ".join(
            f"{listed(names)} {'has' if len(names) == 1 else 'have'} not {what}"
            for what, names in undone.items()
        )

    def _ring(self, teams: Iterable[AreaTeam]) -> dict[str, Any]:
        return _ring(self._facts, self._transfer.provider_id, teams)


def _not_done(team: WaitingTeam) -> str:
    if team.opened:
        return "acknowledged it"
    return "opened what is new" if team.some else "opened it"


def _school(record: PlainRecord, facts: AreaFacts, work: str) -> dict[str, Any]:
    """That the council rings the school's team for some work about it."""
    return _ring(facts, record.school_id, facts.teams_for(record.school_id, work))


def _ring(facts: AreaFacts, organisation_id: UUID, teams: Iterable[AreaTeam] = ()) -> dict[str, Any]:
    """That the council rings an organisation, or some of its teams, about it."""
    return {
        "organisation": organisation_id,
        "page": "organisation",
        "ring": facts.ring(organisation_id, teams),
    }
