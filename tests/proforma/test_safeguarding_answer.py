"""What the safeguarding team has said, or that it has said nothing."""

from __future__ import annotations

from typing import Any

import pytest

from transition_exchange.proforma import load
from transition_exchange.proforma.safeguarding_answer import NOT_ANSWERED, QUESTION, safeguarding_answer


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, NOT_ANSWERED),
        ({"safeguarding": {}}, NOT_ANSWERED),
        ({"safeguarding": {"lead_name": "Sam Lead"}}, NOT_ANSWERED),
        ({"safeguarding": {"file_exists": ""}}, NOT_ANSWERED),
        ({"safeguarding": {"file_exists": "no"}}, "no"),
        ({"safeguarding": {"file_exists": "not_disclosed"}}, "not_disclosed"),
    ],
)
def test_silence_is_never_none(answers: dict[str, Any], said: str) -> None:
    assert safeguarding_answer(answers) == said


@pytest.mark.parametrize("version", ["core/2026.1", "core/2027.1"])
def test_every_form_asks_it_of_everybody(version: str) -> None:
    question = load(version).question(QUESTION)
    assert question.everybody
    assert NOT_ANSWERED not in dict(question.choices)
