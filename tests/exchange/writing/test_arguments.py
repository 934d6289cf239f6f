"""What a school's people attach and confirm."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from transition_exchange.exchange.arguments import read, read_wanted
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.writing.arguments import (
    Attach,
    ChooseStatements,
    ConfirmSome,
    WantedLearners,
)


def test_a_document_is_read() -> None:
    raw = {"kind": "ehc_plan", "name": "Plan", "dated": "2026-06-01", "file": b"%PDF-"}
    assert read(Attach(), raw) == {
        "kind": "ehc_plan",
        "name": "Plan",
        "dated": date(2026, 6, 1),
        "content": b"%PDF-",
    }


def test_everything_that_a_document_lacks_is_said_at_once() -> None:
    with pytest.raises(Refused) as refused:
        read(Attach(), {"dated": "2026-2-31", "file": None})
    assert refused.value.fields == {
        "kind": "Choose what kind of document it is",
        "dated": "The date must be a real date, such as 27 3 2026",
        "file": "Choose a PDF",
    }


def test_at_least_one_statement_is_chosen() -> None:
    assert read(ChooseStatements(), {"statement": ["all_shared"]}) == {"statement": ["all_shared"]}
    with pytest.raises(Refused) as refused:
        read(ChooseStatements(), {"statement": []})
    assert refused.value.fields == {"statement": "Choose at least one statement to confirm"}


def test_answers_travel_as_json_text_or_as_they_are() -> None:
    answers = {"told": {"learner_told": True, "learner_told_on": "2026-10-01"}}
    text = '{"told": {"learner_told": true, "learner_told_on": "2026-10-01"}}'
    out = uuid4()
    expected = {"answers": answers, "left": (), "out": [out], "total": 0, "notes": (), "names": ()}
    assert read(ConfirmSome(), {"answers": text, "out": [str(out)]}) == expected
    assert read(ConfirmSome(), {"answers": answers, "out": str(out)}) == expected


@pytest.mark.parametrize("answers", ["", "x", "[]", "7", '{"told": []}', '{"told": 7}', "null"])
def test_answers_that_no_page_made_are_unknown(answers: str) -> None:
    with pytest.raises(NotFound):
        read(ConfirmSome(), {"answers": answers})


def test_a_list_of_learners_is_asked_for() -> None:
    assert read_wanted(WantedLearners(), {"q": "khan", "state": "missing", "year": "2027"}) == {
        "q": "khan",
        "state": "missing",
        "year": 2027,
        "page": 1,
    }
