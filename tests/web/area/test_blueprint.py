"""What the council's views share."""

from __future__ import annotations

from tests.web.visitor import Visitor


def test_lists_of_learners_are_offered_to_the_councils_teams_only(
    coordinator: Visitor, administrator: Visitor
) -> None:
    member, nobody = (visitor.get("/area/organisations") for visitor in (coordinator, administrator))
    assert (member.status, nobody.status) == (200, 200)
    for words in ("Schools to chase", "Same learner twice"):
        assert words in member.text
        assert words not in nobody.text
