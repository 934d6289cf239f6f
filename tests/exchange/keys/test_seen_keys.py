"""What is remembered of a team's keys: those that are the team's, and from which on they count."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from tests.exchange.team_rows import held_council
from tests.exchange.world import World
from transition_exchange.exchange.actor import Offer
from transition_exchange.exchange.keys.seen_keys import (
    council_as_compared,
    key_to_compare,
    newest_councils,
    newest_keys,
)
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing import retiring
from transition_exchange.sealing.address_book import AddressBook, RememberedKey
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import TeamKey

COLLEGE, TEAM = "Northway College", "Admissions"


def _seen(world: World) -> RememberedKey:
    with world.db.read() as session:
        keys = newest_keys(session, actor=world.senco, trust=trust_of(session, world.senco))
    return keys[world.college.teams[TEAM].row.id]


def test_a_new_key_is_remembered_with_the_one_before_and_counts_alone_once_that_is_retired(
    world: World,
) -> None:
    team = world.college.teams[TEAM]
    first = team.secret.fingerprint.hex()
    world.new_key(COLLEGE, TEAM)
    second = team.secret.fingerprint.hex()
    assert _seen(world) == RememberedKey(2, second, before=((1, first),))
    admissions = world.college_admissions
    with world.db.read() as session:
        ids = retiring.due(session, actor=admissions, trust=trust_of(session, admissions))
    retiring.retire(db=world.db, actor=admissions, ids=ids, now=utc_now())
    assert _seen(world) == RememberedKey(2, second, counts_from=2, before=((1, first),))


def test_a_key_that_nobody_vouches_for_is_not_remembered(world: World) -> None:
    first = world.college.teams[TEAM].secret.fingerprint.hex()
    world.new_key(COLLEGE, TEAM, removed=[uuid4()])
    assert _seen(world) == RememberedKey(1, first)


def test_the_neet_groups_newest_key_is_remembered_though_another_stands_in_its_row(world: World) -> None:
    assert world.root is not None
    other = TeamSecret.generate()
    with world.db.write() as session:
        key = session.get_one(TeamKey, world.root.key_id)
        key.kem_public, key.signing_public = other.kem.public, other.signing.public
    with world.db.read() as session:
        councils = newest_councils(session, trust=trust_of(session, world.senco))
    assert councils == {world.root.row.id: held_council(world.root)}


def test_a_councils_new_key_is_compared_once_and_remembered_with_the_one_before(world: World) -> None:
    assert world.root is not None
    first = world.root.secret.fingerprint.hex()
    world.new_key("Ashdown Council", "NEET group", removed=[uuid4()])
    with world.db.read() as session:
        trust = trust_of(session, world.senco)
        key = key_to_compare(session, actor=world.senco, trust=trust)
        assert key is not None
        compared = council_as_compared(session, trust=trust, key=key)
        assert key_to_compare(session, actor=world.coordinator, trust=trust) is None, "it is their own"
    second = world.root.secret.fingerprint.hex()
    assert compared == RememberedKey(2, second, root=True, before=((1, first),))
    book = world.senco.address_book.with_team_keys({world.root.row.id: compared})
    after = replace(world.senco, teams=(), address_book=book)
    with world.db.read() as session:
        assert key_to_compare(session, actor=after, trust=trust_of(session, after)) is None


def test_whoever_is_offered_the_councils_key_compares_it_with_the_colleague(world: World) -> None:
    assert world.root is not None
    before = world.root.held
    world.new_key("Ashdown Council", "NEET group", removed=[uuid4()])
    offer = Offer(uuid4(), world.root.held, uuid4(), "Robin Reed")
    book = AddressBook(team_keys=before_council(before))
    behind = replace(world.coordinator, teams=(), offers=(offer,), address_book=book)
    with world.db.read() as session:
        trust = trust_of(session, behind)
        assert key_to_compare(session, actor=behind, trust=trust) is None
        assert key_to_compare(session, actor=replace(behind, offers=()), trust=trust) is not None


def before_council(held: HeldKey) -> dict[UUID, RememberedKey]:
    return {held.team.id: RememberedKey(held.version, held.secret.fingerprint.hex(), root=True)}
