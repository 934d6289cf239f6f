"""A new team is confirmed only into the organisation that was confirmed under the name that the caller reads out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from tests.exchange.changing import accept, confirm, member, session_of
from tests.exchange.other_names import rename
from tests.exchange.seconding import confirmer_team, named, require
from tests.exchange.team_rows import MadeTeam, confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.keys import confirming, seconding
from transition_exchange.exchange.keys.organisation_doubts import doubt_about
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing.acceptance import Acceptance
from transition_exchange.store.models import Organisation, Team, TeamChange, TeamKey

PROVIDER, COLLEGE = "Riverside Boxing", "Northway College"


@pytest.fixture
def sports(world: World) -> MadeTeam:
    """A new team of a club, which waits to be confirmed."""
    return world.team(PROVIDER, "Sports", "admissions", "learning_support", "safeguarding", confirmed=False)


def _put_into_college(world: World, team: MadeTeam) -> None:
    """The team's row says that it is the college's."""
    with world.db.write() as session:
        session.get_one(Team, team.row.id).organisation_id = world.places[COLLEGE].id


def _college_called(world: World, name: str) -> None:
    with world.db.write() as session:
        session.get_one(Organisation, world.places[COLLEGE].id).name = name


def _moved(world: World, team: MadeTeam) -> None:
    """The rows say that the team is the college's, and that the college is called what the club is called."""
    _put_into_college(world, team)
    _college_called(world, PROVIDER)


def _moved_by_what_it_signed(world: World, team: MadeTeam) -> None:
    """The team itself has signed the same before anybody confirmed it, with a change of its name."""
    before = replace(team.identity, organisation_id=world.places[COLLEGE].id)
    acceptance = Acceptance(
        before=before.plain(),
        after=replace(before, name="Sport").plain(),
        fingerprint=team.secret.fingerprint.hex(),
        accepted_at=datetime.now(UTC),
    )
    with world.db.write() as session:
        session.add(
            TeamChange(
                team_id=team.row.id,
                name="Sport",
                statement=acceptance.text(),
                signature=acceptance.sign(team.secret.signing),
            )
        )


def _moved_while_what_was_confirmed_is_out_of_the_database(world: World, team: MadeTeam) -> None:
    with world.db.write() as session:
        session.execute(update(TeamKey).values(confirmation=None))
    _moved(world, team)


def _moved_to_one_that_nobody_confirmed(world: World, team: MadeTeam) -> None:
    founded = world.place("Nearby College", kind="college_group", receives=True)
    with world.db.write() as session:
        session.get_one(Organisation, founded.id).name = PROVIDER
        session.get_one(Team, team.row.id).organisation_id = founded.id


@pytest.mark.parametrize(
    "move",
    [
        _moved,
        _moved_by_what_it_signed,
        _moved_while_what_was_confirmed_is_out_of_the_database,
        _moved_to_one_that_nobody_confirmed,
    ],
    ids=lambda move: move.__name__[1:],
)
def test_a_team_is_not_confirmed_into_another_organisation_under_its_own_ones_name(
    world: World, sports: MadeTeam, move: Callable[[World, MadeTeam], None]
) -> None:
    move(world, sports)
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=sports.row.id)
    assert shown.team.organisation_name == PROVIDER
    assert f"“{PROVIDER}”" in shown.doubt
    with pytest.raises(Refused, match="Nothing can be confirmed"):
        confirming.confirm(db=world.db, actor=world.coordinator, team_id=sports.row.id, seen=shown.seen)
    with world.db.read() as session:
        assert trust_of(session, world.senco).current(session, [sports.row.id]) == {}


def test_a_new_place_is_not_confirmed_into_one_that_waits_for_its_call(world: World) -> None:
    """Nothing of either was ever confirmed; a team may write drafts before it is."""
    for place in ("Oak School", "New Gym"):
        world.place(place, kind="school", sends=True)
    team = world.team("New Gym", "Everybody", "transition", "school_safeguarding", confirmed=False)
    oak = world.places["Oak School"].id
    with world.db.write() as session:
        session.get_one(Team, team.row.id).organisation_id = oak
        session.get_one(Organisation, oak).name = "New Gym"
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)
    assert "was not invited as “New Gym”" in shown.doubt
    with pytest.raises(Refused, match="Nothing can be confirmed"):
        confirm(world, team)
    with world.db.write() as session:
        session.get_one(Team, team.row.id).organisation_id = world.places["New Gym"].id
        session.get_one(Organisation, oak).name = "Oak School"
    confirm(world, team)


def test_under_the_name_of_the_other_organisation_the_call_goes_there(world: World, sports: MadeTeam) -> None:
    """Nothing speaks against it but the college itself, which is rung and knows of no such team."""
    _put_into_college(world, sports)
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=sports.row.id)
    assert (shown.team.organisation_name, shown.doubt) == (COLLEGE, "")


def test_a_new_team_of_an_organisation_that_was_renamed_is_confirmed_under_the_new_name(world: World) -> None:
    rename(world, COLLEGE, "Northway College Group", {"Exams office": "college_exams"})
    late = world.team(COLLEGE, "Late team", "exams", confirmed=False)
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=late.row.id)
    assert (shown.team.organisation_name, shown.doubt) == ("Northway College Group", "")
    confirm(world, late)
    with world.db.read() as session:
        assert late.row.id in trust_of(session, world.senco).current(session, [late.row.id])


def test_an_organisation_does_not_take_the_name_of_another(world: World) -> None:
    team = world.places[PROVIDER].teams[PROVIDER]
    with world.db.write() as session:
        session.add(TeamChange(team_id=team.row.id, organisation_name=COLLEGE))
        change_id = session.scalars(select(TeamChange.id)).one()
    accept(world, session_of(world, member(world, "Mal", team)), change_id)
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)
    assert shown.change is not None
    assert f"another organisation as “{COLLEGE}”" in shown.doubt
    with pytest.raises(Refused, match="Nothing can be confirmed"):
        confirm(world, team)


def test_the_second_confirmer_is_warned_of_what_the_council_signed(world: World, sports: MadeTeam) -> None:
    """A council that runs the database could sign it; the second confirmer rings for itself, and sees both names."""
    require(world, named(confirmer_team(world)))
    _college_called(world, "Riverside Gym")
    _put_into_college(world, sports)
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, sports.key_id), world.root)
    shown = seconding.number_of(db=world.db, actor=world.coach, team_id=sports.row.id)
    assert "“Northway College”" in shown.doubt
    with world.db.read() as session:
        assert doubt_about(session, trust_of(session, world.coach), sports.identity) == ""
