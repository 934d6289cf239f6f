"""The sample's 300 learners are right by the form's own rules, varied, and nobody's."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from tests import factories
from tests.factories import TODAY, everybody
from transition_exchange.proforma import load, read_section
from transition_exchange.sample.organisations import BY_KEY, ORGANISATIONS
from transition_exchange.sample.young_people.learners import SampleLearner, learners, with_organisations


def all_text(learner: SampleLearner) -> str:
    """Everything that is written about a learner."""
    return factories.all_text(learner.answers) + factories.all_text(learner.safeguarding)


def test_there_are_300_with_every_provision_and_some_in_last_years_version() -> None:
    assert len(everybody()) == 300
    versions = Counter(learner.version for learner in everybody())
    assert versions == {"core/2027.1": 260, "core/2026.1": 40}
    provisions = Counter(learner.provision for learner in everybody())
    assert min(provisions["K"], provisions["E"]) >= 40
    assert provisions["N"] > 150


@pytest.mark.parametrize("today", [TODAY, date(2027, 3, 15), date(2027, 9, 20)])
def test_every_answer_is_taken_by_the_form(today: date) -> None:
    for learner in learners(today=today):
        version = load(learner.version)
        for section, answers in {**learner.answers, **learner.safeguarding}.items():
            read = read_section(version, section, answers, today=today)
            assert not read.errors, (learner.number, section, read.errors)


def test_a_hundred_or_so_are_ready_to_be_sent_and_every_provider_gets_somebody() -> None:
    accepted = [
        row["organisation"]
        for learner in everybody()
        for row in learner.destinations
        if learner.stage == "complete" and row.get("status") in ("accepted", "enrolled")
    ]
    assert 60 <= len(accepted) <= 130
    receiving = {organisation.key for organisation in ORGANISATIONS if organisation.receives}
    wanted = {
        row["organisation"]
        for learner in everybody()
        for row in learner.destinations
        if "organisation" in row
    }
    assert wanted == receiving


def test_no_slot_is_left_unfilled_and_no_sentence_begins_small() -> None:
    for learner in everybody():
        assert not re.search(r"[{}]", all_text(learner)), learner.number
        for field in ("like_about_me", "hopes", "interests"):
            words = learner.answers.get("own_words", {}).get(field, "")
            assert not words or words[0].isupper() or words[0] == "("


def test_numbers_addresses_and_phones_reach_nobody() -> None:
    for learner in everybody():
        text = all_text(learner)
        assert not re.search(r"\b0(?!1632 960|7700 900)\d{3,4} ?\d{6}\b", text), learner.number
        for domain in re.findall(r"[\w.+-]+@([\w.-]+)", text):
            assert domain == "example.org" or domain.endswith(".example"), domain
        postcode = learner.answers.get("enrolment", {}).get("postcode", "S52 1AA")
        assert re.match(r"S5[2-8] ", postcode)


def test_no_two_learners_share_a_upn_a_uln_or_a_name_with_a_birthday() -> None:
    for numbers in (
        [learner.answers.get("pupil_number", {}).get("upn") for learner in everybody()],
        [learner.answers.get("numbers", {}).get("uln") for learner in everybody()],
        [(learner.name, learner.answers["learner"]["date_of_birth"]) for learner in everybody()],
    ):
        given = [number for number in numbers if number]
        assert len(given) == len(set(given))


def test_the_same_seed_gives_the_same_learners() -> None:
    assert learners(today=TODAY) == everybody()
    assert learners(today=TODAY, seed=1) != everybody()


def test_destinations_take_the_databases_ids() -> None:
    ids = {key: f"id-of-{key}" for key in BY_KEY}
    for learner in everybody():
        for row in with_organisations(learner, ids).destinations:
            assert "organisation" not in row or row["organisation"].startswith("id-of-")
    assert learners(today=TODAY, count=20, organisation_ids=ids) != learners(today=TODAY, count=20)
