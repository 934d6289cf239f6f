"""What the safeguarding team has answered for each learner, for its own list: as it was released, not as rows say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.damaged_rows import DAMAGED
from transition_exchange.exchange.records.revisions import open_revision
from transition_exchange.exchange.records.signed_rows import READ_AT_ONCE, SignedRows
from transition_exchange.exchange.records.withdrawals import answered_at
from transition_exchange.exchange.sending.safeguarding_releases import OWNER
from transition_exchange.proforma.safeguarding_answer import safeguarding_answer
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record, Revision

NOT_CERTAIN = "not_certain"
"""What stands for the answer of a version that cannot be opened or checked."""


class Given(NamedTuple):
    """An answer that stands.

    Attributes:
        answer: the code of the answer; `not_answered` if something was released without one, or `NOT_CERTAIN`.
        released_at: when it was released, as the team signed it; None if that cannot be checked.
    """

    answer: str
    released_at: datetime | None = None


def given_answers(*, db: Database, actor: Actor) -> Mapping[UUID, Given]:
    """What the safeguarding team has answered, by record. Records without an answer that stands are left out.

    A session opens each version once: what was released never changes, and whether it was signed is checked each time.

    Args:
        db: the database.
        actor: who asks.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
    """
    ledger = ledgers.refreshed(db=db, actor=actor, team=actor.require(OWNER))
    with db.read() as session:
        trust = trust_of(session, actor)
        signed_rows = SignedRows(session, trust, ledger.checked)
        _, _, said = answered_at(signed_rows, school_id=actor.organisation_id, owner=OWNER)
        newest = said.newest
        unopened = [place for place in newest.items() if place not in ledger.answers]
        for start in range(0, len(unopened), READ_AT_ONCE):
            ids = [version_id for _, version_id in unopened[start : start + READ_AT_ONCE]]
            # They are held, so that the session asks for none of them one by one.
            rows = session.scalars(select(Revision).where(Revision.id.in_(ids))).all()
            records = session.scalars(
                select(Record).where(Record.id.in_({row.record_id for row in rows}))
            ).all()
            for row in rows:
                if (given := _given(session, actor, trust, row)) is not None:
                    ledger.answers[row.record_id, row.id] = given
            del records
        return {place[0]: ledger.answers.get(place, Given(NOT_CERTAIN)) for place in newest.items()}


def _given(session: Session, actor: Actor, trust: Trust, revision: Revision) -> Given | None:
    """What a version answers; None if it cannot be opened or checked."""
    try:
        opened = open_revision(
            session,
            actor=actor,
            trust=trust,
            record=session.get_one(Record, revision.record_id),
            revision=revision,
        )
    except DAMAGED:
        return None
    return Given(safeguarding_answer(opened.answers), opened.released_at)
