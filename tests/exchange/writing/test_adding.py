"""Adding a learner: every section sealed at once, and nobody added twice unnoticed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.exchange.chains import events_of
from tests.exchange.world import World
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.exchange.writing.adding import add_learner, possible_duplicates
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import version_for
from transition_exchange.store.models import Card, Part, Record, Revision

LEARNER = {"learner": {"legal_forename": "Amina", "legal_surname": "Khan", "date_of_birth": "2011-03-14"}}


def test_every_section_of_both_owners_becomes_a_part_at_once_empty_or_not(world: World) -> None:
    record_id = world.add()
    with world.db.read() as session:
        owners = session.scalars(select(Revision.owner).where(Revision.record_id == record_id)).all()
        names = session.scalars(select(Part.name).where(Part.record_id == record_id)).all()
    assert sorted(owners) == ["school_safeguarding", "transition"]
    assert {"learner", "needs", "safeguarding", "day_one_safety", "destinations"} <= set(names)


def test_coordinators_and_both_school_teams_get_a_card_at_once(world: World) -> None:
    world.add()
    with world.db.read() as session:
        states = session.scalars(select(Card.state)).all()
    assert sorted(states) == ["ledger", "post", "post"]
    assert [row.content["legal_surname"] for row in learners(db=world.db, actor=world.senco)] == ["Khan"]
    safeguarding = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    assert [row.content["legal_surname"] for row in safeguarding] == ["Khan"]


def test_a_learner_needs_a_name_and_a_date_of_birth(world: World) -> None:
    added = add_learner(db=world.db, actor=world.senco, answers={"learner": {"legal_forename": "Amina"}})
    assert added.record_id is None
    assert {finding.field for finding in added.errors} == {"legal_surname", "date_of_birth"}


def test_a_possible_duplicate_is_pointed_out_and_added_only_on_purpose(world: World) -> None:
    first = world.add(date_of_birth="2011-03-14")
    again = add_learner(db=world.db, actor=world.senco, answers=LEARNER)
    assert again.record_id is None
    assert again.possible_duplicates == (first,)
    assert add_learner(db=world.db, actor=world.senco, answers=LEARNER, although_duplicate=True).record_id


def test_another_schools_learner_is_no_possible_duplicate(world: World) -> None:
    world.add(actor=world.other_senco, date_of_birth="2011-03-14")
    added = add_learner(db=world.db, actor=world.senco, answers=LEARNER)
    assert added.record_id
    assert added.possible_duplicates == ()


def test_who_is_in_no_transition_team_adds_nobody(world: World) -> None:
    for actor in (world.safeguarding_lead, world.college_support, world.coordinator):
        with pytest.raises(NotAllowed):
            add_learner(db=world.db, actor=actor, answers=LEARNER)


def test_a_record_begins_with_the_version_and_the_day_of_deletion_of_its_leaving_year(world: World) -> None:
    record_id = world.add()
    with world.db.read() as session:
        record = session.get_one(Record, record_id)
    year = leaving_year_on(world.today)
    assert (record.leaving_year, record.version) == (year, version_for(year))
    assert record.delete_on == date(year + 1, 8, 31), "twelve months after the end of August"
    assert (record.complete, record.started) == (False, False)
    assert record.everybody_gaps > 5
    assert record.created_by == world.senco.principal_id


def test_a_leaving_year_may_be_named(world: World) -> None:
    added = add_learner(db=world.db, actor=world.senco, answers=LEARNER, leaving_year=2026, today=world.today)
    with world.db.read() as session:
        record = session.get_one(Record, added.record_id)
    assert (record.leaving_year, record.version) == (2026, "core/2026.1")


def test_a_form_counts_as_started_once_more_than_the_name_is_known(world: World) -> None:
    added = add_learner(db=world.db, actor=world.senco, answers=LEARNER | {"enrolment": {"town": "Ashdown"}})
    with world.db.read() as session:
        assert session.get_one(Record, added.record_id).started


def test_nobody_is_added_where_something_is_wrong(world: World) -> None:
    """The name is missing and the UPN's check letter is wrong; the empty name is not reported twice."""
    added = add_learner(
        db=world.db,
        actor=world.senco,
        answers={"learner": {"date_of_birth": "yesterday"}, "pupil_number": {"upn": "A801200005001"}},
    )
    assert added.record_id is None
    assert sorted(finding.field for finding in added.errors) == [
        "date_of_birth",
        "legal_forename",
        "legal_surname",
        "upn",
    ]
    with world.db.read() as session:
        assert session.scalars(select(Record.id)).all() == []


@pytest.mark.parametrize("section", ["safeguarding", "no_such_section"])
def test_nobody_writes_what_another_team_writes_by_adding(world: World, section: str) -> None:
    learner = {"legal_forename": "Amina", "legal_surname": "Khan", "date_of_birth": "2011-03-14"}
    with pytest.raises(NotFound):
        add_learner(
            db=world.db,
            actor=world.senco,
            answers={"learner": learner, section: {"file_exists": "no"}},
        )
    with world.db.read() as session:
        assert session.scalars(select(Record.id)).all() == []


def test_what_is_known_of_the_school_is_filled_in(world: World) -> None:
    record_id = world.add()
    learner = open_draft(db=world.db, actor=world.senco, record_id=record_id).answers["learner"]
    assert (learner["school_name"], learner["school_urn"], learner["school_laestab"]) == (
        "Ashdown School",
        "123456",
        "372/4001",
    )
    assert learner["year_group"] == 11
    assert "_reasons" not in learner


def test_a_sender_without_numbers_is_not_asked_for_them(world: World) -> None:
    """Home education teams have no URN."""
    world.place("Home education", kind="home_education", sends=True)
    world.team("Home education", "Team", "transition", "school_safeguarding")
    officer = world.person("officer", "Home education", "Team")
    record_id = world.add(actor=officer)
    draft = open_draft(db=world.db, actor=officer, record_id=record_id)
    assert set(draft.answers["learner"]["_reasons"]) == {"school_laestab", "school_urn"}
    missing = {gap.question for gap in draft.report(world.today).counting_gaps}
    assert not {"learner.school_laestab", "learner.school_urn"} & missing


def test_the_same_upn_is_the_same_learner_whatever_the_name(world: World) -> None:
    first = world.add("Ben", "Stone")
    world.save(first, {"pupil_number": {"upn": "L372400114001"}})
    upn = {"pupil_number": {"upn": "L372400114001"}}
    assert possible_duplicates(db=world.db, actor=world.senco, answers=LEARNER | upn) == (first,)
    assert possible_duplicates(db=world.db, actor=world.senco, answers=LEARNER) == ()
    added = add_learner(db=world.db, actor=world.senco, answers=LEARNER | upn, although_duplicate=True)
    assert added.possible_duplicates == (first,), "named nevertheless"


def test_a_name_in_capitals_is_the_same_name_and_another_birthday_another_learner(world: World) -> None:
    first = world.add(date_of_birth="2011-03-14")
    loud = {"legal_forename": "AMINA", "legal_surname": "khan", "date_of_birth": "2011-03-14"}
    assert possible_duplicates(db=world.db, actor=world.senco, answers={"learner": loud}) == (first,)
    younger = loud | {"date_of_birth": "2011-03-15"}
    assert possible_duplicates(db=world.db, actor=world.senco, answers={"learner": younger}) == ()


def test_adding_is_one_event_that_names_nobody(world: World) -> None:
    record_id = world.add()
    (event,) = events_of(world.db, world.school.id)
    assert (event.kind, event.about) == ("learner.added", {"record": str(record_id)})
    assert event.principal_id == world.senco.principal_id
