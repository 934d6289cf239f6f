"""What is sent, and what the safeguarding team does for many learners."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from transition_exchange.exchange.arguments import read, read_wanted
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.sending.arguments import (
    MarkedLearners,
    PickLearners,
    ReleaseSome,
    Send,
    WantedSafeguarding,
)


def test_a_record_goes_to_those_that_were_ticked() -> None:
    provider = uuid4()
    assert read(Send(), {"seen": "abc", "provider": [str(provider)]}) == {
        "seen": "abc",
        "providers": [provider],
        "hold": (),
        "reasons": {},
    }
    with pytest.raises(NotFound):
        read(Send(), {"provider": ["x"]})


def test_a_reason_belongs_to_the_provider_beside_which_it_stands() -> None:
    one, other = uuid4(), uuid4()
    form = {"hold": [str(other)], "why_of": [str(one), str(other)], "why": ["", "They asked us to wait"]}
    found = read(Send(), form)
    assert (found["hold"], found["reasons"]) == ([other], {one: "", other: "They asked us to wait"})


def test_a_step_carries_the_leads_contact_and_its_notes() -> None:
    left = [uuid4(), uuid4()]
    raw = {
        "work": "answer",
        "left": f"{left[0]} {left[1]}",
        "mark": f"{left[1]}:not_disclosed {left[0]}:no",
        "compared": "yes",
        "lead_name": " Sam Lead ",
        "lead_phone": "01709 382121",
        "lead_email": "",
        "total": "7",
        "note": ["a|why", "", "b|why"],
    }
    step = read(ReleaseSome(), raw)
    assert step["lead"] == {"lead_name": "Sam Lead", "lead_phone": "01709 382121", "lead_email": ""}
    assert (step["record_ids"], step["total"]) == (left, 7)
    assert step["marks"] == {left[0]: "no", left[1]: "not_disclosed"}
    assert step["compared"]


@pytest.mark.parametrize("mark", ["x", "x:no", str(UUID(int=1)), f"{UUID(int=1)}:perhaps"])
def test_a_mark_that_no_page_sends_is_unknown(mark: str) -> None:
    with pytest.raises(NotFound):
        read(ReleaseSome(), {"work": "answer", "mark": mark})
    with pytest.raises(NotFound):
        read(MarkedLearners(), {"mark": [mark]})
    assert read(MarkedLearners(), {"mark": ["", f"{uuid4()}:later"]})["marks"] == {}


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
