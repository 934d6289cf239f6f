"""Whose keys a session believes: its own, those that its roots confirmed, and their successors."""

from __future__ import annotations

from sqlalchemy import select, update

from tests.exchange.people import Accounts
from tests.exchange.world import World
from transition_exchange.exchange.keys.readiness import believed_key
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing import confirmation
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import KeyPin, TeamKey


def test_a_school_s_team_pins_the_neet_group_s_key_that_came_under_the_spoken_code(
    accounts: Accounts,
) -> None:
    cora = accounts.found()
    sam = accounts.school(cora)
    neet = accounts.actor(cora).require("neet_group")
    with accounts.db.read() as session:
        trust = trust_of(session, accounts.actor(sam))
        assert trust.roots == {neet.secret.fingerprint}


def test_a_pin_written_into_the_database_is_no_root(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    actor = accounts.actor(sam)
    forged = TeamSecret.generate()
    with accounts.db.write() as session:
        pin = session.scalars(select(KeyPin).where(KeyPin.team_id == actor.teams[0].id)).one()
        pin.fingerprint = forged.fingerprint.hex()
    with accounts.db.read() as session:
        assert trust_of(session, actor).roots == frozenset()


def test_a_pin_swapped_in_the_database_makes_no_root(world: World) -> None:
    """A thief who confirms their own key and points the school's pin at it is not believed."""
    thief, root = TeamSecret.generate(), TeamSecret.generate()
    team = world.college.teams["Learning support"]
    assert world.root is not None
    with world.db.write() as session:
        session.execute(
            update(TeamKey)
            .where(TeamKey.id == world.root.key_id)
            .values(kem_public=root.kem.public, signing_public=root.signing.public)
        )
        session.execute(update(KeyPin).values(fingerprint=root.fingerprint.hex()))
        session.execute(
            update(TeamKey)
            .where(TeamKey.id == team.key_id)
            .values(
                kem_public=thief.kem.public,
                signing_public=thief.signing.public,
                confirmation=confirmation.sign(
                    root.signing,
                    confirmation.Confirmed(
                        team=team.row.id,
                        organisation=world.college.id,
                        organisation_name=world.college.name,
                        purposes=team.row.purposes,
                        fingerprint=thief.fingerprint,
                    ),
                ),
            )
        )
    with world.db.read() as session:
        assert believed_key(session, trust_of(session, world.senco), team.row.id) is None
