"""The providers that a destination may name."""

from __future__ import annotations

from tests.exchange.world import World
from transition_exchange.exchange.organisations.providers import providers, school_facts


def test_those_of_the_area_that_receive_are_offered_with_their_campuses(world: World) -> None:
    listed = providers(db=world.db, actor=world.senco)
    assert [(provider.name, provider.campuses) for provider in listed] == [
        ("Northway College", ("Town campus",)),
        ("Riverside Boxing", ()),
    ]
    assert listed[0].named("Town campus")["campus"] == "Town campus"


def test_a_schools_own_sixth_form_is_staying_on(world: World) -> None:
    world.place("Oak School", kind="school_with_sixth_form", sends=True, receives=True)
    world.team("Oak School", "Office", "transition", "admissions")
    clerk = world.person("clerk", "Oak School", "Office")
    own = next(provider for provider in providers(db=world.db, actor=clerk) if provider.own)
    assert own.named()["kind"] == "staying_on"
    others = [provider.named()["kind"] for provider in providers(db=world.db, actor=world.senco)]
    assert set(others) == {"provider"}


def test_a_school_knows_its_areas_code_and_from_when_on_packs_go(world: World) -> None:
    facts = school_facts(db=world.db, actor=world.senco)
    assert (facts.la_code, facts.send_at_status) == ("372", "accepted")
