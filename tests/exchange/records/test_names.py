"""Learners' names: as headings say them, and how lists are ordered."""

from __future__ import annotations

import pytest

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.records.names import display_name, name_of, name_order


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"legal_forename": "Amina", "legal_surname": "Khan"}, "Amina Khan"),
        ({"legal_forename": "Amina", "preferred_name": "Mina", "legal_surname": "Khan"}, "Mina Khan"),
        ({"legal_forename": "Amina", "preferred_name": "", "legal_surname": "Khan"}, "Amina Khan"),
        ({"legal_surname": "Khan"}, "Khan"),
        ({"legal_forename": "Amina", "legal_surname": None}, "Amina"),
        ({}, ""),
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
        assert name_of(db=world.db, actor=actor, record_id=sent.record_id) == "Amina Khan"


def test_who_has_no_card_learns_no_name(world: World, sent: SentRecord) -> None:
    administrator = world.person("administrator", "Ashdown School", administrator=True)
    for actor in (world.other_senco, world.coach, administrator):
        with pytest.raises(NotFound):
            name_of(db=world.db, actor=actor, record_id=sent.record_id)
