"""What is sent, and what the safeguarding team does for many learners."""

from __future__ import annotations

from uuid import uuid4

import pytest

from transition_exchange.exchange.arguments import read, read_wanted
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.sending.arguments import (
    PickLearners,
    ReleaseSome,
    Send,
    WantedSafeguarding,
)
from transition_exchange.exchange.sending.safeguarding_marks import Marked

SOMEBODY = "7f3c2a52-5c6e-4d3a-9a53-0d8f1f7f6f10"


def test_a_record_goes_to_those_that_were_ticked() -> None:
    provider = uuid4()
    assert read(Send(), {"seen": "abc", "provider": [str(provider)]}) == {
        "seen": "abc",
        "providers": [provider],
    }
    with pytest.raises(NotFound):
        read(Send(), {"provider": ["x"]})


def test_a_step_carries_the_leads_contact_and_its_notes() -> None:
    left = [uuid4(), uuid4()]
    raw = {
        "work": "follow",
        "left": f"{left[0]} {left[1]}",
        "lead_name": " Sam Lead ",
        "lead_phone": "01709 382121",
        "lead_email": "",
        "total": "7",
        "note": ["a|why", "", "b|why"],
    }
    step = read(ReleaseSome(), raw)
    assert step["lead"] == {"lead_name": "Sam Lead", "lead_phone": "01709 382121", "lead_email": ""}
    assert (step["record_ids"], step["total"]) == (left, 7)


def test_marks_come_one_by_one_or_as_one_text_and_the_last_of_a_learner_counts() -> None:
    amina, ben = uuid4(), uuid4()
    raw = {"work": "answer", "marked": f"{amina}:file:ab {ben}:ring {amina}:nothing:cd", "compared": "true"}
    step = read(ReleaseSome(), raw)
    assert step["marked"] == [Marked(amina, "nothing", "cd"), Marked(ben, "ring")]
    assert step["compared"]
    picked = read(PickLearners(), {"work": "answer", "marked": [f"{amina}:file"], "listed": [], "rest": ""})
    assert picked["marked"] == [Marked(amina, "file")]


@pytest.mark.parametrize("marked", ["x", "x:file", f"{SOMEBODY}:erase", SOMEBODY])
def test_a_mark_that_no_page_offers_is_unknown(marked: str) -> None:
    with pytest.raises(NotFound):
        read(ReleaseSome(), {"work": "answer", "marked": [marked]})


@pytest.mark.parametrize("work", ["", "erase", "Nothing"])
def test_only_the_works_that_have_a_button_are_known(work: str) -> None:
    for schema in (PickLearners(), ReleaseSome()):
        with pytest.raises(NotFound):
            read(schema, {"work": work})


@pytest.mark.parametrize(
    ("state", "read_as"),
    [(None, "waiting"), ("released", "released"), ("all", "all"), ("odd", "waiting")],
)
def test_the_list_begins_with_those_who_wait(state: str | None, read_as: str) -> None:
    assert read_wanted(WantedSafeguarding(), {"state": state})["state"] == read_as
