"""Every question that others depend on is answered otherwise and back again: nothing that was written is lost or sent.

A slip of one button must not delete a page. What is not asked meanwhile is kept in the draft and is nowhere else: in no
release, data file, preview or card.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.proforma.records import ehc_plan, sen_support, without_sen
from transition_exchange.proforma import Access, check, load, not_asked, show, show_kept
from transition_exchange.proforma.asking import asked_answers, only_asked
from transition_exchange.proforma.cards import card
from transition_exchange.proforma.conditions import Condition
from transition_exchange.purposes import COORDINATING, RECEIVING, SENDING

VERSION = load("core/2027.1")
TODAY = date(2027, 6, 1)
RECORDS = {"without SEN": without_sen, "with SEN support": sen_support, "with a plan": ehc_plan}


def _deciding() -> list[str]:
    """The questions at which the conditions of others look."""
    conditions: list[Condition] = [
        condition
        for question in VERSION.questions
        for condition in (question.asked, VERSION.section(question.section).asked)
        if condition is not None
    ]
    paths = {path for condition in conditions for path in condition.reads if not path.startswith("row.")}
    return sorted(path for path in paths if not VERSION.section(path.partition(".")[0]).per_transfer)


def _otherwise(path: str) -> list[Any]:
    """All other answers that a question can have, and none."""
    question = VERSION.question(path)
    answers: dict[str, list[Any]] = {
        "yes_no": [True, False],
        "choice": [code for code, _ in question.choices],
        "number": [0, 1, 300],
    }
    return [None, *answers.get(question.kind, [])]


@pytest.mark.parametrize("what", RECORDS)
@pytest.mark.parametrize("path", _deciding())
def test_what_is_not_asked_for_a_while_is_kept_and_goes_nowhere(path: str, what: str) -> None:
    record = RECORDS[what]()
    section, _, name = path.partition(".")
    for answer in _otherwise(path):
        flipped = {**record, section: {**record.get(section, {}), name: answer}}
        if answer is None:
            del flipped[section][name]
        kept = not_asked(VERSION, flipped)
        _assert_nowhere({question.path for question in kept}, flipped)
        shown = show_kept(VERSION, flipped, flipped)
        assert {item.question.path for item in shown} == {
            question.path for question in kept if not question.system
        }
        back = {**flipped, section: record.get(section, {})}
        assert _answered(back) == _answered(record), "it comes back when it is asked again"


def _answered(answers: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: values for name, values in only_asked(VERSION, answers).items() if values}


def _assert_nowhere(paths: set[str], answers: dict[str, dict[str, Any]]) -> None:
    released = asked_answers(VERSION, answers, answers)
    for path in paths:
        section, _, name = path.partition(".")
        values = released.get(section, {})
        assert name not in values, path
        assert not any(name in values.get(beside, {}) for beside in ("_reasons", "_attached")), path
    for shown in show(VERSION, answers, answers):
        assert not paths & {item.question.path for item in shown.items}
    report = check(VERSION, answers, today=TODAY)
    assert not paths & {finding.question for finding in (*report.gaps, *report.warnings)}
    for purpose in (*SENDING, *COORDINATING, *RECEIVING):
        access = Access.to_record(VERSION, answers, {purpose})
        as_if_never = card(access, only_asked(VERSION, answers), report, today=TODAY)
        assert json.dumps(card(access, answers, report, today=TODAY)) == json.dumps(as_if_never), purpose


def test_the_walk_sees_what_a_card_would_tell() -> None:
    """A learner's need is on the council's card as long as they have a provision, and not after."""
    record = sen_support()
    access = Access.to_record(VERSION, record, {"neet_group"})
    assert "primary_need" in card(access, record, check(VERSION, record, today=TODAY), today=TODAY)
    flipped = {**record, "sen": {**record["sen"], "provision": "N"}}
    assert not_asked(VERSION, flipped)
    access = Access.to_record(VERSION, flipped, {"neet_group"})
    assert "primary_need" not in card(access, flipped, check(VERSION, flipped, today=TODAY), today=TODAY)
