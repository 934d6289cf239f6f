"""What is not asked is not checked, not shown and not sent."""

from __future__ import annotations

from tests.proforma.records import V2027, ehc_plan, merged, without_sen
from transition_exchange.proforma import asked, asked_answers, asked_columns, load

VERSION = load(V2027)


def test_a_plan_is_asked_about_only_where_there_is_one() -> None:
    assert "ehc_plan.last_review" not in asked(VERSION, without_sen())
    assert "ehc_plan.last_review" in asked(VERSION, ehc_plan())


def test_an_answer_left_over_decides_nothing() -> None:
    record = merged(without_sen(), {"ehc_plan": {"top_up": True, "consultation": "sent"}})
    assert not {path for path in asked(VERSION, record) if path.startswith("ehc_plan.")}


def test_a_release_holds_every_section_even_an_empty_one() -> None:
    names = [section.name for section in VERSION.sections]
    assert list(asked_answers(VERSION, {}, names)) == names


def test_a_release_holds_nothing_that_is_not_asked() -> None:
    record = merged(
        without_sen(),
        {
            "ehc_plan": {"last_review": "2026-11-12", "_reasons": {"final_issued": {"reason": "waiting"}}},
            "support": {"_attached": {"provision": {"page": 1}}},
        },
    )
    sent = asked_answers(VERSION, record, ["ehc_plan", "support", "learner"])
    assert sent["ehc_plan"] == {}
    assert sent["support"] == {}
    assert sent["learner"] == record["learner"]


def test_a_row_keeps_only_the_columns_it_is_asked() -> None:
    record = {
        "destinations": {"destinations": [{"kind": "job", "provider_name": "A shop", "course": "left over"}]}
    }
    sent = asked_answers(VERSION, record, ["destinations"])
    assert sent["destinations"]["destinations"] == [{"kind": "job", "provider_name": "A shop"}]
    question = VERSION.question("destinations.destinations")
    assert "course" in {c.name for c in asked_columns(question, {"kind": "provider"}, {})}


def test_a_reason_travels_with_the_gap_it_explains() -> None:
    reasons = {"email": {"reason": "not_known"}}
    sent = asked_answers(VERSION, {"enrolment": {"_reasons": reasons}}, ["enrolment"])
    assert sent == {"enrolment": {"_reasons": reasons}}
