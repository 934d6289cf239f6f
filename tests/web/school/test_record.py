"""The task list of one learner."""

from __future__ import annotations

from uuid import UUID

from flask import Flask

from tests.exchange.typing_in import type_in
from tests.exchange.world import World
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.receiving.receipts import acknowledge
from transition_exchange.exchange.school_calendar import today
from transition_exchange.exchange.sending.tracking import track
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import asked
from transition_exchange.web.school.record import page_state


def tasks(page: Page) -> dict[str, str]:
    """The task list as title and state."""
    return {
        page_title(item): " ".join(item.cssselect(".govuk-task-list__status")[0].text_content().split())
        for item in page.tree.cssselect(".govuk-task-list__item")
    }


def page_title(item: object) -> str:
    title, *_ = item.cssselect(".govuk-task-list__name-and-hint > *")  # type: ignore[attr-defined]  # lxml has no types
    return " ".join(title.text_content().split())


def state_of(world: World, record_id: UUID, name: str) -> tuple[str, str]:
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    paths = asked(draft.version, draft.answers)
    return page_state(draft, draft.version.page(name), report=draft.report(today()), paths=paths)


def test_a_new_record_has_everything_to_do(senco: Visitor, world: World) -> None:
    page = senco.get(f"/learners/{world.add()}")
    states = tasks(page)
    assert page.h1 == "Amina Khan"
    assert states["Destinations"] == "Not started"
    assert states["Documents"] == "Optional"
    assert states["What was sent, and who has it"] == "Nothing sent yet"
    assert states["See what each team will get, and send"] == "Not sent"


def test_a_complete_record_says_so(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    page = senco.get(f"/learners/{record_id}")
    assert "Everything that the area asks for is there." in page.text
    assert tasks(page)["Destinations"] == "Complete"
    assert tasks(page)["Check answers and who can read them"] == "Complete"


def test_what_is_typed_and_not_saved_is_said_above_the_pages_and_beside_checking(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    world.fill(record_id)
    type_in(world, record_id, attendance={"sessions_possible": "many", "sessions_attended": "most"})
    page = senco.get(f"/learners/{record_id}")
    assert "2 answers are typed and not saved. They are sent to nobody until" in page.text
    assert tasks(page)["Check answers and who can read them"] == "2 not saved"
    assert "Something that you typed is not saved yet" not in page.text, (
        "that is about forms that came too late"
    )
    assert "Everything that the area asks for is there" not in page.text


def test_a_page_says_how_far_it_is(world: World) -> None:
    record_id = world.add()
    assert state_of(world, record_id, "family") == ("Not started", "blue")
    world.save(record_id, {"contacts": {"contacts": [{"name": "Farah Khan"}]}})
    words, colour = state_of(world, record_id, "family")
    assert words.endswith(" missing")
    assert colour == "yellow"
    world.fill(record_id)
    assert state_of(world, record_id, "family") == ("Complete", "")


def test_a_page_on_which_nothing_is_asked_is_not_needed(world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"sen": {"provision": "N"}})
    assert state_of(world, record_id, "plan") == ("Not needed", "")


def test_what_became_of_the_packs_is_counted(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.send(record_id)
    assert (
        tasks(senco.get(f"/learners/{record_id}"))["What was sent, and who has it"] == "0 of 1 acknowledged"
    )
    [transfer] = track(db=world.db, actor=world.senco, record_id=record_id).delivered
    for actor in (
        world.college_admissions,
        world.college_support,
        world.college_safeguarding,
        world.college_exams,
    ):
        open_transfer(db=world.db, actor=actor, transfer_id=transfer.transfer_id)
        acknowledge(db=world.db, actor=actor, transfer_ids=[transfer.transfer_id])
    assert tasks(senco.get(f"/learners/{record_id}"))["What was sent, and who has it"] == "Acknowledged"


def test_one_team_sees_of_the_other_only_whether_it_released(
    senco: Visitor, lead: Visitor, world: World
) -> None:
    record_id = world.add()
    world.fill(record_id)
    assert "Not released yet" in senco.get(f"/learners/{record_id}").text
    world.send(record_id)
    page = lead.get(f"/learners/{record_id}")
    assert "Written by the SENCO and school office" in page.text
    assert "Released " in page.text
    assert "Destinations" not in tasks(page)


def test_whoever_is_in_both_teams_sees_who_writes_what(app: Flask, world: World) -> None:
    both = world.person("both", "Ashdown School", "Transition team", "Safeguarding team")
    text = Visitor(app, both).get(f"/learners/{world.add()}").text
    assert "Written by the SENCO and school office" in text
    assert "Written by the school’s safeguarding team" in text


def test_another_schools_record_is_not_found(senco: Visitor, world: World) -> None:
    assert senco.get(f"/learners/{world.add(actor=world.other_senco)}").status == 404
