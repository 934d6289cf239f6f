"""Organisations, settings, activity."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, update

from tests.exchange import own_form
from tests.exchange.seconding import confirmer_team, named, require
from tests.exchange.spoilt_rules import spoil
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.exchange.coordinating.doubtful_rules import TICK
from transition_exchange.exchange.keys import seconds
from transition_exchange.exchange.paging import ON_A_PAGE
from transition_exchange.exchange.school_calendar import leaving_year_on, today
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.store import events
from transition_exchange.store.models import Area, Event, Record


@pytest.fixture
def signer(app: Flask, world: World) -> Visitor:
    """An administrator of the council who is in its NEET group, whose key signs the area's rules."""
    return Visitor(app, world.person("signer", "Ashdown Council", "NEET group", administrator=True))


def term_fields(leaving_year: int, *typed: str) -> dict[str, str]:
    """Day, month and year of the first day of a term, as the page sends them."""
    parts = ("day", "month", "year")
    return {f"term_starts_{leaving_year}-{part}": text for part, text in zip(parts, typed, strict=True)}


def test_organisations_that_need_something_come_first(coordinator: Visitor, world: World) -> None:
    world.place("New School", kind="school", sends=True)
    team = world.team("New School", "Transition", "transition", confirmed=False, ready=False)
    page = coordinator.get("/area/organisations")
    assert page.texts("h2")[:2] == ["Not ready yet (1)", "Ready (5)"]
    assert "It needs a second person, or a recovery code typed back once" in page.text
    assert "No team for safeguarding" in page.text
    assert page.href("Confirm by phone") == f"/area/teams/{team.row.id}/number"


