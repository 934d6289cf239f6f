"""The honest way of a change, in short: an administrator proposes, a member accepts, the council confirms."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from tests.exchange.members import Member, actor_of, add_member, join
from tests.exchange.team_rows import MadeTeam
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.remembering import remember
from transition_exchange.exchange.organisations import deciding, proposing
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.store.models import Principal, TeamChange


def administrator(world: World, place: str) -> Actor:
    """An administrator of an organisation who is in none of its teams."""
    name = f"head of {place.lower()}"
    return world.people.get(name) or world.person(name, place, administrator=True)


def place_of(world: World, team: MadeTeam) -> str:
    """The name of a team's organisation in the world."""
    return next(name for name, place in world.places.items() if place.id == team.identity.organisation_id)


def propose(world: World, team: MadeTeam, *, name: str = "", purposes: tuple[str, ...] = ()) -> UUID:
    """Propose a change; what is not named stays."""
    change_id = proposing.propose(
        db=world.db,
        actor=administrator(world, place_of(world, team)),
        team_id=team.row.id,
        name=name or team.identity.name,
        purposes=purposes or team.identity.purposes,
    )
    assert change_id is not None
    return change_id


def accept(world: World, member: Actor, change_id: UUID) -> None:
    """Accept a change as a member who reads it now."""
    shown = deciding.change(db=world.db, actor=member, change_id=change_id)
    deciding.accept(db=world.db, actor=member, change_id=change_id, seen=shown.seen)


def confirm(world: World, team: MadeTeam) -> TeamIdentity:
    """Confirm a team as the council's page shows it now."""
    shown = confirming.number_of(db=world.db, actor=world.coordinator, team_id=team.row.id)
    return confirming.confirm(db=world.db, actor=world.coordinator, team_id=team.row.id, seen=shown.seen)


def change(
    world: World, team: MadeTeam, by: Actor, *, name: str = "", purposes: tuple[str, ...] = ()
) -> TeamIdentity:
    """The whole way, and the team after it. The world's own actors of the team stay as they were."""
    accept(world, by, propose(world, team, name=name, purposes=purposes))
    return confirm(world, team)


def member(world: World, name: str, team: MadeTeam) -> Member:
    """A new member of a team, with a key pair and a sealed membership of their own."""
    person = add_member(world, name, place_of(world, team))
    join(world, person, team.held)
    return person


def proven(actor: Actor) -> Actor:
    """The same person just after they gave their passphrase again."""
    return replace(actor, proven_until=datetime.max.replace(tzinfo=UTC))


def session_of(world: World, person: Member) -> Actor:
    """The person in a session of theirs, who has just given their passphrase again."""
    return proven(actor_of(world, person))


def sign_in(world: World, person: Member) -> None:
    """What signing in does to the person's memberships."""
    with world.db.write() as session:
        principal = session.get_one(Principal, person.row.id)
        remember(session, principal=principal, pair=person.pair, now=datetime.now(UTC))


def row(world: World, change_id: UUID) -> TeamChange:
    """The row of a change."""
    with world.db.read() as session:
        return session.get_one(TeamChange, change_id)
