"""Questions whose messages only an older key of a team opens, and the messages that the team signed with it.

What another team wrote stays as it is, and its key is sealed to the team's current key. What the team wrote itself is
signed anew, and sealed under a new key to everybody who reads the question. If one of them has no key that the session
trusts, perhaps because that team's key is being changed too, or if a team has the message that gave that work up since,
the message keeps its key, which they have: signed by the key before alone, it would be lost for everybody once that one
is retired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.errors import NotReady, Tampered
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.queries.messages import (
    Read,
    keyring_for,
    message_keys,
    read_message,
    sign_again,
    sign_and_seal,
)
from transition_exchange.exchange.queries.threads import readers_of
from transition_exchange.exchange.records.damaged_rows import past_damage, rows_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Query, QueryKeyring, QueryMessage, Record, Transfer

STEP = 100
"""How many messages one step takes."""


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The messages that one of the actor's teams opens only with an older key, the oldest first."""
    older = [key_id for team in actor.teams for key_id in team.older]
    if not older:
        return ()
    held = exists().where(
        QueryKeyring.message_id == QueryMessage.id,
        QueryKeyring.team_id.in_([team.id for team in actor.teams]),
        QueryKeyring.team_key_id.in_(older),
    )
    return session.scalars(
        select(QueryMessage.id).where(held).order_by(QueryMessage.sent_at, QueryMessage.id)
    ).all()


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Make some messages anew for the current keys of the actor's teams.

    Args:
        db: the database.
        actor: who does it.
        ids: the messages.
        now: when.

    Returns:
        How many are not what their team wrote. They stay as they are.
    """
    with db.read() as session:
        trust = trust_of(session, actor)
        rows, unreadable = rows_of(session, QueryMessage, ids)
        made: list[_Anew]
        made, failed = past_damage(rows, lambda row: _anew(session, actor=actor, trust=trust, message=row))
    failed += len(unreadable)
    if not made:
        return failed
    with db.write() as session:
        count = sum(anew.store(session) for anew in made)
        if count:
            actor.note(session, "key.renewed", what="messages", count=count)
    return failed


def _anew(session: Session, *, actor: Actor, trust: Trust, message: QueryMessage) -> _Anew | None:
    """What takes the place of a message or of its keyrings; None if no older key of the actor's teams opens it.

    Raises:
        Tampered: it is not what its team wrote.
        Unreadable: what it belongs to cannot be read.
    """
    query = session.get_one(Query, message.query_id)
    transfer = session.get_one(Transfer, query.transfer_id)
    record = session.get_one(Record, transfer.record_id)
    thread = _Thread(session, actor=actor, trust=trust, record=record, query=query)
    held = thread.held_with_older_keys(message)
    if not held:
        return None
    anew = thread.anew(message, held)
    if anew is None:
        raise Tampered
    return anew


@dataclass(frozen=True)
class _Keyring:
    """A message's key, sealed to the current key of a team that held it with an older one.

    Attributes:
        row_id: the row of the keyring.
        older_id: the team's older key, which the row names.
        key_id: the team's current key.
        sealed: what takes the place of the older keyring.
    """

    row_id: UUID
    older_id: UUID
    key_id: UUID
    sealed: bytes = field(repr=False)

    def store(self, session: Session) -> bool:
        """Put it in place of the older one, if that still stands. Whether it did."""
        changed = session.execute(
            update(QueryKeyring)
            .where(QueryKeyring.id == self.row_id, QueryKeyring.team_key_id == self.older_id)
            .values(team_key_id=self.key_id, keyring=self.sealed)
            .returning(QueryKeyring.id)
            .execution_options(synchronize_session=False)
        )
        return changed.scalar() is not None


@dataclass(frozen=True)
class _Given:
    """A message of another team, whose key is sealed to the current keys of the actor's teams."""

    keyrings: Sequence[_Keyring]

    def store(self, session: Session) -> bool:
        """Put the keyrings in place of the older ones. Whether one of these still stood."""
        return sum(keyring.store(session) for keyring in self.keyrings) > 0


@dataclass(frozen=True)
class _Signed:
    """A message of the actor's own team, signed with the current key and sealed under a new one.

    Attributes:
        before: the sealed message as it was read.
        sealed: what takes its place.
        keyrings: the rows of all its readers.
    """

    message_id: UUID
    before: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    keyrings: Sequence[QueryKeyring] = field(repr=False)

    def store(self, session: Session) -> bool:
        """Put it in place of the message that was read, if nobody has changed that. Whether it did."""
        message = session.get(QueryMessage, self.message_id, with_for_update=True)
        if message is None or message.sealed != self.before:
            return False
        message.sealed = self.sealed
        session.execute(delete(QueryKeyring).where(QueryKeyring.message_id == self.message_id))
        session.add_all(self.keyrings)
        session.flush()
        return True


