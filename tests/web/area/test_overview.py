"""The area at a glance."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import select

from tests.exchange.coordinators import objects
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.store.models import Membership, Record, TermStart

NEVER_SAID = ("keyring", "ledger", "card", "HPKE")


def test_an_empty_area_says_what_will_come(coordinator: Visitor) -> None:
    assert "No school has added a learner yet" in coordinator.get("/area").text
    assert "No school has added a learner yet" in coordinator.get("/area/learners").text
    assert "Every school’s forms are complete" in coordinator.get("/area/chase").text
    assert "No learner was added by two schools" in coordinator.get("/area/same-learner").text


def test_each_number_of_the_overview_leads_to_as_many_learners(coordinator: Visitor, world: World) -> None:
    world.add("Amina", "Khan")
    done = world.add("Ben", "Adams")
    world.fill(done)
    world.send(done)
    objects(world, world.add("Cy", "Lone"))
    page = coordinator.get("/area")
    links = page.tree.xpath("//main//a[contains(@href, '/area/learners?')]")
    assert len(links) > 10
    for link in links:
        count = int(link.text_content().split()[0])
        listed = coordinator.get(link.get("href"))
        assert len(listed.texts("tbody tr")) == count, link.get("href")


def test_who_does_not_coordinate_is_kept_out(app: Flask, world: World) -> None:
    record_id = world.add()
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    for actor in (world.senco, world.college_admissions, administrator):
        visitor = Visitor(app, actor)
        for path in ("", "/learners", f"/learners/{record_id}", "/chase", "/same-learner"):
            assert visitor.get(f"/area{path}").status == 403


def test_pages_speak_plain_words(coordinator: Visitor, world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.save(record_id, {"sen": {"provision": "K"}})
    for path in (
        "",
        "/learners",
        f"/learners/{record_id}",
        "/chase",
        "/same-learner",
        "/organisations",
        "/settings",
    ):
        text = coordinator.get(f"/area{path}").text
        assert not [word for word in NEVER_SAID if word in text], path
        assert " K " not in text


def test_two_schools_with_the_same_learner_are_shown_with_who_to_ring(
    coordinator: Visitor, world: World
) -> None:
    world.add("Amina", "Khan", date_of_birth="2011-01-05")
    world.add("Amina", "Khan", actor=world.other_senco, date_of_birth="2011-01-05")
    page = coordinator.get("/area/same-learner")
    assert "Same name and date of birth" in page.text
    assert (
        "Ring The office on 01709 000000 (the contact of Beech Lane School; ask for Transition team)"
        in page.text
    )


def test_a_year_is_closed_and_opened_again_with_a_button(coordinator: Visitor, world: World) -> None:
    world.add("Amina", "Khan")
    year = leaving_year_on(world.today)
    with world.db.write() as session:
        for record in session.scalars(select(Record)):
            record.leaving_year = year - 1
    world.add("Ben", "Stone")
    assert f"Leaving school in {year - 1}" in coordinator.get("/area").text
    asked = coordinator.get(coordinator.get("/area").href(f"Close {year - 1}"))
    assert "Somebody has something to do for 1 of 1 learner" in asked.text
    assert coordinator.get("/area/learners?waiting=yes&year=" + str(year - 1)).one("#found") == (
        f"1 learner leaving in {year - 1}"
    )
    assert f"Leaving school in {year - 1}" in coordinator.get("/area").text, "to ask closes nothing"
    assert coordinator.post(f"/area/years/{year - 1}/close", {}).location == "/area"
    assert f"{year - 1} is closed." in coordinator.get(f"/area?year={year - 1}").text
    page = coordinator.get("/area")
    assert f"{year - 1} is closed" in page.text
    assert f"Leaving school in {year - 1}" not in page.text
    coordinator.post(f"/area/years/{year - 1}/reopen", {})
    assert f"Leaving school in {year - 1}" in coordinator.get("/area").text
    assert coordinator.get(f"/area/years/{year}/close").location == "/area"
    coordinator.post(f"/area/years/{year}/close", {})
    assert "are still at school" in coordinator.get("/area").text


def test_setting_the_start_of_term_is_a_task_until_it_is_done(coordinator: Visitor, world: World) -> None:
    world.add("Amina", "Khan")
    year = leaving_year_on(world.today)
    words = f"Set when the autumn term of {year} starts"
    page = coordinator.get("/area")
    assert page.href(words) == f"/area/settings#term_starts_{year}"
    assert f"Until then the safeguarding clock counts from 1 September {year}" in page.text
    with world.db.write() as session:
        session.add(TermStart(area_id=world.area_id, first_day=date(year, 9, 6)))
    coordinator.post(
        f"/area/years/{year - 1}/close", {}
    )  # something happens in the area, so that it is read again
    assert words not in coordinator.get("/area").text


def test_every_page_says_that_one_person_is_not_enough(coordinator: Visitor, world: World) -> None:
    words = "The NEET group is not ready: it needs a second person"
    paths = ("/area", "/area/learners", "/account", "/teams")
    assert not [path for path in paths if words in coordinator.get(path).text]
    assert world.root is not None
    with world.db.write() as session:
        members = select(Membership).where(
            Membership.team_id == world.root.row.id, Membership.sealed.is_not(None)
        )
        for member in session.scalars(members).all()[1:]:
            session.delete(member)
    assert [path for path in paths if words in coordinator.get(path).text] == list(paths)
