"""What coordinators do: chase, find possible duplicates, export, set what holds for the area, see who is not ready."""

from __future__ import annotations

import ast
import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.exchange.coordinators import UPN, objects, signed_in
from tests.exchange.world import World
from transition_exchange import exchange
from transition_exchange.exchange.coordinating.chasing import remind, to_chase
from transition_exchange.exchange.coordinating.export import export_csv
from transition_exchange.exchange.coordinating.listing import Wanted
from transition_exchange.exchange.coordinating.not_ready import organisations
from transition_exchange.exchange.coordinating.possible_duplicates import possible_duplicates
from transition_exchange.exchange.coordinating.settings import area_settings, change_settings
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.organisations.activity import WORDS, activity
from transition_exchange.store.models import OutboxMail, Record, Team, Transfer


def kinds(world: World) -> list[str]:
    """The council's events."""
    return [each.what for each in activity(db=world.db, actor=world.coordinator).actions]


def test_schools_with_forms_to_finish_are_listed_with_who_to_ring(world: World) -> None:
    world.add()
    finished = world.add("Ben", "Adams")
    world.fill(finished)
    (chased,) = to_chase(db=world.db, actor=world.coordinator, today=world.today)
    assert (chased.name, chased.figures.unfinished) == ("Ashdown School", 1)
    assert (chased.contact, chased.phone) == ("The office", "01709 000000")
    assert chased.can_be_reminded


def test_a_reminder_gives_a_count_and_goes_once_a_day(world: World) -> None:
    world.add()
    world.add("Ben", "Adams")
    ids = [world.school.id]
    first = remind(db=world.db, actor=world.coordinator, schools=ids, today=world.today)
    second = remind(db=world.db, actor=world.coordinator, schools=ids, today=world.today)
    assert (first.sent, second.sent, second.today_already) == (("Ashdown School",), (), ("Ashdown School",))
    with world.db.read() as session:
        (mail,) = session.scalars(select(OutboxMail).where(OutboxMail.template == "records_incomplete"))
    assert mail.figures == {"count": 2}
    assert kinds(world) == ["reminded a school’s team by e-mail"]
    (chased,) = to_chase(db=world.db, actor=world.coordinator, today=world.today)
    assert chased.reminded_at is not None
    assert not chased.can_be_reminded


def test_a_reminder_says_where_no_address_is_known_and_writes_no_event(world: World) -> None:
    world.add()
    with world.db.write() as session:
        session.execute(update(Team).values(notification_email=None))
    done = remind(db=world.db, actor=world.coordinator, schools=[world.school.id], today=world.today)
    assert done.without_address == ("Ashdown School",)
    assert kinds(world) == []


def test_only_schools_with_something_to_finish_can_be_reminded_and_only_by_coordinators(world: World) -> None:
    world.add()
    with pytest.raises(NotFound):
        remind(db=world.db, actor=world.coordinator, schools=[world.places["Beech Lane School"].id])
    with pytest.raises(NotFound):
        remind(db=world.db, actor=world.coordinator, schools=[])
    with pytest.raises(NotAllowed):
        remind(db=world.db, actor=world.senco, schools=[world.school.id])


def test_the_same_learner_at_two_schools_is_shown_whatever_gives_them_away(world: World) -> None:
    world.add("Amina", "Khan", date_of_birth="2011-01-05")
    world.add("AMINA", "khan", actor=world.other_senco, date_of_birth="2011-01-05")
    one = world.add("Ben", "Adams", date_of_birth="2011-02-02")
    other = world.add("Benjamin", "Adams", actor=world.other_senco, date_of_birth="2011-03-03")
    world.save(one, {"enrolment": {"upn": UPN}})
    world.save(other, {"enrolment": {"upn": UPN}}, actor=world.other_senco)
    world.add("Cy", "Lone", date_of_birth="2011-04-04")
    world.add("Di", "Same", date_of_birth="2011-05-05")
    world.add("Di", "Same", date_of_birth="2011-05-05")
    found = possible_duplicates(db=world.db, actor=world.coordinator)
    assert [(each.why, [line.name for line in each.lines]) for each in found] == [
        (("same UPN",), ["Adams, Ben", "Adams, Benjamin"]),
        (("same name and date of birth",), ["Khan, Amina", "khan, AMINA"]),
    ]
    with pytest.raises(NotAllowed):
        possible_duplicates(db=world.db, actor=world.senco)


def table(world: World, **wanted: Any) -> list[dict[str, str]]:
    text = "".join(
        export_csv(db=world.db, actor=world.coordinator, wanted=Wanted(**wanted), today=world.today)
    )
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))


