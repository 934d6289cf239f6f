"""What the safeguarding team has answered for a learner and can still take back, and who has opened it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.ownership import own_record
from transition_exchange.exchange.records.revisions import OpenRevision, open_revision
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.exchange.records.standings import standings
from transition_exchange.exchange.records.traces import traces_of
from transition_exchange.exchange.sending.safeguarding_releases import LEAD, OWNER
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.database import Database
from transition_exchange.store.models import Receipt, Record, Revision, Team

SECTION = "safeguarding"
DAY_ONE = "day_one_safety"

WITHIN = timedelta(hours=24)
"""How long after its release an answer can be taken back. After that a new answer takes its place."""

NOTHING_THERE = (
    "Nothing that your team has answered stands for this learner, so there is nothing to take back."
)
TOO_LATE = (
    "This was released more than a day ago, so it cannot be taken back any more. Correct it and release it again: the "
    "new version takes its place."
)

Reached = frozenset[tuple[UUID, UUID]]
"""Who has opened an answer or been given it, each as a transfer and a team."""


@dataclass(frozen=True)
class Answer:
    """What the safeguarding team has answered for a learner, as far as it can be taken back.

    Attributes:
        version_ids: its versions since an answer was last taken back, the newest last.
        number: the number of that version.
        released_at: when it was released, as the team signed it.
        lead: the contact that it names, or else the draft.
        day_one: whether it or one before it held something for safety on the first day.
        over: the transfers of which the school signed that they were taken back.
        reached: who has opened it or been given it by any other.
        teams: the names of these teams.
        anywhere: whether a provider has the record, or may have it. If not, nobody reads what was answered.
        seen: a digest of all that, for the page on which it is decided.
    """

    version_ids: tuple[UUID, ...]
    number: int
    released_at: datetime
    lead: Mapping[str, str] = field(repr=False)
    day_one: bool = field(repr=False)
    over: frozenset[UUID]
    reached: Reached
    teams: tuple[str, ...]
    anywhere: bool
    seen: str


def recent(*, db: Database, actor: Actor, now: datetime | None = None) -> frozenset[UUID]:
    """The records of the school for which something was released lately, by plain rows: where a page offers the button.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
    """
    actor.require(OWNER)
    since = (now or datetime.now(UTC)) - WITHIN
    with db.read() as session:
        return frozenset(
            session.scalars(
                select(Revision.record_id)
                .join(Record, Record.id == Revision.record_id)
                .where(
                    Record.organisation_id == actor.organisation_id,
                    Revision.owner == OWNER,
                    Revision.number > 0,
                    Revision.released_at > since,
                )
            )
        )


def answer_of(*, db: Database, actor: Actor, record_id: UUID, now: datetime | None = None) -> Answer:
    """The answer that can be taken back.

    Args:
        record_id: the record.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
        NotFound: the record is unknown or belongs to another school.
        Refused: there is none, or it was released more than a day ago.
        Tampered: what was released is not what the team signed.
    """
    actor.require(OWNER)
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=OWNER)
    with db.read() as session:
        record, trust = own_record(session, actor, record_id), trust_of(session, actor)
        versions = _standing_versions(session, actor=actor, trust=trust, record=record)
        if not versions:
            raise Refused(NOTHING_THERE)
        newest = versions[-1]
        assert newest.released_at is not None  # it was opened, so its manifest says when
        if (now or datetime.now(UTC)) - newest.released_at > WITHIN:
            raise Refused(TOO_LATE)
        stands = standings(session, trust=trust, record=record)
        over = frozenset(standing.transfer.id for standing in stands if standing.told == "recalled")
        reached = reached_by(session, [version.revision.id for version in versions], over=over)
        teams = names_of(session, trust, {team_id for _, team_id in reached})
        left = traces_of(session, trust=trust, signed_rows=SignedRows(session, trust, {}), record=record)
        anywhere = any(trace.follows == "lost" for trace in left) or any(
            standing.told != "recalled" for standing in stands
        )
    named = {**draft.answers.get(SECTION, {}), **newest.answers.get(SECTION, {})}
    told = [str(newest.revision.id), *sorted(f"{transfer_id} {team_id}" for transfer_id, team_id in reached)]
    return Answer(
        version_ids=tuple(version.revision.id for version in versions),
        number=newest.revision.number,
        released_at=newest.released_at,
        lead={name: str(named[name]) for name in LEAD if named.get(name)},
        day_one=any(version.answers.get(DAY_ONE) for version in versions),
        over=over,
        reached=reached,
        teams=tuple(sorted(teams.values())),
        anywhere=anywhere,
        seen=sha256("\n".join(told).encode()).hexdigest(),
    )


def _standing_versions(
    session: Session, *, actor: Actor, trust: Trust, record: Record
) -> Sequence[OpenRevision]:
    """The versions since an answer was last taken back, the newest last."""
    found: list[OpenRevision] = []
    for revision in session.scalars(
        select(Revision)
        .where(Revision.record_id == record.id, Revision.owner == OWNER, Revision.number > 0)
        .order_by(Revision.number)
    ):
        opened = open_revision(session, actor=actor, trust=trust, record=record, revision=revision)
        found = [*found, opened] if opened.withdraws is None else []
    return found


def reached_by(session: Session, version_ids: Collection[UUID], *, over: Collection[UUID]) -> Reached:
    """Which teams have opened versions or been given them, but by transfers that are over.

    What the row of a transfer says of its state does not count: a team that it hides would not be told.
    """
    rows = session.execute(
        select(Receipt.transfer_id, Receipt.team_id).where(
            Receipt.revision_id.in_(version_ids),
            or_(Receipt.opened_at.is_not(None), Receipt.given_out_at.is_not(None)),
        )
    )
    return frozenset((transfer_id, team_id) for transfer_id, team_id in rows if transfer_id not in over)


def names_of(session: Session, trust: Trust, team_ids: Collection[UUID]) -> dict[UUID, str]:
    """What teams are called, and where: as they were confirmed, else as their rows say."""
    rows = session.execute(select(Team.id, Team.name).where(Team.id.in_(team_ids)))
    stored = {team_id: f"{name} (not confirmed)" for team_id, name in rows}
    known = trust.current(session, list(team_ids)).values()
    return stored | {team.id: f"{team.name} at {team.organisation_name}" for team in known}
