"""Whether anything of a record ever left its school's teams: by what was signed, by rows, by the log.

A record that was sent is not removed as a mistake: somebody may have read it. Somebody who can write to the database
can delete the row of a sending, or put one there. Neither makes such a record pass for one that was never sent: what
the school's teams signed and what the log says is asked too, and where these contradict each other, it is not certain.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotConfirmedYet
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import grants
from transition_exchange.exchange.records.damaged_rows import DAMAGED
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.exchange.records.standings import RECALL_EVENT, Standing, standings
from transition_exchange.exchange.records.traces import KEPT_EVENT, SENT_EVENT, traces_of
from transition_exchange.store import chain
from transition_exchange.store.events import Action
from transition_exchange.store.models import Attachment, Card, Event, Grant, Part, Record, Revision
from transition_exchange.store.unreadable import left_out

RELEASED_EVENT = "record.released"
SAFEGUARDING = "school_safeguarding"
_SENDING = (SENT_EVENT, KEPT_EVENT, RECALL_EVENT, RELEASED_EVENT)
_WRITING = ("record.saved", "record.typed", "attachment.added")

Sending = Literal["sent", "taken_back", "released", "not_certain", "unreadable"]
"""What keeps a record from being removed.

`sent`: a provider has it. `taken_back`: every provider that had it, has it no more. `released`: the transition team
made a version ready that nobody got. `not_certain`: what is stored contradicts what was signed. `unreadable`:
something that is stored cannot be read, so nobody can tell.

What the safeguarding team released and nobody got keeps no record from being removed: that team answers for many
learners at once, and nothing goes anywhere before the transition team has signed and sent its own part.
"""


@dataclass(frozen=True)
class Past:
    """What happened to a record so far.

    Attributes:
        sending: what keeps it from being removed; None if nothing of it was ever sent, or released by the transition
            team.
        safeguarding_wrote: whether the school's safeguarding team has written something in it, or may have.
        safeguarding_released: whether that team has released something in it, which nobody got.
    """

    sending: Sending | None
    safeguarding_wrote: bool
    safeguarding_released: bool = False


def past_of(session: Session, *, actor: Actor, trust: Trust, record: Record) -> Past:
    """What happened to a record of the actor's school.

    Args:
        session: an open session.
        actor: who asks.
        trust: which keys the session trusts.
        record: the record.
    """
    before = left_out()
    told = _told(session, record)
    sending, released = _sending(session, trust=trust, record=record, told=told)
    wrote = _safeguarding_wrote(session, actor=actor, trust=trust, record=record, told=told)
    if sending is None and left_out() != before:
        sending = "unreadable"
    return Past(sending, wrote, safeguarding_released=released)


def _told(session: Session, record: Record) -> list[Action]:
    """What the school's log says of sendings of a record, and of what was written in it."""
    kinds = or_(*(Event.body.contains(f'"kind":"{kind}"') for kind in (*_SENDING, *_WRITING)))
    actions = chain.told(session, record.organisation_id, Event.body.contains(str(record.id)) & kinds)
    return [action for action in actions if action.about.get("record") == str(record.id)]


def _sending(
    session: Session, *, trust: Trust, record: Record, told: Collection[Action]
) -> tuple[Sending | None, bool]:
    """What keeps a record from being removed, and whether the safeguarding team released something in it."""
    found = standings(session, trust=trust, record=record)
    signed_rows = SignedRows(session, trust, {})
    left = traces_of(session, trust=trust, signed_rows=signed_rows, record=record)
    versions, signed = signed_rows.versions(Revision.record_id == record.id)
    released = {row.owner for row in versions}
    return _follows(
        session,
        record=record,
        found=found,
        lost=any(trace.follows != "replaced" for trace in left),
        unsigned=any(row.id not in signed for row in versions),
        released=released,
        told=[action for action in told if action.kind in _SENDING],
    ), SAFEGUARDING in released


def _follows(
    session: Session,
    *,
    record: Record,
    found: Collection[Standing],
    lost: bool,
    unsigned: bool,
    released: Collection[str],
    told: Collection[Action],
) -> Sending | None:
    """What keeps a record from being removed.

    Args:
        found: where it stands at providers.
        lost: whether something is left of a sending whose row or statement is gone.
        unsigned: whether there is a version that no team of the school signed.
        released: the owners of its versions.
        told: what the log says of sendings and releases.
    """
    if lost or any(map(_doubtful, found)):
        return "not_certain"
    if any(standing.told == "held" or standing.awaited is not None for standing in found):
        return "sent"
    if found:
        return "taken_back"
    if unsigned or _by_transfer(session, record.id) or any(action.kind != RELEASED_EVENT for action in told):
        return "not_certain"
    if any(owner != SAFEGUARDING for owner in released):
        return "released"
    # The log tells of a version of which nothing is left, or it is invented.
    return None if all(action.about.get("owner") in released for action in told) else "not_certain"


def _doubtful(standing: Standing) -> bool:
    """Whether it is not certain whether a record is at a provider by a transfer."""
    return standing.told == "disputed" or (standing.told == "unsigned" and standing.awaited is None)


def _by_transfer(session: Session, record_id: UUID) -> bool:
    """Whether there is a row that only a sending makes, with its transfer or without."""
    return any(
        session.scalar(
            select(kind.id).where(kind.record_id == record_id, kind.transfer_id.is_not(None)).limit(1)
        )
        for kind in (Grant, Part, Card)
    )


def _safeguarding_wrote(
    session: Session, *, actor: Actor, trust: Trust, record: Record, told: Collection[Action]
) -> bool:
    """Whether the safeguarding team has written something, or may have.

    The log says that it saved. If somebody has removed that, the grants of its draft still tell: the one that was made
    with the learner says that it is empty, and the first save makes others. Against somebody who has also put back a
    copy of that first grant nothing tells, so that the page says no more than that nothing shows. Whoever is in that
    team need not guess.
    """
    if any(action.kind in _WRITING and action.about.get("owner") == SAFEGUARDING for action in told):
        return True
    attached = select(Attachment.id).where(
        Attachment.record_id == record.id, Attachment.owner == SAFEGUARDING
    )
    if session.scalar(attached.limit(1)) is not None:
        return True
    if actor.team_for(SAFEGUARDING) is not None:
        return False
    drafts = select(Revision.id).where(Revision.record_id == record.id, Revision.owner == SAFEGUARDING)
    if session.scalar(drafts.limit(1)) is None:
        return False
    made = session.scalars(select(Grant).where(Grant.revision_id.in_(drafts))).all()
    return not made or not all(_is_empty(session, trust, grant) for grant in made)


def _is_empty(session: Session, trust: Trust, grant: Grant) -> bool:
    """Whether a grant says, signed, that nothing was written in its draft."""
    try:
        return grants.statement_of(session, trust=trust, grant=grant).empty
    except (NotConfirmedYet, *DAMAGED):
        return False
