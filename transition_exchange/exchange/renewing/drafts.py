"""Drafts: their sections get new keys where somebody may know the old ones who should not read what is saved later.

Somebody who left may know them, so this follows on a change of a team's key. A team that gave up writing these sections
knows them too. To grant the same keys again would shut nobody out. So every section of the draft is sealed anew under a
new key, every team that writes the draft is granted the new keys, and the older grants are deleted. A save that comes
before this does the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import from_plaintext
from transition_exchange.exchange.records.damaged_rows import past_damage
from transition_exchange.exchange.records.ownership import other_teams, owner_teams
from transition_exchange.exchange.renewing.older_keys import older_keys
from transition_exchange.exchange.writing.late_teams import opened_by
from transition_exchange.exchange.writing.lost_pieces import require_all, require_of_draft, require_unwritten
from transition_exchange.exchange.writing.new_keys import (
    NewKeys,
    held_by,
    lock_grants,
    new_keys,
    reaches_others,
)
from transition_exchange.proforma import load
from transition_exchange.purposes import SENDING
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Grant, Record, Revision

STEP = 5
"""How many drafts one step takes. All sections of each are sealed anew."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The ids of the drafts of the actor's school that need new keys, the oldest first.

    They rest on an older key of a team of the actor's: it opens them, or it signed what opens them, which whoever has
    left could have done since. Or a team that gave this work up can still open them.

    Args:
        session: the session.
        actor: a member of a team of the school.
        trust: which keys the session trusts.
    """
    return _drafts(session, actor, or_(_on_older_keys(actor), _held_by_others(session, actor, trust)))


def due_without_change(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """As `due`, but only the drafts that a team which gave this work up can open, whether or not a key was changed."""
    return _drafts(session, actor, _held_by_others(session, actor, trust))


def _drafts(session: Session, actor: Actor, outdated: ColumnElement[bool]) -> Sequence[UUID]:
    query = (
        select(Revision.id)
        .join(Record, Record.id == Revision.record_id)
        .where(Record.organisation_id == actor.organisation_id, Revision.number == 0, outdated)
        .order_by(Record.created_at, Revision.id)
    )
    return session.scalars(query).all()


def _on_older_keys(actor: Actor) -> ColumnElement[bool]:
    """The condition that a draft rests on an older key of a team of the actor's that writes it."""
    older_of = {owner: older_keys(actor, (owner,)) for owner in SENDING}
    return or_(
        false(),
        *(
            (Revision.owner == owner)
            & exists().where(
                Grant.revision_id == Revision.id,
                held_by([team.id for team in actor.teams if owner in team.purposes]),
                or_(Grant.grantee_key_id.in_(older), Grant.grantor_key_id.in_(older)),
            )
            for owner, older in older_of.items()
            if older
        ),
    )


def _held_by_others(session: Session, actor: Actor, trust: Trust) -> ColumnElement[bool]:
    """The condition that a draft which the actor's team writes and opens can be opened by a team that does not."""
    owners = [owner for owner in SENDING if actor.team_for(owner)]
    return or_(
        false(),
        *(
            (Revision.owner == owner)
            & opened_by(actor, owner)
            & exists().where(
                Grant.revision_id == Revision.id,
                held_by([team.id for team in other_teams(session, actor=actor, trust=trust, owner=owner)]),
            )
            for owner in owners
        ),
    )


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
        renewed, failed = past_damage(
            ids,
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
    """A draft under new keys; None if it is there no longer, or needs none any more.

    Raises:
        Tampered: a section or a grant is not what the school made, or a section is missing. Its key would be lost.
    """
    revision = session.get(Revision, revision_id)
    record = session.get(Record, revision.record_id) if revision else None
    if revision is None or record is None or record.organisation_id != actor.organisation_id:
        return None
    older = older_keys(actor, (revision.owner,))
    keys: dict[str, bytes] = {}
    empty = False
    grantor = actor.team_for(revision.owner)
    outdated = reaches_others(session, actor=actor, trust=trust, revision=revision)
    for grant in grants.grants_to(session, actor, revision_id=revision.id, transfer_id=None):
        opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
        if opened is not None:
            require_of_draft(opened)
            keys |= opened.keys
            empty = empty or opened.empty
        outdated = outdated or not {grant.grantee_key_id, grant.grantor_key_id}.isdisjoint(older)
    if grantor is None or not outdated:
        return None
    rows = parts.rows_of(session, revision_id=revision.id)
    bodies = ciphertexts_of(session).get(session, [row.id for row in rows.values()])
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
