"""Names: their order in lists, and the ways pages write them."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.records.spelt import names_of_the_world
from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.records.names import (
    display_name,
    legal_name,
    name_if_listed,
    name_in_answers,
    name_order,
    register_name,
    same_name,
    text_order,
)
from transition_exchange.exchange.writing import needed


def learner(surname: str, forename: str = "") -> dict[str, Any]:
    """A card with a legal name."""
    return {"legal_surname": surname, "legal_forename": forename}


def test_lists_go_by_surname_then_forename_as_written_whatever_accents_and_hyphens() -> None:
    ordered = [
        learner("Ångström", "Zoë"),
        learner("de Souza", "Ana"),
        learner("Khan", "Amina"),
        learner("khan", "Ben"),
        learner("Khanam", "Amina"),
        learner("Khan-Smith", "Amina"),
        learner("Łazarz", "Jan"),
        learner("Lee", "Bo"),
        learner("MacDonald", "Isla"),
        learner("Mac Donald", "Jo"),
        learner("McAdam", "Isla"),
        learner("O’Neill", "Áine"),
        learner("O'Neill", "Bríd"),
        learner("ONeill", "Cara"),
        learner("van Dyk", "Kim"),
        learner("Αγγελος"),
        learner("খান", "রহিম"),
        learner("王", "小明"),
    ]
    backwards = ordered[::-1]
    assert sorted(backwards, key=name_order) == ordered


def test_a_single_name_sorts_as_a_surname_in_whichever_field_it_is() -> None:
    ordered = [learner("Chen", "Bo"), learner("", "Cher"), learner("Cher"), learner("Cherry", "Al")]
    backwards = ordered[::-1]
    assert sorted(backwards, key=name_order) == ordered
    assert same_name(learner("Cher")) == same_name(learner("", "CHER")) == same_name(learner(".", "Cher"))
    assert same_name({"legal_forename": None}) == same_name({}) == ("", "")


@given(st.lists(st.builds(learner, names_of_the_world(), names_of_the_world()), max_size=12), st.randoms())
def test_the_order_is_total_and_the_same_from_wherever_it_starts(learners: list[Any], dice: Random) -> None:
    ordered = sorted(learners, key=name_order)
    dice.shuffle(learners)
    assert sorted(learners, key=name_order) == ordered
    assert sorted(ordered, key=name_order) == ordered
    for first, second in pairwise(ordered):
        assert same_name(first) <= same_name(second)
        if first != second:
            assert name_order(first) < name_order(second), "two different names never tie"


def test_organisations_are_ordered_by_the_same_spelling() -> None:
    names = ["The Abbey", "st annes", "St. Anne’s", "St Anne's", "Eden Park", "École Nord"]
    assert sorted(names, key=text_order) == [
        "École Nord",
        "Eden Park",
        "St Anne's",
        "St. Anne’s",
        "st annes",
        "The Abbey",
    ]


def test_how_pages_write_a_name() -> None:
    amina = {**learner("Khan", "Amina"), "preferred_name": "Mina"}
    assert display_name(amina) == "Mina Khan"
    assert legal_name(amina) == "Amina Khan"
    assert register_name(amina) == "Khan, Amina"
    cher = learner("Cher")
    assert display_name(cher) == legal_name(cher) == register_name(cher) == "Cher"
    assert register_name({}) == "No name yet"


def test_a_name_in_answers_is_the_one_they_go_by_where_the_reader_has_it() -> None:
    answers = {"learner": learner("Khan", "Amina")}
    assert name_in_answers(answers) == "Amina Khan"
    assert name_in_answers({**answers, "known_as": {"preferred_name": "Mina"}}) == "Mina Khan"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"legal_forename": "Amina", "legal_surname": "Khan"}, "Amina Khan"),
        ({"legal_forename": "Amina", "preferred_name": "Mina", "legal_surname": "Khan"}, "Mina Khan"),
        ({"legal_forename": "Amina", "preferred_name": "", "legal_surname": "Khan"}, "Amina Khan"),
        ({"legal_surname": "Khan"}, "Khan"),
        ({"legal_forename": "Amina", "legal_surname": None}, "Amina"),
        ({}, "No name yet"),
    ],
)
def test_a_heading_says_the_name_they_go_by(content: dict[str, str], words: str) -> None:
    assert display_name(content) == words


def test_lists_go_by_last_name_or_the_only_name_then_first_whatever_the_case() -> None:
    people = [
        {"legal_forename": "Zoe", "legal_surname": "adams"},
        {"legal_forename": "amy", "legal_surname": "Khan"},
        {"legal_forename": "Ben", "legal_surname": "KHAN"},
        {"legal_forename": "Cy"},
    ]
    ordered = sorted(people, key=name_order)
    assert [person["legal_forename"] for person in ordered] == ["Zoe", "Cy", "amy", "Ben"]


def test_a_name_comes_from_a_card_of_any_of_the_persons_teams(world: World, sent: SentRecord) -> None:
    for actor in (world.senco, world.safeguarding_lead, world.college_support, world.coordinator):
        assert name_if_listed(db=world.db, actor=actor, record_id=sent.record_id) == "Amina Khan"


def test_who_has_no_card_learns_no_name(world: World, sent: SentRecord) -> None:
    administrator = world.person("administrator", "Ashdown School", administrator=True)
    for actor in (world.other_senco, world.coach, administrator):
        assert name_if_listed(db=world.db, actor=actor, record_id=sent.record_id) == ""


def test_a_card_without_a_name_says_so_and_is_found_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = world.add()
    monkeypatch.setattr(needed, "missing", lambda *args: [])
    world.save(record_id, {"learner": {}})
    assert name_if_listed(db=world.db, actor=world.senco, record_id=record_id) == "No name yet"
    assert display_name({}) == register_name({}) == "No name yet"
