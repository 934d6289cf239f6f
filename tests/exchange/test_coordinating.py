"""What the council's coordinators see: every learner from the moment they are added, and whose turn it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.exchange.answers import complete, destination
from tests.exchange.coordinators import (
    COLLEGE,
    UPN,
    acknowledges,
    look,
    names,
    objects,
    only,
    opens,
    signed_in,
    transfer_of,
    waits,
)
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.listing import Wanted, one_learner
from transition_exchange.exchange.coordinating.overview import Figures, overview
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.queries.asking import ask, reply
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.exchange.writing.opening import open_draft


def test_a_learner_is_there_from_the_moment_a_school_adds_them(world: World) -> None:
    world.add()
    line = only(world)
    assert (line.name, line.school, line.state) == ("Khan, Amina", "Ashdown School", "not_started")
    assert waits(line) == ["School to start the form"]
    assert line.no_destination
    assert line.no_offer


def test_names_of_what_everybody_is_asked_and_the_number_of_the_rest_are_shown(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"enrolment": {"upn": UPN}, "sen": {"provision": "E"}})
    line = only(world)
    assert line.state == "incomplete"
    assert line.missing
    assert not any("." in each or "_" in each for each in line.missing)
    assert line.other_missing > 3
    assert "EHC" not in " ".join(line.missing)


def test_whose_turn_it_is_follows_the_record_from_school_to_college(world: World) -> None:
    record_id, coordinator = world.add(), signed_in(world.coordinator)
    assert waits(only(world, actor=coordinator)) == ["School to start the form"]
    world.save(record_id, {"enrolment": {"upn": UPN}})
    assert waits(only(world, actor=coordinator)) == ["School to fill in what is missing"]
    world.fill(record_id)
    assert waits(only(world, actor=coordinator)) == ["School to send it"]
    world.send(record_id)
    assert waits(only(world, actor=coordinator)) == [
        "School’s safeguarding team to send its part",
        "Northway College to open it",
    ]
    world.send(record_id, owner="safeguarding")
    opens(world, record_id, "college_support")
    assert waits(only(world, actor=coordinator)) == ["Northway College to acknowledge it"]
    acknowledges(world, record_id, *COLLEGE)
    assert waits(only(world, actor=coordinator)) == []
    assert look(world, actor=coordinator, turn="nobody").total == 1


def test_a_question_is_the_schools_turn(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    opens(world, record_id, "college_support")
    ask(
        db=world.db, actor=world.college_support, transfer_id=transfer_of(world, record_id), text="Which bus?"
    )
    assert "School to answer a question" in waits(only(world))
    assert look(world, delivery="queried").total == 1


def test_an_answered_question_is_the_colleges_turn(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    opens(world, record_id, "college_support")
    question = ask(
        db=world.db, actor=world.college_support, transfer_id=transfer_of(world, record_id), text="Which bus?"
    )
    reply(db=world.db, actor=world.senco, query_id=question, text="The 22.")
    assert "School to answer a question" not in waits(only(world))
    assert "Northway College to read the school’s answer" in waits(only(world))
    reply(db=world.db, actor=world.college_support, query_id=question, text="From where?")
    assert "School to answer a question" in waits(only(world))


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


def test_a_provider_whose_teams_are_not_ready_has_the_turn_unless_another_can_be_sent_to(
    world: World,
) -> None:
    world.place("Late College", kind="training_provider", receives=True)
    world.team("Late College", "Everybody", "admissions", "safeguarding", ready=False)
    record_id = world.add()
    world.fill(record_id, going_to=["Late College"])
    assert waits(only(world)) == ["Late College to get its teams ready"]
    world.fill(record_id, going_to=["Late College", "Northway College"])
    assert waits(only(world)) == ["School to send it"]


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


def test_days_are_counted_from_what_waits_longest(world: World) -> None:
    world.add()
    line = only(world)
    assert line.days_waiting(world.today + timedelta(days=12)) == 12


def test_the_safeguarding_clock_runs_out_and_stops_when_the_team_has_opened(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    later = world.today + timedelta(days=30)

    def overdue() -> bool:
        return one_learner(db=world.db, actor=world.coordinator, record_id=record_id, today=later).overdue

    assert not only(world).overdue
    assert overdue()
    world.send(record_id, owner="safeguarding")
    opens(world, record_id, "college_support")
    assert overdue()
    opens(world, record_id, "college_safeguarding")
    assert not overdue()


def test_after_an_objection_only_what_the_law_allows_is_left(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    objects(world, record_id)
    line = only(world)
    assert line.shares_less
    assert line.card["legal_surname"] == "Khan"
    assert line.card["postcode"]
    assert line.card["parents"] == ["Farah Khan"]
    assert (line.missing, line.other_missing, line.turns, line.transfers) == ((), 0, (), ())
    assert not line.no_destination, "how far an application is may be known"
    assert UPN.casefold() not in line.searched_text
    assert not {"upn", "provision", "in_care", "attendance_band"} & line.card.keys()
    assert look(world, state="complete").total == 0
    assert look(world, delivery="any").total == 0


def test_what_changed_shows_at_the_next_look_and_what_was_taken_back_is_gone(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    record_id = world.add()
    assert look(world, actor=coordinator).total == 1
    world.fill(record_id)
    world.send(record_id)
    assert look(world, actor=coordinator, delivery="sent", provider=world.college.id).total == 1
    recall(db=world.db, actor=world.senco, record_id=record_id, transfer_id=transfer_of(world, record_id))
    assert look(world, actor=coordinator, delivery="any").total == 0
    world.add("Ben", "Adams", actor=world.other_senco)
    assert names(look(world, actor=coordinator)) == ["Adams, Ben", "Khan, Amina"]


def test_what_is_kept_between_looks_is_what_a_fresh_look_finds(world: World) -> None:
    coordinator = signed_in(world.coordinator)
    first, second = world.add("Amina", "Khan"), world.add("Ben", "Adams")
    look(world, actor=coordinator)
    world.fill(first)
    world.send(first)
    look(world, actor=coordinator)
    acknowledges(world, first, "college_support")
    objects(world, second)
    assert look(world, actor=coordinator).lines == look(world).lines


def test_each_number_is_the_length_of_the_list_behind_it(world: World) -> None:
    for place, name in enumerate(("Adams", "Brown", "Clark", "Davis", "Evans")):
        record_id = world.add("Sam", name)
        if place > 0:
            world.save(record_id, {"enrolment": {"upn": UPN}})
        if place > 1:
            world.fill(record_id, going_to=["Northway College", "Riverside Boxing"] if place > 2 else [])
        if place > 2:
            world.send(record_id)
        if place > 3:
            objects(world, record_id)
    world.add("Zoe", "Other", actor=world.other_senco)
    seen = overview(db=world.db, actor=world.coordinator, today=world.today)

    def same(figures: Figures, **where: Any) -> None:
        for code, count in figures.by_state.items():
            wanted: dict[str, Any] = (
                {"state": code} if code not in ("no_destination", "no_offer", "overdue") else {code: True}
            )
            assert look(world, year=seen.year, **where, **wanted).total == count, (code, where)
        for code, count in figures.by_delivery.items():
            assert look(world, year=seen.year, **where, delivery=code).total == count, (code, where)

    same(seen.figures)
    for school in seen.schools:
        same(school.figures, school=school.id)
    for provider in seen.providers:
        same(provider.figures, provider=provider.id)
    assert seen.turns
    for who, count in seen.turns.items():
        assert look(world, year=seen.year, turn=who).total == count
    assert [(place.name, place.figures.learners) for place in seen.schools] == [
        ("Ashdown School", 5),
        ("Beech Lane School", 1),
    ]
    assert seen.figures.by_state["shares_less"] == 1


def test_last_years_learners_are_another_years(world: World) -> None:
    world.add()
    seen = overview(db=world.db, actor=world.coordinator, today=world.today)
    assert seen.years == (seen.year,)
    assert (
        overview(db=world.db, actor=world.coordinator, year=seen.year - 1, today=world.today).figures.learners
        == 0
    )


def test_search_takes_names_in_any_order_and_numbers(world: World) -> None:
    first = world.add("Amina", "Khan")
    world.add("Ben", "Adams")
    world.save(first, {"enrolment": {"upn": UPN}})
    for text in ("khan", "KHAN, amina", "amina khan", UPN, UPN.lower(), "372400114001"):
        assert names(look(world, search=text)) == ["Khan, Amina"], text
    assert look(world, search="khan ben").total == 0
    assert look(world, search="").total == 2


def test_a_list_is_sorted_as_asked(world: World) -> None:
    started = world.add("Zoe", "Young")
    world.add("Ben", "Adams", actor=world.other_senco)
    world.save(started, {"enrolment": {"upn": UPN}})
    assert names(look(world)) == ["Adams, Ben", "Young, Zoe"]
    assert names(look(world, sort="school")) == ["Young, Zoe", "Adams, Ben"]
    assert names(look(world, sort="waiting")) == ["Adams, Ben", "Young, Zoe"]
    assert len(look(world, sort="missing").lines) == 2


def test_nobody_outside_the_councils_teams_sees_any_of_it(world: World) -> None:
    world.add()
    for person in ("senco", "safeguarding_lead", "college_admissions", "coach"):
        with pytest.raises(NotAllowed):
            look(world, actor=world.people[person])
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    with pytest.raises(NotAllowed):
        look(world, actor=administrator)


def test_the_send_team_sees_its_own_cards(world: World) -> None:
    world.team("Ashdown Council", "SEND team", "send")
    officer = world.person("officer", "Ashdown Council", "SEND team")
    record_id = world.add()
    world.fill(record_id)
    line = only(world, actor=officer)
    assert (line.name, line.state) == ("Khan, Amina", "complete")
    assert "in_care" not in line.card


def test_a_page_past_the_end_is_the_last_one_and_a_stranger_is_not_found(world: World) -> None:
    world.add()
    assert look(world, page=2).paging.number == 1, "the nearest page that there is"
    with pytest.raises(NotFound):
        one_learner(db=world.db, actor=world.coordinator, record_id=world.school.id)


def test_an_address_of_a_list_never_holds_what_was_searched_for() -> None:
    wanted = Wanted(search="Khan", state="complete", no_offer=True, page=3)
    assert wanted.query(sort="school") == "state=complete&no_offer=yes&sort=school"
