"""Form fields and answers: what a page shows and sends back means the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proforma.records import TODAY, V2027, Answers, ehc_plan, merged, sen_support, without_sen
from transition_exchange.proforma import Question, forms, load, read_section

VERSION = load(V2027)


def as_sent(question: Question, name: str, value: Any) -> dict[str, list[str]]:
    """What a browser would send for a question prefilled with `value`."""
    shown = forms.to_fields(question, value)
    if question.kind == "rows":
        return {
            key: sent
            for index, row in enumerate(value or [])
            for column in question.rows
            for key, sent in as_sent(column, f"{name}.{index}.{column.name}", row.get(column.name)).items()
        }
    if question.kind == "date":
        return {f"{name}-{part}": [shown[part]] for part in forms.PARTS}
    return {name: shown if question.kind == "choices" else [shown]}


@pytest.mark.parametrize("record", [without_sen(), sen_support(), ehc_plan()], ids=["N", "K", "E"])
def test_a_page_sent_back_unchanged_changes_nothing(record: Answers) -> None:
    for page in VERSION.pages:
        sent: dict[str, list[str]] = {}
        for name in page.sections:
            for question in VERSION.section(name).questions:
                sent |= as_sent(question, question.path, record.get(name, {}).get(question.name))
                for field, why in record.get(name, {}).get("_reasons", {}).items():
                    sent[f"{name}.{field}!reason"] = [why["reason"]]
        raw = forms.from_form(VERSION, page, sent)
        assert set(raw) == set(page.sections)
        for name in page.sections:
            found = read_section(VERSION, name, raw[name], today=TODAY)
            assert not found.errors
            assert found.values == record.get(name, {})


def test_a_date_comes_in_three_parts_and_a_month_may_be_a_word() -> None:
    def born(day: str, month: str, year: str) -> object:
        name = "learner.date_of_birth"
        form = {f"{name}-day": [day], f"{name}-month": [month], f"{name}-year": [year]}
        return forms.from_form(VERSION, "learner", form)["learner"].get("date_of_birth")

    assert born("27", "3", "2011") == "2011-03-27"
    assert born("7", "March", "2011") == "2011-03-07"
    assert born("", "", "") is None
    for parts in (("", "3", "2011"), ("30", "2", "2011"), ("x", "3", "2011"), ("27", "3", "11")):
        raw = {"date_of_birth": born(*parts)}
        assert read_section(VERSION, "learner", raw, today=TODAY).errors, parts


def test_yes_and_no_become_booleans_and_nothing_else_does() -> None:
    def medical(value: str) -> object:
        return forms.from_form(VERSION, "health", {"health.medical": [value]})["health"].get("medical")

    assert medical("yes") is True
    assert medical("no") is False
    assert medical("") is None
    assert read_section(VERSION, "health", {"medical": medical("perhaps")}).errors


def test_rows_come_by_number_and_empty_ones_are_dropped() -> None:
    form = {
        "contacts.contacts.0.name": [""],
        "contacts.contacts.2.name": ["Second"],
        "contacts.contacts.1.name": ["First"],
        "contacts.contacts.10.parental_responsibility": ["yes"],
    }
    assert forms.from_form(VERSION, "family", form)["contacts"] == {
        "contacts": [{"name": "First"}, {"name": "Second"}, {"parental_responsibility": True}]
    }


def test_reasons_and_attached_pages_come_beside_the_answers() -> None:
    form = {
        "ehc_plan.last_review!reason": ["waiting"],
        "ehc_plan.last_review!expected-day": ["1"],
        "ehc_plan.last_review!expected-month": ["7"],
        "ehc_plan.last_review!expected-year": ["2027"],
        "adulthood.vocational!page": ["4"],
        "adulthood.vocational!attachment": ["abc"],
    }
    raw = forms.from_form(VERSION, "plan", form)
    assert raw["ehc_plan"] == {"_reasons": {"last_review": {"reason": "waiting", "expected": "2027-07-01"}}}
    assert raw["adulthood"] == {"_attached": {"vocational": {"page": "4", "attachment": "abc"}}}


def test_what_a_page_hides_by_its_own_answers_is_read_too() -> None:
    """Without a script somebody may type it, and a slip of a button must not take it away."""
    form = {
        "sen.provision": ["N"],
        "needs.needs.0.type": ["ASD"],
        "health.medical": ["no"],
        "health.consent": ["left over"],
    }
    assert forms.from_form(VERSION, "needs", form)["needs"] == {"needs": [{"type": "ASD"}]}
    assert forms.from_form(VERSION, "health", form)["health"] == {"medical": False, "consent": "left over"}


def test_what_another_page_decides_stays() -> None:
    form = {"ehc_plan.plan_reference": ["EHC-1"]}
    assert forms.from_form(VERSION, "plan", form)["ehc_plan"] == {"plan_reference": "EHC-1"}


def test_what_only_the_system_writes_is_not_taken_from_a_form() -> None:
    form = {"destinations.destinations.0.kind": ["none_yet"], "assurance.completed_by": ["me"]}
    raw = forms.from_form(VERSION, "next", form)
    assert "assurance" not in raw


def test_an_answer_given_elsewhere_is_offered() -> None:
    record = merged(without_sen())
    assert forms.offered(VERSION.question("ehc_plan.maintaining_la"), record) == "372"
    assert forms.offered(VERSION.question("ehc_plan.setting_named"), record) == "Invented College"
    assert forms.offered(VERSION.question("ehc_plan.setting_named"), {}) is None
    assert forms.offered(VERSION.question("learner.legal_surname"), record) is None


FIELD_NAMES = [
    name
    for page in VERSION.pages
    for section in page.sections
    for question in VERSION.section(section).questions
    for name in (question.path, f"{question.path}-day", f"{question.path}.0.name", f"{question.path}!reason")
]


@given(
    form=st.dictionaries(
        st.sampled_from(FIELD_NAMES), st.lists(st.text(max_size=10), max_size=3), max_size=8
    ),
    page=st.sampled_from(VERSION.pages),
)
def test_whatever_a_browser_sends_can_be_read(form: dict[str, list[str]], page: Any) -> None:
    raw = forms.from_form(VERSION, page, form)
    for name, answers in raw.items():
        read_section(VERSION, name, answers, today=TODAY)


def test_an_answer_that_hangs_on_a_number_is_kept() -> None:
    """A browser sends numbers as text; the condition must see them as numbers, or what was typed would be lost."""
    sent = {
        "suspensions.suspension_count": ["3"],
        "suspensions.suspension_days": ["2.5"],
        "attendance.sessions_possible": ["300"],
        "attendance.sessions_attended": ["200"],
        "attendance_support.part_time": ["yes"],
    }
    raw = forms.from_form(VERSION, "circumstances", sent)
    assert raw["suspensions"] == {"suspension_count": 3, "suspension_days": "2.5"}
    assert raw["attendance_support"] == {"part_time": True}


@pytest.mark.parametrize(
    "typed",
    [
        ("27-3-2011", "", ""),
        ("27", "3", "26"),
        ("0", "00", "0000"),
        ("07", "Mar", "2011"),
        ("07", "03", "2011"),
        ("", "-", "a-b-c"),
        ("12345678901", "3", "2011"),
    ],
)
def test_a_date_comes_back_exactly_as_it_was_typed(typed: tuple[str, str, str]) -> None:
    """Of a question, of a column and of the day on which an answer is expected."""
    boxes = dict(zip(forms.PARTS, typed, strict=True))

    def form(name: str) -> dict[str, list[str]]:
        return {f"{name}-{part}": [text] for part, text in boxes.items()}

    born = VERSION.question("learner.date_of_birth")
    raw = forms.from_form(VERSION, "learner", form(born.path))["learner"]
    assert forms.to_fields(born, raw[born.name]) == boxes
    visits = VERSION.question("visits.visits")
    page = VERSION.page_of("visits")
    assert page is not None
    raw = forms.from_form(VERSION, page, form("visits.visits.0.on"))["visits"]
    assert forms.to_fields(visits, raw["visits"])[0]["on"] == boxes
    page = VERSION.page_of("told")
    assert page is not None
    late = form("told.learner_told_on!expected") | {"told.learner_told_on!reason": ["waiting"]}
    raw = forms.from_form(VERSION, page, late)["told"]
    assert forms.date_fields(raw["_reasons"]["learner_told_on"]["expected"]) == boxes


def test_a_stored_date_stands_in_the_boxes_as_people_write_it() -> None:
    assert forms.date_fields("2011-03-07") == {"day": "7", "month": "3", "year": "2011"}
    assert forms.date_fields(None) == {"day": "", "month": "", "year": ""}


def test_a_finding_about_a_row_names_the_field_that_stands_in_the_form() -> None:
    """Rows that were left empty stand in a browser, and are not read."""
    form = {
        "contacts.contacts.0.name": [" "],
        "contacts.contacts.3.name": ["Farah Khan"],
        "contacts.contacts.3.email": ["farah"],
    }
    version = load("core/2027.1")
    raw = forms.from_form(version, "family", form)
    [wrong] = read_section(version, "contacts", raw["contacts"]).errors
    assert wrong.form_name == "contacts.contacts.0.email"
    name = forms.name_in_form(version, wrong, form)
    assert name == "contacts.contacts.3.email"
    assert forms.label_of(version, name) == f"Contact 4: {version.question('contacts.contacts.email').label}"
    assert forms.name_in_form(version, wrong, {}) == "contacts.contacts.0.email", "the form has no such row"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("enrolment.town", "Town or city"),
        ("enrolment.town!expected", "Town or city"),
        ("contacts.contacts", "Who should the college talk to at home?"),
        ("enrolment", "For enrolment"),
    ],
)
def test_a_field_is_called_by_its_question(name: str, label: str) -> None:
    version = load("core/2027.1")
    assert forms.label_of(version, name) == label


def test_a_message_is_said_with_its_question() -> None:
    version = load("core/2027.1")
    assert forms.said_of(version, "enrolment.town", "Shorten this") == "Town or city: Shorten this"
    assert forms.said_of(version, "own_words.hopes", "Shorten this").endswith("next? Shorten this")
