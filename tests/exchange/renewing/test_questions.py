"""Questions after a change of key: both sides read them as before, and nobody who has left opens a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.exchange.queries import forged
from tests.exchange.queries.forged import texts
from tests.exchange.renewing.changed_keys import due, noted, only_newest, renew
from tests.exchange.walks.opened import opened_by
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.queries.messages import message_keys, read_message, sign_and_seal
from transition_exchange.exchange.renewing import progress, questions
from transition_exchange.store.models import Query, QueryKeyring, QueryMessage, TeamKey

SCHOOL, OFFICE = "Ashdown School", "Transition team"
COLLEGE, SUPPORT = "Northway College", "Learning support"
THREAD = ["What helps?", "A quiet room.", "Which one?"]


@pytest.fixture
def thread(world: World, query_id: UUID) -> UUID:
    """A question of the college, an answer of the school, and another message of the college."""
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text=THREAD[1])
    asking.reply(db=world.db, actor=world.college_support, query_id=query_id, text=THREAD[2])
    return query_id


def _messages_opened(world: World, actor: Actor) -> list[str]:
    return [place for place in opened_by(world, actor.teams[0].secret) if place.startswith("query ")]


def _rows(world: World, query_id: UUID) -> list[tuple[UUID, UUID, datetime]]:
    """What the rows of a question's messages show."""
    with world.db.read() as session:
        rows = session.scalars(
            select(QueryMessage).where(QueryMessage.query_id == query_id).order_by(QueryMessage.sent_at)
        )
        return [(row.id, row.from_team_id, row.sent_at) for row in rows]


def _signed_with(world: World, actor: Actor, query_id: UUID) -> list[UUID]:
    """The keys that signed a question's messages, the oldest message first."""
    query, record = forged.rows_of(world, query_id)
    with world.db.read() as session:
        rows = session.scalars(
            select(QueryMessage).where(QueryMessage.query_id == query_id).order_by(QueryMessage.sent_at)
        ).all()
        read = [
            read_message(
                session,
                actor=actor,
                trust=trust_of(session, actor),
                record=record,
                query=query,
                message=row,
            )
            for row in rows
        ]
    return [message.team.key_id for message in read if message.team]


def _shown(world: World, actor: Actor) -> list[tuple[str, str, bool, datetime]]:
    (query,) = threads.queries(db=world.db, actor=actor)
    return [(message.text, message.from_team, message.own, message.sent_at) for message in query.messages]


@pytest.mark.parametrize(
    ("place", "team", "person", "own"),
    [(SCHOOL, OFFICE, "senco", [1]), (COLLEGE, SUPPORT, "college_support", [0, 2])],
    ids=["the team that answers", "the team that asks"],
)
def test_both_sides_read_a_thread_as_before_and_who_left_opens_nothing_of_it(
    world: World, thread: UUID, place: str, team: str, person: str, own: list[int]
) -> None:
    leaver, before, rows = world.people[person], _shown(world, world.people[person]), _rows(world, thread)
    signed = _signed_with(world, world.people[person], thread)
    assert len(_messages_opened(world, leaver)) == 3
    world.new_key(place, team)
    actor = world.people[person]
    assert due(world, questions, actor) == [message_id for message_id, *_ in rows]
    assert renew(world, questions, actor) == 0
    assert due(world, questions, actor) == []
    assert _messages_opened(world, leaver) == []
    assert _rows(world, thread) == rows
    newest = only_newest(actor)
    assert _shown(world, actor) == _shown(world, newest) == before
    for reader in (world.senco, world.college_support):
        assert texts(world, reader, thread) == THREAD
    expected = [actor.teams[0].key_id if at in own else key_id for at, key_id in enumerate(signed)]
    assert _signed_with(world, newest, thread) == expected
    assert noted(world, actor) == [{"what": "messages", "count": 3}]
    asking.reply(db=world.db, actor=newest, query_id=thread, text="Thank you")
    assert _messages_opened(world, leaver) == []


