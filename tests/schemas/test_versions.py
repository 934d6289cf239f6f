"""The versions themselves: found, loaded, and as the field list has them."""

from __future__ import annotations

import pytest

from tests.proforma.records import V2026, V2027, Answers
from transition_exchange.proforma import (
    Version,
    load,
)
from transition_exchange.purposes import COORDINATING, RECEIVING, SENDING

BOTH = [load(V2026), load(V2027)]
ADM, ALS, DSL, EX = "admissions", "learning_support", "safeguarding", "exams"

#: The "Seen by" column of the field list, by the number of the field. The council's LA is left out: it gets cards.
SEEN_BY = {
    "1": ("learner.legal_surname", {ADM, ALS, DSL, EX}),
    "3": ("learner.date_of_birth", {ADM, ALS, DSL, EX}),
    "8": ("learner.school_laestab", {ADM, ALS, DSL, EX}),
    "9": ("enrolment.postcode", {ADM}),
    "11": ("enrolment.home_la", {ADM}),
    "12": ("contacts.contacts", {ADM, ALS, DSL}),
    "12, not to contact": ("do_not_contact.people", {DSL, ALS}),
    "13": ("told.learner_told", {ALS, DSL}),
    "14": ("sharing.withheld", {ALS}),
    "15": ("objection.objection", {ADM}),
    "16, one's own": ("destination.course", {ADM, ALS, DSL, EX}),
    "16, all": ("destinations.destinations", set()),
    "17": ("application.status", {ADM}),
    "18": ("application.offer_date", {ADM}),
    "19": ("visits.visits", {ALS}),
    "20": ("sen.provision", {ADM, ALS}),
    "21": ("needs.needs", {ALS}),
    "22": ("needs.diagnoses", {ALS}),
    "23": ("own_words.find_hard", {ALS}),
    "24": ("what_helps.strategies", {ALS}),
    "25": ("support.provision", {ALS}),
    "26": ("support.equipment", {ALS}),
    "27": ("services.services", {ALS}),
    "28": ("own_words.hopes", {ALS}),
    "29": ("ehc_plan.maintaining_la", {ALS}),
    "30": ("ehc_plan.last_review", {ALS}),
    "31": ("ehc_plan.setting_named", {ALS}),
    "32": ("ehc_plan.top_up", {ALS}),
    "33a": ("adulthood.vocational", {ALS}),
    "33b": ("adulthood.independent_living", {ALS}),
    "34": ("needs.assessment", {ALS}),
    "35": ("exams.arrangements", {EX, ALS}),
    "36": ("exams.evidence_route", {EX, ALS}),
    "37": ("exams.parts_complete", {EX, ALS}),
    "38": ("results.predicted_maths", {ADM, EX}),
    "39": ("other_qualifications.qualifications", {ADM}),
    "40": ("attendance.sessions_attended", {ADM, ALS}),
    "41": ("attendance_support.part_time", {ALS}),
    "42": ("suspensions.suspension_count", {ALS, DSL}),
    "43": ("health.conditions", {ALS, DSL}),
    "44": ("daily_living.mobility", {ALS}),
    "45": ("care.legal_status", {DSL, ALS}),
    "46": ("care.history", {DSL, ALS}),
    "47": ("circumstances.circumstances", {ALS, DSL}),
    "48": ("enrolment.free_school_meals", {ADM}),
    "49": ("safeguarding.youth_justice", {DSL}),
    "50": ("safeguarding.file_exists", {DSL}),
    "51": ("safeguarding.status", {DSL}),
    "52": ("day_one_safety.information", {DSL, ALS}),
    "53": ("risk.kinds", {DSL, ALS}),
    "54": ("neet_risk.band", {ALS}),
    "55": ("neet_risk.careers_adviser", {ALS}),
    "56": ("transport.travel", {ALS}),
    "57": ("assurance.completed_by", {ADM, ALS, DSL, EX}),
}
ONLY_2027 = {
    "2": ("known_as.preferred_name", {ADM, ALS, DSL, EX}),
    "5": ("pupil_number.upn", {ADM, ALS, DSL, EX}),
    "6": ("numbers.uln", {ADM, ALS, DSL, EX}),
    "7": ("candidate_number.uci", {ADM, EX}),
    "10": ("language.interpreter_needed", {ADM, ALS}),
    "4": ("enrolment.sex", {ADM}),
    "33": ("adulthood.outcomes", {ALS}),
    "19, start": ("destination.start_date", {ADM, ALS, DSL, EX}),
    "34a": ("waiting.waits", {ALS}),
    "34b": ("contributions.contributions", {ALS}),
}
ONLY_2026 = {
    "2": ("known_as.preferred_name", {ADM, ALS}),
    "5": ("enrolment.upn", {ADM}),
    "6": ("numbers.uln", {ADM, EX}),
    "7": ("numbers.uci", {ADM, EX}),
    "10": ("known_as.interpreter_needed", {ADM, ALS}),
    "19, start": ("visits.start_date", {ALS}),
    "4": ("enrolment.gender", {ADM}),
    "33": ("adulthood.outcome_health", {ALS}),
}


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_every_field_of_the_list_is_there_for_exactly_those_who_see_it(version: Version) -> None:
    expected = SEEN_BY | (ONLY_2027 if version.year == 2027 else ONLY_2026)
    for number, (path, seen_by) in expected.items():
        question = version.question(path)
        assert version.section(question.section).audience == seen_by, number


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_the_safeguarding_team_owns_its_own_sections_and_no_others(version: Version) -> None:
    own = {section.name for section in version.sections if section.owner == "school_safeguarding"}
    assert own == {"safeguarding", "day_one_safety"}


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_there_are_at_most_ten_pages_each_of_one_owner(version: Version) -> None:
    assert len(version.pages) <= 10
    for page in version.pages:
        assert {version.section(name).owner for name in page.sections} == {page.owner}


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_every_typed_question_stands_on_exactly_one_page(version: Version) -> None:
    placed = [name for page in version.pages for name in page.sections]
    assert len(placed) == len(set(placed))
    for section in version.sections:
        if version.page_of(section.name) is None:
            assert section.per_transfer or all(question.system for question in section.questions)


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_a_condition_reads_only_sections_of_its_own_owner(version: Version) -> None:
    for question in version.questions:
        for item in (question, *question.rows):
            for condition in (item.asked, item.required):
                for path in condition.reads if condition else ():
                    if not path.startswith("row."):
                        owner = version.section(path.partition(".")[0]).owner
                        assert owner == version.section(question.section).owner, item.path


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_questions_are_put_in_words_that_people_know(version: Version) -> None:
    for question in version.questions:
        for item in (question, *question.rows):
            assert item.label, item.path
            assert item.label[0].isupper(), item.path
            for word in (" N/K/E", "keyring", "HPKE", "revision", "enum", "TODO"):
                assert word not in f"{item.label} {item.hint}", item.path
            assert item.kind != "yes_no" or item.label.endswith("?"), item.path
    for section in version.sections:
        assert section.lawful_basis.startswith("UK GDPR Art. 6")


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_cards_go_to_known_purposes_and_to_receivers_only_what_they_may_read(version: Version) -> None:
    for question in version.questions:
        for item in (question, *question.rows):
            assert item.card <= {*SENDING, *RECEIVING, *COORDINATING}
            assert item.objection_card <= set(COORDINATING)
            receiving = item.card & set(RECEIVING)
            if question.path != "destinations.destinations":
                assert receiving <= version.section(item.section).audience, item.path
            for column in question.rows:
                assert question.path == "destinations.destinations" or column.card <= question.card, (
                    column.path
                )


