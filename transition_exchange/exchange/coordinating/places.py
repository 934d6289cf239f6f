"""What is to be done about the places that a learner goes to, provider by provider.

As long as nothing is accepted, every application counts. Once a place is accepted, only what is accepted counts, and
once the learner is enrolled, only that: nothing is sent to the others, and one that holds the record is to give it up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from transition_exchange.english import either, listed
from transition_exchange.exchange.coordinating.acting import Turn
from transition_exchange.exchange.coordinating.area_facts import AreaFacts
from transition_exchange.exchange.coordinating.plain_rows import PlainRecord, PlainTransfer
from transition_exchange.exchange.records.folding import folded
from transition_exchange.proforma.destinations import OFFERS, Row, by_provider, far_enough, provider_of

APPLIED_FOR = ("provider", "staying_on", "apprenticeship")
"""The kinds of destination that one applies for. The others have no status."""
WITHOUT_A_PLACE: Mapping[str, str] = {
    "job": "Council to talk to them about training: so far they have a job without",
    "moving_away": "Council to tell their new council that they are coming",
    "none": "Council to help them find a place",
}
"""What the council does where there is no place that a record could go to."""
STILL_HELD = frozenset({"sent", "received", "acknowledged", "queried", "did_not_arrive"})
"""The states in which a provider to which a learner does not go is to give the record up."""


def counting(destinations: Sequence[Row]) -> list[Row]:
    """The destinations that count: the enrolled, else the accepted, else all that were applied for and not declined."""
    live = [
        row
        for row in destinations
        if row.get("kind", "provider") in APPLIED_FOR and row.get("status") != "declined"
    ]
    for status in ("enrolled", "accepted"):
        if settled := [row for row in live if row.get("status") == status]:
            return settled
    return live


def wanted_providers(destinations: Sequence[Row], facts: AreaFacts) -> set[UUID]:
    """The providers of this exchange that may hold the record, because the learner goes there or still may."""
    return set(by_provider(counting(destinations))) & facts.receivers


def place_turns(
    *,
    record: PlainRecord,
    transfers: Sequence[PlainTransfer],
    destinations: Sequence[Row],
    facts: AreaFacts,
    left: bool = False,
    changed_for: Collection[UUID] = (),
) -> tuple[Turn, ...]:
    """What is to be done until each place has the newest version, and no other has any.

    Args:
        record: the record's plain row.
        transfers: its transfers.
        destinations: the destinations on the learner's card.
        facts: the area.
        left: whether the learner has left the school, so that nobody waits for the form.
        changed_for: the providers that hold the record and are to get a changed version of it.
    """
    return tuple(
        _Places(
            record=record,
            transfers={transfer.provider_id: transfer for transfer in transfers},
            destinations=destinations,
            facts=facts,
            left=left,
            changed_for=frozenset(changed_for),
        ).turns()
    )


@dataclass(frozen=True)
class _Places:
    """What the turns are worked out from, as `place_turns` has it; transfers by provider."""

    record: PlainRecord
    transfers: Mapping[UUID, PlainTransfer]
    destinations: Sequence[Row]
    facts: AreaFacts
    left: bool
    changed_for: frozenset[UUID]

    @property
    def finished(self) -> bool:
        """Whether nobody is waited for to finish the form. Until then the school need not send anything."""
        return self.record.complete or self.left

    def turns(self) -> Iterator[Turn]:
        rows = counting(self.destinations)
        here = {id: row for id, row in by_provider(rows).items() if id in self.facts.receivers}
        reached = {id: row for id, row in here.items() if far_enough(row, self.facts.send_at)}
        to_send = [id for id in reached if id not in self.transfers]
        changed = [id for id in here if id in self.transfers and id in self.changed_for]
        blocked = {id: turn for id in (*to_send, *changed) if (turn := self._blocked(id)) is not None}
        given_up = [
            id for id, transfer in self.transfers.items() if id not in here and transfer.state in STILL_HELD
        ]
        yield from self._by_school(
            to_send=[id for id in to_send if id not in blocked],
            changed=[id for id in changed if id not in blocked],
            given_up=given_up,
        )
        yield from dict.fromkeys(blocked.values())
        if self.finished:
            yield from self._to_record(rows)
        yield from self._outside(rows)
        if not rows:
            yield from self._without_a_place()

    def _by_school(
        self, *, to_send: Sequence[UUID], changed: Sequence[UUID], given_up: Sequence[UUID]
    ) -> Iterator[Turn]:
        steps = []
        if self.finished and to_send:
            steps.append(f"send it to {self._names(to_send)}")
        if self.finished and changed:
            steps.append(f"send the changed form to {self._names(changed)}")
        if given_up:
            steps.append(f"take it back from {self._names(given_up)}")
        if steps:
            yield self._school(f"School to {' and '.join(steps)}")

    def _blocked(self, provider_id: UUID) -> Turn | None:
        """Who has to act before the school can send it there; None if the school can."""
        own, theirs = (
            self.facts.sending.get(self.record.school_id),
            self.facts.receiving.get(provider_id),
        )
        for organisation_id, why in ((self.record.school_id, own), (provider_id, theirs)):
            if why and why.by_council:
                words = f"Council to confirm a security number of {self._name(organisation_id)} by phone"
                return self._turn("council", words, organisation_id, since=why.since)
        if own:
            words = "School to get its team ready"
            return self._turn("school", words, self.record.school_id, since=own.since)
        if theirs and theirs.nobody:
            words = f"Council to invite {self._name(provider_id)} again: nobody there has joined yet"
            return self._turn("council", words, provider_id, since=theirs.since)
        if theirs:
            words = f"{self._name(provider_id)} to get its teams ready"
            return self._turn("college", words, provider_id, since=theirs.since)
        return None

    def _to_record(self, rows: Sequence[Row]) -> Iterator[Turn]:
        """What the school knows, or can ask, and the form does not say yet."""
        waiting: dict[str, list[str]] = {}
        for row in rows:
            status, name = row.get("status"), self._place(row)
            if status == "accepted" and provider_of(row) in self.facts.receivers:
                far = far_enough(row, self.facts.send_at)
                step = "" if far else "that they have enrolled at {}"
            elif status in ("accepted", "enrolled"):
                step = ""
            elif status == "allocated":
                step = "whether the place at {} was accepted"
            elif status in OFFERS:
                step = "whether the offer from {} was accepted"
            else:
                step = "whether {} made an offer"
            if step and name not in waiting.setdefault(step, []):
                waiting[step].append(name)
        for step, names in waiting.items():
            yield self._school(f"School to record {step.format(either(names))}")

    def _outside(self, rows: Sequence[Row]) -> Iterator[Turn]:
        """Places that nothing can be sent to, because they are not in this exchange."""
        names = [
            self._place(row)
            for row in rows
            if row.get("status") in ("accepted", "enrolled")
            and provider_of(row) not in self.facts.receivers
            and row.get("kind") != "staying_on"  # the school itself holds the record already
        ]
        ours = {folded(self._name(id)) for id in self.facts.receivers}
        for name in dict.fromkeys(names):
            if folded(name) in ours:
                yield self._school(
                    f"School to choose {name} from the list: it is entered as if it were not in it"
                )
            else:
                words = f"Council to invite {name}: it is not in this exchange"
                yield Turn("council", words, self.record.changed_at, page="invite")

    def _without_a_place(self) -> Iterator[Turn]:
        kinds = [row.get("kind") for row in self.destinations]
        known = next((kind for kind in ("job", "moving_away") if kind in kinds), "none")
        if (
            kinds or self.record.complete
        ) and not self.left:  # of those who left the council has to find out more
            yield Turn("council", WITHOUT_A_PLACE[known], self.record.changed_at)

    def _school(self, words: str) -> Turn:
        return self._turn("school", words, self.record.school_id)

    def _turn(self, who: str, words: str, organisation_id: UUID, *, since: Any = None) -> Turn:
        """A turn about an organisation, which began when there was something to do: not before the form said it."""
        began = max(since, self.record.changed_at) if since else self.record.changed_at
        teams = self.facts.teams_for(organisation_id, "transition") if who == "school" else ()
        # A number to confirm is rung on one that the council knows already, and not on what a row says.
        ring = () if who == "council" else self.facts.ring(organisation_id, teams)
        return Turn(who, words, began, organisation=organisation_id, page="organisation", ring=ring)

    def _name(self, organisation_id: UUID) -> str:
        return self.facts.names.get(organisation_id, "the provider")

    def _names(self, organisation_ids: Sequence[UUID]) -> str:
        return listed([self._name(id) for id in organisation_ids])

    def _place(self, row: Row) -> str:
        """What a destination is called: as its provider was confirmed, or as the school entered it."""
        provider_id = provider_of(row)
        if provider_id in self.facts.receivers and provider_id is not None:
            return self._name(provider_id)
        return str(row.get("provider_name") or "the provider")
