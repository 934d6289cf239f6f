"""What joining brings: memberships of teams that have keys, and first keys for those that have none."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.exchange.chains import events_of
from tests.exchange.people import MEMORY_KIB, Accounts, Person
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining import accepting, founding, invitations, inviting
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.memberships import JoiningRows
from transition_exchange.exchange.keys.area_rules import rules_for
from transition_exchange.exchange.keys.team_identities import identities
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import teams
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Invitation, KeyPin, Membership, Team, TeamKey


def test_a_school_s_first_administrator_opens_its_transition_team_and_not_safeguarding(
    accounts: Accounts,
) -> None:
    sam = accounts.school(accounts.found())
    actor = accounts.actor(sam)
    assert [team.name for team in actor.teams] == ["SEND and transition"]
    ready = {team.team_name: team for team in teams.own_teams(db=accounts.db, actor=actor)}
    assert not ready["Safeguarding"].has_key
    assert (ready["SEND and transition"].has_key, ready["SEND and transition"].openers) == (True, 1)


def test_the_first_member_of_a_further_team_makes_its_key(accounts: Accounts) -> None:
    """An administrator who is not in safeguarding invites its first member, and still opens nothing of it."""
    sam = accounts.school(accounts.found())
    dee = accounts.colleague(sam, "Dee Lead", "Safeguarding")
    assert [team.name for team in accounts.actor(dee).teams] == ["Safeguarding"]
    assert accounts.actor(sam).team_for("school_safeguarding") is None
    with accounts.db.read() as session:
        assert trust_of(session, accounts.actor(dee)).roots


def test_two_first_members_make_one_key_and_the_second_waits_for_the_first(accounts: Accounts) -> None:
    cora = accounts.found()
    sam = accounts.school(cora)
    dee, eve = (accounts.invite(sam, name, "Safeguarding") for name in ("Dee Lead", "Eve Deputy"))
    first = accounts.join(accounts.link(dee.invitation_id), dee.spoken_code or "", "Dee Lead")
    joined = accounts.join(accounts.link(eve.invitation_id), eve.spoken_code or "", "Eve Deputy")
    assert accounts.actor(joined).teams == ()
    waiting = invitations.open_invitations(db=accounts.db, actor=accounts.actor(sam), now=accounts.clock.now)
    assert [(invitation.name, invitation.teams, invitation.completed) for invitation in waiting] == [
        ("Eve Deputy", ("Safeguarding",), False)
    ]
    accounts.confirm(cora, sam)
    (further,) = invitations.open_invitations(
        db=accounts.db, actor=accounts.actor(first), now=accounts.clock.now
    )
    assert (further.invited_by, further.can_complete) == ("Sam School", True)
    words = inviting.complete(
        db=accounts.db,
        actor=accounts.proven(first),
        invitation_id=further.id,
        seen=further.seen,
        asked=True,
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    ).spoken_code
    accepting.join_more(
        db=accounts.db,
        cookie=joined.cookie,
        token=accounts.link(further.id),
        spoken_code=words or "",
        now=accounts.clock.now,
    )
    assert [team.name for team in accounts.actor(joined).set_aside] == ["Safeguarding"]
    accounts.confirm(cora, first)
    assert [team.name for team in accounts.actor(joined).teams] == ["Safeguarding"]


def test_who_made_the_code_is_named_as_who_added_the_member(accounts: Accounts, sam: Person) -> None:
    alex = accounts.colleague(sam, "Alex Aide", "SEND and transition")
    with accounts.db.read() as session:
        row = session.scalars(
            select(Membership).where(Membership.principal_id == accounts.row(alex).id)
        ).one()
    assert row.added_by == accounts.row(sam).id
    assert row.team_id == accounts.actor(sam).teams[0].id


def test_a_first_key_is_the_first_version_and_its_maker_holds_the_councils(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    team = accounts.actor(sam).teams[0]
    root = accounts.actor(cora).require("neet_group")
    with accounts.db.read() as session:
        key = session.get_one(TeamKey, team.key_id)
        pins = session.scalars(select(KeyPin)).all()
    assert (key.version, key.created_by, key.confirmation) == (1, accounts.row(sam).id, None)
    assert team.councils == {root.id: RememberedKey(1, root.secret.fingerprint.hex(), root=True)}
    assert root.councils == team.councils, "the NEET group's own members hold it too"
    assert pins == []


def test_joining_a_team_again_adds_no_second_membership(accounts: Accounts, sam: Person) -> None:
    """Nobody handed the new key over to Alex. The invitation holds the key before too, which they have already."""
    alex = accounts.colleague(sam, "Alex Aide", "SEND and transition")
    accounts.change_key(sam, accounts.actor(sam).teams[0].id, hand_to=())
    again = accounts.invite(sam, "Alex Aide", "SEND and transition")
    accepting.join_more(
        db=accounts.db,
        cookie=alex.cookie,
        token=accounts.link(again.invitation_id),
        spoken_code=again.spoken_code or "",
        now=accounts.clock.now,
    )
    alex_id = accounts.row(alex).id
    with accounts.db.read() as session:
        keys = session.scalars(select(Membership.team_key_id).where(Membership.principal_id == alex_id)).all()
    assert len(keys) == len(set(keys)) == 2


def test_joining_and_each_key_that_was_made_is_an_event(accounts: Accounts, sam: Person) -> None:
    before = len(events_of(accounts.db, accounts.actor(sam).organisation_id))
    dee = accounts.colleague(sam, "Dee Lead", "Safeguarding")
    team = accounts.actor(dee).teams[0]
    written = events_of(accounts.db, accounts.actor(sam).organisation_id)[before:]
    joined, published = (event for event in written if event.kind in ("person.joined", "key.published"))
    assert joined.about["teams"] == 1
    assert published.about == {"team": str(team.id), "key": str(team.key_id), "version": 1}


def test_who_was_told_of_no_council_makes_no_key(accounts: Accounts, sam: Person) -> None:
    """A bundle without a council would leave the new team believing nobody, or whoever comes first."""
    invited = accounts.invite(sam, "Dee Lead", "Safeguarding")
    with accounts.db.read() as session:
        invitation = session.get_one(Invitation, invited.invitation_id)
        ids = [UUID(team_id) for team_id in invitation.team_ids]
        (team,) = identities(session, actor=accounts.actor(sam), team_ids=ids)
    with pytest.raises(Refused, match="which council"):
        JoiningRows.prepare(
            db=accounts.db,
            invitation=invitation,
            bundle=Bundle(organisation_id=team.organisation_id, keyless=[team]),
            principal_id=uuid4(),
            name="Dee Lead",
            pair=KeyPair.generate(),
            now=accounts.clock.now,
            has_account=False,
        )


def _area(accounts: Accounts) -> Area:
    with accounts.db.read() as session:
        return session.scalars(select(Area)).one()


def test_the_first_rules_are_signed_when_the_neet_group_gets_its_first_key(db: Database) -> None:
    accounts = Accounts(db)
    founded = founding.found(
        db=db,
        area_name="Ashdown",
        council=founding.council_of("Ashdown Council"),
        name="Cora Council",
        email="cora@council.example",
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
    assert _area(accounts).rules is None, "nobody has a key yet, so nobody can sign"
    cora = accounts.actor(accounts.join(founded.link_token, founded.spoken_code, "Cora Council"))
    with db.read() as session:
        rules = rules_for(session, cora)
    assert (rules.send_at, rules.versions, rules.previous) == ("accepted", {}, None)


def test_the_founders_rules_are_believed_and_a_further_neet_group_leaves_them_alone(
    accounts: Accounts, cora: Person
) -> None:
    """A second group's key is pinned by nobody, so rules that it signed would stop the whole area."""
    group = accounts.actor(cora).require("neet_group")
    before = _area(accounts)
    assert before.rules_key_id == group.key_id
    with accounts.db.write() as session:
        add = Team(
            organisation_id=group.organisation_id,
            name="Second group",
            purposes=["neet_group"],
            notification_email="second@council.example",
        )
        session.add(add)
    accounts.colleague(cora, "Dee Second", "Second group")
    after = _area(accounts)
    assert (after.rules, after.rules_signature, after.rules_key_id) == (
        before.rules,
        before.rules_signature,
        before.rules_key_id,
    )


def test_a_school_that_joins_signs_no_rules(accounts: Accounts, cora: Person) -> None:
    before = _area(accounts).rules
    accounts.school(cora)
    assert _area(accounts).rules == before
