"""Giving a draft new keys, and which drafts must have new ones before anything is written into them.

What is saved must not be sealed under keys that somebody else may know. So a draft keeps its keys only as long as a
team that writes it granted them with its newest key, and to the newest key of the team that reads them. Else somebody
who has left could put back what was there before they left, or a team that does not write these sections could choose
the keys: the next save would be sealed for them. Nor does it keep keys that were granted to a team which gave this work
up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import room
from transition_exchange.exchange.records.ownership import other_teams
from transition_exchange.proforma import Version
from transition_exchange.store.models import Grant, Revision


@dataclass(frozen=True)
class NewKeys:
    """A draft under new keys, sealed and ready to be stored.

    Attributes:
        bodies: its ciphertexts, by part name.
        grants: the ways in which the owner's teams open it.
    """

    revision_id: UUID
    bodies: Mapping[str, bytes] = field(repr=False)
    grants: Sequence[Grant] = field(repr=False)

    def store(self, session: Session, *, part_ids: Mapping[str, UUID]) -> None:
        """Put ciphertexts and grants in the place of those from before, which are deleted.

        Args:
            session: the write session, in which the draft's grants and parts are locked.
            part_ids: the ids of the draft's parts, by part name.
        """
        for name, body in self.bodies.items():
            parts.replace(session, part_id=part_ids[name], body=body)
        session.execute(
            delete(Grant)
            .where(Grant.revision_id == self.revision_id)
            .execution_options(synchronize_session=False)
        )
        session.add_all(self.grants)


def new_keys(
    *,
    binding: parts.Binding,
    version: Version,
    owner: str,
    plaintexts: Mapping[str, bytes],
    grantor: OpenTeam,
    grantees: Sequence[KnownTeam],
    now: datetime,
) -> NewKeys:
    """Seal every section of a draft under a new key.

    Args:
        binding: where the draft's sections belong.
        version: the version of the pro-forma in which it is written.
        owner: the sending purpose that writes it.
        plaintexts: what the sections hold, by section.
        grantor: the team that makes the keys and signs the grants.
        grantees: the owner's teams.
        now: when they are granted the keys.
    """
    sealed = [
        parts.seal(binding=binding, name=name, plaintext=plaintext, least=room(version.section(name)))
        for name, plaintext in plaintexts.items()
    ]
    own_grants = [
        grants.make(
            grantor=grantor,
            grantee=grantee,
            record_id=binding.record,
            owner=owner,
            revision_id=binding.revision,
            keys=parts.keys_of(sealed),
            digests={},
            now=now,
        )
        for grantee in grantees
    ]
    return NewKeys(
        revision_id=binding.revision, bodies={part.name: part.body for part in sealed}, grants=own_grants
    )


def lock_grants(session: Session, revision_ids: Sequence[UUID]) -> None:
    """Lock the grants of drafts, before their parts are locked, so that nobody passes on the keys from before."""
    ids = session.scalars(select(Grant.id).where(Grant.revision_id.in_(revision_ids))).all()
    grants.lock_standing(session, ids)


def may_last(session: Session, *, actor: Actor, trust: Trust, grant: Grant, owner: str) -> bool:
    """Whether a draft may keep the keys of a grant when it is saved.

    Args:
        trust: which keys the session trusts.
        grant: a grant of the draft to one of the actor's teams.
        owner: the sending purpose that writes the draft.
    """
    team, grantor = actor.team(grant.grantee_team_id), actor.team(grant.grantor_team_id)
    giver = (
        grantor.known
        if grantor
        else trust.current(session, [grant.grantor_team_id]).get(grant.grantor_team_id)
    )
    return (
        team is not None
        and giver is not None
        and (grant.grantee_key_id, grant.grantor_key_id) == (team.key_id, giver.key_id)
        and owner in giver.purposes
    )


def reaches_others(session: Session, *, actor: Actor, trust: Trust, revision: Revision) -> bool:
    """Whether a team of the school that does not write a draft holds its keys. It gave this work up.

    Args:
        trust: which keys the session trusts.
        revision: the draft.
    """
    others = other_teams(session, actor=actor, trust=trust, owner=revision.owner)
    held = select(Grant.id).where(Grant.revision_id == revision.id, held_by([team.id for team in others]))
    return session.scalar(held.limit(1)) is not None


def held_by(team_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """The condition that a grant gives one of some teams keys that it can still open."""
    return (
        Grant.grantee_team_id.in_(team_ids)
        & or_(Grant.keyring.is_not(None), Grant.kept.is_not(None))
        & Grant.withdrawn_at.is_(None)
    )
