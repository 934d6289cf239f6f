"""Teams that cannot send or be sent to yet, what each lacks, and who to ring."""

from __future__ import annotations

import pytest

from tests.exchange.world import World
from transition_exchange.exchange.coordinating.not_ready import organisations
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.store.models import Area, Organisation, Team


def test_organisations_say_what_their_teams_lack_and_who_to_ring(world: World) -> None:
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Transition", "transition", confirmed=False, ready=False)
    with pytest.raises(NotAllowed):
        organisations(db=world.db, actor=world.senco)
    by_name = {
        organisation.name: organisation
        for organisation in organisations(db=world.db, actor=world.coordinator)
    }
    assert by_name["Ashdown School"].ready
    assert by_name["Riverside Boxing"].ready
    new = by_name["New School"]
    assert (new.ready, new.to_confirm, new.without) == (False, 1, ("safeguarding at school",))
    assert new.teams[0].missing == (
        "it needs a second person, or a recovery code typed back once",
        "the council has not yet confirmed its security number by phone",
    )
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    assert len(organisations(db=world.db, actor=administrator)) == len(by_name)


def test_an_organisation_without_a_team_for_what_it_does_is_not_ready(world: World) -> None:
    world.place("Small Provider", kind="training_provider", receives=True)
    world.team("Small Provider", "Office", "admissions", "exams")
    state = {
        organisation.name: organisation
        for organisation in organisations(db=world.db, actor=world.coordinator)
    }["Small Provider"]
    assert [team.ready for team in state.teams] == [True]
    assert (state.ready, state.to_confirm) == (False, 0)
    assert state.without == ("learning support", "safeguarding")
    assert (state.contact, state.phone) == ("The office", "01709 000000")


def test_only_those_of_the_own_area_are_listed_by_name(world: World) -> None:
    world.place("aspen school", kind="school", sends=True)
    with world.db.write() as session:
        area = Area(name="Elsewhere")
        session.add(area)
        session.flush()
        session.get_one(Organisation, world.places["Riverside Boxing"].id).area_id = area.id
    listed = [organisation.name for organisation in organisations(db=world.db, actor=world.coordinator)]
    assert listed == [
        "Ashdown Council",
        "Ashdown School",
        "aspen school",
        "Beech Lane School",
        "Northway College",
    ]


def test_what_a_team_is_called_and_does_is_what_was_confirmed(world: World) -> None:
    """Somebody has given the school's office the work of its safeguarding team, in its row."""
    team = world.school.teams["Transition team"].row.id
    with world.db.write() as session:
        row = session.get_one(Team, team)
        row.name, row.purposes = "Safeguarding team", ["school_safeguarding"]
    school = next(
        organisation
        for organisation in organisations(db=world.db, actor=world.coordinator)
        if organisation.id == world.school.id
    )
    shown = next(state for state in school.teams if state.id == team)
    assert (shown.name, shown.purposes, school.without) == ("Transition team", ("transition",), ())
