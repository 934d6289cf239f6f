"""Whether a draft says something else than what its owner released, so that sending makes a new version."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.damaged_rows import DAMAGED
from transition_exchange.exchange.records.revisions import open_revision
from transition_exchange.exchange.records.since_sent import NO_DIFFERENCE, SinceSent
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.last_sent import HeldBack, essence, place
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import destinations
from transition_exchange.sealing.transfers import RECALLED
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record, Revision, Transfer


def lack_the_change(*, db: Database, draft: Draft) -> frozenset[UUID]:
    """The providers to which a changed draft is to go, as far as the transfers' rows tell who has the record.

    That decides what a page offers, and nothing else. Sending works out anew who has it.
    """
    with db.read() as session:
        holding = session.scalars(
            select(Transfer.provider_id).where(
                Transfer.record_id == draft.record_id, Transfer.state != RECALLED
            )
        )
        return draft.since_sent.lack(holding)


@dataclass(frozen=True)
class Owed:
    """How a draft differs from what its providers have, for whoever may read it.

    Attributes:
        since: how it differs from what was sent last, and from what was held back.
        held_back: who decided of which provider that it is not to get a changed version, when and why.
    """

    since: SinceSent = NO_DIFFERENCE
    held_back: Mapping[UUID, HeldBack] = field(default_factory=dict)

    def lacks(self, provider_id: UUID | None) -> bool:
        """Whether a provider that holds the record is to get a changed version."""
        return provider_id is not None and bool(self.since.lack([provider_id]))

    def keeps(self, provider_id: UUID | None) -> HeldBack | None:
        """The decision by which a provider has an older version than the draft is now; None if there is none."""
        left = provider_id in self.since.held_back or provider_id in self.since.changed_again
        return self.held_back.get(provider_id) if left and provider_id is not None else None


def owed(*, db: Database, actor: Actor, record_id: UUID) -> Owed:
    """How the transition team's draft of a record differs from what was sent of it.

    Nothing for whoever is not in that team, which alone reads the reasons, and nothing where the draft cannot be opened
    or checked: the page of what was sent stays open then, and the pages of the draft say why.
    """
    if actor.team_for("transition") is None:
        return Owed()
    with suppress(*DAMAGED):
        draft = open_draft(db=db, actor=actor, record_id=record_id)
        return Owed(draft.since_sent, draft.resting.last_sent.held_back)
    return Owed()


def differs(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    record: Record,
    before: Revision,
    draft: Draft,
    answers: Answers,
) -> bool:
    """Whether a draft has other answers or attachments than the newest released revision.

    If that one takes back what was answered, it has: whatever the draft says is a new answer.
    """
    released = open_revision(session, actor=actor, trust=trust, record=record, revision=before)
    return released.withdraws is not None or essence(released.answers, released.attachments) != essence(
        answers, draft.attachments
    )


def places_differ(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    record: Record,
    before: Revision,
    draft: Draft,
    holding: Mapping[UUID, Transfer],
) -> bool:
    """Whether the course or campus at a provider that has the record is not the one that it was told.

    Args:
        holding: the transfers by which providers have the record, by provider.
    """
    entries = destinations.by_provider(destinations.entered(draft.answers))
    for provider_id, transfer in holding.items():
        try:
            told = open_revision(
                session, actor=actor, trust=trust, record=record, revision=before, transfer_id=transfer.id
            ).answers
        except NotFound:  # the provider got it with an earlier revision
            continue
        now = destinations.own(draft.version, entries.get(provider_id, {}), draft.answers)
        if entries.get(provider_id) and place(told) != place(now):
            return True
    return False
