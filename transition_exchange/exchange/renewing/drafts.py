"""Drafts: their sections get new keys where others should know these than those who do.

Somebody who left a team may know them, so this follows on a change of a team's key, of the own one or of another team
that writes these sections. A team that gave up writing them knows them too. To grant the same keys again would shut
nobody out. So every section of the draft is sealed anew under a new key, every team that writes the draft is granted
the new keys, and the older grants are deleted. A save that comes before this does the same. A team that became ready
later gets the draft in this way too: who knows a set of keys never changes, so it can be told from what was signed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import from_plaintext
from transition_exchange.exchange.records.damaged_rows import past_damage
from transition_exchange.exchange.records.kept_keyrings import opened_with
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.records.standing_grants import grants_to
from transition_exchange.exchange.renewing.signers import signers, waiting_teams
from transition_exchange.exchange.writing.lost_pieces import require_all, require_of_draft, require_unwritten
from transition_exchange.exchange.writing.new_keys import NewKeys, lock_grants, new_keys
from transition_exchange.proforma import load
from transition_exchange.purposes import SENDING
from transition_exchange.sealing import manifests
from transition_exchange.sealing.encoding import canonical
from transition_exchange.sealing.errors import BadSignature, UnknownFormat
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Grant, Record, Revision

STEP = 10
"""How many drafts one step takes. All sections of each are sealed anew."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The ids of the drafts of the actor's school that need new keys, the oldest first.

    A team of the actor's writes and opens them. Their keys are known to another key than today's of a team that writes
    them, or an older key signed them; or a team that writes them was not granted them. Or a team of the actor's made
    them whose key waits, while that of another counts.

    Args:
        session: the session.
        actor: a member of a team of the school.
        trust: which keys the session trusts.
    """
    return [draft.revision_id for draft in _due(session, actor, trust)]


def due_without_change(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """As `due`, but only the drafts that do not rest on an older key of a team of the actor's.

    Another team gave this work up, changed its key or became ready later. What rests on the own older keys belongs to
    the change of those.
    """
    return [draft.revision_id for draft in _due(session, actor, trust) if not draft.on_own_older]


class _Held(NamedTuple):
    """A grant of a draft to a team of the actor's that writes it, with what says who knows the draft's keys."""

    added_at: datetime
    revision_id: UUID
    grantee_key_id: UUID
    grantor_key_id: UUID
    statement: str | None


@dataclass(frozen=True)
class _Due:
    """A draft that needs new keys.

    Attributes:
        on_own_older: whether it rests on an older key of a team of the actor's.
    """

    revision_id: UUID
    on_own_older: bool


def _due(session: Session, actor: Actor, trust: Trust) -> list[_Due]:
    drafts: dict[tuple[datetime, UUID], bool] = {}
    for owner in SENDING:
        own = actor.teams_for(owner)
        if not own:
            continue
        owners = owner_teams(session, actor=actor, trust=trust, owner=owner)
        late = [team for team in owners if actor.team(team.id) is None]
        if len(own) > 1:  # one of them may hold what another, confirmed later, does not
            late += [team.known for team in own if team.confirmed]
        waiting = {team.known.fingerprint: team.key_id for team in waiting_teams(actor, owner)}
        granted = _grants_to(actor, own, owner)
        lacking = granted.where(or_(false(), *(~_granted_to(team) for team in late)))
        settled = _is_known_to(owners) & Grant.grantor_key_id.not_in(waiting.values())
        unclear = [_Held(*row) for row in session.execute(granted.where(~settled))]
        for grant in (
            *(_Held(*row) for row in session.execute(lacking)),
            *(grant for grant in unclear if _is_known_elsewhere(grant, own, owners, waiting)),
        ):
            draft = (grant.added_at, grant.revision_id)
            drafts[draft] = drafts.get(draft, False) or _rests_on_older(grant, own)
    return [_Due(revision_id, on_own_older) for (_, revision_id), on_own_older in sorted(drafts.items())]


def _grants_to(
    actor: Actor, own: Sequence[OpenTeam], owner: str
) -> Select[datetime, UUID, UUID, UUID, str | None]:
    """The columns of `_Held` of the grants of an owner's drafts that some of the actor's teams can open."""
    return (
        select(Record.created_at, Revision.id, Grant.grantee_key_id, Grant.grantor_key_id, Grant.statement)
        .join(Record, Record.id == Revision.record_id)
        .join(Grant, Grant.revision_id == Revision.id)
        .where(
            Record.organisation_id == actor.organisation_id,
            Revision.owner == owner,
            Revision.number == 0,
            Grant.transfer_id.is_(None),
            Grant.grantee_team_id.in_([team.id for team in own]),
            Grant.withdrawn_at.is_(None),
            opened_with([key_id for team in own for key_id in (team.key_id, *team.older)]),
        )
    )


def _granted_to(team: KnownTeam) -> ColumnElement[bool]:
    """The condition that a team has a grant of a draft which its present key opens."""
    theirs = aliased(Grant)
    return exists().where(
        theirs.revision_id == Revision.id,
        theirs.transfer_id.is_(None),
        theirs.grantee_team_id == team.id,
        theirs.grantee_key_id == team.key_id,
        theirs.keyring.is_not(None),
        theirs.withdrawn_at.is_(None),
    )


def _is_known_to(owners: Sequence[KnownTeam]) -> ColumnElement[bool]:
    """The condition that a grant says that one of some teams made its keys, and that exactly these teams know them.

    It spares reading the statements of most drafts. A statement is canonical, so there is one way to say it. If
    somebody has changed a row so that it says it, the signature is not over that, and the draft is refused.
    """
    known_to = canonical({"known_to": sorted(team.fingerprint for team in owners)})[1:-1]
    return and_(
        Grant.grantor_key_id.in_([team.key_id for team in owners]),
        func.coalesce(Grant.statement, "").contains(known_to, autoescape=True),
    )


def _is_known_elsewhere(
    grant: _Held, own: Sequence[OpenTeam], owners: Sequence[KnownTeam], waiting: Collection[str]
) -> bool:
    """Whether a grant says that others than some teams, with their present keys, made its keys or know them.

    A draft that its owner did not make (`empty`) keeps its keys until the first save. Where a statement cannot be read,
    the columns say whether it rests on an older key of the actor's teams.

    Args:
        grant: the grant.
        own: the teams of the actor's that write the draft.
        owners: all teams that write it.
        waiting: the fingerprints of keys of the actor's that wait, while one counts with which the actor can make it.
            Who is in none of these teams cannot open what they made.
    """
    try:
        statement = manifests.Grant.read(grant.statement or "")
    except (BadSignature, UnknownFormat):
        return _rests_on_older(grant, own)
    if statement.grantor_fingerprint in waiting:
        return True
    made_by = () if statement.empty else (statement.grantor_fingerprint,)
    return not {*(statement.known_to or ()), *made_by} <= {team.fingerprint for team in owners}


def _rests_on_older(grant: _Held, own: Sequence[OpenTeam]) -> bool:
    """Whether an older key of one of the actor's teams opens a grant or made it, as its columns say."""
    return any(not team.older.keys().isdisjoint((grant.grantee_key_id, grant.grantor_key_id)) for team in own)


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Give drafts new keys, in one transaction. One that was saved or renewed meanwhile stays as it is.

    It changes the ciphertexts and the grants of the drafts, and writes one event.

    Args:
        ids: the drafts, as `due` gave them.

    Returns:
        How many drafts could not be opened or checked. They stay as they are.
    """
    with db.read() as session:
        trust = trust_of(session, actor)
        still = set(due(session, actor=actor, trust=trust))
        renewed, failed = past_damage(
            [revision_id for revision_id in ids if revision_id in still],
            lambda revision_id: _renewed(session, actor=actor, trust=trust, revision_id=revision_id, now=now),
        )
    with db.write() as session:
        lock_grants(session, [draft.anew.revision_id for draft in renewed])
        stored = [draft for draft in renewed if draft.store(session)]
        if stored:
            actor.note(session, "key.renewed", what="drafts", count=len(stored))
    return failed


@dataclass(frozen=True)
class _Renewed:
    """A draft under new keys, not stored yet.

    Attributes:
        tags: the tags of its rows as they were read, by part name.
        part_ids: the ids of its rows, by part name.
    """

    tags: Mapping[str, str]
    part_ids: Mapping[str, UUID]
    anew: NewKeys

    def store(self, session: Session) -> bool:
        """Put it in the place of the draft as it was read; or leave it, if that one is there no longer."""
        if parts.locked_tags(session, self.anew.revision_id) != self.tags:
            return False
        self.anew.store(session, part_ids=self.part_ids)
        return True


def _renewed(
    session: Session, *, actor: Actor, trust: Trust, revision_id: UUID, now: datetime
) -> _Renewed | None:
    """A draft that is due under new keys; None if it is there no longer.

    Raises:
        Tampered: a section or a grant is not what the school made, or a section is missing. Its key would be lost.
    """
    revision = session.get(Revision, revision_id)
    record = session.get(Record, revision.record_id) if revision else None
    if revision is None or record is None:
        return None
    keys: dict[str, bytes] = {}
    empty = False
    for grant in grants_to(session, actor, revision_id=revision.id, transfer_id=None):
        opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
        if opened is not None:
            require_of_draft(opened)
            keys |= opened.keys
            empty = empty or opened.empty
    rows = parts.rows_of(session, revision_id=revision.id)
    bodies = ciphertexts_of(session).get(session, [row.id for row in rows.values()])
    grantor = signers(session, actor=actor, trust=trust, purpose=revision.owner)[0]
    version = load(record.version)
    require_all(version, owner=revision.owner, rows=rows, bodies=bodies, keys=keys)
    binding = parts.binding_of(record, revision.id)
    plaintexts = {
        name: parts.open_part(binding=binding, name=name, key=keys[name], body=bodies[row.id])
        for name, row in rows.items()
    }
    if empty:
        require_unwritten(map(from_plaintext, plaintexts.values()))
    return _Renewed(
        tags={name: row.tag for name, row in rows.items()},
        part_ids={name: row.id for name, row in rows.items()},
        anew=new_keys(
            binding=binding,
            version=version,
            owner=revision.owner,
            plaintexts=plaintexts,
            grantor=grantor,
            grantees=owner_teams(session, actor=actor, trust=trust, owner=revision.owner),
            now=now,
        ),
    )
