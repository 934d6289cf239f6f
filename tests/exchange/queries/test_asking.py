"""Questions: asked by a receiving team, answered by whoever wrote the section, closed by the asker."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange.chains import events_of, kinds_of
from tests.exchange.coordinators import COLLEGE, acknowledges, opens
from tests.exchange.queries import forged
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound, NotReady, Refused, Tampered
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.queries.messages import DAMAGED, UNREADABLE
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.records.names import name_if_listed
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.store.models import OutboxMail, Query, QueryMessage, Record, Team, TeamKey, Transfer


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
    assert name_if_listed(db=world.db, actor=world.senco, record_id=asked.record_id) == "Amina Khan"
    assert threads.waiting([asked]) == [asked]
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")
    [answered] = threads.queries(db=world.db, actor=world.college_support)
    assert [message.text for message in answered.messages] == ["Which bus?", "The 22."]
    [track_state] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    assert track_state.state == "received", "it was answered"
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


def _second_team(world: World, purpose: str) -> Actor:
    """Somebody of another team of the school with the same purpose."""
    world.team("Ashdown School", "Second team", purpose)
    return world.person("second", "Ashdown School", "Second team")


@pytest.mark.parametrize(
    ("owner", "first"), [("transition", "senco"), ("school_safeguarding", "safeguarding_lead")]
)
def test_each_of_two_teams_of_a_school_gets_the_question_and_can_answer(
    world: World, owner: str, first: str
) -> None:
    """One school may have two teams that write the same sections. Neither is picked in place of the other."""
    both = (world.people[first], _second_team(world, owner))
    sent = world.sent()
    query_id = _ask(world, sent, owner=owner)
    with world.db.read() as session:
        told = set(
            session.scalars(select(OutboxMail.to_address).where(OutboxMail.template == "questions_waiting"))
        )
        assert told == {session.get_one(Team, actor.teams[0].id).notification_email for actor in both}
    for actor in both:
        (query,) = threads.queries(db=world.db, actor=actor)
        assert [message.text for message in query.messages] == ["Which bus?"]
        assert threads.waiting([query]) == [query]
    for actor, text in zip(both, ("The 22.", "From the station."), strict=True):
        asking.reply(db=world.db, actor=actor, query_id=query_id, text=text)
    asking.reply(db=world.db, actor=world.college_support, query_id=query_id, text="Thank you both")
    names = [actor.teams[0].name for actor in both]
    for actor, sides in (
        *((actor, [False, True, True, False]) for actor in both),
        (world.college_support, [True, False, False, True]),
    ):
        (query,) = threads.queries(db=world.db, actor=actor)
        assert [message.text for message in query.messages] == [
            "Which bus?",
            "The 22.",
            "From the station.",
            "Thank you both",
        ]
        assert [message.own for message in query.messages] == sides
        assert [message.from_team for message in query.messages] == [
            "Learning support",
            *names,
            "Learning support",
        ]


def test_a_team_that_is_ready_later_reads_what_is_written_from_then_on(
    world: World, sent: SentRecord
) -> None:
    query_id = _ask(world, sent)
    second = _second_team(world, "transition")
    (query,) = threads.queries(db=world.db, actor=second)
    assert ([message.text for message in query.messages], query.certain) == ([UNREADABLE], False)
    with pytest.raises(Refused, match="not certain"):
        asking.reply(db=world.db, actor=second, query_id=query_id, text="The 22.")
    asking.reply(db=world.db, actor=world.college_support, query_id=query_id, text="Once more: which bus?")
    asking.reply(db=world.db, actor=second, query_id=query_id, text="The 22.")
    (query,) = threads.queries(db=world.db, actor=world.college_support)
    assert [(message.text, message.from_team) for message in query.messages][2:] == [
        ("The 22.", "Second team")
    ]


@pytest.mark.parametrize("place", ["Northway College", "Riverside Boxing"])
def test_an_answer_goes_to_no_team_that_only_the_questions_row_names(
    world: World, sent: SentRecord, place: str
) -> None:
    """The writer is in a confirmed team that does not have the record, and puts it in the asking team's place."""
    query_id = _ask(world, sent)
    world.team(place, "Late team", "learning_support")
    late = world.person("late", place, "Late team")
    with world.db.write() as session:
        session.get_one(Query, query_id).asking_team_id = late.teams[0].id
    for speaks in (False, True):
        if speaks:
            forged.speak(world, query_id, actor=late)
        before = forged.keys_sealed_to(world, late.teams[0].id)
        for actor in (world.senco, late):
            with pytest.raises(Refused, match="not certain"):
                asking.reply(db=world.db, actor=actor, query_id=query_id, text="The 22.")
        assert forged.keys_sealed_to(world, late.teams[0].id) == before


def test_what_a_college_writes_goes_to_no_school_that_only_the_records_row_names(
    world: World, sent: SentRecord
) -> None:
    query_id = _ask(world, sent)
    other = world.other_senco.teams[0].id
    with world.db.write() as session:
        session.get_one(Record, sent.record_id).organisation_id = world.places["Beech Lane School"].id
    assert forged.believed(world, world.college_support, other)
    with pytest.raises(Refused, match="not certain"):
        asking.reply(db=world.db, actor=world.college_support, query_id=query_id, text="Also: lunch?")
    with pytest.raises(Tampered):
        _ask(world, sent, "And lunch?")
    assert forged.keys_sealed_to(world, other) == 0


def test_a_question_that_was_only_inserted_is_not_answered(world: World, sent: SentRecord) -> None:
    query_id = _ask(world, sent)
    for with_messages in (False, True):
        copy = forged.copied_question(world, query_id, with_messages=with_messages)
        for actor in (world.senco, world.college_support):
            with pytest.raises(Refused, match="not certain"):
                asking.reply(db=world.db, actor=actor, query_id=copy, text="The 22.")
        asking.close(db=world.db, actor=world.college_support, query_id=copy)
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")


def test_a_damaged_message_keeps_nobody_from_answering(world: World, sent: SentRecord) -> None:
    query_id = _ask(world, sent)
    forged.speak(world, query_id, actor=world.coach)
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.")
    (query,) = threads.queries(db=world.db, actor=world.college_support)
    assert [message.text for message in query.messages] == ["Which bus?", DAMAGED, "The 22."]


def test_an_answer_goes_only_to_whom_the_page_named(world: World, query_id: UUID) -> None:
    (shown,) = threads.queries(db=world.db, actor=world.senco)
    other = world.college.teams["Admissions"].row.id
    with world.db.write() as session:
        row = session.get_one(Query, query_id)
        row.asking_team_id, before = other, row.asking_team_id
    with pytest.raises(Refused, match="not what the page showed"):
        asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.", seen=shown.seen)
    with world.db.write() as session:
        session.get_one(Query, query_id).asking_team_id = before
    asking.reply(db=world.db, actor=world.senco, query_id=query_id, text="The 22.", seen=shown.seen)
