"""Somebody who has left a team, with everything that they took along: secrets, part keys and the whole database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.walks.opened import rows_opened_by
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.records import parts
from transition_exchange.sealing import CannotOpen, keyrings
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.base import Base
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Card,
    Ciphertext,
    Grant,
    Part,
    Query,
    QueryKeyring,
    QueryMessage,
    Record,
    Revision,
    Transfer,
)

if TYPE_CHECKING:
    from tests.exchange.walks.leaving import Area

Copy = Mapping[str, Sequence[Mapping[str, Any]]]
"""Every row of the database, by table."""

_CHAINS = {"events", "chain_heads"}
"""Tables to which rows are only ever added."""


def copy_of(db: Database) -> Copy:
    """The whole database, as somebody takes it who can read it."""
    with db.read() as session:
        return {
            table.name: [dict(row) for row in session.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
            if table.name not in _CHAINS
        }


@dataclass
class Former:
    """Somebody who has left, with what they took along.

    Attributes:
        actor: as their session had them last.
        copy: the whole database from before they left.
        part_keys: every part key that they ever held.
        draft_keys: those of the drafts, by revision and part name.
    """

    area: Area
    actor: Actor
    copy: Copy = field(repr=False)
    part_keys: frozenset[bytes] = field(repr=False)
    draft_keys: Mapping[UUID, Mapping[str, bytes]] = field(repr=False)

    @classmethod
    def of(cls, area: Area, actor: Actor) -> Former:
        """Somebody who is about to leave."""
        drafts: dict[UUID, Mapping[str, bytes]] = {}
        team = actor.teams[0]
        with area.db.read() as session:
            for grant in session.scalars(
                select(Grant)
                .join(Revision, Revision.id == Grant.revision_id)
                .where(Revision.number == 0, Grant.grantee_key_id == team.key_id)
            ):
                use = f"keyring {grant.record_id} {grant.revision_id} own"
                assert grant.revision_id is not None
                drafts[grant.revision_id] = keyrings.open(team.secret.kem, grant.keyring or b"", use=use)
        former = cls(area, actor, copy_of(area.db), frozenset(), drafts)
        former.part_keys = frozenset(former._part_keys())
        return former

    @property
    def team(self) -> OpenTeam:
        """The team that they were in, as they had it."""
        return self.actor.teams[0]

    @property
    def secrets(self) -> list[TeamSecret]:
        """Every secret of the team that they know."""
        return list(self.team.secrets)

    def opens(self, *more: TeamSecret) -> set[str]:
        """What they can open now that was not in their copy.

        They try every secret, every part key of theirs, and every key that these lead to, on every ciphertext,
        whatever the rows say of whom it is for.

        Args:
            more: further secrets, such as one of a key that they put into the database.
        """
        known = {digest for rows in self.copy.values() for row in rows for digest in _sealed_in(row)}
        opened: set[str] = set()
        with self.area.db.read() as session:
            stored = [
                *((f"grant {row.id}", row.keyring) for row in session.scalars(select(Grant))),
                *((f"grant {row.id}", row.kept) for row in session.scalars(select(Grant))),
                *((f"question {row.id}", row.keyring) for row in session.scalars(select(QueryKeyring))),
                *((f"card {row.id}", row.sealed) for row in session.scalars(select(Card))),
            ]
            fresh = {name for name, body in stored if body is not None and body not in known}
        for secret in (*self.secrets, *more):
            opened |= rows_opened_by(self.area.world, secret) & fresh
        keys = self.part_keys | self._part_keys(*more)
        with self.area.db.read() as session:
            for part, body in session.execute(
                select(Part, Ciphertext.body).join(Ciphertext, Ciphertext.id == Part.id)
            ):
                if body in known:
                    continue
                subject = part.revision_id or part.attachment_id
                assert subject is not None
                binding = parts.binding_of(session.get_one(Record, part.record_id), subject)
                if any(_opens(binding, part.name, key, body) for key in keys):
                    opened.add(f"part {part.name} {subject}")
            for message in session.scalars(select(QueryMessage)):
                record_id = self._record_of(session, message)
                binding = parts.binding_of(session.get_one(Record, record_id), message.id)
                if message.sealed not in known and any(
                    _opens(binding, "message", key, message.sealed) for key in keys
                ):
                    opened.add(f"message {message.id}")
        return opened

    def _record_of(self, session: Session, message: QueryMessage) -> UUID:
        return session.scalars(
            select(Transfer.record_id)
            .join(Query, Query.transfer_id == Transfer.id)
            .where(Query.id == message.query_id)
        ).one()

    def _part_keys(self, *more: TeamSecret) -> set[bytes]:
        """The part keys in every keyring that they can open now."""
        found: set[bytes] = set()
        with self.area.db.read() as session:
            for grant in session.scalars(select(Grant).where(Grant.keyring.is_not(None))):
                subject = grant.revision_id or grant.attachment_id
                use = f"keyring {grant.record_id} {subject} {grant.transfer_id or 'own'}"
                for secret in (*self.secrets, *more):
                    with suppress(CannotOpen):
                        found |= set(keyrings.open(secret.kem, grant.keyring or b"", use=use).values())
            for message, given in session.execute(
                select(QueryMessage, QueryKeyring).join(
                    QueryKeyring, QueryKeyring.message_id == QueryMessage.id
                )
            ):
                use = f"query {message.query_id} {message.id}"
                for secret in (*self.secrets, *more):
                    with suppress(CannotOpen):
                        found |= set(keyrings.open(secret.kem, given.keyring, use=use).values())
        return found


def _sealed_in(row: Mapping[str, Any]) -> list[bytes]:
    return [value for value in row.values() if isinstance(value, bytes)]


def _opens(binding: parts.Binding, name: str, key: bytes, body: bytes) -> bool:
    with suppress(Tampered):
        parts.open_part(binding=binding, name=name, key=key, body=body)
        return True
    return False
