"""The providers that a destination may name."""

from __future__ import annotations

from tests.exchange.spoilt_rules import spoil
from tests.exchange.world import World
from transition_exchange.exchange.organisations.providers import providers, school_facts
from transition_exchange.store.models import Organisation


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
    assert (facts.la_code, facts.send_at_status, facts.problem) == ("372", "accepted", "")


def test_a_school_is_told_where_the_rules_cannot_be_checked(world: World) -> None:
    spoil(world, "lowered")
    facts = school_facts(db=world.db, actor=world.senco)
    assert (facts.la_code, facts.send_at_status) == ("372", None)
    assert "Ring the council" in facts.problem


def test_a_provider_is_offered_under_the_name_that_was_confirmed_and_in_its_place(world: World) -> None:
    with world.db.write() as session:
        session.get_one(Organisation, world.college.id).name = "Zebra Riding"
        session.get_one(Organisation, world.places["Riverside Boxing"].id).name = "Northway College"
    offered = [(provider.id, provider.name) for provider in providers(db=world.db, actor=world.senco)]
    assert offered == [
        (world.college.id, "Northway College"),
        (world.places["Riverside Boxing"].id, "Riverside Boxing"),
    ]


def test_a_provider_without_a_confirmed_team_is_offered_last_and_its_name_is_called_unconfirmed(
    world: World,
) -> None:
    """Nothing can be sent to it before the call, and then the page of sending shows what was confirmed."""
    place = world.place("Hilltop Training", kind="training_provider", receives=True)
    world.team("Hilltop Training", "Office", "admissions", confirmed=False)
    *others, hilltop = providers(db=world.db, actor=world.senco)
    assert (hilltop.id, hilltop.name, hilltop.confirmed) == (place.id, "Hilltop Training", None)
    assert hilltop.unlike("Another name") is None, "nobody knows yet how it is called"
    assert all(provider.confirmed for provider in others)


def test_a_provider_is_offered_for_what_its_teams_were_confirmed_though_its_row_receives_nothing(
    world: World,
) -> None:
    offered = providers(db=world.db, actor=world.senco)
    with world.db.write() as session:
        session.get_one(Organisation, world.college.id).receives = False
    assert providers(db=world.db, actor=world.senco) == offered
