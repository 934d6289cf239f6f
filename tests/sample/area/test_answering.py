"""The questions that the sample's providers ask are about sections that their learning support teams read."""

from __future__ import annotations

from transition_exchange.proforma import load
from transition_exchange.sample.area.answering import QUESTIONS


def test_every_question_is_about_a_section_that_the_asking_team_reads() -> None:
    version = load("core/2027.1")
    for question in QUESTIONS:
        assert "learning_support" in version.section(question.section).audience, question.section
    assert any(question.answer for question in QUESTIONS)
    assert any(not question.answer for question in QUESTIONS)