def test_the_older_part_key_of_an_own_message_opens_it_no_longer(world: World, query_id: UUID) -> None:
    before = forged.message_of(world, query_id).sealed
    world.new_key(COLLEGE, SUPPORT)
    assert renew(world, questions, world.college_support) == 0
    after = forged.message_of(world, query_id).sealed
    assert after != before
    with world.db.read() as session:
        for given in session.scalars(select(QueryKeyring)):
            key = session.get_one(TeamKey, given.team_key_id)
            newest = select(func.max(TeamKey.version)).where(TeamKey.team_id == key.team_id)
            assert key.version == session.scalar(newest)


def test_what_is_interrupted_is_carried_on_and_two_members_may_do_it_at_once(
    world: World, thread: UUID
) -> None:
    world.new_key(COLLEGE, SUPPORT)
    every = due(world, questions, world.college_support)
    assert renew(world, questions, world.college_support, every[:1]) == 0
    assert due(world, questions, world.college_support) == every[1:]
    assert texts(world, world.college_support, thread) == texts(world, world.senco, thread) == THREAD
    assert renew(world, questions, world.college_support, every) == 0, "a colleague who began before"
    assert due(world, questions, world.college_support) == []
    assert [about["count"] for about in noted(world, world.college_support)] == [1, 2]
    assert texts(world, world.college_support, thread) == texts(world, world.senco, thread) == THREAD


