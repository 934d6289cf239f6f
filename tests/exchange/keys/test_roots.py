"""With which NEET group's keys a session begins: those of its memberships, and what those have signed as the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, update

from tests.exchange.people import Accounts
from tests.exchange.team_rows import held_council, pin_of
from tests.exchange.world import World
from transition_exchange.exchange.keys.seen_keys import newest_councils
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.sealing import pins
from transition_exchange.sealing.address_book import AddressBook
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import KeyPin, TeamKey


def test_a_school_s_member_holds_the_neet_group_s_key_that_came_under_the_spoken_code(
    accounts: Accounts,
) -> None:
    cora = accounts.found()
    sam = accounts.school(cora)
    neet = accounts.actor(cora).require("neet_group")
    with accounts.db.read() as session:
        trust = trust_of(session, accounts.actor(sam))
        assert trust.roots.fingerprints == {neet.secret.fingerprint: neet.id}


def test_a_pin_that_the_team_did_not_sign_is_no_root(world: World) -> None:
    assert world.root is not None
    team, forged = world.school.teams["Transition team"], TeamSecret.generate()
    with world.db.write() as session:
        session.add(_pin(team.row.id, world.root.row.id, forged, signature=b"x" * 64))
    with world.db.read() as session:
        assert trust_of(session, world.senco).roots.fingerprints == {
            world.root.secret.fingerprint: world.root.row.id
        }


def _pin(team_id: UUID, pinned_team_id: UUID, secret: TeamSecret, *, signature: bytes) -> KeyPin:
    return KeyPin(
        team_id=team_id,
        pinned_team_id=pinned_team_id,
        fingerprint=secret.fingerprint.hex(),
        signature=signature,
    )


def test_a_pin_swapped_in_the_database_makes_no_root(world: World) -> None:
    """A thief who confirms their own key and points the school's pin at it is not believed."""
    thief, root = TeamSecret.generate(), TeamSecret.generate()
    team = world.college.teams["Learning support"]
    assert world.root is not None
    statement = Confirmation(
        area=world.area_id,
        team=team.identity.plain(),
        version=team.version,
        fingerprint=thief.fingerprint.hex(),
        confirmed_at=datetime(2027, 6, 3, tzinfo=UTC),
    )
    with world.db.write() as session:
        session.execute(
            update(TeamKey)
            .where(TeamKey.id == world.root.key_id)
            .values(kem_public=root.kem.public, signing_public=root.signing.public)
        )
        for own in world.senco.teams:
            session.add(_pin(own.id, world.root.row.id, root, signature=b"x" * 64))
        session.execute(
            update(TeamKey)
            .where(TeamKey.id == team.key_id)
            .values(
                kem_public=thief.kem.public,
                signing_public=thief.signing.public,
                confirmation=statement.text(),
                confirmation_signature=statement.sign(root.signing),
            )
        )
    with world.db.read() as session:
        assert trust_of(session, world.senco).current(session, [team.row.id]) == {}


def test_the_neet_groups_own_key_is_a_root_of_its_own_session(world: World) -> None:
    assert world.root is not None
    with world.db.read() as session:
        own = {world.root.secret.fingerprint: world.root.row.id}
        assert trust_of(session, world.coordinator).roots.fingerprints == own
        assert trust_of(session, replace(world.coordinator, teams=())).roots.fingerprints == {}


def _compared(world: World, signed_by: TeamSecret) -> bool:
    """Whether the school believes the NEET group's next key, once a key of a team of theirs has pinned it."""
    assert world.root is not None
    team = world.school.teams["Transition team"]
    with world.db.write() as session:
        session.execute(delete(KeyPin))
        session.add(pin_of(team.row.id, signed_by, world.root))
    with world.db.read() as session:
        trust = trust_of(session, world.senco)
        return trust.is_root(session, session.get_one(TeamKey, world.root.key_id))


