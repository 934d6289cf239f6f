"""A page that saves itself, and the cards that follow when the person goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from tests.exchange.chains import kinds_of
from tests.exchange.statements import counted
from tests.exchange.world import World
from tests.exchange.writing.test_saving import MOST_STATEMENTS
from tests.web.visitor import Visitor
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.store.models import Record


@pytest.fixture
def record_id(world: World) -> UUID:
    return world.add()


def _page(record_id: UUID) -> str:
    return f"/learners/{record_id}/pages/learner"


def _draft(world: World, record_id: UUID) -> Draft:
    return open_draft(db=world.db, actor=world.senco, record_id=record_id)


def _saves_itself(senco: Visitor, record_id: UUID, form: dict[str, Any]) -> dict[str, Any]:
    answer = senco.post(f"{_page(record_id)}/typed", form)
    assert answer.status == 200
    said: dict[str, Any] = json.loads(answer.source)
    return said


def _councils(world: World, record_id: UUID) -> Mapping[str, Any]:
    team = world.coordinator.teams[0]
    cards = ledgers.open_ledger(db=world.db, actor=world.coordinator, team=team)
    return cards[record_id, None].content


def test_what_is_right_is_saved_and_the_form_goes_on_from_there(
    senco: Visitor, world: World, record_id: UUID
) -> None:
    form = senco.get(_page(record_id)).fields() | {"known_as.preferred_name": ["Mina"]}
    said = _saves_itself(senco, record_id, form)
    assert said["text"].startswith("Saved ")
    assert said["whole"] is True
    assert _draft(world, record_id).answers["known_as"] == {"preferred_name": "Mina"}
    form |= {"was": [said["was"]], "known_as.preferred_name": ["Mo"]}
    assert senco.post(_page(record_id), form).status == 303, "it is no conflict with what saved itself"
    assert _draft(world, record_id).answers["known_as"] == {"preferred_name": "Mo"}


def test_a_wrong_answer_rests_and_is_told(senco: Visitor, world: World, record_id: UUID) -> None:
    form = senco.get(_page(record_id)).fields() | {"pupil_number.upn": ["A801200005001"]}
    said = _saves_itself(senco, record_id, form)
    assert said["text"].startswith("Not right yet: “Unique pupil number (UPN)”. The rest was saved ")
    assert said["whole"] is False
    assert said["heading"] == "This is typed and not saved yet. Everything else is saved"
    assert said["rests"] is True
    assert _draft(world, record_id).resting.answers.keys() == {"pupil_number.upn"}
    assert senco.get(_page(record_id)).fields()["pupil_number.upn"] == ["A801200005001"]


def test_each_field_that_is_wrong_is_told_as_the_whole_page_would_show_it(
    senco: Visitor, world: World, record_id: UUID
) -> None:
    """In the page's order, and by the names that the fields have in a browser, where empty rows stand too."""
    page = f"/learners/{record_id}/pages/family"
    form = senco.get(page).fields() | {
        "contacts.contacts.0.name": [""],
        "contacts.contacts.2.name": ["Farah Khan"],
        "contacts.contacts.2.email": ["farah"],
        "contacts.contacts.2.phone": ["12"],
    }
    said = json.loads(senco.post(f"{page}/typed", form).source)
    shown = senco.get(page).tree
    for wrong in said["wrong"]:
        row, column = wrong["name"].split(".")[2:]
        assert row == "2"
        assert wrong["text"].startswith("Contact 3: ")
        assert wrong["text"].endswith(f": {wrong['message']}")
        at_field = shown.get_element_by_id(f"contacts-contacts-0-{column}-error").text_content()
        assert at_field == f"Error: {wrong['message']}"
    assert len(said["wrong"]) == len(shown.cssselect(".govuk-error-message")) == 2
    assert "and 1 more. The rest was saved " in said["text"]
    form["contacts.contacts.2.email"], form["contacts.contacts.2.phone"] = [""], [""]
    form |= {"was": [said["was"]], "shown": [said["shown"]]}
    said = json.loads(senco.post(f"{page}/typed", form).source)
    assert (said["wrong"], said["rests"]) == ([], False)


