"""What the council decides for the whole area."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import select

from tests.exchange.coordinators import signed_in
from tests.exchange.world import World
from transition_exchange.exchange.coordinating import years
from transition_exchange.exchange.coordinating.export import export_csv
from transition_exchange.exchange.coordinating.listing import Wanted
from transition_exchange.exchange.coordinating.settings import area_settings, change_settings
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.organisations.activity import activity
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.store.models import Record, Transfer


def kinds(world: World) -> list[str]:
    """The council's events."""
    return [action.what for action in activity(db=world.db, actor=world.coordinator).actions]


def test_the_areas_settings_change_with_an_event_and_only_by_an_administrator(world: World) -> None:
    administrator = world.person("administrator", "Ashdown Council", "NEET group", administrator=True)
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


def test_the_neet_group_signs_what_is_set_and_schools_go_by_it(world: World) -> None:
    signer = world.person("signer", "Ashdown Council", "NEET group", administrator=True)
    record_id = world.add()
    world.fill(record_id, status="conditional")
    assert world.plan(record_id).providers[0].state == "status"
    change_settings(db=world.db, actor=signer, send_at="conditional", keep_months=12, term_starts=None)
    assert world.plan(record_id).providers[0].state == "new"


def test_an_administrator_outside_the_neet_group_changes_nothing_at_all(world: World) -> None:
    """Not even what no key signs: it is one page, and half of it would be saved."""
    world.team("Ashdown Council", "SEND team", "send")
    for name, teams in (("alone", ()), ("sender", ("SEND team",))):
        outside = world.person(name, "Ashdown Council", *teams, administrator=True)
        with pytest.raises(NotAllowed, match="in the NEET group"):
            change_settings(db=world.db, actor=outside, send_at="applied", keep_months=6, term_starts=None)
    settings = area_settings(db=world.db, actor=world.coordinator)
    assert (settings.send_at, settings.keep_months) == ("accepted", 12)


def test_whoever_has_no_teams_key_is_not_told_that_rules_are_wrong(world: World) -> None:
    alone = world.person("alone", "Ashdown Council", administrator=True)
    settings = area_settings(db=world.db, actor=alone)
    assert (settings.can_check, settings.send_at) == (False, "")
    assert area_settings(db=world.db, actor=world.coordinator).can_check


def test_a_new_start_of_term_moves_the_safeguarding_day_of_what_was_sent(world: World) -> None:
    administrator = world.person("administrator", "Ashdown Council", "NEET group", administrator=True)
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    with world.db.read() as session:
        year, kept = session.execute(select(Record.leaving_year, Record.delete_on)).one()
    change_settings(
        db=world.db,
        actor=administrator,
        send_at="accepted",
        keep_months=3,
        term_starts={year: date(year, 9, 6)},
    )
    with world.db.read() as session:
        due = session.scalars(select(Transfer.safeguarding_due)).one()
        assert due is not None
        assert due > date(year, 9, 6)
        assert session.scalars(select(Record.delete_on)).one() == kept, "a promised day stays"


def test_the_starts_of_two_open_years_do_not_undo_one_another(world: World) -> None:
    administrator = world.person("administrator", "Ashdown Council", "NEET group", administrator=True)
    sent = world.sent()
    world.add("Ben", "Adams")
    year = leaving_year_on(world.today)
    with world.db.write() as session:
        session.get_one(Record, sent.record_id).leaving_year = year - 1

    def change(starts: Mapping[int, date | None]) -> Mapping[int, date | None]:
        return change_settings(
            db=world.db,
            actor=administrator,
            send_at="accepted",
            keep_months=12,
            term_starts=starts,
            today=world.today,
        ).terms

    def due() -> date | None:
        with world.db.read() as session:
            return session.scalars(select(Transfer.safeguarding_due)).one()

    first, second = date(year - 1, 9, 2), date(year, 9, 6)
    assert change({year - 1: first}) == {year - 1: first, year: None}
    moved = due()
    assert change({year: second}) == {year - 1: first, year: second}
    assert due() == moved
    with pytest.raises(Refused) as refused:
        change({year - 1: date(year, 9, 6), year: date(year, 12, 25), year + 9: second})
    wrong = "The autumn term of {0} must start between 15 August and 15 October {0}"
    assert refused.value.fields == {
        f"term_starts_{year - 1}": wrong.format(year - 1),
        f"term_starts_{year}": wrong.format(year),
        f"term_starts_{year + 9}": f"The start of term of {year + 9} cannot be set: no leaving year is open then",
    }
    assert change({year - 1: None}) == {year - 1: None, year: second}
    years.close_year(db=world.db, actor=world.coordinator, year=year - 1, today=world.today)
    assert list(change({})) == [year], "a closed year is not asked for"


def test_a_changed_setting_shows_at_the_next_look(world: World) -> None:
    administrator = world.person("administrator", "Ashdown Council", "NEET group", administrator=True)
    coordinator = signed_in(world.coordinator)
    record_id = world.add()
    world.fill(record_id, status="conditional")

    def waiting() -> list[str]:
        wanted = Wanted(turn="school")
        text = "".join(export_csv(db=world.db, actor=coordinator, wanted=wanted, today=world.today))
        return [row["Waiting for"] for row in csv.DictReader(text.removeprefix("\ufeff").splitlines())]

    record = "School to record whether the offer from Northway College was accepted"
    assert waiting() == [record]
    change_settings(db=world.db, actor=administrator, send_at="conditional", keep_months=12, term_starts=None)
    assert waiting() == [f"School to send it to Northway College; {record}"]
