"""Where a learner is going: chosen providers, other places, and two people at one list."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from tests.exchange.answers import destination
from tests.exchange.world import World
from tests.web.school.forms import form_to
from tests.web.visitor import Visitor
from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.web.problems import REFUSED
from transition_exchange.web.school.pages import NOT_SAVED


def _rows(world: World, record_id: UUID) -> list[dict[str, object]]:
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    return list(draft.answers["destinations"].get("destinations", []))


def test_a_chosen_provider_fills_in_its_name_numbers_and_campus(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/destinations/0"
    form = senco.get(path).fields() | {
        "provider": [f"{world.college.id}|Town campus"],
        "destinations.destinations.0.course": ["Animal care"],
        "destinations.destinations.0.status": ["applied"],
    }
    assert senco.post(path, form).status == 303
    [row] = _rows(world, record_id)
    assert row["organisation"] == str(world.college.id)
    assert (row["provider_name"], row["ukprn"], row["campus"], row["kind"]) == (
        "Northway College",
        "10001234",
        "Town campus",
        "provider",
    )
    page = senco.get(f"/learners/{record_id}/destinations")
    assert "Northway College" in page.text
    assert "Not sent yet" in page.text


def test_elsewhere_is_typed_and_nothing_can_be_sent_there(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/destinations/0"
    form = senco.get(path).fields() | {
        "provider": ["elsewhere"],
        "destinations.destinations.0.kind": ["provider"],
        "destinations.destinations.0.provider_name": ["Far Away College"],
    }
    assert senco.post(path, form).status == 303
    assert "organisation" not in _rows(world, record_id)[0]
    assert "Not in this exchange" in senco.get(f"/learners/{record_id}/destinations").text


def test_choosing_nothing_is_said_at_the_field_and_loses_nothing(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/destinations/0"
    page = senco.post(path, senco.get(path).fields() | {"destinations.destinations.0.course": ["Joinery"]})
    assert page.errors == ["Choose a provider, or say what kind of destination it is"]
    assert page.texts(".govuk-error-summary__title") == ["Nothing of this destination is saved yet"]
    assert _rows(world, record_id) == []
    assert page.fields()["destinations.destinations.0.course"] == ["Joinery"]


def test_a_wrong_date_is_said_at_its_field(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    path = f"/learners/{record_id}/destinations/1"
    form = senco.get(path).fields() | {
        "provider": [f"{world.places['Riverside Boxing'].id}|"],
        "destinations.destinations.0.offer_date-day": ["31"],
        "destinations.destinations.0.offer_date-month": ["2"],
        "destinations.destinations.0.offer_date-year": ["2026"],
    }
    page = senco.post(path, form)
    assert len(page.errors) == 1
    assert page.tree.cssselect("#destinations-destinations-0-offer_date-day-error")
    assert page.texts(".govuk-error-summary__title") == [NOT_SAVED]
    saved = _rows(world, record_id)
    assert [row["provider_name"] for row in saved] == ["Northway College", "Riverside Boxing"], (
        "the rest is saved"
    )
    assert "offer_date" not in saved[1]


def test_what_is_wrong_stays_on_its_page_until_it_is_right(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=("Northway College", "Riverside Boxing"))
    learner, date_field = f"/learners/{record_id}", "destinations.destinations.0.offer_date"
    path = f"{learner}/destinations/1"
    before = _rows(world, record_id)[1]
    form = senco.get(path).fields() | {
        f"{date_field}-year": ["26"],
        "destinations.destinations.0.course": ["Coaching"],
    }
    assert senco.post(path, form).status == 422
    assert _rows(world, record_id)[1] == {**before, "course": "Coaching"}, "what was saved there stays"
    page = senco.get(path)
    assert (page.status, page.fields()[f"{date_field}-year"]) == (200, ["26"])
    assert page.errors == ["Write the year in four digits, such as 2025"]
    assert page.texts(".govuk-error-summary__title") == [NOT_SAVED]
    assert "Not everything that was typed here is saved" in senco.get(f"{learner}/destinations").text
    assert "Not all saved" in senco.get(learner).text
    assert "Destinations : 1 answer" in senco.get(f"{learner}/check/transition").text
    other = f"{learner}/destinations/0"
    assert senco.post(other, senco.get(other).fields()).status == 303
    assert senco.get(path).fields()[f"{date_field}-year"] == ["26"], "whatever is saved beside it"
    assert senco.get(learner).text.count("1 not saved") == 1, (
        "beside checking, and on no other page of the form"
    )
    form = senco.get(path).fields() | {f"{date_field}-year": ["2026"]}
    assert senco.post(path, form).status == 303
    assert senco.get(path).errors == []
    assert "Not all saved" not in senco.get(learner).text


def test_a_destination_that_is_taken_off_the_list_takes_along_what_was_wrong(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=("Northway College", "Riverside Boxing"))
    path = f"/learners/{record_id}/destinations"
    for number in (0, 1):
        form = senco.get(f"{path}/{number}").fields()
        senco.post(f"{path}/{number}", form | {"destinations.destinations.0.offer_date-year": [f"1{number}"]})
    senco.post(f"{path}/0/remove", form_to(senco.get(path), "/destinations/0/remove"))
    assert senco.get(f"{path}/0").fields()["destinations.destinations.0.offer_date-year"] == ["11"]
    senco.post(f"{path}/0/remove", form_to(senco.get(path), "/destinations/0/remove"))
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert (draft.answers["destinations"], draft.resting.answers) == ({}, {})


def test_changing_one_leaves_the_others_and_removing_takes_one_away(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id, going_to=("Northway College", "Riverside Boxing"))
    path = f"/learners/{record_id}/destinations/1"
    form = senco.get(path).fields() | {"destinations.destinations.0.course": ["Coaching"]}
    assert senco.post(path, form).status == 303
    assert [row["course"] for row in _rows(world, record_id)] == ["Animal care", "Coaching"]
    page = senco.get(f"/learners/{record_id}/destinations")
    senco.post(f"/learners/{record_id}/destinations/0/remove", form_to(page, "/destinations/0/remove"))
    assert [row["provider_name"] for row in _rows(world, record_id)] == ["Riverside Boxing"]
    assert senco.get(f"/learners/{record_id}/destinations/7").status == 404


def test_what_could_not_be_removed_is_not_called_removed(
    senco: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock was set back, so that the offers lie in the future."""
    record_id = world.add()
    world.fill(record_id, going_to=("Northway College", "Riverside Boxing"))
    page = senco.get(f"/learners/{record_id}/destinations")
    monkeypatch.setattr(school_calendar, "today", lambda: date(2026, 9, 15))
    page = senco.post(f"/learners/{record_id}/destinations/0/remove", form_to(page, "/destinations/0/remove"))
    assert page.status == REFUSED
    assert "was not removed" in page.text
    assert len(_rows(world, record_id)) == 2


def test_two_people_at_the_list_never_lose_each_others_work(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/destinations/0"
    form = senco.get(path).fields() | {"provider": [f"{world.college.id}|"]}
    world.fill(record_id, going_to=("Riverside Boxing",))
    page = senco.post(path, form)
    assert page.status == 409
    assert "The destinations were changed in the meantime." in page.text, "by the SENCO in another tab"
    assert [row["provider_name"] for row in _rows(world, record_id)] == ["Riverside Boxing"]


def test_somebody_else_at_the_list_is_said_to_be_somebody_else(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/destinations/0"
    form = senco.get(path).fields() | {"provider": [f"{world.college.id}|"]}
    office = world.person("office", "Ashdown School", "Transition team")
    row = destination(world.places["Riverside Boxing"].id, "Riverside Boxing")
    world.save(record_id, {"destinations": {"destinations": [row]}}, actor=office)
    wrong = senco.post(path, form | {"provider": [""]})
    assert wrong.status == REFUSED
    page = senco.post(path, wrong.fields() | {"provider": [f"{world.college.id}|"]})
    assert "Somebody else changed the destinations while you were writing." in page.text
