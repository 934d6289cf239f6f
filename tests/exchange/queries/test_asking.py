"""Questions: asked by a receiving team, answered by whoever wrote the section, closed by the asker."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.chains import events_of, kinds_of
from tests.exchange.coordinators import COLLEGE, acknowledges, opens
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound, NotReady, Refused
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.records.names import name_if_listed, name_of
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.store.models import OutboxMail, QueryMessage, Team, TeamKey, Transfer


def _sent(world: World) -> tuple[UUID, UUID]:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    [sent] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    open_transfer(db=world.db, actor=world.college_support, transfer_id=sent.transfer_id)
    return record_id, sent.transfer_id


def test_a_question_and_its_answer_are_read_on_both_sides(world: World) -> None:
    record_id, transfer_id = _sent(world)
    query_id = asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=transfer_id,
        text="Which bus?",
        section="transport",
    )
    [asked] = threads.queries(db=world.db, actor=world.senco, record_id=record_id)
    assert (asked.section, asked.other, asked.messages[0].text) == (
        "transport",
        "Northway College",
        "Which bus?",
    )
    assert name_of(db=world.db, actor=world.senco, record_id=asked.record_id) == "Amina Khan"
    assert threads.waiting([asked]) == [asked]
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")
    [answered] = threads.queries(db=world.db, actor=world.college_support)
    assert [message.text for message in answered.messages] == ["Which bus?", "The 22."]
    [track_state] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert track_state.state == "queried"
    asking.close(db=world.db, actor=world.college_support, query_id=query_id)
    [closed] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert closed.state == "received"


def test_a_question_to_the_safeguarding_team_is_read_by_it_alone(world: World) -> None:
    _, transfer_id = _sent(world)
    asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=transfer_id,
        text="Who do we ring?",
        owner="school_safeguarding",
    )
    assert threads.queries(db=world.db, actor=world.senco) == []
    [asked] = threads.queries(db=world.db, actor=world.safeguarding_lead)
    assert asked.messages[0].text == "Who do we ring?"


def test_nobody_else_reads_or_answers(world: World) -> None:
    _, transfer_id = _sent(world)
    query_id = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=transfer_id, text="Which bus?"
    )
    for actor in (world.other_senco, world.safeguarding_lead, world.college_exams, world.coach):
        assert threads.queries(db=world.db, actor=actor) == []
        with pytest.raises(NotFound):
            asking.reply(db=world.db, actor=actor, query_id=query_id, text="Me too")
    with world.db.read() as session:
        [message] = session.scalars(select(QueryMessage))
        assert b"Which bus" not in message.sealed


@pytest.mark.parametrize("text", ["", "   ", "a" * 4001])
def test_an_empty_or_endless_message_is_refused_at_its_field(world: World, text: str) -> None:
    _, transfer_id = _sent(world)
    with pytest.raises(Refused) as caught:
        asking.ask(db=world.db, actor=world.college_support, transfer_id=transfer_id, text=text)
    assert caught.value.fields["text"]


def _ask(world: World, sent: SentRecord, text: str = "Which bus?", **more: Any) -> UUID:
    given: dict[str, Any] = {"actor": world.college_support, "transfer_id": sent.transfer_id}
    return asking.ask(db=world.db, text=text, **(given | more))


def _state(world: World, sent: SentRecord) -> str:
    with world.db.read() as session:
        return session.get_one(Transfer, sent.transfer_id).state


def test_only_a_team_that_got_the_pack_asks(world: World, sent: SentRecord) -> None:
    world.team("Northway College", "Late team", "learning_support")
    late = world.person("late", "Northway College", "Late team")
    for actor, refusal in ((late, NotFound), (world.coach, NotFound), (world.senco, NotFound)):
        with pytest.raises(refusal):
            _ask(world, sent, actor=actor)
    with pytest.raises(NotFound):
        _ask(world, sent, owner="admissions")
    assert _state(world, sent) == "sent"


def test_a_message_is_kept_without_the_blanks_around_it(world: World, sent: SentRecord) -> None:
    _ask(world, sent, "  Which bus?\n")
    (query,) = threads.queries(db=world.db, actor=world.senco)
    assert [message.text for message in query.messages] == ["Which bus?"]
    assert "bus" not in repr(query)


def test_each_side_sees_whose_words_they_are_and_whose_turn_it_is(world: World, sent: SentRecord) -> None:
    query_id = _ask(world, sent)
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")
    (asked,) = threads.queries(db=world.db, actor=world.college_support)
    (answered,) = threads.queries(db=world.db, actor=world.senco)
    assert [message.own for message in asked.messages] == [True, False]
    assert [message.own for message in answered.messages] == [False, True]
    assert [message.from_team for message in asked.messages] == ["Learning support", "Transition team"]
    assert (asked.ours, asked.other) == (False, "Ashdown School")
    assert (answered.ours, answered.other) == (True, "Northway College")
    assert threads.waiting([asked]) == [asked]
    assert threads.waiting([answered]) == []


def test_only_the_asking_team_closes_and_after_that_nobody_adds_a_word(
    world: World, sent: SentRecord
) -> None:
    query_id = _ask(world, sent)
    for actor in (world.senco, world.college_admissions, world.coordinator):
        with pytest.raises(NotFound):
            asking.close(db=world.db, actor=actor, query_id=query_id)
    asking.close(db=world.db, actor=world.college_support, query_id=query_id)
    for actor in (world.senco, world.college_support):
        with pytest.raises(Refused, match="closed"):
            asking.reply(db=world.db, actor=actor, query_id=query_id, text="One more thing")
    (closed,) = threads.queries(db=world.db, actor=world.senco)
    assert closed.closed_at is not None
    assert threads.waiting([closed]) == []


def test_a_question_takes_the_acknowledgement_back_until_the_last_one_is_closed(
    world: World, sent: SentRecord
) -> None:
    acknowledges(world, sent.record_id, *COLLEGE)
    assert _state(world, sent) == "acknowledged"
    questions = [_ask(world, sent), _ask(world, sent, "And lunch?", owner="school_safeguarding")]
    assert _state(world, sent) == "queried"
    asking.close(db=world.db, actor=world.college_support, query_id=questions[0])
    assert _state(world, sent) == "queried"
    asking.close(db=world.db, actor=world.college_support, query_id=questions[1])
    assert _state(world, sent) == "acknowledged"


def test_an_older_version_that_a_team_never_acknowledged_keeps_nothing_back(
    world: World, sent: SentRecord
) -> None:
    opens(world, sent.record_id, *COLLEGE)
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    acknowledges(world, sent.record_id, *COLLEGE)
    with world.db.read() as session:
        acknowledged_at = session.get_one(Transfer, sent.transfer_id).acknowledged_at
    asking.close(db=world.db, actor=world.college_support, query_id=_ask(world, sent))
    assert _state(world, sent) == "acknowledged"
    with world.db.read() as session:
        assert session.get_one(Transfer, sent.transfer_id).acknowledged_at == acknowledged_at


def test_a_question_about_a_pack_that_nobody_opened_leaves_it_unopened(
    world: World, sent: SentRecord
) -> None:
    asking.close(db=world.db, actor=world.college_support, query_id=_ask(world, sent))
    assert _state(world, sent) == "sent"


def test_the_other_side_hears_of_it_by_a_notice_and_the_chain_by_an_event(
    world: World, sent: SentRecord
) -> None:
    query_id = _ask(world, sent)
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")
    asking.close(db=world.db, actor=world.college_support, query_id=query_id)
    with world.db.read() as session:
        mails = {
            mail.template: mail.to_address
            for mail in session.scalars(select(OutboxMail).where(OutboxMail.template.endswith("_waiting")))
            if mail.template != "packs_waiting"
        }
        addresses = [
            session.get_one(Team, team.row.id).notification_email
            for team in (world.school.teams["Transition team"], world.college.teams["Learning support"])
        ]
    assert mails == {"questions_waiting": addresses[0], "answers_waiting": addresses[1]}
    assert kinds_of(world.db, world.college.id) == ["query.asked", "query.closed"]
    event = events_of(world.db, world.school.id)[-1]
    assert event.about == {"query": str(query_id), "transfer": str(sent.transfer_id)}


def test_open_questions_come_first_then_the_newest_and_may_be_narrowed(
    world: World, sent: SentRecord
) -> None:
    other = world.sent("Ben", "Stone")
    first, second = _ask(world, sent, "First?"), _ask(world, sent, "Second?")
    third = _ask(world, other, "Third?")
    asking.close(db=world.db, actor=world.college_support, query_id=third)

    def ids(**narrowed: UUID) -> list[UUID]:
        return [query.id for query in threads.queries(db=world.db, actor=world.senco, **narrowed)]

    assert ids() == [second, first, third]
    assert ids(transfer_id=other.transfer_id) == ids(record_id=other.record_id) == [third]
    assert ids(record_id=sent.record_id) == [second, first]


def test_a_team_whose_key_nobody_believes_is_not_written_to(world: World, sent: SentRecord) -> None:
    query_id = _ask(world, sent)
    with world.db.write() as session:
        for place, team in (("Ashdown School", "Transition team"), ("Northway College", "Learning support")):
            session.get_one(TeamKey, world.places[place].teams[team].key_id).confirmation = None
    with pytest.raises(NotReady, match="school"):
        _ask(world, sent)
    with pytest.raises(NotReady, match="college"):
        asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")


def test_the_learner_is_named_from_a_card_of_ones_own_teams(world: World, sent: SentRecord) -> None:
    _ask(world, sent)
    (query,) = threads.queries(db=world.db, actor=world.senco)
    for actor, name in (
        (world.senco, "Amina Khan"),
        (world.college_support, "Amina Khan"),
        (world.other_senco, ""),
    ):
        assert name_if_listed(db=world.db, actor=actor, record_id=query.record_id) == name
