"""A provider that stood in the database under another name than the one that the council confirmed later."""

from __future__ import annotations

from uuid import UUID

from tests.exchange.answers import destination
from tests.exchange.changing import accept, administrator, confirm
from tests.exchange.team_rows import confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.organisations import proposing
from transition_exchange.exchange.organisations.providers import providers
from transition_exchange.proforma.destinations import Row
from transition_exchange.store.models import Organisation, TeamChange, TeamKey

FALSE, TRUE = "Oak Tree College", "Hilltop Training"
TEAM = "Office"


def call(world: World, place: str, name: str) -> None:
    """Give the row of an organisation another name, as somebody who can write to the database does."""
    with world.db.write() as session:
        session.get_one(Organisation, world.places[place].id).name = name


def add_unconfirmed(world: World, *, shown_as: str = FALSE) -> UUID:
    """A provider that the council has not rung yet, with a name in its row that is not its own."""
    place = world.place(TRUE, kind="training_provider", receives=True)
    world.team(TRUE, TEAM, "admissions", "learning_support", "safeguarding", "exams", confirmed=False)
    call(world, TRUE, shown_as)
    return place.id


def confirm_truly(world: World) -> None:
    """The row has its own name again, and the council confirms what it hears by phone."""
    call(world, TRUE, TRUE)
    assert world.root is not None
    with world.db.write() as session:
        confirm_key(session, session.get_one(TeamKey, world.places[TRUE].teams[TEAM].key_id), world.root)


def choose(world: World, provider_id: UUID) -> Row:
    """The destination that a SENCO chooses now, named as the page of choosing fills it in."""
    offered = {provider.id: provider for provider in providers(db=world.db, actor=world.senco)}
    named = {name: value for name, value in offered[provider_id].named().items() if value}
    return {**destination(provider_id, ""), **named}


def misnamed(world: World) -> tuple[UUID, UUID]:
    """A learner whose destination was chosen under the false name, and the provider that has been confirmed since."""
    provider_id = add_unconfirmed(world)
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"destinations": {"destinations": [choose(world, provider_id)]}})
    confirm_truly(world)
    return record_id, provider_id


def rename(world: World, place: str, name: str, people: dict[str, str]) -> None:
    """An organisation gets another name on purpose: proposed, accepted by some of its teams, confirmed by the council.

    Args:
        people: a member of each team that accepts, by the team's name in the world.
    """
    proposing.rename_organisation(db=world.db, actor=administrator(world, place), name=name)
    for team_name, person in people.items():
        team = world.places[place].teams[team_name]
        with world.db.read() as session:
            [change_id] = session.query(TeamChange.id).filter_by(team_id=team.row.id, outcome=None).one()
        accept(world, world.people[person], change_id)
        confirm(world, team)
