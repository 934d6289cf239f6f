"""Whose turn it is, from adding a learner to the last acknowledgement."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.answers import complete, destination
from tests.exchange.coordinators import (
    COLLEGE,
    UPN,
    acknowledges,
    look,
    objects,
    only,
    opens,
    signed_in,
    waits,
)
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.settings import change_settings
from transition_exchange.exchange.queries.asking import ask, reply
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.sending.planning import plan
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma.destinations import STATUS_ORDER, far_enough
from transition_exchange.store.models import Query, QueryMessage, Receipt


def test_whose_turn_it_is_follows_the_record_from_school_to_college(world: World) -> None:
    record_id, coordinator = world.add(), signed_in(world.coordinator)
    assert waits(only(world, actor=coordinator)) == ["School to start the form"]
    world.save(record_id, {"pupil_number": {"upn": UPN}})
    assert waits(only(world, actor=coordinator)) == ["School to fill in what is missing"]
    world.fill(record_id)
    assert waits(only(world, actor=coordinator)) == ["School to send it to Northway College"]
    world.send(record_id)
    assert waits(only(world, actor=coordinator)) == [
        "School’s safeguarding team to send its part",
        "Northway College to open it",
    ]
    world.send(record_id, owner="school_safeguarding")
    opens(world, record_id, "college_support")
    assert waits(only(world, actor=coordinator)) == ["Northway College to acknowledge it"]
    acknowledges(world, record_id, *COLLEGE)
    assert waits(only(world, actor=coordinator)) == []
    assert look(world, actor=coordinator, turn="nobody").total == 1


def test_a_record_in_a_table_is_still_to_be_opened(world: World) -> None:
    record_id, coordinator = world.add(), signed_in(world.coordinator)
    world.fill(record_id)
    world.send(record_id)
    world.send(record_id, owner="school_safeguarding")
    assert waits(only(world, actor=coordinator)) == ["Northway College to open it"]
    for person in (world.college_support, world.college_safeguarding):
        "".join(export_csv(db=world.db, actor=person))
    line = only(world, actor=coordinator)
    assert waits(line) == ["Northway College to open it: so far it was only downloaded in a table"]
    (transfer,) = line.transfers
    assert (transfer.state, transfer.given_out) == ("sent", True)
    assert (transfer.safeguarding_waiting, transfer.safeguarding_opened) == (True, False), (
        "a table stops no clock"
    )
    assert look(world, actor=coordinator, delivery="sent").total == 1
    opens(world, record_id, "college_support")
    assert waits(only(world, actor=coordinator)) == ["Northway College to acknowledge it"]


def test_a_question_is_the_schools_turn(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    opens(world, record_id, "college_support")
    ask(db=world.db, actor=world.college_support, transfer_id=world.transfer_of(record_id), text="Which bus?")
    assert "School to answer a question" in waits(only(world))
    assert look(world, delivery="queried").total == 1


def test_an_answered_question_is_the_colleges_turn(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    opens(world, record_id, "college_support")
    question = ask(
        db=world.db, actor=world.college_support, transfer_id=world.transfer_of(record_id), text="Which bus?"
    )
    reply(db=world.db, actor=world.senco, query_id=question, text="The 22.")
    assert "School to answer a question" not in waits(only(world))
    assert "Northway College to read the school’s answer" in waits(only(world))
    reply(db=world.db, actor=world.college_support, query_id=question, text="From where?")
    assert "School to answer a question" in waits(only(world))


def test_a_question_and_its_answer_wait_since_they_were_written(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    opens(world, record_id, "college_support")
    with world.db.write() as session:
        session.execute(update(Receipt).values(granted_at=datetime(2026, 1, 5, tzinfo=UTC)))
    question = ask(
        db=world.db, actor=world.college_support, transfer_id=world.transfer_of(record_id), text="Which bus?"
    )

    def since(words: str) -> datetime:
        return next(turn.since for turn in only(world).turns if turn.words == words)

    with world.db.write() as session:
        session.execute(update(Query).values(opened_at=datetime(2026, 1, 6, tzinfo=UTC)))
        session.execute(update(QueryMessage).values(sent_at=datetime(2026, 1, 6, tzinfo=UTC)))
    assert since("School to answer a question") == datetime(2026, 1, 6, tzinfo=UTC)
    reply(db=world.db, actor=world.senco, query_id=question, text="The 22.")
    with world.db.read() as session:
        first, second = session.scalars(select(QueryMessage.sent_at).order_by(QueryMessage.sent_at))
    assert since("Northway College to read the school’s answer") == second
    reply(db=world.db, actor=world.college_support, query_id=question, text="From where?")
    assert since("School to answer a question") > second > first, "the school has waited for nothing before"


def test_a_team_that_the_council_must_confirm_makes_it_the_councils_turn(world: World) -> None:
    world.place("Late College", kind="training_provider", receives=True)
    world.team(
        "Late College",
        "Everybody",
        "admissions",
        "learning_support",
        "safeguarding",
        "exams",
        confirmed=False,
    )
    record_id = world.add()
    world.fill(record_id, going_to=["Late College"])
    assert waits(only(world)) == ["Council to confirm a security number of Late College by phone"]


def test_a_provider_whose_teams_are_not_ready_has_the_turn_beside_one_that_can_be_sent_to(
    world: World,
) -> None:
    world.place("Late College", kind="training_provider", receives=True)
    world.team("Late College", "Everybody", "admissions", "safeguarding", ready=False)
    record_id = world.add()
    world.fill(record_id, going_to=["Late College"])
    assert waits(only(world)) == ["Late College to get its teams ready"]
    world.fill(record_id, going_to=["Late College", "Northway College"])
    assert waits(only(world)) == [
        "School to send it to Northway College",
        "Late College to get its teams ready",
    ]


def test_a_school_whose_own_team_is_not_ready_has_the_turn(world: World) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Transition team", "transition", ready=False)
    world.person("new_senco", "New School", "Transition team")
    record_id = world.add(actor=world.new_senco)
    draft = open_draft(db=world.db, actor=world.new_senco, record_id=record_id)
    answers = complete([destination(world.college.id, "Northway College")])
    answers["learner"] |= draft.answers["learner"]
    world.save(record_id, answers, actor=world.new_senco)
    assert waits(only(world)) == ["School to get its team ready"]


def filled_with(world: World, *rows: dict[str, object]) -> UUID:
    """A complete record with these destinations."""
    record_id = world.add()
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    answers = complete(list(rows))
    answers["learner"] |= draft.answers["learner"]
    world.save(record_id, answers)
    return record_id


def goes(world: World, record_id: UUID) -> bool:
    """Whether sending would do anything now."""
    planned = plan(db=world.db, actor=world.senco, record_id=record_id, today=world.today)
    return any(provider.goes for provider in planned.providers)


def test_a_provider_is_known_by_its_id_whatever_name_the_form_has(world: World) -> None:
    record_id = filled_with(world, destination(world.college.id, "Northway (Riverside campus)"))
    assert waits(only(world)) == ["School to send it to Northway College"]
    assert look(world, provider=world.college.id).total == 1
    assert goes(world, record_id)


def test_a_provider_of_the_same_name_outside_this_exchange_is_not_taken_for_ours(world: World) -> None:
    record_id = filled_with(world, destination(None, "Northway College"))
    assert waits(only(world)) == [
        "School to choose Northway College from the list: it is entered as if it were not in it"
    ]
    assert look(world, provider=world.college.id).total == 0
    assert not goes(world, record_id)


def test_an_apprenticeship_at_a_provider_of_this_exchange_can_be_sent(world: World) -> None:
    record_id = filled_with(world, destination(world.college.id, "Northway College", kind="apprenticeship"))
    assert waits(only(world)) == ["School to send it to Northway College"]
    assert goes(world, record_id)


@pytest.mark.parametrize("send_at", ["unconditional", "allocated", "accepted"])
def test_lists_and_sending_agree_on_when_a_pack_goes(world: World, send_at: str) -> None:
    administrator = world.person("administrator", "Ashdown Council", "NEET group", administrator=True)
    change_settings(db=world.db, actor=administrator, send_at=send_at, keep_months=12, term_starts=None)
    for status in STATUS_ORDER:
        row = destination(world.college.id, "Northway College", status=status)
        record_id = filled_with(world, row)
        expected = far_enough(row, send_at)
        assert goes(world, record_id) == expected, status
        lines = {line.record_id: line for line in look(world).lines}
        assert ("School to send it to Northway College" in waits(lines[record_id])) == expected, status


LEFT = {"leaving": {"left_school": "left", "left_on": "2026-10-01"}}
MOVED = {"leaving": {"left_school": "moved", "left_on": "2026-10-01", "moved_to": "Hill School"}}


def test_nobody_chases_the_school_of_a_learner_who_moved(world: World) -> None:
    record_id, coordinator = world.add(), signed_in(world.coordinator)
    world.save(record_id, MOVED)
    assert waits(only(world, actor=coordinator)) == []
    world.save(record_id, {"leaving": {"left_school": "moved"}})
    assert waits(only(world, actor=coordinator)) == ["Council to find out which school they moved to"]
    world.fill(record_id)
    world.save(record_id, MOVED)
    assert waits(only(world, actor=coordinator)) == [], "the other school sends what it writes"


def test_the_council_acts_for_a_learner_who_is_at_no_school(world: World) -> None:
    record_id, coordinator = world.add(), signed_in(world.coordinator)
    world.save(record_id, LEFT)
    (turn,) = only(world, actor=coordinator).turns
    assert turn.words == "Council to find out where they are: they have left school"
    assert turn.days(date(2026, 10, 11)) == 10
    assert look(world, actor=coordinator, turn="council").total == 1
    world.fill(record_id)
    assert waits(only(world, actor=coordinator))[1:] == ["School to send it to Northway College"]
    world.save(record_id, {"leaving": {"left_school": "here"}})
    assert waits(only(world, actor=coordinator)) == ["School to send it to Northway College"]


def test_what_was_sent_is_still_to_be_opened_and_asked_after_somebody_left(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    before = waits(only(world))
    world.save(record_id, MOVED)
    assert waits(only(world)) == before


def test_after_an_objection_the_council_still_learns_whom_to_look_for(world: World) -> None:
    record_id = world.add()
    objects(world, record_id)
    world.save(record_id, LEFT)
    assert waits(only(world)) == ["Council to find out where they are: they have left school"]
    assert look(world, turn="council").total == 1
    world.save(record_id, MOVED)
    line = only(world)
    assert (line.turns, line.shares_less) == ((), True)
    assert line.left is not None
    assert (line.left.code, line.left.to) == ("moved", ""), "to which school is not what the law names"
