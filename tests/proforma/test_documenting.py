"""The form as a document that people can agree on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proforma.records import V2026, V2027
from transition_exchange.proforma import load
from transition_exchange.proforma.documenting import document

DOCS = Path(__file__).parents[2] / "docs"


def test_the_document_is_current() -> None:
    """Make it anew with `transition-exchange proforma show core/2027.1 --markdown > docs/pro-forma-2027.1.md`."""
    assert (DOCS / "pro-forma-2027.1.md").read_text(encoding="utf-8") == document(load(V2027))


@pytest.mark.parametrize("name", [V2026, V2027])
def test_the_document_names_every_field(name: str) -> None:
    version, text = load(name), document(load(name))
    for question in version.questions:
        assert f"`{question.name}`" in text
        assert question.label in text


def test_the_document_says_who_writes_who_reads_and_when_an_answer_is_asked_for() -> None:
    text = document(load(V2027))
    assert (
        "Written by the school’s safeguarding team. Read at the next place by the safeguarding team." in text
    )
    assert (
        "| Safeguarding | school’s safeguarding team | Safeguarding file, Safety on the first day |" in text
    )
    assert "Read at the next place by every team of a school." in text
    assert "Read at the next place by every team of a provider with a UKPRN." in text
    lines = {line.split(" | ")[0]: line for line in text.splitlines() if line.startswith("| `")}
    assert "if the learner has an EHC plan" in lines["| `plan_reference`"]
    assert "from 30 September" in lines["| `destinations.offer_date`"]
    assert "always, or `upn_missing_reason`" in lines["| `upn`"]
    assert "(put only if " in lines["| `campus`"]
    assert lines["| `needs.ilr_category`"].split(" | ")[2] == "one of 18 codes"


def test_the_document_says_what_is_sent_as_it_stands_and_what_is_not() -> None:
    text = document(load(V2027))
    assert "No provider gets it as it stands." in text
    assert "Made for each transfer out of the list of destinations; never typed." in text
    assert "Learner and family may hold it back." in text
    assert (
        "| `form_8` | Form 8, whole and signed | Access arrangements in exams | if the evidence is a Form 8 |"
        in text
    )
