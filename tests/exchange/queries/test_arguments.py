"""What a college asks about a record, and what is answered."""

from __future__ import annotations

import pytest

from transition_exchange.exchange.arguments import read
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.queries.arguments import Ask, Reply


def test_a_question_names_its_section_or_is_about_the_whole_record() -> None:
    assert read(Ask(), {"section": "needs", "text": "Which reader?"}) == {
        "owner": "",
        "section": "needs",
        "text": "Which reader?",
        "seen": "",
    }
    assert read(Ask(), {"section": "", "text": "Which reader?", "seen": "whom"}) == {
        "owner": "",
        "section": "",
        "text": "Which reader?",
        "seen": "whom",
    }


def test_a_message_keeps_its_lines() -> None:
    assert read(Reply(), {"text": "A pen.\n\nNo tablet."}) == {
        "text": "A pen.\n\nNo tablet.",
        "seen": "",
    }


@pytest.mark.parametrize("raw", [{}, {"text": ""}, {"text": " \r\n "}])
def test_blanks_alone_are_no_message(raw: dict[str, str]) -> None:
    """The query refuses an empty one in its own words."""
    assert read(Reply(), raw)["text"] == ""


def test_an_answer_cannot_choose_another_section() -> None:
    with pytest.raises(Refused) as refused:
        read(Reply(), {"section": "health", "text": "A pen."})
    assert refused.value.fields == {"section": "This is not asked here"}


def test_what_was_asked_is_in_no_exception() -> None:
    with pytest.raises(Refused) as refused:
        read(Ask(), {"section": "needs", "text": ["Is Amina well?"]})
    assert list(refused.value.fields) == ["text"]
    assert "Amina" not in f"{refused.value} {refused.value.fields}"
