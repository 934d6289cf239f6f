"""Questions with their answers: whose words they are, in which order, and what is not certain."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from tests.exchange.queries import forged
from tests.exchange.sixth_forms import SCHOOL, add_hill_school, send_to_itself
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.queries.messages import DAMAGED
from transition_exchange.store.models import Organisation, Query, QueryMessage, Team


def test_open_questions_come_first_then_the_newest_and_may_be_narrowed(
    world: World, sent: SentRecord
) -> None:
    other = world.sent("Ben", "Stone")
    first, second, third = (
        asking.ask(db=world.db, actor=world.college_support, transfer_id=transfer_id, text=text)
        for transfer_id, text in (
            (sent.transfer_id, "First?"),
            (sent.transfer_id, "Second?"),
            (other.transfer_id, "Third?"),
        )
    )
    asking.close(db=world.db, actor=world.college_support, query_id=third)

    def ids(**narrowed: UUID) -> list[UUID]:
        return [query.id for query in threads.queries(db=world.db, actor=world.senco, **narrowed)]

    assert ids() == [second, first, third]
    assert ids(transfer_id=other.transfer_id) == ids(record_id=other.record_id) == [third]
    assert ids(record_id=sent.record_id) == [second, first]


def test_each_side_sees_whose_words_they_are_and_whose_turn_it_is(world: World, query_id: UUID) -> None:
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")
    (asked,) = threads.queries(db=world.db, actor=world.college_support)
    (answered,) = threads.queries(db=world.db, actor=world.senco)
    assert [message.own for message in asked.messages] == [True, False]
    assert [message.own for message in answered.messages] == [False, True]
    for query in (asked, answered):
        assert [message.from_team for message in query.messages] == ["Learning support", "Transition team"]
        assert [message.from_organisation for message in query.messages] == [
            "Northway College",
            "Ashdown School",
        ]
    assert (asked.ours, asked.other, asked.certain) == (False, "Ashdown School", True)
    assert (answered.ours, answered.other, answered.certain) == (True, "Northway College", True)
    assert threads.waiting([asked]) == [asked]
    assert threads.waiting([answered]) == []


def test_names_are_those_that_were_confirmed_whatever_the_rows_say(world: World, query_id: UUID) -> None:
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="Time")
    with world.db.write() as session:
        session.execute(update(Team).values(name="Evil team"))
        session.execute(update(Organisation).values(name="Evil College"))
    (answered,) = threads.queries(db=world.db, actor=world.senco)
    (asked,) = threads.queries(db=world.db, actor=world.college_support)
    assert (answered.other, asked.other) == ("Northway College", "Ashdown School")
    for query in (answered, asked):
        assert [(message.from_team, message.from_organisation) for message in query.messages] == [
            ("Learning support", "Northway College"),
            ("Transition team", "Ashdown School"),
        ]


def test_messages_stand_in_the_order_in_which_they_were_signed(world: World, query_id: UUID) -> None:
    """Turning the rows' times makes no answer out of a question, and shows no other time."""
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="Time")
    with world.db.write() as session:
        rows = session.scalars(select(QueryMessage).order_by(QueryMessage.sent_at)).all()
        signed = [row.sent_at for row in rows]
        rows[0].sent_at += timedelta(days=30)
        session.get_one(Query, query_id).opened_at += timedelta(days=30)
    (query,) = threads.queries(db=world.db, actor=world.senco)
    assert [(message.text, message.sent_at) for message in query.messages] == list(
        zip(("What helps?", "Time"), signed, strict=True)
    )
    assert query.opened_at == signed[0]
    assert threads.waiting([query]) == []


def test_a_damaged_message_stands_among_the_others(world: World, query_id: UUID) -> None:
    forged.speak(world, query_id, actor=world.coach)
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="Time")
    for actor, own in ((world.senco, [False, False, True]), (world.college_support, [True, False, False])):
        (query,) = threads.queries(db=world.db, actor=actor)
        assert [message.text for message in query.messages] == ["What helps?", DAMAGED, "Time"]
        assert [message.certain for message in query.messages] == [True, False, True]
        assert [message.own for message in query.messages] == own
        assert query.certain


def test_a_question_that_a_row_puts_into_a_teams_mouth_is_not_certain(world: World, query_id: UUID) -> None:
    """Alone, or with another question's messages, it names no college, waits for nobody and was asked by nobody."""
    for with_messages in (False, True):
        copy = forged.copied_question(world, query_id, with_messages=with_messages)
        for actor in (world.senco, world.college_support):
            shown = {query.id: query for query in threads.queries(db=world.db, actor=actor)}
            query = shown[copy]
            assert (query.certain, query.other, query.section) == (False, "", "")
            assert [message.text for message in query.messages] == [DAMAGED] * with_messages
            assert shown[query_id].certain
            assert copy not in {waiting.id for waiting in threads.waiting(list(shown.values()))}


def test_a_schools_answer_does_not_make_a_question_certain(world: World, query_id: UUID) -> None:
    copy = forged.copied_question(world, query_id, with_messages=False)
    forged.speak(world, copy, actor=world.senco, text="Time")
    (shown,) = (query for query in threads.queries(db=world.db, actor=world.senco) if query.id == copy)
    assert [(message.text, message.own) for message in shown.messages] == [("Time", True)]
    assert (shown.certain, shown.other) == (False, "")


def test_a_section_is_the_one_that_the_asking_team_named(world: World, query_id: UUID) -> None:
    forged.put(
        world, query_id, forged.signed_by(world, query_id, world.senco.teams[0], section="safeguarding")
    )
    for actor in (world.senco, world.college_support):
        (query,) = threads.queries(db=world.db, actor=actor)
        assert (query.section, query.certain) == ("", False)


def test_the_school_answers_with_all_its_teams_of_the_purpose_the_oldest_first(
    world: World, sent: SentRecord, query_id: UUID
) -> None:
    world.team("Ashdown School", "Second transition team", "transition")
    world.team("Ashdown School", "Team without a call", "transition", confirmed=False)
    record = forged.rows_of(world, query_id).record
    with world.db.read() as session:
        for actor in (world.senco, world.college_support):
            answering = threads.answering_teams(
                session,
                trust=trust_of(session, actor),
                record=record,
                owner="transition",
            )
            assert [team.name for team in answering] == ["Transition team", "Second transition team"]


def test_a_team_answers_although_somebody_has_moved_its_row(world: World, query_id: UUID) -> None:
    """Its answer must be readable by itself, so its own key is not left out."""
    with world.db.write() as session:
        session.get_one(Team, world.senco.teams[0].id).organisation_id = world.college.id
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="Time")
    for actor in (world.senco, world.college_support):
        (query,) = threads.queries(db=world.db, actor=actor)
        assert [message.text for message in query.messages] == ["What helps?", "Time"]


def test_in_a_school_that_asks_itself_each_side_is_named_by_its_team(world: World) -> None:
    add_hill_school(world)
    own = send_to_itself(world, SCHOOL, world.hill_senco)
    query_id = asking.ask(
        db=world.db, actor=world.hill_support, transfer_id=own.transfer_id, text="What helps?"
    )
    asking.reply(db=world.db, actor=world.hill_senco, query_id=query_id, text="Time")
    for actor, sides in ((world.hill_support, [True, False]), (world.hill_senco, [False, True])):
        (query,) = threads.queries(db=world.db, actor=actor)
        assert [message.own for message in query.messages] == sides
        assert [message.from_team for message in query.messages] == ["Sixth form support", "Transition"]
        assert (query.other, query.certain) == (SCHOOL, True)
