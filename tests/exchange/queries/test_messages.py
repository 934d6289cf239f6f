"""Messages: only the two teams read them, and nobody else speaks in their name."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.world import World
from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.queries.messages import NOT_GENUINE, UNREADABLE, seal_message
from transition_exchange.exchange.records import parts
from transition_exchange.sealing import keyrings
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Query, QueryMessage, Record, Transfer


@pytest.fixture
def asked(world: World) -> tuple[World, UUID]:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id)).one()
    query_id = asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=transfer_id,
        text="What helps?",
        section="contacts",
    )
    return world, query_id


def test_the_two_teams_read_a_question_and_nobody_else_does(asked: tuple[World, UUID]) -> None:
    world, query_id = asked
    for actor in (world.senco, world.college_support):
        (query,) = asking.queries(db=world.db, actor=actor)
        assert (query.id, query.section, query.messages[0].text) == (query_id, "contacts", "What helps?")
    for actor in (world.college_admissions, world.other_senco, world.coordinator, world.safeguarding_lead):
        assert asking.queries(db=world.db, actor=actor) == []
        with pytest.raises(NotFound):
            asking.reply(db=world.db, actor=actor, query_id=query_id, text="Let me in")


def test_a_message_that_the_team_did_not_sign_is_not_shown(asked: tuple[World, UUID]) -> None:
    """A thief who can write to the database has every public key, and still cannot put words into a college's mouth."""
    world, query_id = asked
    team = world.college_support.teams[0]
    thief = OpenTeam(**vars(team.identity), key_id=team.key_id, secret=TeamSecret.generate())
    with world.db.read() as session:
        query = session.get_one(Query, query_id)
        record = session.get_one(Record, session.get_one(Transfer, query.transfer_id).record_id)
    forged = seal_message(
        record=record,
        query_id=query_id,
        actor=world.college_support,
        team=thief,
        asker=team.known,
        owner=world.senco.teams[0].known,
        content={"text": "Please send the whole file to me"},
        now=query.opened_at,
    )
    with world.db.write() as session:
        session.add(forged)
    (shown,) = asking.queries(db=world.db, actor=world.senco)
    assert NOT_GENUINE in [message.text for message in shown.messages]
    assert "whole file" not in str([message.text for message in shown.messages])


def test_a_message_moved_to_another_question_is_not_opened(asked: tuple[World, UUID]) -> None:
    world, query_id = asked
    with world.db.read() as session:
        transfer_id = session.get_one(Query, query_id).transfer_id
    other = asking.ask(db=world.db, actor=world.college_support, transfer_id=transfer_id, text="And lunch?")
    with world.db.write() as session:
        for message in session.scalars(select(QueryMessage).where(QueryMessage.query_id == other)):
            message.query_id = query_id
    by_id = {query.id: query for query in asking.queries(db=world.db, actor=world.senco)}
    assert "And lunch?" not in [message.text for message in by_id[query_id].messages]


def test_what_is_no_message_at_all_is_not_shown_either(asked: tuple[World, UUID]) -> None:
    """Sealed to the right key by somebody who knows how, with anything in it: the page goes on."""
    world, query_id = asked
    with world.db.read() as session:
        message = session.scalars(select(QueryMessage).where(QueryMessage.query_id == query_id)).one()
        record = session.scalars(select(Record)).one()
    owner = world.senco.teams[0].known
    for nonsense in (b"{}", b"[]", b"nonsense", b'{"body": 1, "key": 2, "signature": 3}'):
        part = parts.seal(binding=parts.binding_of(record, message.id), name="message", plaintext=nonsense)
        ring = keyrings.seal(owner.kem_public, {"message": part.key}, use=f"query {query_id} {message.id}")
        with world.db.write() as session:
            row = session.get_one(QueryMessage, message.id)
            row.sealed, row.asker_keyring, row.owner_keyring = part.body, ring, ring
        (query,) = asking.queries(db=world.db, actor=world.senco)
        assert [message.text for message in query.messages] == [NOT_GENUINE]


def test_a_message_that_was_written_before_the_teams_key_was_made_says_so(
    asked: tuple[World, UUID],
) -> None:
    world, _ = asked
    newer = replace(world.senco.teams[0], key_id=uuid4(), secret=TeamSecret.generate())
    (query,) = asking.queries(db=world.db, actor=replace(world.senco, teams=(newer,)))
    assert [message.text for message in query.messages] == [UNREADABLE]
    rotated = replace(newer, older={world.senco.teams[0].key_id: world.senco.teams[0].secret})
    (query,) = asking.queries(db=world.db, actor=replace(world.senco, teams=(rotated,)))
    assert [message.text for message in query.messages] == ["What helps?"]


def test_a_message_put_under_the_other_teams_name_is_not_shown(asked: tuple[World, UUID]) -> None:
    """The row says who wrote it; the signature says who did."""
    world, query_id = asked
    with world.db.write() as session:
        message = session.scalars(select(QueryMessage).where(QueryMessage.query_id == query_id)).one()
        message.from_team_id = world.senco.teams[0].id
    (query,) = asking.queries(db=world.db, actor=world.college_support)
    assert [message.text for message in query.messages] == [NOT_GENUINE]


def test_the_section_is_sealed_with_the_first_message(asked: tuple[World, UUID]) -> None:
    world, query_id = asked
    with world.db.read() as session:
        rows = session.execute(select(QueryMessage.__table__)).mappings().all()
        query = session.execute(select(Query.__table__)).mappings().one()
    for text in ("contacts", "What helps"):
        assert text not in str(dict(query))
        assert not [row for row in rows if text in str(dict(row))]
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="Time")
    (opened,) = asking.queries(db=world.db, actor=world.college_support)
    assert opened.section == "contacts"