def test_the_csv_holds_the_whole_list_and_one_event_says_how_many(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    world.add("=1+1", "Adams", actor=world.other_senco)
    first, second = table(world)
    assert first["First name"] == "'=1+1"
    assert second["Sent to"] == "Northway College: sent, not opened yet"
    assert second["Destinations"] == "Northway College, Animal care Level 2, Offer accepted"
    assert second["SEN provision"] == "No SEN"
    assert second["UPN"] == UPN
    assert [row["Last name"] for row in table(world, school=world.school.id)] == ["Khan"]
    (last, before) = activity(db=world.db, actor=world.coordinator).actions
    assert (last.what, last.count, before.count) == ("downloaded a list of learners", 1, 2)


def test_the_csv_of_a_learner_who_shares_less_holds_what_the_law_names(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    objects(world, record_id)
    (row,) = table(world)
    assert {name for name, cell in row.items() if cell} == {
        "Last name", "First name", "Date of birth", "School", "Leaving year", "Form", "Destinations", "Address",
        "Parents",
    }  # fmt: skip
    assert "Northway" not in row["Destinations"]


def test_organisations_say_what_their_teams_lack_and_who_to_ring(world: World) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Transition", "transition", confirmed=False, ready=False)
    with pytest.raises(NotAllowed):
        organisations(db=world.db, actor=world.senco)
    by_name = {each.name: each for each in organisations(db=world.db, actor=world.coordinator)}
    assert by_name["Ashdown School"].ready
    assert by_name["Riverside Boxing"].ready
    new = by_name["New School"]
    assert (new.ready, new.to_confirm, new.without) == (False, 1, ("safeguarding",))
    assert new.teams[0].missing == (
        "it needs a second person, or a recovery code typed back once",
        "the council has not yet confirmed its security number by phone",
    )
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    assert len(organisations(db=world.db, actor=administrator)) == len(by_name)


def test_the_areas_settings_change_with_an_event_and_only_by_an_administrator(world: World) -> None:
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    with pytest.raises(NotAllowed):
        change_settings(
            db=world.db, actor=world.coordinator, send_at="accepted", keep_months=12, term_starts=None
        )
    with pytest.raises(Refused) as refused:
        change_settings(db=world.db, actor=administrator, send_at="never", keep_months=99, term_starts=None)
    assert set(refused.value.fields) == {"send_at", "keep_months"}
    for _ in range(2):
        change_settings(
            db=world.db, actor=administrator, send_at="conditional", keep_months=6, term_starts=None
        )
    settings = area_settings(db=world.db, actor=world.coordinator)
    assert (settings.send_at, settings.keep_months) == ("conditional", 6)
    assert kinds(world) == ["changed the area’s settings"]
    with pytest.raises(NotAllowed):
        area_settings(db=world.db, actor=world.senco)


def test_a_new_start_of_term_moves_the_safeguarding_day_of_what_was_sent(world: World) -> None:
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    with world.db.read() as session:
        year, kept = session.execute(select(Record.leaving_year, Record.delete_on)).one()
    change_settings(
        db=world.db, actor=administrator, send_at="accepted", keep_months=3, term_starts=date(year, 9, 6)
    )
    with world.db.read() as session:
        due = session.scalars(select(Transfer.safeguarding_due)).one()
        assert due is not None
        assert due > date(year, 9, 6)
        assert session.scalars(select(Record.delete_on)).one() == kept, "a promised day stays"


def test_a_changed_setting_shows_at_the_next_look(world: World) -> None:
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    coordinator = signed_in(world.coordinator)
    record_id = world.add()
    world.fill(record_id, status="conditional")

    def waiting() -> list[str]:
        wanted = Wanted(turn="school")
        text = "".join(export_csv(db=world.db, actor=coordinator, wanted=wanted, today=world.today))
        return [row["Waiting for"] for row in csv.DictReader(text.removeprefix("\ufeff").splitlines())]

    assert waiting() == []
    change_settings(db=world.db, actor=administrator, send_at="conditional", keep_months=12, term_starts=None)
    assert waiting() == ["School to send it"]


def test_activity_shows_the_own_organisations_deeds_only_newest_first(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    assert kinds(world) == []
    school = activity(db=world.db, actor=world.senco)
    assert school.actions[0].what == "sent a record"
    assert school.actions[0].who == "Senco"
    assert school.older is None
    for _ in range(60):
        world.add("Sam", "Brown")
    page = activity(db=world.db, actor=world.senco)
    assert len(page.actions) == 50
    older = activity(db=world.db, actor=world.senco, before=page.older)
    assert len(older.actions) == 60 + len(school.actions) - 50


WRITES_EVENTS = {"note", "note_by", "append", "note_opened", "complete"}


def test_every_kind_of_event_has_words_and_all_words_are_of_events() -> None:
    literals: set[str] = set()
    written: set[str] = set()
    for path in Path(exchange.__path__[0]).rglob("*.py"):
        if path.name == "activity.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        literals |= _kinds_in(tree)
        for call in ast.walk(tree):
            if isinstance(call, ast.Call):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                written |= _kinds_in(call) if name in WRITES_EVENTS else set()
    assert len(written) > 30
    assert written <= WORDS.keys()
    assert WORDS.keys() <= literals


def _kinds_in(tree: ast.AST) -> set[str]:
    """The strings in some code that look like kinds of events."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+\.[a-z_]+", node.value)
    }
