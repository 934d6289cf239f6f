"""Granting what is there already to a team of the school that became ready later, a few records at a time.

When something is sealed, every team that owns it and whose key is trusted gets a grant. A team that joins later, or
that was confirmed later, could open nothing of what was there before. So a member of a team that holds it passes it on
while they are signed in: released versions, what was made for a transfer, and documents. A draft is not granted again.
It gets new keys for all of its teams (`renewing.drafts`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import grants
from transition_exchange.exchange.records.damaged_rows import DAMAGED
from transition_exchange.exchange.records.kept_keyrings import opened_with
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.records.standing_grants import lock_standing
from transition_exchange.exchange.writing.new_keys import may_last
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import Attachment, Grant, Record, Revision
from transition_exchange.store.unreadable import leave_out
from transition_exchange.stored_text import UnreadableText, read_object


def write_due_grants(*, db: Database, actor: Actor, limit: int = 20, failed: list[UUID] | None = None) -> int:
    """Pass on what the next few records of the actor's school hold for teams that own it and cannot open it yet.

    A record of which a grant fails its safety check stops no other. It stays due, with what else it holds passed on.

    Args:
        limit: how many records to take.
        failed: where the ids of records are put that failed their safety check.

    Returns:
        How many records still have something to pass on afterwards, those that failed among them.
    """
    with db.read() as session:
        trust = trust_of(session, actor)
        due = _due(session, actor, trust)
    done = 0
    for record_id, missing in due.items():
        if done == limit:
            break
        now = datetime.now(UTC)
        made, whole = [], True
        with db.read() as session:
            for grant, team in missing:
                try:
                    passed_on = _passed_on(session, actor=actor, trust=trust, grant=grant, team=team, now=now)
                except DAMAGED:
                    whole = False
                else:
                    made.append((grant, passed_on))
        with db.write() as session:
            # A document may have been given new keys meanwhile. Then there is nothing to pass on but those.
            lasting = {source.id for source, _ in made if source.transfer_id is not None}
            lasting |= lock_standing(session, [source.id for source, _ in made if source.id not in lasting])
            session.add_all([grant for source, grant in made if grant is not None and source.id in lasting])
        if whole:
            done += 1
        elif failed is not None:
            failed.append(record_id)
    return len(due) - done


def _due(session: Session, actor: Actor, trust: Trust) -> dict[UUID, list[tuple[Grant, KnownTeam]]]:
    """What is to be passed on to whom, by record, in the order in which the records were added."""
    due: defaultdict[UUID, list[tuple[Grant, KnownTeam]]] = defaultdict(list)
    for owner in SENDING:
        own = actor.teams_for(owner)
        givers = owner_teams(session, actor=actor, trust=trust, owner=owner)
        takers = [team for team in givers if actor.team(team.id) is None]
        if len(own) > 1:  # from one of these teams to another, as a colleague in the one alone would
            takers += [team.known for team in own if team.confirmed]
        for team in takers if own else ():
            missing = [
                *_missing(session, actor, _held(actor, own, owner, givers), team=team),
                *_missing_of_later_deliveries(session, _held(actor, own, owner, givers), team=team),
            ]
            for grant in _once_each(own, missing):
                due[grant.record_id].append((grant, team))
    return due


def _once_each(own: Sequence[OpenTeam], missing: Sequence[Grant]) -> list[Grant]:
    """The grants without those that several of the actor's teams hold alike. The team that acts first passes it on."""
    if len(own) < 2:
        return list(missing)
    order = {team.id: place for place, team in enumerate(own)}
    found: dict[tuple[UUID | None, UUID | None, UUID | None, frozenset[str]], Grant] = {}
    for grant in sorted(missing, key=lambda grant: order[grant.grantee_team_id]):
        parts = frozenset(_parts_in(grant))
        found.setdefault((grant.revision_id, grant.attachment_id, grant.transfer_id, parts), grant)
    ids = {grant.id for grant in found.values()}
    return [grant for grant in missing if grant.id in ids]


def _missing(session: Session, actor: Actor, held: Select[Grant], *, team: KnownTeam) -> Sequence[Grant]:
    """The grants to the actor's teams of what another team of the same owner has not been granted at all.

    What the actor's own team was granted under an older key, it gets under the newest one when that is finished.
    """
    own = actor.team(team.id)
    keys = [team.key_id, *(own.older if own else ())]
    theirs = aliased(Grant)
    granted = exists().where(
        theirs.record_id == Grant.record_id,
        theirs.grantee_team_id == team.id,
        or_(theirs.grantee_key_id.in_(keys), theirs.kept_key_id.in_(keys)),
        theirs.withdrawn_at.is_(None),
        *_of_the_same(theirs),
    )
    return session.scalars(held.where(~granted).order_by(Record.created_at, Grant.created_at)).all()


