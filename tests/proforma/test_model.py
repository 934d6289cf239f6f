"""What a version is made of can be asked by name, and answers in words where there is no such thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.proforma.records import V2027
from transition_exchange.proforma import Season, Statement, UnknownName, load
from transition_exchange.proforma.model import VERSION_NAME

VERSION = load(V2027)


def test_unknown_names_are_refused() -> None:
    for ask in (VERSION.section, VERSION.page, VERSION.attachment_kind):
        with pytest.raises(UnknownName):
            ask("nothing")
    with pytest.raises(UnknownName):
        VERSION.question("learner.nothing")
    with pytest.raises(UnknownName):
        VERSION.question("learner.legal_surname.nothing")


def test_questions_are_found_by_their_path_columns_too() -> None:
    assert VERSION.question("learner.legal_surname").path == "learner.legal_surname"
    column = VERSION.question("destinations.destinations.status")
    assert (column.path, column.table, column.name) == (
        "destinations.destinations.status",
        "destinations",
        "status",
    )
    assert all(VERSION.question(question.path) == question for question in VERSION.questions)


def test_pages_and_sections_are_found_by_owner() -> None:
    assert [page.name for page in VERSION.pages_of("school_safeguarding")] == ["safeguarding"]
    assert len(VERSION.pages_of("transition")) == 9
    assert {section.name for section in VERSION.sections_of("school_safeguarding")} == {
        "safeguarding",
        "day_one_safety",
    }
    page = VERSION.page_of("sen")
    assert page is not None
    assert page.name == "needs"
    assert VERSION.page_of("destination") is None, "made for a transfer, never typed"


def test_a_version_with_other_sections_knows_those_and_leaves_the_first_as_it_is() -> None:
    fewer = replace(VERSION, sections=VERSION.sections[:1])
    assert fewer.section("learner") == VERSION.sections[0]
    with pytest.raises(UnknownName):
        fewer.section("sen")
    assert VERSION.section("sen").name == "sen"


def test_what_is_asked_of_everybody_hangs_on_no_answer() -> None:
    assert VERSION.question("learner.legal_surname").everybody
    assert not VERSION.question("ehc_plan.last_review").everybody
    assert not VERSION.question("known_as.pronouns").everybody


def test_readers_get_the_packs_heading_where_there_is_one() -> None:
    review = VERSION.question("ehc_plan.last_review")
    assert (review.label, review.heading) == ("When was the last annual review?", "Last annual review")
    assert (
        VERSION.question("learner.legal_surname").heading == VERSION.question("learner.legal_surname").label
    )


def test_a_season_begins_and_ends_in_the_leaving_year() -> None:
    offer = Season(starts=(9, 30))
    assert offer.first_day(2027) == date(2027, 9, 30)
    assert not offer.over(2027, date(2030, 1, 1))
    prediction = Season(ends=(8, 31))
    assert prediction.first_day(2027) is None
    assert not prediction.over(2027, date(2027, 8, 31))
    assert prediction.over(2027, date(2027, 9, 1))


def test_a_statement_names_what_it_answers_and_what_it_asks() -> None:
    statement = Statement("a", "A", answers={"told.learner_told": True}, asks=("told.learner_told_on",))
    assert statement.paths == ("told.learner_told", "told.learner_told_on")


@pytest.mark.parametrize("name", ["core/2027.1", "our-town/2030.12", "a/2000.123"])
def test_a_name_says_whose_it_is_for_which_year_and_which_issue(name: str) -> None:
    parts = VERSION_NAME.fullmatch(name)
    assert parts is not None
    assert f"{parts['family']}/{parts['year']}.{parts['issue']}" == name


@pytest.mark.parametrize(
    "name", ["core", "core/2027", "Core/2027.1", "core/27.1", "../2027.1", "core/2027.1234"]
)
def test_other_words_are_no_names(name: str) -> None:
    assert VERSION_NAME.fullmatch(name) is None


def test_a_section_says_who_reads_it_at_which_places() -> None:
    assert VERSION.section("visits").readers == "learning support"
    assert VERSION.section("pupil_number").readers == "every team of a school"
    assert VERSION.section("destinations").readers == ""
