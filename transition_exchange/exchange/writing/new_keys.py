"""Giving a draft new keys, and which drafts must have new ones before anything is written into them.

What is saved must not be sealed under keys that somebody else may know. So a draft keeps its keys only as long as a
team that writes it made them with its newest key, and everybody to whom they were sealed is the newest key of a team
that writes it. Each grant says who that is (`grants.of_draft`). Else somebody who has left could put back what was
there before they left, or a team that does not write these sections could choose the keys: the next save would be
sealed for them. What counts is signed. No row tells who knows the keys, because whoever knows them could delete it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import KnownTeam, OpenTeam
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.standing_grants import lock_standing
from transition_exchange.exchange.writing.unsaved import room_of
from transition_exchange.proforma import Version
from transition_exchange.store.models import Grant


@dataclass(frozen=True)
class NewKeys:
    """A draft under new keys, sealed and ready to be stored.

    Attributes:
        bodies: its ciphertexts, by part name.
        keys: the keys that open them, by part name.
        grants: the ways in which the owner's teams open it.
    """

    revision_id: UUID
    bodies: Mapping[str, bytes] = field(repr=False)
    keys: Mapping[str, bytes] = field(repr=False)
    grants: Sequence[Grant] = field(repr=False)

    def store(self, session: Session, *, part_ids: Mapping[str, UUID]) -> dict[UUID, str]:
        """Put ciphertexts and grants in the place of those from before, which are deleted.

        Args:
            session: the write session, in which the draft's grants and parts are locked.
            part_ids: the ids of the draft's parts, by part name.

        Returns:
            The new tags of the rows, by the id of the part.
        """
        tags = parts.replace(session, {part_ids[name]: body for name, body in self.bodies.items()})
        session.execute(
            delete(Grant)
            .where(Grant.revision_id == self.revision_id)
            .execution_options(synchronize_session=False)
        )
        session.add_all(self.grants)
        return tags


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
    """Seal every part of a draft under a new key.

    Args:
        binding: where the draft's sections belong.
        version: the version of the pro-forma in which it is written.
        owner: the sending purpose that writes it.
        plaintexts: what the parts hold, by part name.
        grantor: the team that makes the keys and signs the grants.
        grantees: the owner's teams.
        now: when they are granted the keys.
    """
    sealed = [
        parts.seal(binding=binding, name=name, plaintext=plaintext, least=room_of(version, name))
        for name, plaintext in plaintexts.items()
    ]
    keys = parts.keys_of(sealed)
    return NewKeys(
        revision_id=binding.revision,
        bodies={part.name: part.body for part in sealed},
        keys=keys,
        grants=grants.of_draft(
            grantor=grantor,
            grantees=grantees,
            record_id=binding.record,
            owner=owner,
            revision_id=binding.revision,
            keys=keys,
            now=now,
        ),
    )


def lock_grants(session: Session, revision_ids: Sequence[UUID]) -> None:
    """Lock the grants of drafts, before their parts are locked, so that nobody passes on the keys from before."""
    ids = session.scalars(select(Grant.id).where(Grant.revision_id.in_(revision_ids))).all()
    lock_standing(session, ids)


def may_last(opened: grants.OpenGrant, *, owners: Sequence[KnownTeam]) -> bool:
    """Whether the keys of a grant may go on being used: a team that does the work made them, and only such know them.

    Args:
        opened: the grant.
        owners: the teams that do the work, with the keys that they have today (`ownership.owner_teams`).
    """
    today = {team.fingerprint for team in owners}
    return not opened.empty and {opened.made_by, *opened.known_to} <= today