def _missing_of_later_deliveries(session: Session, held: Select[Grant], *, team: KnownTeam) -> list[Grant]:
    """The grants of parts that the other team lacks, though it has a grant of the same version and transfer.

    A version that goes to further teams later is granted once more, with the keys of what was made for them. A team
    that was confirmed between the two deliveries has the second grant only.
    """
    other = aliased(Grant)
    several = exists().where(
        other.id != Grant.id,
        other.grantee_team_id == Grant.grantee_team_id,
        other.record_id == Grant.record_id,
        *_of_the_same(other),
    )
    ours = session.scalars(held.where(Grant.transfer_id.is_not(None), several)).all()
    if not ours:
        return []
    theirs = select(Grant).where(
        Grant.grantee_team_id == team.id,
        Grant.grantee_key_id == team.key_id,
        Grant.withdrawn_at.is_(None),
        Grant.transfer_id.in_({grant.transfer_id for grant in ours}),
    )
    has: defaultdict[tuple[UUID | None, UUID | None], set[str]] = defaultdict(set)
    for grant in session.scalars(theirs):
        has[grant.revision_id, grant.transfer_id] |= _parts_in(grant)
    return [
        grant
        for grant in ours
        if has[grant.revision_id, grant.transfer_id]
        and not _parts_in(grant) <= has[grant.revision_id, grant.transfer_id]
    ]


def _parts_in(grant: Grant) -> set[str]:
    """The names of the parts that a grant's statement tells of. It is checked when the grant is opened.

    One that cannot be read tells of none, and the page says that something is missing.
    """
    try:
        return set(read_object(grant.statement or "")["parts"])
    except (UnreadableText, KeyError, TypeError):
        leave_out()
        return set()


def _of_the_same(other: type[Grant]) -> list[ColumnElement[bool]]:
    """The conditions that another grant is of the same thing as the `Grant` of the query."""
    return [
        or_(column == another, column.is_(None) & another.is_(None))
        for column, another in (
            (Grant.revision_id, other.revision_id),
            (Grant.attachment_id, other.attachment_id),
            (Grant.transfer_id, other.transfer_id),
        )
    ]


def _held(actor: Actor, own: Sequence[OpenTeam], owner: str, givers: Sequence[KnownTeam]) -> Select[Grant]:
    """The grants of an owner's sections and documents that this session can open and pass on.

    A document that rests on an older key gets new keys soon (`renewing`), and all of the owner's teams get those.

    Args:
        own: the actor's teams that do the owner's work.
        givers: all of the owner's teams at the school.
    """
    return (
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
            or_(
                Grant.transfer_id.is_not(None),
                Revision.number > 0,
                Grant.attachment_id.is_not(None)
                & Grant.grantee_key_id.in_([own_team.key_id for own_team in own])
                & Grant.grantor_key_id.in_([giver.key_id for giver in givers]),
            ),
            func.coalesce(Revision.owner, Attachment.owner) == owner,
        )
    )


def _passed_on(
    session: Session, *, actor: Actor, trust: Trust, grant: Grant, team: KnownTeam, now: datetime
) -> Grant | None:
    """A grant of the same keys to another team.

    Returns:
        The grant; None if this session cannot open the one that it holds, or if its team got that one as a team of the
        provider. The own teams get only what was sealed for the transfer; a provider's team gets sections with it.
        None, too, for a document that gets new keys first: whoever has left may have put there what an older key
        signed.

    Raises:
        Tampered: the grant is not what its grantor made, or it is of what the other team does not write, or of a draft.
    """
    opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
    grantor = actor.team(grant.grantee_team_id)
    if opened is None or grantor is None:
        return None
    if opened.draft or not {opened.owner} <= team.purposes & grantor.purposes:
        raise Tampered
    if not opened.manifest_digest:
        owners = owner_teams(session, actor=actor, trust=trust, owner=opened.owner)
        if not may_last(opened, owners=owners):
            return None
    if grant.transfer_id is not None and opened.keys.keys() != opened.digests.keys():
        return None
    return grants.make(
        grantor=grantor,
        grantee=team,
        record_id=grant.record_id,
        owner=opened.owner,
        keys=opened.keys,
        digests=opened.digests,
        now=now,
        revision_id=grant.revision_id,
        attachment_id=grant.attachment_id,
        transfer_id=grant.transfer_id,
        manifest_digest=opened.manifest_digest,
    )
