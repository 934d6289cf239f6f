"""Somebody who left takes the retirement of the key that they know out of the database, when a newer key has come.

Whoever has seen that the key was retired keeps to that: in what they believe, in what they sign anew with the newer
key, and in the words that they make for newcomers.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.exchange.changing import member, sign_in
from tests.exchange.members import Member, actor_of
from tests.exchange.renewing.changed_keys import renew
from tests.exchange.team_rows import MadeTeam, add_key, confirm_key
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.joining.bundles import bundle_for
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.standings import standing_of
from transition_exchange.exchange.records.transfers import sign_sent
from transition_exchange.exchange.renewing import council, council_key, releases, retiring
from transition_exchange.sealing.address_book import AddressBook, RememberedKey
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.base import utc_now
from transition_exchange.store.models import Record, Team, TeamKey, Transfer

COUNCIL, NEET_GROUP = "Ashdown Council", "NEET group"
SCHOOL, OFFICE = "Ashdown School", "Transition team"


def retire(world: World, actor: Actor) -> None:
    """The end of the keys before of somebody's teams."""
    with world.db.read() as session:
        ids = retiring.due(session, actor=actor, trust=trust_of(session, actor))
    retiring.retire(db=world.db, actor=actor, ids=ids, now=utc_now())


def take_retirements_away(session: Session, team: MadeTeam) -> None:
    session.execute(
        update(TeamKey)
        .where(TeamKey.team_id == team.row.id)
        .values(retirement=None, retirement_signature=None)
    )


def planted_team(session: Session, world: World, *, by: MadeTeam, secret: TeamSecret, key_id: UUID) -> UUID:
    """The key of a team that a leaver made up at the college, and confirmed with the key that they know."""
    row = Team(organisation_id=world.college.id, name="Admissions 2", purposes=["admissions"])
    session.add(row)
    session.flush()
    key = add_key(session, row.id, TeamSecret.generate())
    confirm_key(session, key, replace(by, secret=secret, key_id=key_id))
    return key.id


def remembers(actor: Actor, team: MadeTeam, *, root: bool = False) -> Actor:
    """Somebody who has seen the team's newest key, and that the first one was retired."""
    seen = RememberedKey(
        team.version,
        team.secret.fingerprint.hex(),
        counts_from=2,
        root=root,
        before=tuple(enumerate((secret.fingerprint.hex() for secret in team.older.values()), 1)),
    )
    return replace(actor, address_book=AddressBook(team_keys={team.row.id: seen}))


def test_a_neet_groups_retired_key_confirms_nobody_after_the_next_change_either(world: World) -> None:
    council_team = world.root
    assert council_team is not None
    first_id, first = council_team.key_id, council_team.secret
    mira = member(world, "Mira", world.school.teams[OFFICE])
    _change_because_somebody_left(world, mira)
    world.new_key(COUNCIL, NEET_GROUP)
    renew(world, council, world.coordinator)
    with world.db.write() as session:
        take_retirements_away(session, council_team)
        planted_id = planted_team(session, world, by=council_team, secret=first, key_id=first_id)
    for _ in range(2):
        actor = actor_of(world, mira)
        with world.db.read() as session:
            trust = trust_of(session, actor)
            assert not trust.is_root(session, session.get_one(TeamKey, first_id))
            assert trust.known(session, session.get_one(TeamKey, planted_id)) is None
        sign_in(world, mira)


def _change_because_somebody_left(world: World, mira: Member) -> None:
    """The NEET group has a new key, which Mira's team has compared. Mira has seen that it retired the one before."""
    world.new_key(COUNCIL, NEET_GROUP, removed=[uuid4()])
    renew(world, council, world.coordinator)
    retire(world, world.coordinator)
    actor = actor_of(world, mira)
    waiting = council_key.key_to_compare(db=world.db, actor=actor)
    assert waiting is not None
    council_key.compare(db=world.db, actor=actor, seen=waiting.seen)
    sign_in(world, mira)


def test_the_words_for_a_newcomer_say_that_the_councils_key_before_is_retired(world: World) -> None:
    council_team = world.root
    assert council_team is not None
    mira = member(world, "Mira", world.school.teams[OFFICE])
    _change_because_somebody_left(world, mira)
    with world.db.write() as session:
        take_retirements_away(session, council_team)
    actor = actor_of(world, mira)
    with world.db.read() as session:
        bundle = bundle_for(
            session, actor=actor, organisation_id=world.school.id, teams=[actor.teams[0].identity]
        )
    assert bundle is not None
    assert bundle.councils[council_team.row.id].counts_from == 2
    (held,) = bundle.held
    newcomer = member(world, "Newcomer", replace_councils(world, bundle.councils))
    sign_in(world, newcomer)
    assert actor_of(world, newcomer).address_book.team_keys[council_team.row.id].counts_from == 2
    assert held.team == actor.teams[0].identity


def replace_councils(world: World, councils: object) -> MadeTeam:
    """The school's team as a newcomer takes it from an invitation."""
    return replace(world.school.teams[OFFICE], councils=councils)  # type: ignore[arg-type]


def test_a_neet_group_signs_nothing_anew_that_a_retired_key_of_its_own_signed(world: World) -> None:
    council_team = world.root
    assert council_team is not None
    first_id, first = council_team.key_id, council_team.secret
    world.new_key(COUNCIL, NEET_GROUP, removed=[uuid4()])
    renew(world, council, world.coordinator)
    retire(world, world.coordinator)
    world.new_key(COUNCIL, NEET_GROUP)
    with world.db.write() as session:
        take_retirements_away(session, council_team)
        planted_id = planted_team(session, world, by=council_team, secret=first, key_id=first_id)
    assert renew(world, council, remembers(world.coordinator, council_team, root=True)) == 1
    with world.db.read() as session:
        assert session.get_one(TeamKey, planted_id).confirmation_key_id == first_id


def test_a_school_signs_no_transfer_anew_that_a_retired_key_of_its_own_signed(world: World) -> None:
    """Else the safeguarding team would follow it to a provider that nobody chose."""
    office = world.school.teams[OFFICE]
    sent = world.sent()
    leaver = office.opened
    world.new_key(SCHOOL, OFFICE, removed=[uuid4()])
    renew(world, releases, world.senco)
    retire(world, world.senco)
    world.new_key(SCHOOL, OFFICE)
    transfer_id = uuid4()
    with world.db.write() as session:
        take_retirements_away(session, office)
        record = session.get_one(Record, sent.record_id)
        session.add(
            sign_sent(
                team=leaver,
                record=record,
                transfer_id=transfer_id,
                provider_id=world.coach.organisation_id,
                at=utc_now(),
            )
        )
    senco = remembers(world.senco, office)
    assert renew(world, releases, senco) == 1
    with world.db.read() as session:
        transfer = session.get_one(Transfer, transfer_id)
        assert transfer.team_key_id == leaver.key_id
        record = session.get_one(Record, sent.record_id)
        told = standing_of(session, trust=trust_of(session, senco), record=record, transfer=transfer).told
    assert told == "unsigned"
