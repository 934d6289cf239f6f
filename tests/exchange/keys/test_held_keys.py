"""Which keys that colleagues handed over count: those of the person's own teams, signed by somebody they remember."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.exchange.changing import change
from tests.exchange.members import Member, actor_of, add_member, join
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor, Offer, OpenTeam
from transition_exchange.exchange.keys.held_keys import handed_over, keys_of_memberships
from transition_exchange.sealing import hpke, padding
from transition_exchange.sealing.address_book import AddressBook, RememberedKey, Sighting
from transition_exchange.sealing.handovers import hand_over
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.store.models import Handover, TeamKey
from transition_exchange.store.unreadable import forget, left_out

SCHOOL, TEAM = "Ashdown School", "Transition team"
NOW = datetime.now(UTC)


@pytest.fixture
def alex(world: World) -> Member:
    """A member of the team."""
    member = add_member(world, "Alex")
    join(world, member, world.school.teams[TEAM].held)
    return member


@pytest.fixture
def robin(world: World) -> Member:
    """A colleague, who hands keys over."""
    return add_member(world, "Robin")


def offers_to(world: World, alex: Member, book: AddressBook) -> list[Offer]:
    with world.db.read() as session:
        held = keys_of_memberships(session, principal_id=alex.row.id, pair=alex.pair)
        actor = Actor(
            principal_id=alex.row.id,
            organisation_id=alex.row.organisation_id,
            name=alex.row.name,
            administrator=False,
            teams=tuple(
                OpenTeam(
                    **vars(key.team),
                    key_id=key.key_id,
                    secret=key.secret,
                    version=key.version,
                    councils=key.councils,
                )
                for key in held
            ),
            session_id="session",
            person=PersonKeys(alex.pair),
            address_book=book,
        )
        return handed_over(session, actor=actor, held=held)


def offered(world: World, alex: Member, book: AddressBook) -> list[UUID]:
    return [offer.held.key_id for offer in offers_to(world, alex, book)]


def give(world: World, robin: Member, alex: Member, removed: Sequence[UUID] = (), **what: Any) -> UUID:
    """Make a new key and hand it over. Returns the id of its row.

    Args:
        removed: because of whom it says that it was made.
        what: what the membership that is handed over says besides.
    """
    world.new_key(SCHOOL, TEAM, removed=removed)
    held = replace(world.school.teams[TEAM].held, **what)
    sealed = hand_over(
        held,
        giver=PersonKeys(robin.pair),
        giver_id=robin.row.id,
        taker=PersonKeys(alex.pair).public,
        taker_id=alex.row.id,
        at=NOW,
    )
    with world.db.write() as session:
        session.add(
            Handover(team_key_id=held.key_id, taker_id=alex.row.id, giver_id=robin.row.id, sealed=sealed)
        )
    return held.key_id


def knowing(member: Member) -> AddressBook:
    public = PersonKeys(member.pair).public
    return AddressBook().with_colleagues(
        {member.row.id: [Sighting(uuid4(), True, public, member.row.name)]}, now=NOW
    )


def test_two_changes_in_a_row_are_taken_in_their_order(world: World, alex: Member, robin: Member) -> None:
    first, second = give(world, robin, alex), give(world, robin, alex)
    assert offered(world, alex, knowing(robin)) == [first, second]


@pytest.mark.parametrize("waits", [False, True], ids=["follows", "somebody left"])
@pytest.mark.parametrize("confirmed", [True, False])
def test_whoever_was_away_takes_the_key_of_what_the_team_was_confirmed_as_since(
    world: World, alex: Member, robin: Member, confirmed: bool, waits: bool
) -> None:
    """The team was renamed while Alex was away, and its key was changed then. What nobody confirmed waits for that."""
    team = world.school.teams[TEAM]
    join(world, robin, team.held)
    other = "Leavers team" if confirmed else "Another team"
    renamed = change(world, team, actor_of(world, robin), name="Leavers team")
    assert renamed.name == "Leavers team"
    key_id = give(world, robin, alex, removed=[uuid4()] if waits else (), team=replace(renamed, name=other))
    (offer,) = offers_to(world, alex, knowing(robin))
    assert offer.held.key_id == key_id
    assert (offer.waits_for, offer.team_name) == ((None, other) if confirmed else ("confirmation", TEAM))


def test_nothing_is_taken_from_somebody_unknown_or_from_another_under_a_known_name(
    world: World, alex: Member, robin: Member
) -> None:
    give(world, robin, alex)
    assert offered(world, alex, AddressBook()) == []
    stranger = Member(robin.row, add_member(world, "Stranger").pair)
    assert offered(world, alex, knowing(stranger)) == []


def test_a_key_that_the_own_one_did_not_sign_is_not_taken(world: World, alex: Member, robin: Member) -> None:
    key_id = give(world, robin, alex)
    with world.db.write() as session:
        session.get_one(TeamKey, key_id).succession_signature = b"x" * 64
    assert offered(world, alex, knowing(robin)) == []


def test_whoever_is_in_no_such_team_gets_nothing(world: World, robin: Member) -> None:
    outsider = add_member(world, "Outsider")
    give(world, robin, outsider)
    assert offered(world, outsider, knowing(robin)) == []
    assert actor_of(world, outsider).offers == ()


def test_no_colleague_hands_over_another_council_with_a_key(
    world: World, alex: Member, robin: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A former colleague may hand over whatever they like; their own program need not leave anything out."""
    own = world.school.teams[TEAM].held.councils
    theirs = {uuid4(): RememberedKey(1, TeamSecret.generate().fingerprint.hex(), root=True)}
    monkeypatch.setattr(HeldKey, "for_others", lambda held: held)
    give(world, robin, alex, councils=theirs, remembers=True)
    (offer,) = offers_to(world, alex, knowing(robin))
    assert (offer.held.councils, offer.held.remembers) == (own, False)


def _sealed(alex: Member, content: bytes) -> bytes:
    """Something that anybody can seal to a person's public key, in the place of a handover."""
    return hpke.seal(PersonKeys(alex.pair).public.kem, padding.pad(content), info=f"handover {alex.row.id}")


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b"{}",
        b"[]",
        b"\xff",
        b'{"format": 1, "held": "\\ud800", "statement": "{}", "signature": ""}',
        b'{"format": 1, "held": "%s", "statement": "{}", "signature": ""}' % b64encode(b"[" * 50_000),
        b'{"format": 2}',
        b'{"format": 1, "held": NaN, "statement": 1e999, "signature": []}',
        None,
    ],
    ids=range(9),
)
def test_a_row_that_is_no_handover_stops_nobody_and_is_counted(
    world: World, alex: Member, robin: Member, content: bytes | None
) -> None:
    """Whoever can write to the database knows every public key, and the name of somebody who is remembered."""
    key_id = give(world, robin, alex)
    sealed = b"\x01 short" if content is None else _sealed(alex, content)
    with world.db.write() as session:
        another = world.college.teams["Admissions"].key_id
        session.add(Handover(team_key_id=another, taker_id=alex.row.id, giver_id=robin.row.id, sealed=sealed))
    forget()
    assert offered(world, alex, knowing(robin)) == [key_id]
    assert left_out() == 1


def test_a_handover_of_a_key_whose_row_cannot_be_read_stops_nobody(
    world: World, alex: Member, robin: Member
) -> None:
    key_id = give(world, robin, alex)
    with world.db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE team_keys SET created_at = 'infinity' WHERE id = '{key_id.hex}'")
    forget()
    assert offered(world, alex, knowing(robin)) == []
    assert left_out()
