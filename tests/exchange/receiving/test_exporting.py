"""One table of all that a team may read, for its own systems."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from tests.exchange.answers import destination
from tests.exchange.chains import events_of
from tests.exchange.other_names import call
from tests.exchange.safeguarding_answers import LEAD, taken_back
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed, NotFound, Tampered
from transition_exchange.exchange.receiving import exporting, receipts
from transition_exchange.exchange.receiving.exporting import export_csv
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.records.transfers import reference_of
from transition_exchange.exchange.sending.recalling import recall
from transition_exchange.packs.data import csv_columns
from transition_exchange.proforma import Access, load
from transition_exchange.store.models import Card, Ciphertext, Part, Receipt
from transition_exchange.store.unreadable import forget

VERSION = load("core/2027.1")


def _table(world: World, actor: Actor | None = None) -> list[dict[str, str]]:
    text = "".join(export_csv(db=world.db, actor=actor or world.college_support))
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))


def test_each_pack_is_a_row_of_what_the_team_may_read(world: World, sent: SentRecord) -> None:
    world.sent("Ben", "Adams")
    rows = _table(world)
    assert {row["learner.legal_surname"] for row in rows} == {"Khan", "Adams"}
    for row in rows:
        assert (row["form"], row["version_sent"]) == ("core/2027.1", "1")
        assert (row["from"], row["to"]) == ("Ashdown School", "Northway College")
        assert row["destination.course"] == "Animal care"
    assert reference_of(sent.transfer_id) in {row["reference"] for row in rows}
    place = frozenset({"with_ukprn"})
    assert tuple(rows[0]) == csv_columns([Access(VERSION, frozenset({"learning_support"}), place=place)])


def test_the_team_is_called_as_its_session_holds_it(world: World, sent: SentRecord) -> None:
    call(world, "Northway College", "Somewhere Else")
    (row,) = _table(world)
    assert row["to"] == "Northway College"


def test_each_teams_columns_are_its_own(world: World, sent: SentRecord) -> None:
    (support,) = _table(world)
    (admissions,) = _table(world, world.college_admissions)
    assert admissions["enrolment.postcode"] == "S60 1AE"
    assert "enrolment.postcode" not in support
    assert "S60 1AE" not in str(support)


def test_who_this_is_and_where_they_go_stands_in_every_teams_table(world: World) -> None:
    """The learner's names, date of birth, campus, course, start and ULN; the UPN belongs to a school career."""
    record_id = world.add()
    world.fill(record_id)
    place = destination(world.college.id, "Northway College", campus="Town campus")
    known_as = {"known_as": {"preferred_name": "Mina"}, "numbers": {"uln": "1234567007"}}
    world.save(record_id, {**known_as, "destinations": {"destinations": [place]}})
    world.send(record_id)
    for person in ("college_admissions", "college_support", "college_safeguarding", "college_exams"):
        (row,) = _table(world, world.people[person])
        assert (row["learner.legal_forename"], row["learner.legal_surname"]) == ("Amina", "Khan")
        assert row["known_as.preferred_name"] == "Mina"
        assert row["learner.date_of_birth"] == "2011-03-14"
        assert (row["destination.campus"], row["destination.course"]) == ("Town campus", "Animal care")
        assert row["destination.start_date"] == "2027-09-06"
        assert row["numbers.uln"] == "1234567007"
        assert not [name for name in row if "upn" in name], "a college has no column for it"
        assert "L372400114001" not in str(row)


def test_an_empty_inbox_is_a_table_of_the_standing_columns(world: World) -> None:
    text = "".join(export_csv(db=world.db, actor=world.college_support))
    assert text.removeprefix("\ufeff").splitlines() == [",".join(csv_columns([]))]
    assert events_of(world.db, world.college.id) == []


def test_every_pack_is_given_out_and_none_opened_in_one_event(world: World) -> None:
    for forename in ("Amina", "Ben", "Cara"):
        world.sent(forename)
    _table(world)
    team = world.college_support.teams[0]
    with world.db.read() as session:
        mine = session.scalars(select(Receipt).where(Receipt.team_id == team.id)).all()
        others = session.scalars(select(Receipt).where(Receipt.team_id != team.id)).all()
    assert len(mine) == 3
    assert {receipt.given_out_by for receipt in mine} == {world.college_support.principal_id}
    assert not any(receipt.opened_at for receipt in mine)
    assert not any(receipt.opened_at or receipt.given_out_at for receipt in others)
    (event,) = events_of(world.db, world.college.id)
    assert (event.kind, event.about) == ("inbox.exported", {"team": str(team.id), "transfers": 3})
    rows = inbox(db=world.db, actor=world.college_support)
    assert [(row.state, row.given_out_at is not None) for row in rows] == [("new", True)] * 3


def test_the_receipts_are_written_before_the_first_line_is_read(world: World, sent: SentRecord) -> None:
    lines = export_csv(db=world.db, actor=world.college_support)
    assert [event.kind for event in events_of(world.db, world.college.id)] == ["inbox.exported"]
    assert "Khan" in "".join(lines)


def test_a_pack_that_is_taken_back_while_the_table_is_made_is_left_out(
    world: World, sent: SentRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.sent("Ben", "Adams")

    def taken_back_first(**arguments: Any) -> frozenset[UUID]:
        recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
        return receipts.note_given_out(**arguments)

    monkeypatch.setattr(exporting, "note_given_out", taken_back_first)
    (row,) = _table(world)
    assert row["learner.legal_surname"] == "Adams"


def test_what_is_missing_and_may_be_known_is_named(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"health": {}})
    world.send(record_id)
    (support,) = _table(world)
    assert support["missing"].split("; ") == ["health.medical"]
    (exams,) = _table(world, world.college_exams)
    assert exams["missing"] == "", "the exams office reads nothing of health"


