"""The messages of a question, sealed to the two teams that it concerns and signed by the one that wrote them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records import parts
from transition_exchange.sealing import keyrings, messages
from transition_exchange.sealing.errors import BadSignature, CannotOpen
from transition_exchange.store.models import Query, QueryMessage, Record, TeamKey

_PART = "message"
UNREADABLE = "This message was written before your team's key was made, so it cannot be opened here."
NOT_GENUINE = "This message failed its safety check, so it is not shown. Ring the other side."


def _use(query_id: UUID, message_id: UUID) -> str:
    return f"query {query_id} {message_id}"


def seal_message(
    *,
    record: Record,
    query_id: UUID,
    actor: Actor,
    team: OpenTeam,
    asker: KnownTeam,
    owner: KnownTeam,
    content: dict[str, Any],
    now: datetime,
) -> QueryMessage:
    """The row of a new message, signed and sealed.

    Args:
        record: the record that the question is about.
        query_id: the question.
        actor: who writes.
        team: the team for which they write.
        asker: the team that asked.
        owner: the school's team.
        content: `text`, and `section` in the first message.
    """
    message_id = uuid4()
    body = json.dumps(content, ensure_ascii=False)
    signed = {
        "body": body,
        "key": str(team.key_id),
        "signature": messages.sign(
            team.secret.signing, query=query_id, message=message_id, body=body.encode()
        ).hex(),
    }
    part = parts.seal(
        binding=parts.binding_of(record, message_id), name=_PART, plaintext=json.dumps(signed).encode()
    )
    keys = {_PART: part.key}
    use = _use(query_id, message_id)
    return QueryMessage(
        id=message_id,
        query_id=query_id,
        from_team_id=team.id,
        from_principal_id=actor.principal_id,
        sent_at=now,
        sealed=part.body,
        asker_keyring=keyrings.seal(asker.kem_public, keys, use=use),
        owner_keyring=keyrings.seal(owner.kem_public, keys, use=use),
    )


def read_message(
    session: Session, *, actor: Actor, trust: Trust, record: Record, query: Query, message: QueryMessage
) -> dict[str, Any]:
    """What a message says: `text`, and `section` in the first message.

    The text of a message that this session cannot open is `UNREADABLE`. The text of one that its team did not sign is
    `NOT_GENUINE`.

    Args:
        trust: which keys the session trusts.
        record: the record that the question is about.
        query: the question.
        message: the message.

    Raises:
        Tampered: the message is not what was sealed for this question.
    """
    opened = _opened(actor=actor, record=record, query=query, message=message)
    if opened is None:
        return {"text": UNREADABLE}
    # Whoever can write to the database can seal anything to a team's public key, so the signature must be checked.
    try:
        signed = json.loads(opened)
        body = str(signed["body"]).encode()
        signer = session.get(TeamKey, UUID(str(signed["key"])))
        if signer is None or signer.team_id != message.from_team_id or trust.known(session, signer) is None:
            return {"text": NOT_GENUINE}
        messages.verify(
            signer.signing_public,
            bytes.fromhex(str(signed["signature"])),
            query=query.id,
            message=message.id,
            body=body,
        )
    except (BadSignature, KeyError, TypeError, ValueError):
        return {"text": NOT_GENUINE}
    content: dict[str, Any] = json.loads(body)
    return content


def _opened(*, actor: Actor, record: Record, query: Query, message: QueryMessage) -> bytes | None:
    use = _use(query.id, message.id)
    for keyring in (message.asker_keyring, message.owner_keyring):
        for team in actor.teams:
            for secret in (team.secret, *team.older.values()):
                try:
                    keys = keyrings.open(secret.kem, keyring, use=use)
                except CannotOpen:
                    continue
                binding = parts.binding_of(record, message.id)
                return parts.open_part(binding=binding, name=_PART, key=keys[_PART], body=message.sealed)
    return None