def test_settings_are_changed_by_administrators_of_the_neet_group_and_read_by_members(
    app: Flask, world: World, signer: Visitor, coordinator: Visitor
) -> None:
    world.team("Ashdown Council", "SEND team", "send")
    year = leaving_year_on(today())
    term = term_fields(year, "6", "9", str(year))
    form = {"send_at": "conditional", "keep_months": "6", **term}
    page = signer.follow(signer.post("/area/settings", form))
    assert "The area’s settings are saved." in page.text
    assert page.fields()["send_at"] == ["conditional"]
    sender = Visitor(app, world.person("sender", "Ashdown Council", "SEND team", administrator=True))
    for reader in (coordinator, sender):
        shown = reader.get("/area/settings")
        assert "They have a conditional offer" in shown.text
        assert f"6 September {year}" in shown.text
        assert "An administrator of the council who is in the NEET group can change this" in shown.text
        assert "send_at" not in shown.fields()
        assert reader.post("/area/settings", form | {"send_at": "applied"}).status == 403
        assert "They have a conditional offer" in reader.get("/area/settings").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("keep_months", "99"),
        ("keep_months", "many"),
        ("send_at", ""),
        ("term-month", "13"),
        ("term-month", "12"),
        ("term-year", ""),
        ("term-year", "1999"),
        ("term-year", "2035"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_at_its_field(signer: Visitor, field: str, value: str) -> None:
    year = leaving_year_on(today())
    field = field.replace("term", f"term_starts_{year}")
    form = {
        "send_at": "accepted",
        "keep_months": "12",
        **term_fields(year, "6", "9", str(year)),
        field: value,
    }
    page = signer.post("/area/settings", form)
    assert (page.status, len(page.errors)) == (422, 1)
    if value in ("1999", "2035", "12"):
        assert page.errors == [
            f"The autumn term of {year} must start between 15 August and 15 October {year}"
        ]
        assert page.fields()[field] == [value]


def test_each_open_leaving_year_has_a_start_of_term_of_its_own(
    signer: Visitor, coordinator: Visitor, world: World
) -> None:
    year = leaving_year_on(today())
    world.add()
    earlier = world.add("Ben", "Adams")
    with world.db.write() as session:
        session.get_one(Record, earlier).leaving_year = year - 1
    task = "Set when the autumn term of {} starts"
    assert task.format(year) in coordinator.get("/area").text
    form = {"send_at": "accepted", "keep_months": "12"}
    signer.post("/area/settings", form | term_fields(year - 1, "2", "9", str(year - 1)))
    page = signer.follow(signer.post("/area/settings", form | term_fields(year, "6", "9", str(year))))
    assert page.fields()[f"term_starts_{year - 1}-day"] == ["2"], "what was not sent stays"
    assert page.fields()[f"term_starts_{year}-day"] == ["6"]
    for shown in (year, year - 1):
        assert task.format(shown) not in coordinator.get(f"/area?year={shown}").text
    signer.post("/area/settings", form | term_fields(year, "", "", ""))
    assert task.format(year) in coordinator.get("/area").text, "an empty field takes it away"


def test_an_administrator_in_no_team_is_told_that_only_a_teams_key_can_check(
    administrator: Visitor, world: World
) -> None:
    """The rules are in order, so nothing may read as if somebody had changed them."""
    form = {
        "send_at": "applied",
        "keep_months": "6",
    }
    page = administrator.get("/area/settings")
    assert "You are in none of the council’s teams, so this page cannot check who signed" in page.text
    assert "Warning" not in page.text
    assert "Schools add and send nothing" not in page.text
    assert "They have accepted the offer" not in page.text, "it could be anybody's word"
    assert administrator.post("/area/settings", form).status == 403
    world.add()


def test_the_form_for_a_leaving_year_is_chosen_among_those_installed(
    signer: Visitor,
    coordinator: Visitor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own_form.install(tmp_path, monkeypatch)
    year = leaving_year_on(today())
    page = signer.get("/area/settings")
    assert f"Which form is used for those who leave in {year}?" in page.text
    assert page.texts(f"#form_{year} option") == [
        "The newest common form, now Transition pro-forma 2027, version 1",
        "Ourtown transition form 2027, version 1",
        "Transition pro-forma 2027, version 1",
        "Transition pro-forma 2026, version 1",
    ]
    assert page.fields()[f"form_{year}"] == [""]
    form = {name: values[0] for name, values in page.fields().items()} | {f"form_{year}": own_form.NAME}
    saved = signer.follow(signer.post("/area/settings", form))
    assert saved.fields()[f"form_{year}"] == [own_form.NAME]
    assert saved.fields()[f"form_{year + 1}"] == [""]
    assert "Ourtown transition form 2027, version 1" in coordinator.get("/area/settings").text

    wrong = signer.post("/area/settings", form | {f"form_{year}": "ourtown/1999.1"})
    assert (wrong.status, wrong.errors) == (422, [f"Choose one of the forms for {year} that are installed"])
    assert wrong.fields()[f"form_{year}"] == ["ourtown/1999.1"], (
        "what was chosen stays, and says what is wrong"
    )

    without = {name: value for name, value in form.items() if not name.startswith("form_")}
    assert signer.follow(signer.post("/area/settings", without)).fields()[f"form_{year}"] == [own_form.NAME]

    monkeypatch.delenv("TRANSITION_EXCHANGE_SCHEMAS")
    assert "ourtown/2027.1, which is not installed" in signer.get("/area/settings").text
    assert "ourtown/2027.1, which is not installed" in coordinator.get("/area/settings").text


@pytest.mark.parametrize("how", ["removed", "lowered", "elsewhere"])
def test_rules_that_cannot_be_checked_are_told_and_mended_by_saving_again(
    signer: Visitor, coordinator: Visitor, world: World, how: str
) -> None:
    spoil(world, how)
    warning = "The area’s rules cannot be checked"
    shown = coordinator.get("/area/settings")
    assert f"{warning}: no key of the NEET group has signed them" in shown.text
    assert "until an administrator in the NEET group saves them here again" in shown.text
    assert [value for value in shown.texts("dd") if "cannot be checked" in value] == 3 * [
        "It cannot be checked"
    ]
    page = signer.get("/area/settings")
    assert warning in page.text
    assert "send_at" not in page.fields(), "nothing is chosen before the council chooses"
    assert signer.get("/area").status == 200

    without = signer.post("/area/settings", page.fields())
    assert (without.status, without.errors) == (422, ["Choose when packs go out"])
    unasked = signer.post("/area/settings", page.fields() | {"send_at": "accepted"})
    assert (unasked.status, unasked.errors) == (422, [TICK])
    assert "No second confirmer is required" in page.texts("#signed-instead li")
    (tick,) = (box.get("value") for box in page.tree.cssselect("#instead"))
    saved = signer.follow(
        signer.post("/area/settings", page.fields() | {"send_at": "accepted", "instead": tick})
    )
    assert "The area’s settings are saved." in saved.text
    assert warning not in saved.text
    assert saved.fields()["send_at"] == ["accepted"]
    world.add()


def test_activity_is_told_in_plain_words(administrator: Visitor, coordinator: Visitor, world: World) -> None:
    assert "Nothing has been done yet." in coordinator.get("/area/activity").text
    world.add()
    coordinator.post("/area/chase", {"school": str(world.school.id)})
    (row,) = administrator.get("/area/activity").texts("tbody tr")
    assert "Coordinator" in row
    assert "Reminded a school’s team by e-mail" in row
    assert "Ashdown School" in row


def test_each_page_of_the_activity_checks_its_own_entries_and_says_so(
    administrator: Visitor, world: World
) -> None:
    with world.db.write() as session:
        for _ in range(ON_A_PAGE + 10):
            newest = events.append(
                session, organisation_id=world.coordinator.organisation_id, kind="area.changed"
            ).seq
        session.execute(
            delete(Event).where(
                Event.organisation_id == world.coordinator.organisation_id,
                Event.seq == newest - ON_A_PAGE - 5,
            )
        )
    page = administrator.get("/area/activity")
    assert "This list failed its check" not in page.text
    assert "It does not check the pages after it" in page.text
    assert "This list failed its check" in administrator.get(page.href("Older")).text


def test_nobody_else_sees_the_councils_pages(app: Flask, world: World) -> None:
    head = world.person("head", "Ashdown School", "Transition team", administrator=True)
    visitor = Visitor(app, head)
    for path in ("organisations", "organisations/invite", "settings", "activity"):
        assert visitor.get(f"/area/{path}").status == 403


@pytest.mark.parametrize("before", ["0", "-1", "9223372036854775807", "9223372036854775808", "9" * 5_000])
def test_the_list_of_events_can_begin_at_no_number_that_is_too_large(
    coordinator: Visitor, before: str
) -> None:
    assert coordinator.get(f"/area/activity?before={before}").status == 200


def test_the_settings_name_what_is_signed_in_place_of_rules_that_were_put_back(
    signer: Visitor, world: World
) -> None:
    """As an administrator of the NEET group sees it who has seen the newer rules."""
    with world.db.read() as session:
        area = session.get_one(Area, world.area_id)
        older = {name: getattr(area, name) for name in ("rules", "rules_signature", "rules_key_id")}
    require(world, named(confirmer_team(world)))
    with world.db.write() as session:
        area = session.get_one(Area, world.area_id)
        newest = replace(
            AreaRules.read(area.rules or ""), send_at="conditional", versions={"2026": "core/2026.1"}
        )
        session.execute(update(Area).where(Area.id == world.area_id).values(**older))
    actor = world.people["signer"]
    signer.act_as(replace(actor, teams=tuple(replace(team, rules=newest) for team in actor.teams)))
    page = signer.get("/area/settings")
    assert "The area’s rules are older than those that you have seen" in page.text
    assert page.texts("#signed-instead li") == [
        "Riverside Boxing at Riverside Boxing confirms teams too. Both confirmations are needed from "
        "5 January 2026 on",
        "The form for those who leave in 2026 is core/2026.1, unless you choose another below",
        "When records may be sent is what you choose below",
    ]
    assert page.fields()["send_at"] == ["conditional"]
    saved = signer.post("/area/settings", page.fields())
    assert saved.status == 303
    with world.db.read() as session:
        rules = seconds.rules_of(session, world.senco)
    assert rules is not None
    assert (rules.send_at, rules.versions, rules.second) == (
        "conditional",
        {"2026": "core/2026.1"},
        named(confirmer_team(world)),
    )