def test_both_sides_may_do_it_at_once(world: World, thread: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """The college signs its messages anew while the school seals the older keys of the same messages to itself."""
    world.new_key(COLLEGE, SUPPORT)
    world.new_key(SCHOOL, OFFICE)
    done: list[UUID] = []

    def read_then_wait(
        session: Session, *, actor: Actor, message: QueryMessage
    ) -> Mapping[str, bytes] | None:
        keys = message_keys(session, actor=actor, message=message)
        if not done:
            done.append(message.id)
            assert renew(world, questions, world.college_support) == 0
        return keys

    monkeypatch.setattr("transition_exchange.exchange.renewing.questions.message_keys", read_then_wait)
    assert renew(world, questions, world.senco) == 0
    assert done == [_rows(world, thread)[0][0]], "a message of the college"
    for actor in (world.senco, world.college_support):
        assert due(world, questions, actor) == []
        assert texts(world, only_newest(actor), thread) == THREAD
        assert set(_signed_with(world, actor, thread)) == {
            world.senco.teams[0].key_id,
            world.college_support.teams[0].key_id,
        }


def test_a_colleague_who_was_quicker_is_not_overwritten(
    world: World, query_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hold a newer key already, which this session does not."""
    world.new_key(SCHOOL, OFFICE)
    quicker: list[QueryKeyring] = []

    def own_keyring() -> QueryKeyring:
        with world.db.read() as session:
            team_id = world.senco.teams[0].id
            return session.scalars(select(QueryKeyring).where(QueryKeyring.team_id == team_id)).one()

    def read_late(session: Session, *, actor: Actor, message: QueryMessage) -> Mapping[str, bytes] | None:
        keys = message_keys(session, actor=actor, message=message)
        if not quicker:
            monkeypatch.undo()
            world.new_key(SCHOOL, OFFICE)
            assert renew(world, questions, world.senco) == 0
            quicker.append(own_keyring())
        return keys

    monkeypatch.setattr("transition_exchange.exchange.renewing.questions.message_keys", read_late)
    assert renew(world, questions, world.senco) == 0
    now = own_keyring()
    assert (now.team_key_id, now.keyring) == (world.senco.teams[0].key_id, quicker[0].keyring)
    assert len(noted(world, world.senco)) == 1
    assert texts(world, only_newest(world.senco), query_id) == THREAD[:1]


def test_a_message_that_changed_while_it_was_signed_anew_stays(
    world: World, query_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.new_key(COLLEGE, SUPPORT)
    ids = due(world, questions, world.college_support)
    colleagues: list[bytes] = []

    def sign_late(**message: Any) -> tuple[bytes, list[QueryKeyring]]:
        monkeypatch.undo()
        assert renew(world, questions, world.college_support, ids) == 0
        colleagues.append(forged.message_of(world, query_id).sealed)
        return sign_and_seal(**message)

    monkeypatch.setattr("transition_exchange.exchange.renewing.questions.sign_and_seal", sign_late)
    assert renew(world, questions, world.college_support, ids) == 0
    assert colleagues == [forged.message_of(world, query_id).sealed]
    assert len(noted(world, world.college_support)) == 1
    assert texts(world, world.senco, query_id) == texts(world, world.college_support, query_id) == THREAD[:1]


def test_a_damaged_message_is_counted_left_and_spoils_no_other(world: World, thread: UUID) -> None:
    world.new_key(COLLEGE, SUPPORT)
    (_, answered, _) = due(world, questions, world.college_support)
    with world.db.write() as session:
        session.execute(update(QueryMessage).where(QueryMessage.id == answered).values(sealed=b"x" * 1100))
    assert renew(world, questions, world.college_support) == 1
    assert due(world, questions, world.college_support) == [answered]
    assert texts(world, world.senco, thread)[::2] == THREAD[::2]


def test_a_reader_whose_key_is_not_believed_keeps_the_message(world: World, thread: UUID) -> None:
    """Both sides change their keys at once. The college finishes first, and its key before is retired."""
    world.new_key(COLLEGE, SUPPORT)
    world.new_key(SCHOOL, OFFICE)
    with world.db.write() as session:
        new = session.get_one(TeamKey, world.senco.teams[0].key_id)
        signature, new.succession_signature = new.succession_signature, b""
    steps = [progress.carry_on(db=world.db, actor=world.college_support) for _ in range(6)]
    assert steps[-1] == progress.Progress(0)
    assert due(world, questions, world.college_support) == []
    assert texts(world, only_newest(world.college_support), thread) == THREAD
    assert texts(world, world.senco, thread) == THREAD
    with world.db.write() as session:
        session.get_one(TeamKey, new.id).succession_signature = signature
    assert renew(world, questions, world.senco) == 0
    assert texts(world, only_newest(world.senco), thread) == THREAD


def test_the_second_team_that_answers_keeps_it_too(world: World, sent: SentRecord) -> None:
    world.team(SCHOOL, "Office", "transition")
    world.person("clerk", SCHOOL, "Office")
    query_id = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text=THREAD[0]
    )
    world.new_key(SCHOOL, "Office")
    world.new_key(COLLEGE, SUPPORT)
    with world.db.write() as session:
        new = session.get_one(TeamKey, world.clerk.teams[0].key_id)
        new.succession_signature = b""
    assert renew(world, questions, world.college_support) == 0
    for actor in (world.senco, world.clerk, only_newest(world.college_support)):
        assert texts(world, actor, query_id) == THREAD[:1]


def test_a_question_that_somebody_moved_is_sealed_to_nobody_else(world: World, query_id: UUID) -> None:
    """Whoever writes to the database may name another team as the one that asked. The signed message does not."""
    world.new_key(SCHOOL, OFFICE)
    with world.db.write() as session:
        session.get_one(Query, query_id).asking_team_id = world.college_admissions.teams[0].id
    assert renew(world, questions, world.senco) == 1
    assert _messages_opened(world, world.college_admissions) == []


def test_nothing_is_due_for_anybody_else(world: World, sent: SentRecord, query_id: UUID) -> None:
    assert due(world, questions, world.college_support) == []
    world.new_key(COLLEGE, SUPPORT)
    for actor in (world.senco, world.college_admissions, only_newest(world.college_support)):
        assert due(world, questions, actor) == []
        assert renew(world, questions, actor, due(world, questions, world.college_support)) == 0
    assert renew(world, questions, world.college_support, [uuid4()]) == 0
    assert len(due(world, questions, world.college_support)) == 1
