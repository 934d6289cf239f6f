"""Whether a draft says something else than what its owner released, so that sending makes a new version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.exchange.records.revisions import open_revision
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.proforma import destinations
from transition_exchange.store.models import Record, Revision, Transfer


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
    return released.withdraws is not None or _essence(released.answers, released.attachments) != _essence(
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

    A new status of the application alone needs no new version, because the provider knows the status itself. Nor does
    its own name in other words.

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
        if entries.get(provider_id) and _course(told) != _course(now):
            return True
    return False


def _course(answers: Answers) -> Mapping[str, Any]:
    """What a provider is told of the place, without what it is called itself."""
    return {name: value for name, value in answers.get("destination", {}).items() if name != "provider_name"}


def _essence(answers: Answers, attachments: Sequence[AttachmentLabel]) -> tuple[Answers, list[UUID]]:
    """The answers and attachments of a revision. Two revisions with the same are the same for a reader.

    Who completed the form, and when, does not count.
    """
    answered = {name: values for name, values in answers.items() if name != "assurance" and values}
    return answered, sorted(label.document for label in attachments)