def test_the_coordinators_card_holds_what_the_design_names_and_nothing_more() -> None:
    on_card = {question.path for question in load(V2027).questions if "neet_group" in question.card}
    assert on_card == {
        "learner.legal_forename",
        "learner.legal_surname",
        "learner.date_of_birth",
        "learner.school_name",
        "pupil_number.upn",
        "numbers.uln",
        "destinations.destinations",
        "destination.provider_name",
        "destination.course",
        "destination.level",
        "destination.kind",
        "application.preference",
        "application.status",
        "application.offer_date",
        "application.offer_suitable",
        "sen.provision",
        "needs.needs",
        "care.in_care",
        "attendance.sessions_possible",
        "attendance.sessions_attended",
        "neet_risk.band",
        "leaving.left_school",
        "leaving.left_on",
        "leaving.moved_to",
    }
    after_objection = {q.path for q in load(V2027).questions if "neet_group" in q.objection_card}
    assert after_objection == {
        "learner.legal_forename",
        "learner.legal_surname",
        "learner.date_of_birth",
        "enrolment.address_line_1",
        "enrolment.address_line_2",
        "enrolment.town",
        "enrolment.postcode",
        "contacts.contacts",
        "destinations.destinations",
        "application.status",
        "leaving.left_school",
        "leaving.left_on",
    }


