"""Complete records lack nothing; the others lack what schools really lack, with reasons for some of it."""

from __future__ import annotations

from tests.factories import TODAY, everybody
from transition_exchange.proforma import check, load


def test_complete_means_complete_and_every_other_stage_has_gaps() -> None:
    for learner in everybody():
        report = check(
            load(learner.version),
            learner.answers,
            today=TODAY,
            owner="transition",
            leaving_year=learner.leaving_year,
            attachments=[{"id": str(at), "kind": one.kind} for at, one in enumerate(learner.attachments)],
        )
        assert not report.errors, (learner.number, report.errors)
        if learner.stage == "complete":
            assert report.complete, (learner.number, [gap.code for gap in report.gaps])
        if learner.stage in ("partial", "started"):
            assert not report.complete, learner.number


def test_every_reason_for_a_gap_is_somewhere() -> None:
    reasons = {
        given["reason"]
        for learner in everybody()
        for section in learner.answers.values()
        for given in section.get("_reasons", {}).values()
    }
    assert reasons == {"not_known", "waiting", "not_agreed", "does_not_apply"}
