"""The sample's 300 learners are right by the form's own rules, varied, and nobody's."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache

import pytest

from tests import factories
from transition_exchange.proforma import check, load, read_section
from transition_exchange.sample.organisations import BY_KEY, ORGANISATIONS
from transition_exchange.sample.young_people import cohort
from transition_exchange.sample.young_people.learners import SampleLearner, learners, with_organisations

TODAY = factories.TODAY


@cache
def everybody() -> tuple[SampleLearner, ...]:
    return learners(today=TODAY)


def all_text(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(all_text(each) for each in value.values())
    if isinstance(value, list):
        return "\n".join(all_text(each) for each in value)
    return str(value)


def test_there_are_300_with_every_provision_and_some_in_last_years_version() -> None:
    assert len(everybody()) == 300
    assert Counter(each.version for each in everybody()) == {"core/2027.1": 260, "core/2026.1": 40}
    provisions = Counter(each.provision for each in everybody())
    assert min(provisions["K"], provisions["E"]) >= 40
    assert provisions["N"] > 150


@pytest.mark.parametrize("today", [TODAY, date(2027, 3, 15), date(2027, 9, 20)])
def test_every_answer_is_taken_by_the_form(today: date) -> None:
    for learner in learners(today=today):
        version = load(learner.version)
        for section, answers in {**learner.answers, **learner.safeguarding}.items():
            read = read_section(version, section, answers, today=today)
            assert not read.errors, (learner.number, section, read.errors)


def test_complete_means_complete_and_every_other_stage_has_gaps() -> None:
    for learner in everybody():
        report = check(
            load(learner.version),
            learner.answers,
            today=TODAY,
            owner="transition",
            leaving_year=learner.leaving_year,
        )
        assert not report.errors, (learner.number, report.errors)
        if learner.stage == "complete":
            assert report.complete, (learner.number, [gap.code for gap in report.gaps])
        if learner.stage in ("partial", "started"):
            assert not report.complete, learner.number


def test_safeguarding_sections_are_complete_where_that_team_has_written_them() -> None:
    for learner in everybody():
        if learner.safeguarding:
            report = check(load(learner.version), learner.safeguarding, today=TODAY, owner="safeguarding")
            assert report.complete, (learner.number, report)


def test_every_flag_and_every_reason_for_a_gap_is_somewhere() -> None:
    assert set(cohort.FLAGS) <= set().union(*(learner.flags for learner in everybody()))
    reasons = {
        given["reason"]
        for learner in everybody()
        for section in learner.answers.values()
        for given in section.get("_reasons", {}).values()
    }
    assert reasons == {"not_known", "waiting", "not_agreed", "does_not_apply"}


def test_a_hundred_or_so_are_ready_to_be_sent_and_every_provider_gets_somebody() -> None:
    accepted = [
        row["organisation"]
        for learner in everybody()
        for row in learner.destinations
        if learner.stage == "complete" and row.get("status") in ("accepted", "enrolled")
    ]
    assert 60 <= len(accepted) <= 130
    receiving = {each.key for each in ORGANISATIONS if each.receives}
    wanted = {
        row["organisation"] for each in everybody() for row in each.destinations if "organisation" in row
    }
    assert wanted == receiving


def test_no_slot_is_left_unfilled_and_no_sentence_begins_small() -> None:
    for learner in everybody():
        text = all_text(learner.answers) + all_text(learner.safeguarding)
        assert not re.search(r"[{}]", text), learner.number
        for field in ("like_about_me", "hopes", "interests"):
            words = learner.answers.get("own_words", {}).get(field, "")
            assert not words or words[0].isupper() or words[0] == "("


def test_numbers_addresses_and_phones_reach_nobody() -> None:
    for learner in everybody():
        text = all_text(learner.answers) + all_text(learner.safeguarding)
        assert not re.search(r"\b0(?!1632 960|7700 900)\d{3,4} ?\d{6}\b", text), learner.number
        for address in re.findall(r"[\w.+-]+@([\w.-]+)", text):
            assert address == "example.org" or address.endswith(".example"), address
        postcode = learner.answers.get("enrolment", {}).get("postcode", "S52 1AA")
        assert re.match(r"S5[2-8] ", postcode)


def test_no_two_learners_share_a_upn_a_uln_or_a_name_with_a_birthday() -> None:
    for numbers in (
        [each.answers.get("enrolment", {}).get("upn") for each in everybody()],
        [each.answers.get("numbers", {}).get("uln") for each in everybody()],
        [(each.name, each.answers["learner"]["date_of_birth"]) for each in everybody()],
    ):
        given = [number for number in numbers if number]
        assert len(given) == len(set(given))


def test_own_words_are_varied() -> None:
    pages = Counter(
        all_text(each.answers["own_words"]) for each in everybody() if "own_words" in each.answers
    )
    assert max(pages.values()) <= 2


def test_the_same_seed_gives_the_same_learners_and_a_small_sample_all_schools() -> None:
    assert learners(today=TODAY) == everybody()
    assert learners(today=TODAY, seed=1) != everybody()
    few = learners(today=TODAY, count=40)
    assert len(few) == 40
    assert len({each.school.key for each in few}) >= 14


def test_destinations_take_the_databases_ids() -> None:
    ids = {key: f"id-of-{key}" for key in BY_KEY}
    for learner in everybody():
        for row in with_organisations(learner, ids).destinations:
            assert "organisation" not in row or row["organisation"].startswith("id-of-")
    assert learners(today=TODAY, count=20, organisation_ids=ids) != learners(today=TODAY, count=20)


def test_the_factories_give_what_they_promise() -> None:
    assert factories.without_sen()["sen"]["provision"] == "N"
    assert factories.with_sen_support()["sen"]["provision"] == "K"
    assert "ehc_plan" in factories.with_ehc_plan()
    assert "gender" in factories.of_last_year()["enrolment"]
    assert "in_care" in factories.with_flag("in_care").flags
    assert factories.with_child_protection_file().safeguarding["safeguarding"]["file_exists"] == "yes"
    with pytest.raises(LookupError):
        factories.with_flag("no such flag")
