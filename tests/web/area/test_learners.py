"""The list of learners and one learner’s page, as a coordinator sees them."""

from __future__ import annotations

import csv
import re
from uuid import uuid4

import pytest

from tests.exchange.answers import destination
from tests.exchange.coordinators import UPN, objects, opens
from tests.exchange.keys.test_contacts import say
from tests.exchange.world import World
from tests.web.visitor import Visitor
from transition_exchange.store.models import Record


def test_the_list_says_what_is_missing_and_whose_turn_it_is(coordinator: Visitor, world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.save(record_id, {"pupil_number": {"upn": UPN}, "sen": {"provision": "E"}})
    (row,) = coordinator.get("/area/learners").texts("tbody tr")
    assert "Khan, Amina" in row
    assert "Ashdown School" in row
    assert "Incomplete" in row
    assert "more" in row
    assert "School to fill in what is missing" in row
    assert "Since today" in row
    assert "No destination" in row


def test_a_search_is_posted_and_stands_in_no_address(coordinator: Visitor, world: World) -> None:
    world.add("Amina", "Khan")
    world.add("Ben", "Adams")
    page = coordinator.search("/area/learners", {"q": "khan"})
    assert len(page.texts("tbody tr")) == 1
    assert not page.tree.xpath("//a[contains(@href, 'khan') or contains(@href, 'q=')]")
    assert "No learner matches" in coordinator.search("/area/learners", {"q": "nobody"}).text


def test_filters_become_an_address_that_can_be_kept(coordinator: Visitor, world: World) -> None:
    world.add("Amina", "Khan")
    page = coordinator.post("/area/learners", {"state": "not_started", "no_offer": "yes", "sort": "waiting"})
    assert page.location == "/area/learners?state=not_started&no_offer=yes&sort=waiting"
    listed = coordinator.get(page.location)
    assert listed.texts(".te-chip") == [
        "Remove the filter Form: not started ✕",
        "Remove the filter No suitable offer ✕",
    ]
    assert listed.href("Form: not started") == "/area/learners?no_offer=yes&sort=waiting"


def test_what_makes_no_sense_in_an_address_is_left_out(coordinator: Visitor, world: World) -> None:
    world.add("Amina", "Khan")
    page = coordinator.get("/area/learners?state=odd&school=1&provider=x&sort=colour&year=99999999&care=no")
    assert len(page.texts("tbody tr")) == 1
    assert len(coordinator.get("/area/learners?page=7").texts("tbody tr")) == 1, (
        "the nearest page that there is"
    )


def test_fifty_stand_on_a_page_and_a_search_keeps_to_its_pages(coordinator: Visitor, world: World) -> None:
    for number in range(53):
        world.add("Sam", f"Brown{number:02}")
    first = coordinator.get("/area/learners")
    assert (len(first.texts("tbody tr")), first.one("#found")) == (50, "1 to 50 of 53 learners")
    second = coordinator.get(first.href("Next"))
    assert second.one("#found") == "51 to 53 of 53 learners"
    searched = coordinator.search("/area/learners", {"q": "brown"})
    action = searched.tree.xpath("//nav[contains(@class, 'govuk-pagination')]//form/@action")[0]
    assert "brown" not in action
    assert len(coordinator.search(action, {"q": "brown"}).texts("tbody tr")) == 3


def test_each_thing_to_do_leads_to_where_it_is_done(coordinator: Visitor, world: World) -> None:
    record_id = world.add("Amina", "Khan")
    at = f"/area/learners/{record_id}"
    page = coordinator.get(at)
    assert page.href("Remind schools: School to start the form").startswith("/area/chase?year=")
    world.fill(record_id)
    school = coordinator.get(at).href("All its teams: School to send it to Northway College")
    assert school == f"/area/organisations#organisation-{world.school.id}"
    assert (
        coordinator.get("/area/organisations").tree.get_element_by_id(f"organisation-{world.school.id}")
        is not None
    )
    draft = {"destinations": {"destinations": [destination(None, "Kestrel Motors", kind="apprenticeship")]}}
    world.save(record_id, draft)
    words = "Council to invite Kestrel Motors: it is not in this exchange"
    assert coordinator.get(at).href(f"Organisations of this exchange: {words}") == "/area/organisations"
    draft["destinations"]["destinations"][0]["kind"] = "staying_on"
    world.save(record_id, draft)
    assert "Nobody’s: they stay at Ashdown School, which holds the record." in coordinator.get(at).text


def test_one_learners_page_shows_what_the_council_may_see(coordinator: Visitor, world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.fill(record_id)
    world.send(record_id)
    page = coordinator.get(f"/area/learners/{record_id}")
    assert page.h1 == "Khan, Amina"
    for words in (
        "Northway College to open it",
        "Nothing is missing",
        "Northway College, Animal care Level 2, Offer accepted",
        "Northway College: sent, not opened yet",
        UPN,
        "The office on 01709 000000",
    ):
        assert words in page.text, words
    assert "1 High Street" not in page.text
    assert coordinator.get(f"/area/learners/{uuid4()}").status == 404


def test_the_day_for_the_safeguarding_part_says_whether_the_part_is_there(
    coordinator: Visitor, world: World
) -> None:
    sent = world.sent()
    there, not_there = "to open its part.", "to open its part, which the school has not sent there yet."
    assert not_there in coordinator.get(f"/area/learners/{sent.record_id}").text
    world.send(sent.record_id, owner="school_safeguarding")
    assert there in coordinator.get(f"/area/learners/{sent.record_id}").text


def test_a_learner_who_shares_less_is_shown_calmly(coordinator: Visitor, world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.fill(record_id)
    world.send(record_id)
    objects(world, record_id)
    listed = coordinator.get("/area/learners")
    assert "The family has asked the school to share less" in listed.text
    page = coordinator.get(f"/area/learners/{record_id}")
    assert "You see what the law names" in page.text
    assert "1 High Street, Ashdown, S60 1AE" in page.text
    assert UPN not in page.text
    assert "Northway" not in page.one("main")


def test_the_table_that_is_downloaded_is_the_list_that_was_filtered(
    coordinator: Visitor, world: World
) -> None:
    world.add("Amina", "Khan")
    world.add("Ben", "Adams", actor=world.other_senco)
    page = coordinator.post("/area/learners.csv", {"school": str(world.school.id)})
    assert page.response.mimetype == "text/csv"
    assert "no-store" in page.response.headers["Cache-Control"]
    rows = list(csv.DictReader(page.source.removeprefix("\ufeff").splitlines()))
    assert [row["Last name"] for row in rows] == ["Khan"]
    assert coordinator.get("/area/learners.csv").status == 405


@pytest.mark.parametrize(("spoilt", "name"), [(False, ""), (True, "-incomplete")])
def test_a_table_from_which_something_was_left_out_is_called_incomplete(
    coordinator: Visitor, world: World, spoilt: bool, name: str
) -> None:
    record_id = world.add("Amina", "Khan")
    if spoilt:
        with world.db.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE records SET created_at = 'soon' WHERE id = '{record_id.hex}'")
    page = coordinator.post("/area/learners.csv")
    assert ("INCOMPLETE: something that is stored cannot be read" in page.source) == spoilt
    called = page.response.headers["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="learners-\d{{4}}-\d\d-\d\d{name}\.csv"', called)


def test_a_learners_page_names_the_team_whose_turn_it_is_and_whom_to_ring_there(
    coordinator: Visitor, world: World
) -> None:
    sent = world.sent()
    say(world, "senco", "The SENCO")
    say(world, "safeguarding_lead")
    opens(world, sent.record_id, "college_support")
    page = coordinator.get(f"/area/learners/{sent.record_id}")
    assert "Ring Sam Lead on 01709 382121 (Safeguarding team at Ashdown School)" in page.text
    assert "The SENCO on 01709 382121 (Transition team at Ashdown School)" in page.text
    assert "Learning support has not acknowledged it" in page.text
    assert "Learning support has not acknowledged it" in coordinator.get("/area/learners").text
    ready = coordinator.get("/area/organisations").text
    assert "Safeguarding team: Ring Sam Lead on 01709 382121" in ready


def test_a_search_in_one_year_says_what_it_finds_in_another(coordinator: Visitor, world: World) -> None:
    here, there = world.add("Amina", "Khan"), world.add("Ben", "Adams")
    with world.db.write() as session:
        year = session.get_one(Record, here).leaving_year
        session.get_one(Record, there).leaving_year = year - 1
    page = coordinator.search(f"/area/learners?year={year}", {"q": "adams"})
    assert page.one("#found") == f"No learners leaving in {year}"
    assert f"1 in {year - 1}" in page.text
    (action,) = page.tree.xpath(f"//form[button[contains(., '1 in {year - 1}')]]/@action")
    assert "adams" not in action
    assert coordinator.search(action, {"q": "adams"}).one("#found") == f"1 learner leaving in {year - 1}"
    assert "in another year too" not in coordinator.search("/area/learners", {"q": "adams"}).text


def test_who_shares_less_is_promised_what_the_page_shows(coordinator: Visitor, world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.fill(record_id)
    objects(world, record_id)
    page = coordinator.get(f"/area/learners/{record_id}")
    assert "how far each is, so that nobody is left without a place, and not where it is" in page.text
    assert "How far their applications are" in page.texts("h2")
    assert "Offer accepted" in page.text
    for untold in ("where the young person is heading", "Where they are heading", "Northway"):
        assert untold not in page.text, untold
    assert "The school does not tell where" in coordinator.get("/area/learners").text
