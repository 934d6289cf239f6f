"""Whom the council rings: the team whose turn it is, at what that team has signed."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from tests.exchange.coordinators import acknowledges, only, opens
from tests.exchange.keys.test_contacts import say
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.ringing import AreaTeam, ToRing, whom_to_ring
from transition_exchange.exchange.keys.contacts import Contact
from transition_exchange.exchange.queries.asking import ask, reply
from transition_exchange.store.models import Team, TeamContact

OFFICE = Contact("The office", "01709 000000")


def team(name: str, contact: Contact | None = None) -> AreaTeam:
    return AreaTeam(uuid4(), name, frozenset({"admissions"}), contact)


def rung(world: World, begins: str) -> list[tuple[str, str, tuple[str, ...], bool]]:
    """Whom the council rings about the one thing to do whose words begin like this."""
    (turn,) = [turn for turn in only(world).turns if turn.words.startswith(begins)]
    return [(one.name, one.phone, one.teams, one.signed) for one in turn.ring]


def test_teams_with_a_contact_of_their_own_come_before_those_with_the_organisations() -> None:
    sam = Contact("Sam Lead", "01709 382121")
    found = whom_to_ring(
        [team("Admissions"), team("Exams", sam), team("Support", sam), team("Lead")],
        organisation="Northway",
        contact=OFFICE,
    )
    assert found == (
        ToRing("Northway", ("Exams", "Support"), "Sam Lead", "01709 382121", signed=True),
        ToRing("Northway", ("Admissions", "Lead"), "The office", "01709 000000", signed=False),
    )
    assert [one.words for one in found] == [
        "Sam Lead on 01709 382121 (Exams and Support at Northway)",
        "The office on 01709 000000 (the contact of Northway; ask for Admissions and Lead)",
    ]
    assert "Sam" not in repr(found)


def test_where_nobody_is_known_it_says_so() -> None:
    (nobody,) = whom_to_ring([], organisation="Northway", contact=None)
    assert (nobody.known, nobody.words) == (False, "Nobody is known (the contact of Northway)")


def test_the_safeguarding_team_is_rung_for_its_part_and_not_the_senco(world: World) -> None:
    say(world, "senco", "The SENCO")
    record_id = world.add()
    assert rung(world, "School to start") == [("The SENCO", "01709 382121", ("Transition team",), True)]
    world.fill(record_id)
    world.send(record_id)
    part = "School’s safeguarding team to send"
    assert rung(world, part) == [("The office", "01709 000000", ("Safeguarding team",), False)]
    say(world, "safeguarding_lead")
    assert rung(world, part) == [("Sam Lead", "01709 382121", ("Safeguarding team",), True)]
    assert [one.name for one in only(world).ring] == ["The SENCO"]


def test_of_a_provider_it_says_which_teams_have_not_acknowledged(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    world.send(record_id, owner="school_safeguarding")
    teams = [placed.row.name for placed in world.college.teams.values()]
    (turn,) = only(world).turns
    assert (turn.words, turn.detail) == ("Northway College to open it", "")
    assert {name for one in turn.ring for name in one.teams} == set(teams)
    opens(world, record_id, "college_support")
    acknowledges(world, record_id, "college_admissions", "college_exams")
    (turn,) = only(world).turns
    assert turn.detail == "Learning support has not acknowledged it; Safeguarding has not opened it"
    assert [one.teams for one in turn.ring] == [("Learning support", "Safeguarding")]
    acknowledges(world, record_id, "college_support")
    (turn,) = only(world).turns
    assert turn.in_full == "Northway College to acknowledge it: Safeguarding has not opened it"
    acknowledges(world, record_id, "college_safeguarding")
    assert only(world).turns == ()


def test_a_team_that_acknowledged_an_older_version_has_not_opened_what_is_new(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    world.send(record_id, owner="school_safeguarding")
    acknowledges(world, record_id, "college_support", "college_admissions", "college_exams")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(record_id)
    (turn,) = only(world).turns
    assert turn.detail == (
        "Admissions, Exams office and Learning support have not opened what is new; Safeguarding has not opened it"
    )


def test_the_team_that_asked_is_rung_when_the_answer_waits(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    opens(world, record_id, "college_support")
    question = ask(
        db=world.db, actor=world.college_support, transfer_id=world.transfer_of(record_id), text="Which bus?"
    )
    reply(db=world.db, actor=world.senco, query_id=question, text="The 22.")
    ((_, _, teams, _),) = rung(world, "Northway College to read")
    assert teams == ("Learning support",)


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_question_of_one_team_hides_nothing_that_another_owes(world: World, is_answered: bool) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    acknowledges(world, record_id, "college_admissions")
    opens(world, record_id, "college_support", "college_exams")
    question = ask(
        db=world.db, actor=world.college_support, transfer_id=world.transfer_of(record_id), text="Which bus?"
    )
    if is_answered:
        reply(db=world.db, actor=world.senco, query_id=question, text="The 22.")
    turns = {turn.words: turn for turn in only(world).turns}
    turn = turns["Northway College to acknowledge it"]
    assert turn.detail == "Exams office has not acknowledged it; Safeguarding has not opened it"
    asked = "Northway College to read the school’s answer" if is_answered else "School to answer a question"
    assert asked in turns


def test_a_number_that_the_council_confirms_is_not_rung_on_what_a_row_says(world: World) -> None:
    world.place("Late College", kind="training_provider", receives=True)
    world.team("Late College", "Everybody", "admissions", "safeguarding", confirmed=False)
    world.fill(world.add(), going_to=["Late College"])
    assert rung(world, "Council to confirm") == []


def test_a_team_is_rung_where_it_was_confirmed_wherever_its_row_is_put(world: World) -> None:
    stranger: UUID = say(world, "other_senco", name="A Stranger")
    record_id = world.add()
    with world.db.write() as session:
        session.execute(update(Team).where(Team.id == stranger).values(organisation_id=world.school.id))
    assert "A Stranger" not in [name for name, _, _, _ in rung(world, "School to start")]
    ours = say(world, "senco", "The SENCO")
    with world.db.write() as session:
        session.execute(update(TeamContact).where(TeamContact.team_id == ours).values(statement="{}"))
    assert rung(world, "School to start") == [("The office", "01709 000000", ("Transition team",), False)]
    assert only(world).record_id == record_id
