"""The pages of the form, without a script: saved with gaps, nothing lost, conflicts shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.exchange.world import World
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import load

PAGES = [page.name for page in load("core/2027.1").pages_of("transition")]


def _answers(world: World, record_id: UUID) -> dict[str, dict[str, Any]]:
    return open_draft(db=world.db, actor=world.senco, record_id=record_id).answers


def _with(page: Page, **typed: str | list[str]) -> dict[str, Any]:
    return {**page.fields(), **{name.replace("__", "."): value for name, value in typed.items()}}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_saves_empty_and_changes_nothing(senco: Visitor, world: World, name: str) -> None:
    record_id = world.add()
    world.save(record_id, {"sen": {"provision": "E"}})
    before = _answers(world, record_id)
    path = f"/learners/{record_id}/pages/{name}"
    page = senco.get(path)
    assert page.status == 200
    assert senco.post(path, page.fields()).status == 303
    assert _answers(world, record_id) == before


def test_a_page_is_saved_with_its_gaps_and_says_how_many(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/learner"
    done = senco.post(path, _with(senco.get(path), known_as__preferred_name="Mina"))
    page = senco.follow(done)
    assert "Saved." in page.text
    assert "still missing on “About the learner”" in page.text
    assert _answers(world, record_id)["known_as"]["preferred_name"] == "Mina"


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/learner"
    page = senco.post(
        path,
        _with(
            senco.get(path),
            pupil_number__upn="A801200005001",
            enrolment__town="Ashdown",
            known_as__pronouns="she/her",
        ),
    )
    [said] = page.errors
    assert said.startswith("Unique pupil number (UPN): ")
    assert page.tree.cssselect("#pupil_number-upn-error")
    typed = page.fields()
    assert (typed["pupil_number.upn"], typed["enrolment.town"], typed["known_as.pronouns"]) == (
        ["A801200005001"],
        ["Ashdown"],
        ["she/her"],
    )
    assert "Everything else is saved" in page.text
    answers = _answers(world, record_id)
    assert (answers["known_as"], answers["enrolment"]) == ({"pronouns": "she/her"}, {"town": "Ashdown"})
    assert page.tree.findtext(".//title", "").startswith("Error:")


def test_what_is_wrong_is_there_again_when_the_page_is_opened_until_it_is_right_or_thrown_away(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/learner"
    page = senco.post(path, _with(senco.get(path), pupil_number__upn="A801200005001"))
    again = senco.get(path)
    assert (again.status, len(again.errors)) == (200, 1)
    for shown in (page, again):
        headline = "This is typed and not saved yet. Everything else is saved"
        assert shown.texts(".govuk-error-summary__title") == [headline], "one state, one headline"
    assert again.fields()["pupil_number.upn"] == ["A801200005001"]
    colleague = world.person("office", "Ashdown School", "Transition team")
    assert senco.post(path, {**again.fields(), "pupil_number.upn": "A801200005002"}).status == 422
    draft = open_draft(db=world.db, actor=colleague, record_id=record_id)
    assert draft.resting.answers["pupil_number.upn"].typed == {"": "A801200005002"}
    gone = senco.post(f"{path}/drop", {**senco.get(path).fields(), "rests": "yes"})
    assert gone.status == 303
    assert senco.follow(gone).fields()["pupil_number.upn"] == [""]
    assert senco.get(path).errors == []
    senco.post(path, _with(senco.get(path), pupil_number__upn="A801200005001"))
    assert senco.post(path, _with(senco.get(path), pupil_number__upn="L372400114001")).status == 303
    assert _answers(world, record_id)["pupil_number"] == {"upn": "L372400114001"}
    assert senco.get(path).errors == []


def test_a_gap_carries_its_reason_and_day(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/exams"
    form = senco.get(path).fields()
    form |= {
        "results.predicted_english!reason": ["waiting"],
        "results.predicted_english!expected-day": ["1"],
        "results.predicted_english!expected-month": ["3"],
        "results.predicted_english!expected-year": ["2027"],
    }
    assert senco.post(path, form).status == 303
    assert _answers(world, record_id)["results"]["_reasons"] == {
        "predicted_english": {"reason": "waiting", "expected": "2027-03-01"}
    }
    assert senco.get(path).fields()["results.predicted_english!expected-year"] == ["2027"]


def test_rows_are_added_and_removed_without_a_script_and_without_losing_anything(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/family"
    form = senco.get(path).fields() | {"contacts.contacts.0.name": ["Farah Khan"]}
    more = senco.post(path, form | {"add": "contacts.contacts"})
    assert more.status == 200
    form = more.fields()
    assert form["contacts.contacts.0.name"] == ["Farah Khan"]
    form["contacts.contacts.1.name"] = ["Omar Khan"]
    fewer = senco.post(path, form | {"remove": "contacts.contacts.0"})
    assert fewer.fields()["contacts.contacts.0.name"] == ["Omar Khan"]
    assert [row["name"] for row in _answers(world, record_id)["contacts"]["contacts"]] == ["Omar Khan"]
    assert senco.post(path, fewer.fields()).status == 303
    assert [row["name"] for row in _answers(world, record_id)["contacts"]["contacts"]] == ["Omar Khan"]


def test_a_conflict_shows_theirs_next_to_yours_and_saving_again_is_on_purpose(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/learner"
    form = _with(senco.get(path), known_as__preferred_name="Amy", numbers__uln_not_known="yes")
    office = world.person("office", "Ashdown School", "Transition team")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}}, actor=office)
    page = senco.post(path, form)
    assert page.status == 409
    assert "Somebody else saved other answers here while you were writing" in page.text
    assert "Saved now, by them" in page.text
    theirs, yours = page.texts(".te-clash__side")
    assert "Mina" in theirs
    assert "Amy" in yours
    assert _answers(world, record_id)["known_as"] == {"preferred_name": "Mina"}
    assert page.fields()["known_as.preferred_name"] == ["Amy"]
    assert _answers(world, record_id)["numbers"] == {"uln_not_known": True}, "all else is saved"
    again = senco.get(path)
    assert again.texts(".te-clash__side") == [theirs, yours], "whoever comes back sees both"
    assert senco.post(path, again.fields()).status == 303
    assert _answers(world, record_id)["known_as"] == {"preferred_name": "Amy"}


def test_what_was_typed_and_is_wrong_is_not_called_nothing_beside_what_a_colleague_saved(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/learner"
    form = senco.get(path).fields()
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    page = senco.post(path, {**form, "known_as.preferred_name": ["Mina " * 100]})
    yours = page.texts(".te-clash__side--yours")
    assert yours == ["Typed, not savedWhat stands in the form below, which is not right yet"]


def test_what_one_saved_oneself_in_another_tab_is_nobody_elses(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/learner"
    form = _with(senco.get(path), known_as__preferred_name="Amy")
    assert senco.post(path, _with(senco.get(path), known_as__preferred_name="Mina")).status == 303
    page = senco.post(path, form)
    assert page.status == 409
    assert "Other answers were saved here in the meantime, in another window" in page.text
    assert "Somebody else" not in page.text
    assert "by them" not in page.text
    assert "theirs" not in page.text
    assert senco.post(path, page.fields()).status == 303
    assert _answers(world, record_id)["known_as"] == {"preferred_name": "Amy"}


def test_a_section_the_writer_left_alone_is_no_conflict_and_is_not_set_back(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/learner"
    form = _with(senco.get(path), numbers__uln_not_known="yes")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    assert senco.post(path, form).status == 303
    answers = _answers(world, record_id)
    assert (answers["known_as"], answers["numbers"]) == ({"preferred_name": "Mina"}, {"uln_not_known": True})


def test_after_an_error_the_form_still_knows_what_it_was_opened_with(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/learner"
    form = _with(senco.get(path), known_as__preferred_name="Amy", pupil_number__upn="wrong")
    office = world.person("office", "Ashdown School", "Transition team")
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}}, actor=office)
    page = senco.post(path, form)
    assert (page.status, len(page.errors)) == (422, 1)
    assert "Somebody else saved other answers here" in page.text
    assert page.texts(".govuk-error-summary__title") == ["This is typed and not saved yet"]
    assert _answers(world, record_id)["known_as"] == {"preferred_name": "Mina"}


def test_what_is_not_asked_now_is_carried_over(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"sen": {"provision": "E"}})
    world.save(record_id, {"adulthood": {"vocational": "A placement at the stables"}, "attendance": {}})
    world.save(record_id, {"sen": {"provision": "N"}})
    path = f"/learners/{record_id}/pages/plan"
    page = senco.get(path)
    senco.post(path, page.fields() if page.tree.forms else {})
    assert _answers(world, record_id)["adulthood"] == {"vocational": "A placement at the stables"}


def test_only_the_questions_that_the_page_decides_itself_say_when_to_answer_them(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    page = senco.get(f"/learners/{record_id}/pages/family")
    assert any("Only answer if" in text for text in page.texts(".te-only-if"))


def test_a_question_another_page_decides_appears_once_it_is_asked(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/plan"
    assert "Nothing on this page is asked" in senco.get(path).text
    world.save(record_id, {"sen": {"provision": "E"}})
    assert senco.get(path).tree.cssselect("[name='ehc_plan.maintaining_la'], [name^='ehc_plan.']")


def test_the_other_teams_page_cannot_be_opened(senco: Visitor, lead: Visitor, world: World) -> None:
    record_id = world.add()
    assert senco.get(f"/learners/{record_id}/pages/safeguarding").status == 403
    assert lead.get(f"/learners/{record_id}/pages/learner").status == 403
    assert lead.get(f"/learners/{record_id}/pages/safeguarding").status == 200
    assert senco.get(f"/learners/{record_id}/pages/nothing").status == 404


def test_the_safeguarding_page_saves_for_the_safeguarding_team(lead: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/safeguarding"
    form = lead.get(path).fields() | {"safeguarding.file_exists": ["yes"]}
    assert lead.post(path, form).status == 303
    draft = open_draft(
        db=world.db, actor=world.safeguarding_lead, record_id=record_id, owner="school_safeguarding"
    )
    assert draft.answers["safeguarding"] == {"file_exists": "yes"}


def test_the_page_says_who_can_read_it(senco: Visitor, world: World) -> None:
    record_id = world.add()
    words = " ".join(senco.get(f"/learners/{record_id}/pages/learner").texts(".te-readers"))
    assert "For enrolment" in words
    assert "admissions" in words


def test_made_up_fields_break_nothing(senco: Visitor, world: World) -> None:
    record_id = world.add()
    path = f"/learners/{record_id}/pages/family"
    form = senco.get(path).fields()
    for odd in (
        {"contacts.contacts.999.name": "x", "contacts.contacts.0.nonsense": "y"},
        {"asked": "safeguarding.file_exists", "safeguarding.file_exists": "yes"},
        {"remove": "../../etc", "add": "nothing.at.all"},
        {"tag:told": "", "was:told": "", "told.learner_told": "perhaps"},
        {"told.learner_told_on-day": "٣", "told.learner_told_on-year": "99999"},
    ):
        assert senco.post(path, form | odd).status in (200, 303, 422)


def test_names_and_date_of_birth_cannot_be_emptied_and_nothing_typed_is_lost(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    before = _answers(world, record_id)
    path = f"/learners/{record_id}/pages/learner"
    form = _with(
        senco.get(path), learner__legal_forename="", learner__legal_surname="", known_as__pronouns="she/her"
    )
    form |= {f"learner.date_of_birth-{part}": "" for part in ("day", "month", "year")}
    page = senco.post(path, form)
    assert page.status == 422
    added = senco.post("/learners/add", {"learner.legal_forename": ""})
    assert page.texts(".govuk-error-message") == added.texts(".govuk-error-message")
    assert len(page.errors) == 3
    assert page.fields()["known_as.pronouns"] == ["she/her"]
    assert page.fields()["learner.legal_forename"] == [""]
    assert _answers(world, record_id) == {**before, "known_as": {"pronouns": "she/her"}}
    assert not page.tree.cssselect("[name='learner.legal_surname!reason']"), "no reason can stand in for it"


@pytest.mark.parametrize("typed", [("27-3-2011", "", ""), ("27", "3", "26"), ("0", "00", "2011")])
def test_a_date_that_is_wrong_comes_back_as_it_was_typed(
    senco: Visitor, world: World, typed: tuple[str, str, str]
) -> None:
    path = f"/learners/{world.add()}/pages/learner"
    boxes = {
        f"learner.date_of_birth-{part}": text
        for part, text in zip(("day", "month", "year"), typed, strict=True)
    }
    for page in (senco.post(path, {**senco.get(path).fields(), **boxes}), senco.post("/learners/add", boxes)):
        assert page.status == 422
        assert {name: page.fields()[name] for name in boxes} == {name: [text] for name, text in boxes.items()}
    again = senco.get(path)
    assert {name: again.fields()[name] for name in boxes} == {name: [text] for name, text in boxes.items()}


def test_whoever_changes_an_answer_while_checking_comes_back_to_the_same_place(
    senco: Visitor, world: World
) -> None:
    record_id = world.add()
    change = senco.get(f"/learners/{record_id}/check/transition").href("Change Name and school")
    page = senco.get(change.partition("#")[0])
    assert "Save and go back to checking" in page.text
    assert page.href("Back") == f"/learners/{record_id}/check/transition#check-learner"
    saved = senco.post(change.partition("#")[0], page.fields() | {"learner.legal_surname": "Cane"})
    assert saved.location == f"/learners/{record_id}/check/transition#check-learner"
    wrong = senco.post(change.partition("#")[0], page.fields() | {"pupil_number.upn": "wrong"})
    assert (wrong.status, "Save and go back to checking" in wrong.text) == (422, True)
    elsewhere = senco.get(f"/learners/{record_id}/pages/learner?check=health")
    assert "Save and continue" in elsewhere.text


def test_what_a_box_takes_is_said_before_it_is_filled(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.save(record_id, {"sen": {"provision": "K"}})
    page = senco.get(f"/learners/{record_id}/pages/own_words")
    box = page.tree.cssselect("textarea")[0]
    about = page.tree.get_element_by_id(f"{box.get('id')}-info")
    assert about.text_content().startswith("You can enter up to ")
    assert about.get("id") in box.get("aria-describedby").split()
