"""Teams: who is in them, removing a member, who to ring."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.people import MEMORY_KIB, PASSPHRASE, Accounts, Person
from transition_exchange.exchange.coordinating import not_ready
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotReady, ProofNeeded, Refused
from transition_exchange.exchange.joining import accepting, inviting
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.store.models import Membership, Principal, Unlock


@pytest.fixture
def alex(accounts: Accounts, sam: Person) -> Person:
    return accounts.colleague(sam, "Alex Aide", "SEND and transition")


def test_a_removed_member_opens_nothing_at_the_next_request(
    accounts: Accounts, sam: Person, alex: Person
) -> None:
    actor = accounts.proven(sam)
    teams.remove_from_team(
        db=accounts.db,
        actor=actor,
        principal_id=accounts.row(alex).id,
        team_id=actor.teams[0].id,
        now=accounts.clock.now,
    )
    assert accounts.actor(alex).teams == ()
    with accounts.db.read() as session:
        row = session.scalars(select(Membership).where(Membership.removed_at.is_not(None))).one()
    assert row.sealed is None


def test_a_removed_person_loses_sessions_and_keys_and_their_address_is_free_again(
    accounts: Accounts, sam: Person, alex: Person
) -> None:
    principal_id = accounts.row(alex).id
    teams.remove_person(
        db=accounts.db, actor=accounts.proven(sam), principal_id=principal_id, now=accounts.clock.now
    )
    assert sessions.resume(db=accounts.db, cookie=alex.cookie, now=accounts.clock.now) is None
    with accounts.db.read() as session:
        assert session.scalars(select(Unlock).where(Unlock.principal_id == principal_id)).all() == []
        assert session.get_one(Principal, principal_id).name == "Alex Aide"
    again = accounts.colleague(sam, "Alex Aide", "SEND and transition")
    assert accounts.actor(again).teams[0].secret == accounts.actor(sam).teams[0].secret


def test_whoever_was_removed_has_no_invitation_to_come_back_by(
    accounts: Accounts, sam: Person, alex: Person
) -> None:
    """Before they go, they invite a friend; and somebody had invited them into a further team."""
    teams.set_administrator(
        db=accounts.db,
        actor=accounts.actor(sam),
        principal_id=accounts.row(alex).id,
        administrator=True,
    )
    friend = accounts.invite(alex, "Fred Friend", "SEND and transition")
    further = accounts.invite(sam, "Alex Aide", "Safeguarding")
    links = {invited: accounts.link(invited.invitation_id) for invited in (friend, further)}
    teams.remove_person(
        db=accounts.db,
        actor=accounts.proven(sam),
        principal_id=accounts.row(alex).id,
        now=accounts.clock.now,
    )
    for invited, refusal in ((friend, NotReady), (further, NotFound)):
        with pytest.raises(refusal):
            accepting.accept(
                db=accounts.db,
                token=links[invited],
                spoken_code=invited.spoken_code or "",
                name="Alex Again",
                passphrase=PASSPHRASE,
                now=accounts.clock.now,
                memory_kib=MEMORY_KIB,
            )
    with pytest.raises(Refused, match="cannot check who made"):
        inviting.complete(
            db=accounts.db,
            actor=accounts.actor(sam),
            invitation_id=friend.invitation_id,
            seen=accounts.seen(friend.invitation_id),
            now=accounts.clock.now,
            memory_kib=MEMORY_KIB,
        )


def test_whoever_left_one_team_knows_no_code_into_it(accounts: Accounts, sam: Person, alex: Person) -> None:
    friend = accounts.invite(sam, "Fred Friend", "SEND and transition")
    made = inviting.complete(
        db=accounts.db,
        actor=accounts.actor(alex),
        invitation_id=friend.invitation_id,
        seen=accounts.seen(friend.invitation_id),
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
    token = accounts.link(friend.invitation_id)
    teams.remove_from_team(
        db=accounts.db,
        actor=accounts.proven(sam),
        principal_id=accounts.row(alex).id,
        team_id=accounts.actor(sam).teams[0].id,
        now=accounts.clock.now,
    )
    with pytest.raises(NotReady):
        accounts.join(token, made.spoken_code or "", "Fred Friend")


def test_the_last_who_can_open_a_team_is_not_removed(accounts: Accounts, sam: Person) -> None:
    dee = accounts.colleague(sam, "Dee Lead", "Safeguarding")
    with pytest.raises(Refused, match="Safeguarding"):
        teams.remove_person(db=accounts.db, actor=accounts.proven(sam), principal_id=accounts.row(dee).id)


def test_nobody_is_removed_at_a_browser_that_somebody_left_open(
    accounts: Accounts, sam: Person, alex: Person
) -> None:
    unproven, principal_id = replace(accounts.actor(sam), proven_until=None), accounts.row(alex).id
    with pytest.raises(ProofNeeded):
        teams.remove_person(db=accounts.db, actor=unproven, principal_id=principal_id)
    team_id = unproven.teams[0].id
    with pytest.raises(ProofNeeded):
        teams.remove_from_team(db=accounts.db, actor=unproven, principal_id=principal_id, team_id=team_id)
    assert accounts.actor(alex).teams != ()


def test_the_last_administrator_stays(accounts: Accounts, sam: Person, alex: Person) -> None:
    own, other = accounts.row(sam).id, accounts.row(alex).id
    with pytest.raises(Refused):
        teams.remove_person(db=accounts.db, actor=accounts.proven(sam), principal_id=own)
    with pytest.raises(Refused):
        teams.set_administrator(
            db=accounts.db, actor=accounts.actor(sam), principal_id=own, administrator=False
        )
    teams.set_administrator(db=accounts.db, actor=accounts.actor(sam), principal_id=other, administrator=True)
    teams.set_administrator(db=accounts.db, actor=accounts.actor(alex), principal_id=own, administrator=False)
    assert not accounts.actor(sam).administrator


def test_only_administrators_look_after_people_and_only_their_own(
    accounts: Accounts, cora: Person, sam: Person, alex: Person
) -> None:
    own = accounts.row(sam).id
    with pytest.raises(NotAllowed):
        teams.remove_person(db=accounts.db, actor=accounts.proven(alex), principal_id=own)
    for id in (own, uuid4()):
        with pytest.raises(NotFound):
            teams.remove_person(db=accounts.db, actor=accounts.proven(cora), principal_id=id)
    with pytest.raises(NotFound):
        teams.remove_from_team(
            db=accounts.db, actor=accounts.proven(sam), principal_id=accounts.row(alex).id, team_id=uuid4()
        )


def test_people_of_an_organisation_are_listed_with_their_teams(
    accounts: Accounts, sam: Person, alex: Person
) -> None:
    team_id = accounts.actor(sam).teams[0].id
    listed = teams.colleagues(db=accounts.db, actor=accounts.actor(sam))
    assert [(colleague.name, colleague.administrator, colleague.team_ids) for colleague in listed] == [
        ("Alex Aide", False, (team_id,)),
        ("Sam School", True, (team_id,)),
    ]
    assert all(colleague.second_factor and not colleague.recovery_proven for colleague in listed)


def test_the_council_sees_every_organisation_and_who_to_ring(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    listed = not_ready.organisations(db=accounts.db, actor=accounts.actor(cora))
    assert {organisation.name for organisation in listed} == {"Ashdown Council", "Ashdown School"}
    council = next(organisation for organisation in listed if organisation.coordinates)
    assert (council.contact, council.phone) == ("The office", "01709 000000")
    with pytest.raises(NotAllowed):
        not_ready.organisations(db=accounts.db, actor=accounts.actor(sam))
