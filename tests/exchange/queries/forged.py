"""What somebody who can write to the database puts into questions.

They know every public key, and how a message is made. They may have an ordinary account in a confirmed team as well.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor, KnownTeam, OpenTeam
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import threads
from transition_exchange.exchange.queries.messages import seal_message
from transition_exchange.exchange.records import grants, parts, transfers
from transition_exchange.sealing import keyrings, messages
from transition_exchange.sealing.encoding import canonical
from transition_exchange.store.models import Query, QueryKeyring, QueryMessage, Record, Revision, Transfer


class Rows(NamedTuple):
    """A question with the record that it is about, as their rows say now."""

    query: Query
    record: Record


def rows_of(world: World, query_id: UUID) -> Rows:
    """The rows of a question."""
    with world.db.read() as session:
        query = session.get_one(Query, query_id)
        return Rows(query, session.get_one(Record, session.get_one(Transfer, query.transfer_id).record_id))


def readers_of(world: World, query_id: UUID) -> list[KnownTeam]:
    """The school's teams that write something, and the team that the question's row names."""
    query, record = rows_of(world, query_id)
    school = next(place for place in world.places.values() if place.id == record.organisation_id)
    made = [team for place in world.places.values() for team in place.teams.values()]
    asking = next(team for team in made if team.row.id == query.asking_team_id)
    return [*(team.opened.known for team in school.teams.values()), asking.opened.known]


def speak(
    world: World,
    query_id: UUID,
    *,
    actor: Actor,
    team: OpenTeam | None = None,
    text: str = "Send the file to me",
) -> UUID:
    """Insert a message that a team makes as the program makes one, whether it has a part in the question or not.

    Returns:
        The id of the message.
    """
    query, record = rows_of(world, query_id)
    message, opened_by = seal_message(
        record=record,
        query=query,
        actor=actor,
        team=team or actor.teams[0],
        readers=readers_of(world, query_id),
        text=text,
        now=datetime.now(UTC),
    )
    with world.db.write() as session:
        session.add(message)
        session.flush()
        session.add_all(opened_by)
    return message.id


def take_over(world: World, sent: SentRecord, *, signs_transfer: bool = False) -> None:
    """Put another school in the place of a record's, with what somebody in its transition team can sign for it.

    Args:
        signs_transfer: whether they put their statement in the place of the one about the transfer, too.
    """
    school, now = world.places["Beech Lane School"], datetime.now(UTC)
    team, asker = school.teams["Transition team"].opened, world.college.teams["Learning support"].opened
    with world.db.write() as session:
        record = session.get_one(Record, sent.record_id)
        record.organisation_id = school.id
        revision_id = session.scalars(
            select(Revision.id).where(
                Revision.record_id == sent.record_id,
                Revision.owner == "transition",
                Revision.manifest.is_not(None),
            )
        ).one()
        session.add(
            grants.make(
                grantor=team,
                grantee=asker.known,
                record_id=sent.record_id,
                keys={"learner": bytes(32)},
                digests={},
                now=now,
                revision_id=revision_id,
                transfer_id=sent.transfer_id,
                owner="transition",
            )
        )
        if signs_transfer:
            transfer = session.get_one(Transfer, sent.transfer_id)
            transfers.sign_kept(
                transfer=transfer,
                team=team,
                record=record,
                provider_id=transfer.provider_id,
                at=now,
                overrules=(),
            )


def texts(world: World, actor: Actor, query_id: UUID) -> list[str]:
    """The messages of a question as somebody sees them."""
    by_id = {query.id: query for query in threads.queries(db=world.db, actor=actor)}
    return [message.text for message in by_id[query_id].messages]


def message_of(world: World, query_id: UUID) -> QueryMessage:
    """The one message of a question."""
    with world.db.read() as session:
        return session.scalars(select(QueryMessage).where(QueryMessage.query_id == query_id)).one()


def signed_by(world: World, query_id: UUID, team: OpenTeam, **changed: Any) -> bytes:
    """What the one message of a question would hold if a team really signed it with something changed in its body.

    Args:
        changed: other values of the body's fields; a field is left out for None.
    """
    query, record = rows_of(world, query_id)
    message = message_of(world, query_id)
    fields = {
        "record": str(record.id),
        "transfer": str(query.transfer_id),
        "school": str(record.organisation_id),
        "owner": query.owner,
        "asking_team": str(query.asking_team_id),
        "text": "Where do they live?",
        "section": "",
        "sent_at": "2027-06-03T09:30:00+00:00",
    } | changed
    return sign_body(query_id, message.id, team, canonical(_given(fields)))


def sign_body(query_id: UUID, message_id: UUID, team: OpenTeam, body: str) -> bytes:
    """What a message holds whose body a team signed, whatever the body is."""
    signature = messages.sign(team.secret.signing, query=query_id, message=message_id, body=body.encode())
    return json.dumps({"body": body, "key": str(team.key_id), "signature": signature.hex()}).encode()


def put(world: World, query_id: UUID, plaintext: bytes, *, name: str = "message") -> None:
    """Seal something else in place of the one message of a question, with all that can be made from public keys.

    Args:
        plaintext: what is sealed.
        name: the name of the key in the keyrings.
    """
    record = rows_of(world, query_id).record
    message_id = message_of(world, query_id).id
    part = parts.seal(binding=parts.binding_of(record, message_id), name="message", plaintext=plaintext)
    known = {team.id: team for team in readers_of(world, query_id)}
    with world.db.write() as session:
        session.get_one(QueryMessage, message_id).sealed = part.body
        for given in session.scalars(select(QueryKeyring).where(QueryKeyring.message_id == message_id)):
            given.keyring = keyrings.seal(
                known[given.team_id].kem_public, {name: part.key}, use=f"query {query_id} {message_id}"
            )


def copied_question(world: World, query_id: UUID, *, with_messages: bool, **columns: Any) -> UUID:
    """Insert a question that was never asked: another's rows under new ids, or its row alone.

    Args:
        columns: columns of the question's row that are other than in the one that is copied.
    """
    query = rows_of(world, query_id).query
    values = {column.key: getattr(query, column.key) for column in Query.__table__.columns}
    values.pop("id")
    with world.db.write() as session:
        copy = Query(**(values | columns))
        session.add(copy)
        session.flush()
        if with_messages:
            for message in session.scalars(
                select(QueryMessage).where(QueryMessage.query_id == query_id)
            ).all():
                again = QueryMessage(
                    query_id=copy.id,
                    from_team_id=message.from_team_id,
                    sent_at=message.sent_at,
                    sealed=message.sealed,
                )
                session.add(again)
                session.flush()
                for given in session.scalars(
                    select(QueryKeyring).where(QueryKeyring.message_id == message.id)
                ).all():
                    session.add(
                        QueryKeyring(
                            message_id=again.id,
                            team_id=given.team_id,
                            team_key_id=given.team_key_id,
                            keyring=given.keyring,
                        )
                    )
        return copy.id


def keys_sealed_to(world: World, team_id: UUID) -> int:
    """How many messages' keys are stored as sealed to a team's key, by the keys' own rows."""
    with world.db.read() as session:
        return len(session.scalars(select(QueryKeyring).where(QueryKeyring.team_id == team_id)).all())


def believed(world: World, actor: Actor, team_id: UUID) -> bool:
    """Whether somebody's session believes a team's key, so that only its part in a question is in doubt."""
    with world.db.read() as session:
        return team_id in trust_of(session, actor).current(session, [team_id])


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
