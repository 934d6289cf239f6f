"""What a version holds and says that takes back what was answered before."""

from __future__ import annotations

from datetime import UTC, datetime

from transition_exchange.proforma import load
from transition_exchange.proforma.withdrawn import withdrawing_answers, withdrawn_words

LEAD = {"lead_name": "Sam Lead", "lead_phone": "01709 382121", "lead_email": ""}
AT = datetime(2027, 6, 3, 22, 30, tzinfo=UTC)


def test_it_answers_nothing_and_names_whom_to_ring() -> None:
    version = load("core/2027.1")
    contact = {"lead_name": "Sam Lead", "lead_phone": "01709 382121"}
    assert withdrawing_answers(version, LEAD, day_one=False) == {"safeguarding": contact}
    ring = {"ring": "Sam Lead, 01709 382121"}
    assert withdrawing_answers(version, LEAD, day_one=True) == {
        "safeguarding": contact,
        "day_one_safety": ring,
    }


def test_each_reader_is_told_as_far_as_they_may_know() -> None:
    told = "Withdrawn on 3 June 2027: ring Sam Lead, 01709 382121."
    assert withdrawn_words({"safeguarding": LEAD, "day_one_safety": {}}, AT) == told
    assert withdrawn_words({"day_one_safety": {"ring": "Sam Lead, 01709 382121"}}, AT) == told
    assert withdrawn_words({"day_one_safety": {}}, AT) == ""
