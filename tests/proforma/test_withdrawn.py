"""What a version holds and says that takes back what was answered before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from transition_exchange.proforma import load
from transition_exchange.proforma.withdrawn import (
    what_does_not_count,
    withdrawing_answers,
    withdrawn_findings,
    withdrawn_questions,
    withdrawn_words,
)

LEAD = {"lead_name": "Sam Lead", "lead_phone": "01709 382121", "lead_email": ""}
AT = datetime(2027, 6, 3, 22, 30, tzinfo=UTC)


def test_it_answers_nothing_and_names_whom_to_ring() -> None:
    version = load("core/2027.1")
    contact = {"lead_name": "Sam Lead", "lead_phone": "01709 382121"}
    assert withdrawing_answers(version, LEAD, day_one=False) == {"safeguarding": contact}
    ring = {"ring": "Sam Lead, 01709 382121"}
    assert withdrawing_answers(version, LEAD, day_one=True) == {
        "safeguarding": contact,
        "day_one_safety": ring,
    }


def test_each_reader_is_told_as_far_as_they_may_know() -> None:
    told = "Withdrawn on 3 June 2027: ring Sam Lead, 01709 382121."
    assert withdrawn_words({"safeguarding": LEAD, "day_one_safety": {}}, AT) == told
    assert withdrawn_words({"day_one_safety": {"ring": "Sam Lead, 01709 382121"}}, AT) == told
    assert withdrawn_words({"day_one_safety": {}}, AT) == ""


def test_what_does_not_count_is_named_as_far_as_its_readers_had_it() -> None:
    version = load("core/2027.1")
    both = {"safeguarding": LEAD, "day_one_safety": {"ring": "Sam Lead, 01709 382121"}}
    first_day = {"day_one_safety": both["day_one_safety"]}

    def named(answers: Mapping[str, Mapping[str, str]]) -> list[str]:
        return [question.path for question in withdrawn_questions(version, answers)]

    assert named(both) == ["safeguarding.file_exists", "day_one_safety.information"]
    assert named(first_day) == ["day_one_safety.information"]
    (found,) = withdrawn_findings(version, first_day)
    assert (found.question, found.message) == ("day_one_safety.information", "Withdrawn")
    assert "safeguarding" in what_does_not_count(both)
    assert what_does_not_count(first_day) == "What was written for the first day does not count any more."
