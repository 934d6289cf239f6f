"""The one function that decides who reads what can only narrow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proforma.records import V2026, V2027, merged, without_sen
from transition_exchange.proforma import audience, load, withheld_sections
from transition_exchange.proforma.model import COORDINATING, RECEIVING

VERSION = load(V2027)
NAMES = [section.name for section in VERSION.sections]
names = st.frozensets(st.sampled_from(NAMES))
maybe_names = st.none() | names
purposes = st.frozensets(st.sampled_from([*RECEIVING, *COORDINATING, "transition", "unknown"]))


@given(purposes=purposes, agreement=maybe_names, withheld=names, released=maybe_names)
def test_it_can_only_narrow(
    purposes: frozenset[str],
    agreement: frozenset[str] | None,
    withheld: frozenset[str],
    released: frozenset[str] | None,
) -> None:
    widest = audience.readable(VERSION, purposes)
    narrowed = audience.readable(VERSION, purposes, agreement=agreement, withheld=withheld, released=released)
    assert set(narrowed) <= set(widest)
    for name in narrowed:
        assert VERSION.section(name).audience & purposes
        assert name not in withheld
        assert agreement is None or name in agreement
        assert released is None or name in released


@given(purposes=purposes, more=purposes)
def test_a_team_of_several_purposes_reads_what_each_would_and_no_more(
    purposes: frozenset[str], more: frozenset[str]
) -> None:
    together = set(audience.readable(VERSION, purposes | more))
    assert together == {*audience.readable(VERSION, purposes), *audience.readable(VERSION, more)}


@pytest.mark.parametrize("name", [V2026, V2027])
@pytest.mark.parametrize("purpose", [*COORDINATING, "transition"])
def test_coordinators_and_senders_receive_no_section(name: str, purpose: str) -> None:
    assert audience.readable(load(name), [purpose]) == ()


@pytest.mark.parametrize("name", [V2026, V2027])
def test_the_list_of_all_destinations_is_in_nobodys_pack(name: str) -> None:
    assert "destinations" not in audience.readable(load(name), RECEIVING)


def test_a_pack_is_read_in_the_order_of_need() -> None:
    order = audience.readable(VERSION, ["learning_support"])
    assert order.index("day_one_safety") < order.index("health") < order.index("own_words")
    assert order.index("own_words") < order.index("what_helps") < order.index("attendance")
    assert "safeguarding" not in order


def test_a_document_is_read_by_those_who_read_its_section() -> None:
    assert "ehc_plan" in audience.attachment_kinds_readable(VERSION, ["learning_support"])
    assert audience.attachment_kinds_readable(VERSION, ["admissions"]) == ("qualifications",)
    held = audience.attachment_kinds_readable(VERSION, ["learning_support"], withheld=frozenset({"health"}))
    assert "care_plan" not in held
    assert audience.attachment_kinds_of(VERSION, "safeguarding") == ()


def test_what_is_held_back_comes_from_the_answers() -> None:
    some = merged(without_sen(), {"sharing": {"agreed": "some", "withheld": ["health", "needs"]}})
    assert withheld_sections(VERSION, some) == {"health", "needs"}
    everything = merged(some, {"sharing": {"agreed": "all"}})
    assert withheld_sections(VERSION, everything) == frozenset(), "an answer left over holds nothing back"
    assert withheld_sections(VERSION, {}) == frozenset()