@pytest.mark.parametrize("touches_it", [False, True])
def test_what_a_colleague_saved_in_another_question_stays_however_often_it_saves(
    senco: Visitor, world: World, record_id: UUID, touches_it: bool
) -> None:
    form = senco.get(_page(record_id)).fields()
    office = world.person("office", "Ashdown School", "Transition team")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}}, actor=office)
    for pronouns in ("she", "she/her", "she/they"):
        form["known_as.pronouns"] = [pronouns]
        form["was"] = [_saves_itself(senco, record_id, form)["was"]]
        answers = _draft(world, record_id).answers["known_as"]
        assert answers == {"preferred_name": "Mina", "pronouns": pronouns}
    if touches_it:
        form["known_as.preferred_name"] = ["Amy"]
        assert "Other answers were saved here" in _saves_itself(senco, record_id, form)["text"]
        assert senco.post(_page(record_id), form).status == 409
    else:
        assert senco.post(_page(record_id), form).status == 303
    assert _draft(world, record_id).answers["known_as"]["preferred_name"] == "Mina"


def test_it_overwrites_nothing_of_a_colleague_however_often_it_saves(
    senco: Visitor, world: World, record_id: UUID
) -> None:
    form = senco.get(_page(record_id)).fields()
    office = world.person("office", "Ashdown School", "Transition team")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}}, actor=office)
    form["known_as.preferred_name"] = ["Amy"]
    for _ in range(2):
        said = _saves_itself(senco, record_id, form)
        assert "Other answers were saved here meanwhile." in said["text"]
        assert (said["wrong"], said["heading"]) == ([], ""), "not everything else is saved"
        form["was"] = [said["was"]]
        draft = _draft(world, record_id)
        assert draft.answers["known_as"] == {"preferred_name": "Mina"}
        assert draft.resting.answers["known_as.preferred_name"].met == office.principal_id
    reopened = senco.get(_page(record_id)).fields() | {"known_as.pronouns": ["she/her"]}
    _saves_itself(senco, record_id, reopened)
    draft = _draft(world, record_id)
    assert draft.answers["known_as"] == {"preferred_name": "Mina", "pronouns": "she/her"}
    both = senco.post(_page(record_id), form)
    assert both.status == 409
    assert senco.post(_page(record_id), both.fields()).status == 303
    assert _draft(world, record_id).answers["known_as"]["preferred_name"] == "Amy"


@pytest.mark.parametrize("saved", ["", "Ashdown"], ids=["nothing was saved", "something was saved"])
@pytest.mark.parametrize("by_itself", [True, False])
def test_what_was_put_back_as_it_was_saved_rests_no_more(
    senco: Visitor, world: World, record_id: UUID, saved: str, by_itself: bool
) -> None:
    """Somebody pastes a text that is too long, and undoes it."""
    if saved:
        world.save(record_id, {"enrolment": {"town": saved}})
    form = senco.get(_page(record_id)).fields() | {"enrolment.town": ["x" * 5000]}
    said = _saves_itself(senco, record_id, form)
    form |= {"was": [said["was"]], "shown": [said["shown"]]}
    assert _draft(world, record_id).resting.answers.keys() == {"enrolment.town"}
    form["enrolment.town"] = [saved]
    if by_itself:
        assert _saves_itself(senco, record_id, form)["whole"] is True
    else:
        assert senco.post(_page(record_id), form).status == 303
    draft = _draft(world, record_id)
    assert draft.resting.answers == {}
    assert draft.answers["enrolment"] == ({"town": saved} if saved else {})