def test_the_versions_differ_as_the_field_list_says() -> None:
    old, new = BOTH
    assert "gender" in {q.name for q in old.section("enrolment").questions}
    assert "sex" in {q.name for q in new.section("enrolment").questions}

    def codes(version: Version, path: str) -> set[str]:
        return {code for code, _ in version.question(path).choices}

    types = "needs.needs.type"
    assert codes(new, types) - codes(old, types) == {"DS"}
    category = "needs.needs.ilr_category"
    assert codes(old, category) - codes(new, category) == {"15"}
    status = "destinations.destinations.status"
    assert codes(new, status) - codes(old, status) == {"allocated"}
    assert {q.name for q in old.section("exams").questions} - {
        q.name for q in new.section("exams").questions
    } == {"jcq_consent"}
    new_sections = {s.name for s in new.sections} - {s.name for s in old.sections}
    assert new_sections == {
        *("waiting", "contributions", "leaving"),
        *("language", "pupil_number", "candidate_number"),
    }


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_what_may_be_held_back_is_named_by_the_sections(version: Version) -> None:
    held = {name for name, _ in version.question("sharing.withheld").choices}
    assert held == {section.name for section in version.sections if section.withholdable}
    for name, title in version.question("sharing.withheld").choices:
        assert version.section(name).title == title


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_a_reader_meets_day_one_needs_first_then_own_words_then_what_helps(version: Version) -> None:
    order = [section.name for section in sorted(version.sections, key=lambda section: section.reader_order)]
    day_one = [order.index(name) for name in ("day_one_safety", "health", "daily_living", "risk")]
    assert max(day_one) < order.index("own_words") < order.index("what_helps") < order.index("ehc_plan")


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_questions_come_in_the_order_in_which_one_thinks_of_them(version: Version) -> None:
    assert [q.name for q in version.section("sharing").questions] == ["agreed", "withheld", "withheld_why"]
    assert version.section("enrolment").questions[0].name in ("sex", "gender")
    assert version.section("enrolment").questions[1].name == (
        "upn" if version.year == 2026 else "address_line_1"
    )


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_since_2027_the_uln_is_for_providers_with_a_ukprn_and_the_upn_for_schools(version: Version) -> None:
    only_at = {section.name: section.only_at for section in version.sections if section.only_at}
    assert only_at == ({} if version.year == 2026 else {"numbers": "with_ukprn", "pupil_number": "school"})
    for path, place in (("numbers.uln", "UKPRN"), ("pupil_number.upn", "school")):
        if version.year == 2027:
            hint = version.question(path).hint
            assert "Read by the council" in hint, "the page says who reads it"
            assert place in hint


@pytest.mark.parametrize("version", BOTH, ids=lambda version: version.name)
def test_no_answer_is_asked_for_where_its_question_is_not_put(version: Version) -> None:
    """The document prints the narrower condition alone, so it has to be the narrower one."""
    for provision in ("N", "K", "E"):
        for extra_help in (True, False):
            answers: Answers = {"sen": {"provision": provision}, "needs": {"extra_help": extra_help}}
            for question in version.questions:
                if question.required and question.required.reads <= {"sen.provision", "needs.extra_help"}:
                    put = question.asked is None or question.asked.holds(answers)
                    narrow = not question.required.reads or not question.required.holds(answers)
                    assert put or narrow, question.path
