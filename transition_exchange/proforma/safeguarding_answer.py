"""Whether the safeguarding team of a school has said if there is a file. Silence is never "none"."""

from __future__ import annotations

from transition_exchange.proforma.conditions import Answers, value_at

QUESTION = "safeguarding.file_exists"
"""The question of every form that the safeguarding team answers for each learner."""

NOT_ANSWERED = "not_answered"
"""What stands for its answer while there is none."""

WITHDRAWN = "withdrawn"
"""What stands for it, for a team that had the answer, after that was taken back and before there is another."""


def safeguarding_answer(answers: Answers) -> str:
    """The answer to the question, by its code; `NOT_ANSWERED` if there is none.

    Args:
        answers: the newest version of what the safeguarding team sent, by section and field; empty if it sent nothing.
    """
    said = value_at(answers, QUESTION)
    return said if isinstance(said, str) and said else NOT_ANSWERED
