"""What the safeguarding team of a school writes is complete."""

from __future__ import annotations

from tests.factories import TODAY, everybody
from transition_exchange.proforma import check, load


def test_safeguarding_sections_are_complete_where_that_team_has_written_them() -> None:
    for learner in everybody():
        if learner.safeguarding:
            report = check(
                load(learner.version), learner.safeguarding, today=TODAY, owner="school_safeguarding"
            )
            assert report.complete, (learner.number, report)
