"""What decides who reads what can only narrow, for sections, documents and cards alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proforma.records import TODAY, V2026, V2027, Answers, ehc_plan, merged, without_sen
from transition_exchange.proforma import Access, check, load, withheld_sections
from transition_exchange.proforma.cards import card
from transition_exchange.purposes import COORDINATING, PLACES, RECEIVING, SENDING

VERSION = load(V2027)
NAMES = [section.name for section in VERSION.sections]
names = st.frozensets(st.sampled_from(NAMES))
maybe_names = st.none() | names
places = st.frozensets(st.sampled_from(sorted(PLACES)))
purposes = st.frozensets(st.sampled_from([*RECEIVING, *COORDINATING, "transition"]))


@given(purposes=purposes, agreement=maybe_names, withheld=names, released=maybe_names, place=places)
def test_it_can_only_narrow(
    purposes: frozenset[str],
    agreement: frozenset[str] | None,
    withheld: frozenset[str],
    released: frozenset[str] | None,
    place: frozenset[str],
) -> None:
    widest = Access(VERSION, purposes, place=frozenset(PLACES))
    narrowed = Access(
        VERSION, purposes, withheld=withheld, agreement=agreement, released=released, place=place
    )
    assert set(narrowed.sections) <= set(widest.sections)
    assert set(narrowed.attachment_kinds) <= set(widest.attachment_kinds)
    for purpose in purposes:
        on_card = narrowed.card_questions(purpose)
        assert set(on_card) <= set(widest.card_questions(purpose))
        if purpose in RECEIVING:
            assert {question.section for question in on_card} <= set(narrowed.sections)
    for name in narrowed.sections:
        assert VERSION.section(name).audience & purposes
        assert name not in withheld
        assert agreement is None or name in agreement
        assert released is None or name in released


@given(purposes=purposes, more=purposes)
def test_a_team_of_several_purposes_reads_what_each_would_and_no_more(
    purposes: frozenset[str], more: frozenset[str]
) -> None:
    together = set(Access(VERSION, purposes | more).sections)
    assert together == {*Access(VERSION, purposes).sections, *Access(VERSION, more).sections}


@pytest.mark.parametrize("name", [V2026, V2027])
@pytest.mark.parametrize("purpose", [*COORDINATING, "transition"])
def test_coordinators_and_senders_receive_no_section(name: str, purpose: str) -> None:
    assert Access(load(name), frozenset([purpose])).sections == ()


@pytest.mark.parametrize("name", [V2026, V2027])
def test_the_list_of_all_destinations_is_in_nobodys_pack(name: str) -> None:
    assert "destinations" not in Access(load(name), frozenset(RECEIVING)).sections


def test_a_pack_is_read_in_the_order_of_need() -> None:
    order = Access(VERSION, frozenset(["learning_support"])).sections
    assert order.index("day_one_safety") < order.index("health") < order.index("own_words")
    assert order.index("own_words") < order.index("what_helps") < order.index("attendance")
    assert "safeguarding" not in order


def test_a_document_is_read_by_those_who_read_its_section() -> None:
    assert "ehc_plan" in Access(VERSION, frozenset(["learning_support"])).attachment_kinds
    assert Access(VERSION, frozenset(["admissions"])).attachment_kinds == ("qualifications",)
    held = Access(VERSION, frozenset(["learning_support"]), withheld=frozenset({"health"})).attachment_kinds
    assert "care_plan" not in held
    assert VERSION.attachment_kinds_of("safeguarding") == ()


def test_what_is_held_back_comes_from_the_answers() -> None:
    some = merged(without_sen(), {"sharing": {"agreed": "some", "withheld": ["health", "needs"]}})
    assert withheld_sections(VERSION, some) == {"health", "needs"}
    everything = merged(some, {"sharing": {"agreed": "all"}})
    assert withheld_sections(VERSION, everything) == frozenset(), "an answer left over holds nothing back"
    assert withheld_sections(VERSION, {}) == frozenset()


@pytest.mark.parametrize("owner", SENDING)
def test_one_owners_pack_holds_that_owners_sections_alone(owner: str) -> None:
    everybody = frozenset(RECEIVING)
    sections = Access(VERSION, everybody, owner).sections
    assert sections
    assert {VERSION.section(name).owner for name in sections} == {owner}
    assert set(sections) < set(Access(VERSION, everybody).sections)


def test_an_agreement_takes_off_cards_what_it_takes_out_of_packs() -> None:
    record: Answers = ehc_plan()
    report = check(VERSION, record, today=TODAY)
    support = frozenset({"learning_support"})
    assert "provision" in card(Access(VERSION, support), record, report, today=TODAY)
    agreed = frozenset(Access(VERSION, support).sections) - {"sen"}
    assert "provision" not in card(Access(VERSION, support, agreement=agreed), record, report, today=TODAY)


def test_a_bands_section_that_is_held_back_is_on_no_card_outside_the_school() -> None:
    record = ehc_plan()
    report = check(VERSION, record, today=TODAY)
    for purpose in ("neet_group", "admissions"):
        held = Access(VERSION, frozenset({purpose}), withheld=frozenset({"attendance"}))
        assert "attendance_band" not in card(held, record, report, today=TODAY)


@pytest.mark.parametrize("purpose", RECEIVING)
@pytest.mark.parametrize("place", [(), ("school",), ("with_ukprn",), tuple(PLACES)])
def test_a_learners_numbers_are_for_some_places_only(purpose: str, place: tuple[str, ...]) -> None:
    """The ULN is for every team where there is a UKPRN, the UPN for every team of a school; so are their cards."""
    access = Access(VERSION, frozenset({purpose}), place=frozenset(place))
    on_card = {question.name for question in access.card_questions(purpose)}
    for number, section, kind in (("uln", "numbers", "with_ukprn"), ("upn", "pupil_number", "school")):
        assert (section in access.sections) is (kind in place)
        assert (number in on_card) is (kind in place)


@pytest.mark.parametrize("purpose", RECEIVING)
def test_who_the_learner_is_and_where_they_go_is_for_every_team(purpose: str) -> None:
    access = Access(VERSION, frozenset({purpose}))
    assert {"learner", "known_as", "destination", "assurance"} <= set(access.sections)
    names = {"legal_forename", "legal_surname", "date_of_birth", "preferred_name"}
    assert names <= {question.name for question in access.card_questions(purpose)}


def test_the_council_and_the_school_have_both_numbers_on_their_cards_whatever_the_place() -> None:
    for purpose, numbers in (
        ("neet_group", {"upn", "uln"}),
        ("send", {"upn"}),
        ("transition", {"upn", "uln"}),
    ):
        on_card = {
            question.name for question in Access(VERSION, frozenset({purpose})).card_questions(purpose)
        }
        assert on_card & {"upn", "uln"} == numbers
