"""Granting what is there already to a team of the school that became ready later, a few records at a time.

When something is sealed, every team that owns it and whose key is trusted gets a grant. A team that joins later, or
that was confirmed later, could open nothing of what was there before. So a member of a team that holds it passes it on
while they are signed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import grants
from transition_exchange.exchange.records.kept_keyrings import opened_with
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import Attachment, Grant, Record, Revision


def write_due_grants(*, db: Database, actor: Actor, limit: int = 20) -> int:
    """Pass on what the next few records of the actor's school hold for teams that own it and cannot open it yet.

    Args:
        limit: how many records to take.

    Returns:
        How many records still have something to pass on afterwards.

    Raises:
        Tampered: a grant to one of the actor's teams is not what its grantor made.
    """
    with db.read() as session:
        trust = trust_of(session, actor)
        due = _due(session, actor, trust)
    for record_id in list(due)[:limit]:
        now = datetime.now(UTC)
        with db.read() as session:
            made = [
                _passed_on(session, actor=actor, trust=trust, grant=grant, team=team, now=now)
                for grant, team in due[record_id]
            ]
        sources = [grant for grant, _ in due[record_id]]
        with db.write() as session:
            # A draft or a document may have been given new keys meanwhile. Then there is nothing to pass on but those.
            lasting = {grant.id for grant in sources if grant.transfer_id is not None}
            lasting |= grants.lock_standing(
                session, [grant.id for grant in sources if grant.id not in lasting]
            )
            session.add_all(
                [
                    grant
                    for source, grant in zip(sources, made, strict=True)
                    if grant is not None and source.id in lasting
                ]
            )
    return max(0, len(due) - limit)


def _due(session: Session, actor: Actor, trust: Trust) -> dict[UUID, list[tuple[Grant, KnownTeam]]]:
    """What is to be passed on to whom, by record, in the order in which the records were added."""
    due: defaultdict[UUID, list[tuple[Grant, KnownTeam]]] = defaultdict(list)
    for owner in SENDING:
        own = [team for team in actor.teams if owner in team.purposes]
        others = [
            team
            for team in owner_teams(session, actor=actor, trust=trust, owner=owner)
            if actor.team(team.id) is None
        ]
        for team in others if own else ():
            for grant in _missing(session, actor=actor, own=own, owner=owner, team=team):
                due[grant.record_id].append((grant, team))
    return due


def _missing(
    session: Session, *, actor: Actor, own: Sequence[OpenTeam], owner: str, team: KnownTeam
) -> Sequence[Grant]:
    """The grants to the actor's teams whose keys another team of the same owner has not been granted."""
    theirs = aliased(Grant)
    same = [
        or_(column == other, column.is_(None) & other.is_(None))
        for column, other in (
            (Grant.revision_id, theirs.revision_id),
            (Grant.attachment_id, theirs.attachment_id),
            (Grant.transfer_id, theirs.transfer_id),
        )
    ]
    granted = exists().where(
        theirs.record_id == Grant.record_id,
        theirs.grantee_team_id == team.id,
        or_(theirs.grantee_key_id == team.key_id, theirs.kept_key_id == team.key_id),
        theirs.withdrawn_at.is_(None),
        *same,
    )
    return session.scalars(
        select(Grant)
        .join(Record, Record.id == Grant.record_id)
        .outerjoin(Revision, Revision.id == Grant.revision_id)
        .outerjoin(Attachment, Attachment.id == Grant.attachment_id)
        .where(
            Record.organisation_id == actor.organisation_id,
            Grant.grantee_team_id.in_([own_team.id for own_team in own]),
            # What this session cannot open is not due: else the steps would never end.
            opened_with([key for own_team in own for key in (own_team.key_id, *own_team.older)]),
            Grant.withdrawn_at.is_(None),
            func.coalesce(Revision.owner, Attachment.owner) == owner,
            ~granted,
        )
        .order_by(Record.created_at, Grant.created_at)
    ).all()


def _passed_on(
    session: Session, *, actor: Actor, trust: Trust, grant: Grant, team: KnownTeam, now: datetime
) -> Grant | None:
    """A grant of the same keys to another team.

    Returns:
        The grant; None if this session cannot open the one that it holds, or if its team got that one as a team of the
        provider. The own teams get only what was sealed for the transfer; a provider's team gets sections with it.
    """
    opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
    grantor = actor.team(grant.grantee_team_id)
    if opened is None or grantor is None:
        return None
    if grant.transfer_id is not None and opened.keys.keys() != opened.digests.keys():
        return None
    return grants.make(
        grantor=grantor,
        grantee=team,
        record_id=grant.record_id,
        keys=opened.keys,
        digests=opened.digests,
        now=now,
        revision_id=grant.revision_id,
        attachment_id=grant.attachment_id,
        transfer_id=grant.transfer_id,
        manifest_digest=opened.manifest_digest,
    )
