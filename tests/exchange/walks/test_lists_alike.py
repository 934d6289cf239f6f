"""A school's, a college's and the council's lists find and order the same learners in the same way."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from uuid import UUID

import pytest

from tests.exchange.coordinators import look
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.overview import overview
from transition_exchange.exchange.coordinating.possible_duplicates import possible_duplicates
from transition_exchange.exchange.organisations.providers import providers
from transition_exchange.exchange.organisations.teams import colleagues
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.records.searching import matching
from transition_exchange.exchange.writing.adding import add_learner
from transition_exchange.exchange.writing.learner_list import learners
from transition_exchange.store.models import Principal

ULN = "1234567007"
NAMES = {  # in the order of every list
    "khan-smith": ("Amina", "Khan-Smith"),
    "naylor": ("Zara", "Naylor"),
    "nguyễn": ("An", unicodedata.normalize("NFD", "Nguyễn")),
    "nowak": ("Łukasz", "Nowak"),
    "o’neill": ("Cian", "O’Neill"),
    "o'neill": ("Sean", "O'Neill"),
    "oneill": ("Tom", "ONeill"),
    "smith-jones": ("Bea", "Smith-Jones"),
}
"""Learners by what this test calls them: first and last name."""

FOUND = {
    "Nguyen": ["nguyễn"],
    "nguyễn": ["nguyễn"],
    unicodedata.normalize("NFD", "NGUYỄN"): ["nguyễn"],
    "lukasz": ["nowak"],
    "O'Neill": ["o’neill", "o'neill", "oneill"],
    "ONeill": ["o’neill", "o'neill", "oneill"],
    "O’Neill": ["o’neill", "o'neill", "oneill"],
    "o neill": ["o’neill", "o'neill", "oneill"],
    "khan-smith": ["khan-smith"],
    "khan smith": ["khan-smith"],
    "KhanSmith": ["khan-smith"],
    "khan": ["khan-smith"],
    "smith": ["khan-smith", "smith-jones"],
    "naylor, zara": ["naylor"],
    "Zara Naylor": ["naylor"],
    "nay": ["naylor"],
    "Jones": ["smith-jones"],
    "nobody": [],
}
"""Who is found by what is typed."""

Look = Callable[[World, str], list[UUID]]
"""A list's learners that a search finds."""


def at_school(world: World, typed: str) -> list[UUID]:
    return [row.record_id for row in matching(learners(db=world.db, actor=world.senco), typed)]


def at_school_safeguarding(world: World, typed: str) -> list[UUID]:
    rows = learners(db=world.db, actor=world.safeguarding_lead, purpose="school_safeguarding")
    return [row.record_id for row in matching(rows, typed)]


def at_college(world: World, typed: str, actor: Actor | None = None) -> list[UUID]:
    return [
        row.record_id for row in matching(inbox(db=world.db, actor=actor or world.college_admissions), typed)
    ]


def at_council(world: World, typed: str) -> list[UUID]:
    return [line.record_id for line in look(world, search=typed).lines]


def added(world: World) -> Mapping[str, UUID]:
    """The learners of this test, added in an order that is nobody's."""
    return {key: world.add(*NAMES[key]) for key in sorted(NAMES, key=lambda key: key[::-1])}


def check(world: World, records: Mapping[str, UUID], where: Look) -> None:
    """Every search of the table finds the learners it should, in the order of the lists."""
    keys = {record_id: key for key, record_id in records.items()}
    assert [keys[record_id] for record_id in where(world, "")] == list(NAMES)
    for typed, wanted in FOUND.items():
        assert [keys[record_id] for record_id in where(world, typed)] == wanted, typed


@pytest.mark.parametrize("where", [at_school, at_school_safeguarding, at_council])
def test_schools_and_the_council_find_and_order_by_the_same_spelling(world: World, where: Look) -> None:
    check(world, added(world), where)


def test_a_college_finds_by_the_same_spelling(world: World) -> None:
    records = added(world)
    for record_id in records.values():
        world.fill(record_id)
        world.send(record_id)
    keys = {record_id: key for key, record_id in records.items()}
    for typed, wanted in FOUND.items():
        assert {keys[record_id] for record_id in at_college(world, typed)} == set(wanted), typed


