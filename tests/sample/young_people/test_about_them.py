"""What a learner's first pages say fits what sets the learner apart."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import outline, outlines
from transition_exchange.proforma import load
from transition_exchange.proforma.rules import identifiers
from transition_exchange.sample.organisations import BY_KEY, LA_CODE
from transition_exchange.sample.young_people import about_them, people
from transition_exchange.sample.young_people.people import Name
from transition_exchange.sample.young_people.sketch import Sketch


def test_a_pupil_has_the_numbers_of_their_school() -> None:
    sketch = outline(school=BY_KEY["grove"])
    answers = about_them.learner(sketch)
    assert (answers["legal_forename"], answers["legal_surname"]) == (
        sketch.name.forename,
        sketch.name.surname,
    )
    assert answers["date_of_birth"] == sketch.born.isoformat()
    assert (answers["school_laestab"], answers["school_urn"]) == ("375/4001", BY_KEY["grove"].urn)
    assert "_reasons" not in answers


def test_whoever_is_educated_at_home_has_no_school_and_says_why() -> None:
    answers = about_them.learner(outline(school=BY_KEY["council"]))
    assert answers["school_name"] == "Educated at home"
    assert not {"school_laestab", "school_urn"} & set(answers)
    assert answers["_reasons"] == {
        "school_laestab": {"reason": "does_not_apply"},
        "school_urn": {"reason": "does_not_apply"},
    }


def test_no_interpreter_is_asked_about_where_english_is_spoken() -> None:
    for sketch in outlines():
        answers = about_them.language(sketch)
        english = sketch.name.community.language == "ENG"
        assert answers["eal"] is not english
        assert ("contact_language" in answers) is not english
        assert ("interpreter_needed" in answers) == (answers.get("contact_language", "ENG") != "ENG")


def test_a_preferred_name_and_pronouns_are_said_where_there_are_any() -> None:
    assert "preferred_name" not in about_them.known_as(outline())
    sketch = outline("preferred_name", "they", known_as="Mina")
    answers = about_them.known_as(sketch)
    assert (answers["preferred_name"], answers["pronouns"]) == ("Mina", "they/them")
    pronouns = {sketch.name.sex: set[str]() for sketch in outlines()}
    for sketch in outlines():
        if "they" not in sketch.flags and (given := about_them.known_as(sketch).get("pronouns")):
            pronouns[sketch.name.sex].add(given)
    assert pronouns == {"F": {"she/her"}, "M": {"he/him"}}


def test_a_upn_is_right_and_nobody_elses() -> None:
    given = [answers["upn"] for sketch in outlines() if "upn" in (answers := about_them.pupil_number(sketch))]
    assert len(set(given)) == len(given) > 290
    for upn in given:
        assert identifiers.upn(upn) == upn
        assert upn[1:4] == LA_CODE


def test_a_temporary_upn_ends_with_a_letter_and_a_missing_one_has_a_reason() -> None:
    assert about_them.pupil_number(outline())["upn"][-1].isdigit()
    temporary = about_them.pupil_number(outline("temporary_upn"))["upn"]
    assert temporary[-1] in "ABCD"
    assert identifiers.upn(temporary) == temporary
    missing = about_them.pupil_number(outline("no_upn"))
    assert "upn" not in missing
    assert missing["upn_missing_reason"] in ("UN2", "UN3", "UN4")


def test_most_live_in_the_area_and_some_next_to_it() -> None:
    councils = [about_them.enrolment(sketch)["home_la"] for sketch in outlines()]
    assert set(councils) <= {LA_CODE, *about_them.NEIGHBOURS}
    assert 250 < councils.count(LA_CODE) < 300


def test_a_learner_in_care_has_free_school_meals() -> None:
    assert all(
        about_them.enrolment(outline("in_care", number=number))["free_school_meals"] for number in range(20)
    )
    assert 0 < sum(about_them.enrolment(sketch)["free_school_meals"] for sketch in outlines()) < 150


def test_a_uln_is_right_or_is_not_known() -> None:
    assert about_them.numbers(outline("uln_not_known")) == {"uln_not_known": True}
    for sketch in outlines():
        answers = about_them.numbers(sketch)
        if "uln_not_known" not in sketch.flags:
            assert list(answers) == ["uln"]
            assert identifiers.uln(answers["uln"]) == answers["uln"]


def _parents(sketch: Sketch) -> tuple[Name, Name]:
    return (
        people.adult(sketch.rng, relative_of=sketch.name, sex="F"),
        people.adult(sketch.rng, relative_of=sketch.name, sex="M"),
    )


@pytest.mark.parametrize(
    ("flags", "relationships", "responsible"),
    [
        ((), ["mother", "father"], True),
        (("kinship",), ["grandparent", "grandparent"], True),
        (("in_care",), ["foster_carer", "foster_carer"], False),
    ],
    ids=["parents", "kinship", "care"],
)
def test_whoever_looks_after_the_learner_is_the_contact(
    flags: tuple[str, ...], relationships: list[str], responsible: bool
) -> None:
    sketch = outline(*flags)
    parents = _parents(sketch)
    rows = about_them.contacts(outline(*flags, parents=parents))["contacts"]
    assert [row["name"] for row in rows] == [parent.full for parent in parents]
    assert [row["relationship"] for row in rows] == relationships
    assert [row["parental_responsibility"] for row in rows] == [responsible] * 2
    assert all(row["phone"].startswith("07700 900") for row in rows)


def test_somebody_must_not_be_contacted_only_where_there_is_somebody() -> None:
    assert about_them.do_not_contact(outline()) == {}
    sketch = outline("do_not_contact")
    (person,) = about_them.do_not_contact(sketch)["people"]
    assert person["relationship"] == "Father"
    assert person["name"].endswith(f" {sketch.name.surname}")
    assert person["why"]


def test_all_were_told_before_the_record_was_worked_on() -> None:
    for sketch in outlines():
        answers = about_them.told(sketch)
        assert answers["learner_told"] is answers["parent_told"] is True
        assert answers["learner_told_on"] == answers["parent_told_on"]
        assert date.fromisoformat(answers["learner_told_on"]) < sketch.worked_on
        assert (answers["learner_told_how"] == "meeting") == (sketch.provision != "N")
        assert answers["parent_told_how"] == "meeting" or sketch.provision != "E"


def test_what_is_held_back_is_a_section_that_may_be_with_a_reason_that_speaks_of_the_learner() -> None:
    assert about_them.sharing(outline()) == {"agreed": "all"}
    version = load("core/2027.1")
    seen = set()
    for sketch in outlines():
        if "withheld" in sketch.flags:
            answers = about_them.sharing(sketch)
            (name,) = answers["withheld"]
            assert answers["agreed"] == "some"
            assert version.section(name).withholdable, name
            assert answers["withheld_why"] == sketch.fill(answers["withheld_why"])
            seen.add(name)
    assert seen


def test_a_learner_objects_from_sixteen_on_and_a_parent_before() -> None:
    assert about_them.objection(outline()) == {"objection": "none"}
    today = date(2026, 11, 23)
    grown = outline("objection", born=date(2010, 11, 23), worked_on=today)
    assert about_them.objection(grown) == {"objection": "by_learner", "objection_date": "2026-11-23"}
    younger = about_them.objection(outline("objection", born=date(2010, 11, 24), worked_on=today))
    assert younger["objection"] == "by_parent"
    assert date.fromisoformat(younger["objection_date"]) < today