@dataclass(frozen=True)
class _SignedAgain:
    """A message of the actor's own team, signed with the current key and sealed under the key that it has.

    Attributes:
        before: the sealed message as it was read.
        sealed: what takes its place.
        keyrings: the keyrings of the actor's teams. Those of its other readers stay.
    """

    message_id: UUID
    before: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    keyrings: Sequence[_Keyring] = field(repr=False)

    def store(self, session: Session) -> bool:
        """Put it in place of the message that was read, if nobody has changed that. Whether it did."""
        message = session.get(QueryMessage, self.message_id, with_for_update=True)
        if message is None or message.sealed != self.before:
            return False
        message.sealed = self.sealed
        for keyring in self.keyrings:
            keyring.store(session)
        return True


_Anew = _Given | _Signed | _SignedAgain
"""What takes the place of a message or of its keyrings."""


@dataclass(frozen=True, kw_only=True)
class _Thread:
    """A question, as the actor's session sees it."""

    session: Session = field(kw_only=False)
    actor: Actor
    trust: Trust
    record: Record
    query: Query

    def held_with_older_keys(self, message: QueryMessage) -> list[QueryKeyring]:
        """The keyrings of a message that are sealed to older keys of the actor's teams."""
        given = self.session.scalars(
            select(QueryKeyring)
            .where(QueryKeyring.message_id == message.id)
            .order_by(QueryKeyring.team_id, QueryKeyring.id)
        )
        return [
            row for row in given if (team := self.actor.team(row.team_id)) and row.team_key_id in team.older
        ]

    def anew(self, message: QueryMessage, held: Sequence[QueryKeyring]) -> _Anew | None:
        """What takes the place of a message or of its keyrings; None if it must stay as it is."""
        read = read_message(
            self.session,
            actor=self.actor,
            trust=self.trust,
            record=self.record,
            query=self.query,
            message=message,
        )
        if read.team is None:
            return None
        writer = self.actor.team(read.team.id)
        if writer is not None and read.team.key_id in writer.older:
            return self._signed(message, read) or self._signed_again(message, read, held)
        return self._given(message, held)

    def _given(self, message: QueryMessage, held: Sequence[QueryKeyring]) -> _Given | None:
        keys = message_keys(self.session, actor=self.actor, message=message)
        if keys is None:
            return None
        keyrings = []
        for row in held:
            team = self.actor.team(row.team_id)
            if team is not None:
                sealed = keyring_for(team.known, query_id=self.query.id, message_id=message.id, keys=keys)
                keyrings.append(_Keyring(row.id, row.team_key_id, team.key_id, sealed))
        return _Given(keyrings)

    def _signed(self, message: QueryMessage, read: Read) -> _Signed | None:
        writer = self.actor.team(read.team.id) if read.team else None
        readers = self._readers(message, writer) if writer else []
        if writer is None or not readers:
            return None
        sealed, keyrings = sign_and_seal(
            record=self.record,
            query_id=self.query.id,
            message_id=message.id,
            body=read.body,
            team=writer,
            readers=readers,
        )
        return _Signed(message.id, before=message.sealed, sealed=sealed, keyrings=keyrings)

    def _signed_again(
        self, message: QueryMessage, read: Read, held: Sequence[QueryKeyring]
    ) -> _SignedAgain | None:
        writer, given = self.actor.team(read.team.id) if read.team else None, self._given(message, held)
        keys = message_keys(self.session, actor=self.actor, message=message)
        if writer is None or given is None or keys is None:
            return None
        sealed = sign_again(
            record=self.record,
            query_id=self.query.id,
            message_id=message.id,
            body=read.body,
            team=writer,
            keys=keys,
        )
        return _SignedAgain(message.id, before=message.sealed, sealed=sealed, keyrings=given.keyrings)

    def _readers(self, message: QueryMessage, writer: OpenTeam) -> list[KnownTeam]:
        """The teams that read a question, with the one that wrote this message, though it may have given that work up.

        None if another team has a key of this message: it gave the work up too, or this session trusts no key of it.
        That row is no reason to seal anything to it, and what it has it keeps.
        """
        try:
            answering, asker = readers_of(
                self.session, trust=self.trust, record=self.record, query=self.query
            )
        except NotReady:
            return []
        read_by = self.session.scalars(
            select(QueryKeyring.team_id).where(QueryKeyring.message_id == message.id).distinct()
        ).all()
        if self.trust.current(self.session, read_by).keys() != set(read_by):
            return []
        readers = {team.id: team for team in (*answering, asker, writer.known)}
        return list(readers.values()) if readers.keys() >= set(read_by) else []