def test_numbers_are_found_by_every_team_that_holds_them(world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.add("Ben", "Adams")
    world.fill(record_id)
    world.save(record_id, {"numbers": {"uln": ULN}})
    world.send(record_id)
    upns, ulns = ("L372400114001", "l372 4001 14001"), (ULN, "123 456 7007")
    for typed in (*upns, *ulns):
        for where in (at_school, at_council):
            assert where(world, typed) == [record_id], typed
        assert at_school_safeguarding(world, typed) == [], "its card has no number"
    for actor in (
        world.college_admissions,
        world.college_support,
        world.college_safeguarding,
        world.college_exams,
    ):
        for typed in ulns:
            assert at_college(world, typed, actor) == [record_id], typed
        for typed in upns:
            assert at_college(world, typed, actor) == [], "a college has no UPN"


def test_the_name_they_go_by_finds_a_learner_where_the_team_has_it(world: World) -> None:
    record_id = world.add("Amina", "Khan")
    world.fill(record_id)
    world.save(record_id, {"known_as": {"preferred_name": "Zoë"}})
    world.send(record_id)
    for typed in ("zoe", "zoe khan", "amina"):
        assert at_school(world, typed) == at_college(world, typed) == [record_id], typed
    assert at_council(world, "zoe") == [], "preferred names are on no card of the council's"


def test_names_are_stored_composed_whichever_way_they_were_typed(world: World) -> None:
    world.add("Zoe\u0308", unicodedata.normalize("NFD", "Nguyễn"))
    [row] = learners(db=world.db, actor=world.senco)
    assert (row.content["legal_forename"], row.content["legal_surname"]) == ("Zoë", "Nguyễn")


def test_possible_duplicates_go_by_the_same_spelling_at_a_school_and_across_schools(world: World) -> None:
    first = world.add("Zoë", "O’Neill-Khan", date_of_birth="2011-03-14")
    again = {"legal_forename": "ZOE", "legal_surname": "ONeill Khan", "date_of_birth": "2011-03-14"}
    tried = add_learner(db=world.db, actor=world.senco, answers={"learner": again})
    assert (tried.record_id, tried.possible_duplicates) == (None, (first,))
    world.add("ZOE", "ONeill Khan", actor=world.other_senco, date_of_birth="2011-03-14")
    [duplicate] = possible_duplicates(db=world.db, actor=world.coordinator)
    assert duplicate.why == ("same name and date of birth",)
    assert {line.school for line in duplicate.lines} == {"Ashdown School", "Beech Lane School"}


def test_another_birthday_or_another_name_is_no_possible_duplicate(world: World) -> None:
    world.add("Zoë", "Khan", date_of_birth="2011-03-14")
    for name, born in (("Zoë", "2011-03-15"), ("Zoey", "2011-03-14")):
        learner = {"legal_forename": name, "legal_surname": "Khan", "date_of_birth": born}
        assert add_learner(db=world.db, actor=world.senco, answers={"learner": learner}).record_id


def test_organisations_and_colleagues_are_ordered_by_the_same_spelling(world: World) -> None:
    for name in ("Östlund College", "oak College", "O’Brien College"):
        world.place(name, kind="college_group", sends=True, receives=True)
    world.person("zoe", "Ashdown School", "Transition team")
    with world.db.write() as session:
        session.get_one(Principal, world.zoe.principal_id).name = "Émile"
    offered = ["Northway College", "Riverside Boxing", "oak College", "O’Brien College", "Östlund College"]
    assert [provider.name for provider in providers(db=world.db, actor=world.senco)] == offered, (
        "those that nobody has confirmed come last"
    )
    ordered = ["Northway College", "oak College", "O’Brien College", "Östlund College", "Riverside Boxing"]
    seen = overview(db=world.db, actor=world.coordinator, today=world.today)
    assert [provider.name for provider in seen.providers] == ordered
    people = [person.name for person in colleagues(db=world.db, actor=world.senco)]
    assert [name for name in people if "Keeper" not in name] == ["Émile", "Safeguarding Lead", "Senco"]
