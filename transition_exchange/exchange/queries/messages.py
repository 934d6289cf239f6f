"""The messages of a question: sealed to the teams that it concerns, and signed by the one that wrote them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.errors import NotConfirmedYet, Tampered
from transition_exchange.exchange.keys.awaited import signer_of
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.queries.message_texts import Content, SignedText
from transition_exchange.exchange.queries.schools import provider_of
from transition_exchange.exchange.records import parts
from transition_exchange.exchange.records.standing_grants import was_granted
from transition_exchange.purposes import RECEIVING
from transition_exchange.sealing import keyrings, messages
from transition_exchange.sealing.errors import BadSignature, CannotOpen
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.models import Query, QueryKeyring, QueryMessage, Record, Transfer
from transition_exchange.store.unreadable import Unreadable
from transition_exchange.stored_text import UnreadableText

_PART = "message"
UNREADABLE = (
    "This message was written before your team could open it. Somebody in a team that can read it passes it on by "
    "opening the list of learners; or ask the other side to write it again."
)
DAMAGED = "This message is not what was written, so it is not shown. Ring the other side."


@dataclass(frozen=True)
class Read:
    """A message that was opened and checked.

    Attributes:
        text: what it says; why it is not shown if it cannot be.
        section: the section that the question is about; empty if the message does not name one.
        team: who wrote it; None if that is not certain.
        by: the name of the person who wrote it, as the team signed it; empty if it says none.
        sent_at: when, as its team signed it; the time of its row if that is not certain.
        body: exactly what its team signed; empty if that is not certain.
    """

    text: str = field(repr=False)
    section: str
    team: KnownTeam | None
    sent_at: datetime
    body: str = field(repr=False, default="")
    by: str = ""


def _use(query_id: UUID, message_id: UUID) -> str:
    return f"query {query_id} {message_id}"


def seal_message(
    *,
    record: Record,
    query: Query,
    actor: Actor,
    team: OpenTeam,
    readers: Sequence[KnownTeam],
    text: str,
    section: str = "",
    by: str = "",
    now: datetime,
) -> tuple[QueryMessage, list[QueryKeyring]]:
    """The rows of a new message, signed and sealed.

    The question's own facts are signed with it, so that neither the message nor the question can be moved elsewhere.

    Args:
        record: the record that the question is about.
        query: the question.
        actor: who writes.
        team: the team for which they write.
        readers: the teams that open it: the one that asked, and those of the school that answer.
        text: the message.
        section: the section that the question is about, in the first message.
        by: the name of the actor, as their team knows them.
    """
    message_id = uuid4()
    body = Content(text=text, section=section, sent_at=now, facts=_facts(record, query), by=by).body()
    sealed, opened_by = sign_and_seal(
        record=record, query_id=query.id, message_id=message_id, body=body, team=team, readers=readers
    )
    message = QueryMessage(
        id=message_id,
        query_id=query.id,
        from_team_id=team.id,
        from_principal_id=actor.principal_id,
        sent_at=now,
        sealed=sealed,
    )
    return message, opened_by


def sign_and_seal(
    *,
    record: Record,
    query_id: UUID,
    message_id: UUID,
    body: str,
    team: OpenTeam,
    readers: Sequence[KnownTeam],
) -> tuple[bytes, list[QueryKeyring]]:
    """Sign the body of a message with a team's current key, and seal it under a new key for its readers.

    Args:
        record: the record that the question is about.
        query_id: the question.
        message_id: the message.
        body: what is signed.
        team: the team that wrote it.
        readers: the teams that open it.

    Returns:
        The sealed message, and a row for each reader with the message's key.
    """
    signed = _sealed_text(query_id=query_id, message_id=message_id, body=body, team=team)
    part = parts.seal(binding=parts.binding_of(record, message_id), name=_PART, plaintext=signed)
    opened_by = [
        QueryKeyring(
            id=uuid4(),
            message_id=message_id,
            team_id=reader.id,
            team_key_id=reader.key_id,
            keyring=keyring_for(reader, query_id=query_id, message_id=message_id, keys=parts.keys_of([part])),
        )
        for reader in readers
    ]
    return part.body, opened_by


def sign_again(
    *, record: Record, query_id: UUID, message_id: UUID, body: str, team: OpenTeam, keys: Mapping[str, bytes]
) -> bytes:
    """Sign the body of a message with a team's current key, and seal it under the key that its readers have.

    Args:
        record: the record that the question is about.
        query_id: the question.
        message_id: the message.
        body: what is signed.
        team: the team that wrote it.
        keys: the message's key, by the name of its part.
    """
    signed = _sealed_text(query_id=query_id, message_id=message_id, body=body, team=team)
    binding = parts.binding_of(record, message_id)
    return parts.reseal(binding=binding, name=_PART, key=keys[_PART], plaintext=signed)


def _sealed_text(*, query_id: UUID, message_id: UUID, body: str, team: OpenTeam) -> bytes:
    signature = messages.sign(team.secret.signing, query=query_id, message=message_id, body=body.encode())
    return SignedText(body=body, key_id=team.key_id, signature=signature).to_bytes()


def keyring_for(reader: KnownTeam, *, query_id: UUID, message_id: UUID, keys: Mapping[str, bytes]) -> bytes:
    """A keyring with the key of a message, sealed to one of its readers.

    Args:
        reader: the team that gets it.
        query_id: the question.
        message_id: the message.
        keys: the message's one key, by the name of its part.
    """
    return keyrings.seal(reader.kem_public, keys, use=_use(query_id, message_id))


def _facts(record: Record, query: Query) -> dict[str, str]:
    return {
        "record": str(record.id),
        "transfer": str(query.transfer_id),
        "school": str(record.organisation_id),
        "owner": query.owner,
        "asking_team": str(query.asking_team_id),
    }


def read_message(
    session: Session, *, actor: Actor, trust: Trust, record: Record, query: Query, message: QueryMessage
) -> Read:
    """Open and check a message. One that cannot be shown spoils no other.

    Args:
        trust: which keys the session trusts.
        record: the record that the question is about.
        query: the question.
        message: the message.
    """
    try:
        opened = _opened(session, actor=actor, record=record, message=message)
        if opened is None:
            return Read(UNREADABLE, "", None, message.sent_at)
        # Whoever can write to the database can seal anything to a team's public key, so the signature must be checked.
        signed = SignedText.read(opened)
        signer = signer_of(session, trust=trust, key_id=signed.key_id)
        if not _may_speak(session, trust=trust, record=record, query=query, team=signer.team):
            raise BadSignature
        messages.verify(
            signer.signing_public,
            signed.signature,
            query=query.id,
            message=message.id,
            body=signed.body.encode(),
        )
        content = Content.read(signed.body)
        if content.facts != _facts(record, query):
            raise BadSignature
        return Read(
            text=content.text,
            section=content.section,
            team=signer.require_counting(),
            sent_at=content.sent_at,
            body=signed.body,
            by=content.by,
        )
    except NotConfirmedYet as waits:
        return Read(waits.message, "", None, message.sent_at)
    except (BadSignature, CannotOpen, Tampered, Unreadable, UnreadableText):
        return Read(DAMAGED, "", None, message.sent_at)


def _may_speak(session: Session, *, trust: Trust, record: Record, query: Query, team: TeamIdentity) -> bool:
    """Whether a team has a part in a question: it answers for the school that sent the record, or it asked.

    A team that asked must be the provider's, and must have been granted the record.

    Raises:
        NotConfirmedYet: the transfer was signed with a key that is not confirmed yet.
        Tampered: the school that the record's row names did not sign the transfer.
    """
    transfer = session.get_one(Transfer, query.transfer_id)
    provider_id = provider_of(session, trust=trust, record=record, transfer=transfer)
    if team.organisation_id == record.organisation_id and query.owner in team.signs_for:
        return True
    return (
        (team.id, team.organisation_id) == (query.asking_team_id, provider_id)
        and not team.signs_for.isdisjoint(RECEIVING)
        and was_granted(session, trust=trust, record=record, transfer_id=query.transfer_id, team_id=team.id)
    )


def passed_on(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    record: Record,
    query: Query,
    message: QueryMessage,
    reader: KnownTeam,
) -> QueryKeyring | None:
    """The key of a message that the actor's team can read, sealed to another team of the question.

    Args:
        reader: the team that gets it.

    Returns:
        The new row; None if the message cannot be opened, or is not what was written.
    """
    read = read_message(session, actor=actor, trust=trust, record=record, query=query, message=message)
    keys = None if read.team is None else message_keys(session, actor=actor, message=message)
    if keys is None:
        return None
    return QueryKeyring(
        id=uuid4(),
        message_id=message.id,
        team_id=reader.id,
        team_key_id=reader.key_id,
        keyring=keyrings.seal(reader.kem_public, keys, use=_use(query.id, message.id)),
    )


def _opened(session: Session, *, actor: Actor, record: Record, message: QueryMessage) -> bytes | None:
    """What a message's part holds; None if none of the actor's teams was given its key.

    Raises:
        CannotOpen: a keyring is not what was sealed to the team.
        Tampered: the message is not what was sealed for this question, or the keyring holds no key of it.
    """
    keys = message_keys(session, actor=actor, message=message)
    if keys is None:
        return None
    if _PART not in keys:
        raise Tampered
    binding = parts.binding_of(record, message.id)
    return parts.open_part(binding=binding, name=_PART, key=keys[_PART], body=message.sealed)


def message_keys(session: Session, *, actor: Actor, message: QueryMessage) -> Mapping[str, bytes] | None:
    """The key of a message, by the name of its part; None if none of the actor's teams was given it.

    Raises:
        CannotOpen: a keyring is not what was sealed to the team.
    """
    for given in session.scalars(select(QueryKeyring).where(QueryKeyring.message_id == message.id)):
        team = actor.team(given.team_id)
        secret = team.secret_of(given.team_key_id) if team else None
        if secret is not None:
            return keyrings.open(secret.kem, given.keyring, use=_use(message.query_id, message.id))
    return None