def test_what_rests_from_elsewhere_stays_where_a_page_did_not_show_it(
    senco: Visitor, world: World, record_id: UUID
) -> None:
    earlier = senco.get(_page(record_id)).fields()
    _saves_itself(senco, record_id, senco.get(_page(record_id)).fields() | {"enrolment.town": ["x" * 5000]})
    rests = _draft(world, record_id).resting.answers
    said = _saves_itself(senco, record_id, earlier | {"known_as.preferred_name": ["Mina"]})
    assert _draft(world, record_id).resting.answers == rests
    earlier |= {"was": [said["was"]], "shown": [said["shown"]], "known_as.preferred_name": ["Mo"]}
    senco.post(_page(record_id), earlier)
    assert _draft(world, record_id).resting.answers == rests
    both = senco.get(_page(record_id)).fields()
    _saves_itself(senco, record_id, senco.get(_page(record_id)).fields() | {"enrolment.town": ["y" * 5000]})
    senco.post(_page(record_id), both | {"enrolment.town": [""]})
    assert _draft(world, record_id).resting.answers["enrolment.town"].typed == {"": "y" * 5000}


def test_the_council_gets_its_card_when_the_person_goes_on_and_not_before(
    senco: Visitor, world: World, record_id: UUID
) -> None:
    """A slip of the finger is not at the council in 20 seconds."""
    form = senco.get(_page(record_id)).fields() | {"learner.legal_surname": ["Kahn"]}
    _saves_itself(senco, record_id, form)
    senco.post("/account/stay")
    assert _councils(world, record_id)["legal_surname"] == "Khan"
    senco.get("/learners")
    assert _councils(world, record_id)["legal_surname"] == "Kahn"
    with world.db.read() as session:
        assert session.get_one(Record, record_id).typed_by is None


def test_automatic_saves_of_an_hour_share_an_event_and_each_save_has_its_own(
    senco: Visitor, world: World, record_id: UUID
) -> None:
    form = senco.get(_page(record_id)).fields()
    for name in ("M", "Mi", "Mina"):
        form["known_as.preferred_name"] = [name]
        form["was"] = [_saves_itself(senco, record_id, form)["was"]]
    assert kinds_of(world.db, world.school.id) == ["learner.added", "record.typed"]
    form["known_as.preferred_name"] = ["Mo"]
    senco.post(_page(record_id), form)
    assert kinds_of(world.db, world.school.id) == ["learner.added", "record.typed", "record.saved"]


def test_where_nothing_changed_nothing_is_written(senco: Visitor, world: World, record_id: UUID) -> None:
    before = _draft(world, record_id)
    assert _saves_itself(senco, record_id, senco.get(_page(record_id)).fields())["whole"] is True
    assert _draft(world, record_id).row_tags == before.row_tags
    assert kinds_of(world.db, world.school.id) == ["learner.added"]


def test_the_other_teams_page_does_not_save_itself_for_this_one(
    senco: Visitor, lead: Visitor, record_id: UUID
) -> None:
    address = f"/learners/{record_id}/pages/safeguarding"
    form = lead.get(address).fields() | {"safeguarding.file_exists": ["yes"]}
    assert senco.post(f"{address}/typed", form).status == 403
    assert lead.post(f"{address}/typed", form).status == 200
    assert senco.post(f"/learners/{UUID(int=7)}/pages/learner/typed", form).status == 404


def test_a_request_that_saves_asks_no_more_than_a_save_may(
    senco: Visitor, world: World, record_id: UUID
) -> None:
    for address, name in ((_page(record_id), "Mina"), (f"{_page(record_id)}/typed", "Mo")):
        form = senco.get(_page(record_id)).fields() | {"known_as.preferred_name": [name]}
        with counted(world.db) as asked:
            assert senco.post(address, form).status in (200, 303)
        assert len(asked) <= MOST_STATEMENTS, address
    assert _draft(world, record_id).answers["known_as"] == {"preferred_name": "Mo"}
