"""What is not asked is not checked, not shown and not sent."""

from transition_exchange.proforma import asked, asked_answers, asked_columns, load
from transition_exchange.proforma.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Filled,
    Is,
    MoreThan,
    Not,
    RowHas,
    ShareBelow,
    both,
)

from .records import V2027, Answers, ehc_plan, merged, without_sen

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


def test_yes_is_not_one() -> None:
    assert Is("s.f", (True,), "yes").holds({"s": {"f": True}})
    assert not Is("s.f", (True,), "yes").holds({"s": {"f": 1}})
    assert not Is("s.f", (1,), "one").holds({"s": {"f": True}})


def test_what_is_unanswered_fulfils_no_plain_condition() -> None:
    conditions = (
        Is("s.f", (False, "", 0), "is"),
        Filled("s.f", "filled"),
        MoreThan("s.f", -1, "more"),
        RowHas("s.f", "c", ("x",), "has"),
        ShareBelow("s.f", "s.g", 90, "below"),
    )
    nothing: tuple[Answers, ...] = ({}, {"s": {}}, {"s": {"f": []}}, {"s": {"f": ""}})
    for condition in conditions:
        for answers in nothing:
            assert not condition.holds(answers)


def test_a_share_of_nothing_is_not_below() -> None:
    condition = ShareBelow("s.part", "s.whole", 90, "below")
    assert not condition.holds({"s": {"part": 0, "whole": 0}})
    assert condition.holds({"s": {"part": 89, "whole": 100}})
    assert not condition.holds({"s": {"part": 90, "whole": 100}})


def test_conditions_join_into_sentences_and_keep_what_they_read() -> None:
    one, two = Is("a.b", ("x",), "it is x"), Filled("c.d", "there is a d")
    assert AllOf((one, two)).words == "it is x and there is a d"
    assert AnyOf((one, two)).reads == {"a.b", "c.d"}
    assert AnyOf((one, two)).holds({"c": {"d": "y"}})
    assert not AllOf((one, two)).holds({"c": {"d": "y"}})
    assert Not(one, "it is not x").json() == {"not": one.json(), "words": "it is not x"}
    assert both(None, None) is None
    assert both(ALWAYS, None) == ALWAYS
    assert both(ALWAYS, one) == one
    assert both(one, two) == AllOf((one, two))