def test_documents_that_are_not_there_are_named(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"health": {"medical": True, "care_plan": True}})
    world.send(record_id)
    (support,) = _table(world)
    assert support["not_attached"] == "care_plan"
    (exams,) = _table(world, world.college_exams)
    assert exams["not_attached"] == ""
    world.open(world.transfer_of(record_id))
    world.attach(record_id, kind="care_plan", name="Plan")
    world.send(record_id)
    (support,) = _table(world)
    assert support["not_attached"] == ""


def test_a_new_version_is_the_one_that_is_exported(world: World, sent: SentRecord) -> None:
    world.save(sent.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(sent.record_id)
    (row,) = _table(world)
    assert (row["version_sent"], row["known_as.preferred_name"]) == ("2", "Mina")


def test_what_was_taken_back_is_in_no_table(world: World, sent: SentRecord) -> None:
    recall(db=world.db, actor=world.senco, record_id=sent.record_id, transfer_id=sent.transfer_id)
    assert _table(world) == []


def test_one_pack_that_fails_its_check_stops_the_export(world: World, sent: SentRecord) -> None:
    world.sent("Ben", "Adams")
    with world.db.write() as session:
        part_id = session.scalars(
            select(Part.id).where(Part.transfer_id == sent.transfer_id, Part.name.startswith("data/"))
        ).all()
        for id in part_id:
            session.get_one(Ciphertext, id).body += b"\0"
    with pytest.raises(Tampered):
        _table(world)
    assert events_of(world.db, world.college.id) == []


def _incomplete(world: World) -> list[str]:
    """The lines between the header and the learners, and whether the table says that it is whole."""
    table = export_csv(db=world.db, actor=world.college_support)
    first = [row["form"] for row in csv.DictReader("".join(table).removeprefix("\ufeff").splitlines())]
    said = [cell for cell in first if cell.startswith("INCOMPLETE: ")]
    assert first[: len(said)] == said, "they come first"
    assert table.whole == (not said)
    return said


def test_a_pack_whose_card_fails_its_check_is_missing_and_the_table_says_so(
    world: World, sent: SentRecord
) -> None:
    world.sent("Ben", "Adams")
    forget()
    assert _incomplete(world) == []
    with world.db.write() as session:
        mine = (Card.transfer_id == sent.transfer_id, Card.team_id == world.college_support.teams[0].id)
        session.execute(update(Card).where(*mine).values(sealed=b"x" * 2100))
    (said,) = _incomplete(world)
    assert said.startswith("INCOMPLETE: 1 entry could not be checked and is not in this file.")


def test_a_pack_whose_row_cannot_be_read_is_missing_and_the_table_says_so(
    world: World, sent: SentRecord
) -> None:
    world.sent("Ben", "Adams")
    with world.db.engine.begin() as connection:
        connection.execute(
            text(f"UPDATE transfers SET sent_at = 'infinity' WHERE id = '{sent.transfer_id.hex}'")
        )
    forget()
    (said,) = _incomplete(world)
    assert said.startswith(
        "INCOMPLETE: something that is stored cannot be read, so this file may lack learners."
    )
    forget()


def test_only_a_receiving_team_exports_and_only_its_own(world: World, sent: SentRecord) -> None:
    assert _table(world, world.coach) == []
    with pytest.raises(NotAllowed):
        export_csv(db=world.db, actor=world.senco)
    with pytest.raises(NotFound):
        export_csv(db=world.db, actor=world.college_support, team_id=world.college_admissions.teams[0].id)


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(world: World) -> None:
    world.sent("=1+1", "Adams")
    (row,) = _table(world)
    assert row["learner.legal_forename"] == "'=1+1"


def _apart(row: dict[str, str]) -> tuple[str, str]:
    assert bool(row["safeguarding_sent_at"]) == bool(row["safeguarding_version_sent"])
    return row["safeguarding_version_sent"], row["withdrawn"]


def test_what_the_safeguarding_team_sent_has_a_version_of_its_own_and_says_what_was_withdrawn(
    world: World, sent: SentRecord
) -> None:
    lead, support = world.college_safeguarding, world.college_support
    assert [_apart(row) for actor in (lead, support) for row in _table(world, actor)] == [("", "")] * 2
    answers = {
        "safeguarding": {"file_exists": "no", **LEAD},
        "day_one_safety": {"information": "Met on arrival."},
    }
    world.save(sent.record_id, answers, owner="school_safeguarding")
    world.send(sent.record_id, owner="school_safeguarding")
    assert [_apart(row) for actor in (lead, support) for row in _table(world, actor)] == [("1", "")] * 2
    taken_back(world, sent.record_id)
    (mine,), (theirs,) = _table(world, lead), _table(world, support)
    for row in (mine, theirs):
        assert row["safeguarding_version_sent"] == "2"
        assert row["version_sent"] == "1"
        assert row["withdrawn"].startswith("Withdrawn on ")
        assert "ring Sam Lead, 01709 382121." in row["withdrawn"]
        assert row["day_one_safety.information"] == ""
    assert mine["safeguarding.file_exists"] == "withdrawn"
    assert "What the school’s safeguarding team had answered" in mine["withdrawn"]
    assert theirs["withdrawn"].endswith("What was written for the first day does not count any more.")
    assert "withdrawn" not in _table(world, world.college_exams)[0], "no part of it is for the exams office"
