"""One learner's line: what is missing, what is overdue, and what is left after an objection."""

from __future__ import annotations

from datetime import date, timedelta

from tests.exchange.answers import destination
from tests.exchange.coordinators import UPN, look, objects, only, opens
from tests.exchange.other_names import FALSE, TRUE, call, misnamed, rename
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.export import row
from transition_exchange.exchange.coordinating.listing import one_learner
from transition_exchange.exchange.coordinating.not_ready import organisations
from transition_exchange.exchange.coordinating.overview import overview


def test_names_of_what_everybody_is_asked_and_the_number_of_the_rest_are_shown(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"pupil_number": {"upn": UPN}, "sen": {"provision": "E"}})
    line = only(world)
    assert line.state == "incomplete"
    assert line.missing
    assert not any("." in words or "_" in words for words in line.missing)
    assert line.other_missing > 3
    assert "EHC" not in " ".join(line.missing)


def test_days_are_counted_from_what_waits_longest(world: World) -> None:
    world.add()
    line = only(world)
    assert line.days_waiting(world.today + timedelta(days=12)) == 12


def test_the_safeguarding_clock_runs_out_and_stops_when_the_team_has_opened(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    later = date(only(world).leaving_year, 9, 9)  # five school days after 1 September

    def overdue() -> bool:
        return one_learner(db=world.db, actor=world.coordinator, record_id=record_id, today=later).overdue

    assert not only(world).overdue
    assert overdue()
    world.send(record_id, owner="school_safeguarding")
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


def test_a_destination_under_another_name_than_the_confirmed_one_is_told_apart(world: World) -> None:
    misnamed(world)
    line = only(world)
    assert line.other_names == (f"confirmed as {TRUE}",)
    cells = row(line, world.today)
    assert str(cells["Destinations"]).startswith(f"{FALSE} (confirmed as {TRUE}), ")


def test_a_renamed_provider_and_one_outside_the_exchange_are_no_matter(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    rows = [destination(world.college.id, "Northway College"), destination(None, "Elsewhere", preference=2)]
    world.save(record_id, {"destinations": {"destinations": rows}})
    assert only(world).other_names == ("", "")
    rename(world, "Northway College", "Northway Group", {"Exams office": "college_exams"})
    assert only(world).other_names == ("now Northway Group", "")


def test_schools_and_providers_are_called_as_they_were_confirmed(world: World) -> None:
    world.sent()
    for place in ("Ashdown School", "Northway College"):
        call(world, place, "Somewhere Else")
    line = only(world)
    assert (line.school, line.sent_to) == ("Ashdown School", ("Northway College",))
    figures = overview(db=world.db, actor=world.coordinator, today=world.today)
    assert "Ashdown School" in {school.name for school in figures.schools}
    assert "Northway College" in {provider.name for provider in figures.providers}
    listed = {organisation.name for organisation in organisations(db=world.db, actor=world.coordinator)}
    assert "Somewhere Else" not in listed


def test_who_has_left_is_found_whatever_the_form_is(world: World) -> None:
    incomplete, complete, less = world.add(), world.add("Ben", "Adams"), world.add("Cara", "Dale")
    world.fill(complete)
    objects(world, less)
    for record_id in (incomplete, complete, less):
        world.save(record_id, {"leaving": {"left_school": "left"}})
    assert look(world, state="left").total == 3
    assert [line.state for line in look(world).lines] == ["complete", "shares_less", "left"]
    assert look(world, state="incomplete").total == 0
