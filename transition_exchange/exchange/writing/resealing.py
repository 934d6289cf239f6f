"""Sealing every part of a draft again, with what changed in it.

Sections that did not change are sealed again as well. If only some rows changed, the table or a comparison of two
backups would tell which sections somebody wrote in, and so which learner has a plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.writing.draft import Draft, content_tags
from transition_exchange.exchange.writing.new_keys import NewKeys, lock_grants, new_keys
from transition_exchange.exchange.writing.unsaved import room_of
from transition_exchange.store.database import Database


class Overtaken(Exception):
    """Somebody else saved after the draft had been read. Whoever stores it must start again."""


@dataclass(frozen=True)
class Resealed:
    """A draft with all of its parts sealed, ready to be stored.

    Attributes:
        draft: the draft as it is to be.
        sealed: its parts under the keys that they have, by name; or new keys, if somebody else may know those.
    """

    draft: Draft
    actor: Actor
    plaintexts: Mapping[str, bytes] = field(repr=False)
    sealed: Mapping[str, bytes] | NewKeys = field(repr=False)

    def store(self, session: Session) -> Draft:
        """Put it in the place of the stored draft, in the transaction of the action.

        Returns:
            The draft as it is stored then.

        Raises:
            Overtaken: somebody else has saved since it was opened. Nothing was stored.
        """
        draft, keys = self.draft, self.draft.keys
        if isinstance(self.sealed, NewKeys):
            lock_grants(session, [draft.revision_id])
        # What is stored with it is made of all sections, so all must be as they were read.
        if parts.locked_tags(session, draft.revision_id) != draft.row_tags:
            raise Overtaken
        if isinstance(self.sealed, NewKeys):
            row_tags = self.sealed.store(session, part_ids=draft.part_ids)
            keys = self.sealed.keys
        else:
            bodies = {draft.part_ids[name]: body for name, body in self.sealed.items()}
            row_tags = parts.replace(session, bodies)
        return replace(
            draft,
            tags=content_tags(self.actor, binding=draft.binding, keys=keys, plaintexts=self.plaintexts),
            row_tags={name: row_tags[part_id] for name, part_id in draft.part_ids.items()},
            keys=keys,
            outdated=False,
        )


def reseal(*, db: Database, actor: Actor, draft: Draft, now: datetime) -> Resealed:
    """Seal every part of a draft, under the keys that it has, or under new ones if somebody else may know those.

    Args:
        draft: the draft as it is to be.
        now: when.
    """
    plaintexts = draft.plaintexts
    if not draft.outdated:
        sealed = {
            name: parts.reseal(
                binding=draft.binding,
                name=name,
                key=draft.keys[name],
                plaintext=values,
                least=room_of(draft.version, name),
            )
            for name, values in plaintexts.items()
        }
        return Resealed(draft, actor, plaintexts, sealed)
    with db.read() as session:
        grantees = owner_teams(session, actor=actor, trust=trust_of(session, actor), owner=draft.owner)
    fresh = new_keys(
        binding=draft.binding,
        version=draft.version,
        owner=draft.owner,
        plaintexts=plaintexts,
        grantor=actor.require(draft.owner),
        grantees=grantees,
        now=now,
    )
    return Resealed(draft, actor, plaintexts, fresh)