def test_a_pin_signed_with_a_teams_older_key_counts_no_longer(world: World) -> None:
    """Somebody who has left the team could make one."""
    team = world.school.teams["Transition team"]
    older = team.secret
    world.new_key("Ashdown Council", "NEET group", removed=[uuid4()])
    assert _compared(world, older)
    world.new_key("Ashdown School", "Transition team")
    assert not _compared(world, older)
    assert _compared(world, team.secret)


def test_a_council_that_somebody_signed_before_they_left_is_pinned_no_further(world: World) -> None:
    """Their pin was good while the key that they know was the newest. No newer key of the team signs it again."""
    assert world.root is not None
    team, stranger = world.school.teams["Transition team"], TeamSecret.generate()
    with world.db.write() as session:
        session.add(
            KeyPin(
                team_id=team.row.id,
                pinned_team_id=world.root.row.id,
                fingerprint=stranger.fingerprint.hex(),
                signature=pins.sign(
                    team.secret.signing, team_id=world.root.row.id, fingerprint=stranger.fingerprint
                ),
            )
        )
    with world.db.read() as session:
        trust = trust_of(session, world.senco)
        assert stranger.fingerprint in trust.roots.fingerprints
        assert newest_councils(session, trust=trust) == {world.root.row.id: held_council(world.root)}


@pytest.mark.parametrize("remembered", [False, True], ids=["memory taken away", "memory there"])
def test_no_council_counts_but_that_of_the_membership_whatever_a_team_has_pinned(
    world: World, remembered: bool
) -> None:
    """Every member of a team can sign its pins, and somebody who writes to the database takes the others away."""
    assert world.root is not None
    stranger = world.team("Riverside Boxing", "Another NEET group", "neet_group", confirmed=False)
    both = world.person("both", "Ashdown School", "Transition team", "Safeguarding team")
    if remembered:
        both = replace(
            both, address_book=AddressBook(team_keys={world.root.row.id: held_council(world.root)})
        )
    with world.db.write() as session:
        for team in world.school.teams.values():
            session.add(pin_of(team.row.id, team.secret, stranger))
    with world.db.read() as session:
        trust = trust_of(session, both)
        assert trust.council_ids == {world.root.row.id}
        assert trust.is_root(session, session.get_one(TeamKey, world.root.key_id))
        assert not trust.is_root(session, session.get_one(TeamKey, stranger.key_id))


def test_two_memberships_that_name_different_councils_have_none(world: World) -> None:
    """Whoever joins a team through somebody false holds a false council there, and it counts for no other team."""
    stranger = world.team("Riverside Boxing", "Another NEET group", "neet_group", confirmed=False)
    assert world.root is not None
    own, other = world.person("both", "Ashdown School", "Transition team", "Safeguarding team").teams
    false = replace(other, councils={stranger.row.id: held_council(stranger)})
    with world.db.read() as session:
        said_to_be_one = replace(other, purposes=frozenset({"neet_group"}))
        trust = trust_of(session, replace(world.senco, teams=(own, said_to_be_one)))
        assert trust.council_ids == {world.root.row.id}
        assert trust_of(session, replace(world.senco, teams=(own, other))).council_ids
        trust = trust_of(session, replace(world.senco, teams=(own, false)))
        assert not trust.council_ids
        for council in (world.root, stranger):
            assert not trust.is_root(session, session.get_one(TeamKey, council.key_id))


def test_a_pin_of_a_team_whose_newest_key_one_lacks_counts_for_nobody(world: World) -> None:
    """Somebody who has left it knows the key that signed it, and may have left the council too."""
    assert world.root is not None
    world.new_key("Ashdown Council", "NEET group", removed=[uuid4()])
    team = world.school.teams["Transition team"]
    assert _compared(world, team.secret)
    behind = replace(world.senco, without_key=(team.identity,))
    with world.db.read() as session:
        key = session.get_one(TeamKey, world.root.key_id)
        assert not trust_of(session, behind).is_root(session, key)
