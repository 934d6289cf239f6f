"""What a school may confirm for a whole year group at once, in the order of the page.

A statement fills questions that are marked with `year_group=True`, and only where nobody has answered.
"""

from __future__ import annotations

from transition_exchange.proforma.model import Statement

STATEMENTS = (
    Statement(
        "learners_told",
        "The learners know that this information goes to the next place",
        answers={"told.learner_told": True},
        asks=("told.learner_told_on", "told.learner_told_how"),
    ),
    Statement(
        "parents_told",
        "Their parents or carers know",
        answers={"told.parent_told": True},
        asks=("told.parent_told_on", "told.parent_told_how"),
    ),
    Statement(
        "all_shared",
        "Learners and families agree that everything is passed on",
        hint="Leave out whoever asked to hold something back",
        answers={"sharing.agreed": "all"},
    ),
    Statement(
        "no_objection",
        "Nobody has objected to sharing with the council",
        answers={"objection.objection": "none"},
    ),
    Statement("home_council", "They all live in the same council’s area", asks=("enrolment.home_la",)),
    Statement(
        "no_suspensions",
        "No suspensions this school year, and never permanently excluded",
        answers={"suspensions.suspension_count": 0, "suspensions.permanently_excluded": False},
    ),
    Statement("no_arrangements", "No access arrangements in exams", answers={"exams.approved": False}),
)

NOT_WAITING = Statement(
    "not_waiting", "Not waiting for an assessment or a therapy", answers={"waiting.waiting": False}
)
