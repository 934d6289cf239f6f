"""An invitation is into the team that its maker saw, for whoever makes its words and for whoever joins."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from tests.exchange.claims import OFFICE, SAFEGUARDING
from tests.exchange.people import MEMORY_KIB, Accounts, Person
from tests.exchange.planted import bundle_of, join_as_told
from transition_exchange.exchange.errors import Refused, Tampered
from transition_exchange.exchange.joining import accepting, invitations, inviting
from transition_exchange.exchange.joining.inviting import Invited
from transition_exchange.exchange.joining.named_teams import digest_of_teams, require_brought
from transition_exchange.exchange.organisations import deciding, proposing, teams
from transition_exchange.exchange.renewing import leaving
from transition_exchange.sealing.invitations import InvitationStatement, InvitedTeam
from transition_exchange.store.models import Invitation, Organisation, Team

FALSE = "Sixth form office"


@pytest.fixture
def ada(accounts: Accounts, sam: Person) -> Person:
    """Somebody of the safeguarding team. Sam, the administrator, is in the office only."""
    ada = accounts.colleague(sam, "Ada Aide", SAFEGUARDING, administrator=True)
    accounts.sign_in_later(sam, ada)
    return ada


@pytest.fixture
def leads(accounts: Accounts, ada: Person) -> UUID:
    """The safeguarding team."""
    return accounts.actor(ada).teams[0].id


def rename(accounts: Accounts, team_id: UUID, **row: Any) -> None:
    """Give a team's row another name, or other work."""
    with accounts.db.write() as session:
        session.execute(update(Team).where(Team.id == team_id).values(**row or {"name": FALSE}))


def invite(accounts: Accounts, sam: Person, *team_ids: UUID, seen: str = "") -> Invited:
    return inviting.invite_person(
        db=accounts.db,
        actor=accounts.proven(sam),
        name="Pat New",
        email="pat@school.example",
        team_ids=team_ids,
        seen=seen,
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )


def complete(accounts: Accounts, person: Person, invited: Invited) -> Invited:
    return inviting.complete(
        db=accounts.db,
        actor=accounts.proven(person),
        invitation_id=invited.invitation_id,
        seen=accounts.seen(invited.invitation_id),
        asked=True,
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )


def shown(accounts: Accounts, person: Person, invited: Invited) -> invitations.OpenInvitation:
    """An invitation on somebody's page."""
    actor = accounts.actor(person)
    found = invitations.open_invitations(db=accounts.db, actor=actor, now=accounts.clock.now)
    return next(invitation for invitation in found if invitation.id == invited.invitation_id)


def test_a_confirmed_team_is_called_what_it_was_confirmed_as_wherever_something_is_done(
    accounts: Accounts, cora: Person, sam: Person, ada: Person, leads: UUID
) -> None:
    """Sam is not in it: they invite into it, remove from it and propose changes of it by this name."""
    accounts.confirm(cora, sam, ada)
    lee = accounts.colleague(ada, "Lee Lead", SAFEGUARDING)
    invited = invite(accounts, sam, leads)
    rename(accounts, leads, name=FALSE, purposes=["transition"])
    db, sams = accounts.db, accounts.proven(sam)
    found = {team.team_id: team for team in teams.own_teams(db=db, actor=sams)}[leads]
    assert (found.team_name, found.purposes) == (SAFEGUARDING, frozenset({"school_safeguarding"}))
    lees = accounts.row(lee).id
    follows = leaving.what_follows(db=db, actor=sams, principal_id=lees)
    assert [left.name for left in follows.teams] == [SAFEGUARDING]
    with pytest.raises(Refused, match=f"already invited into {SAFEGUARDING}"):
        invite(accounts, sam, leads)
    with pytest.raises(Refused) as nothing:
        proposing.propose(
            db=db, actor=sams, team_id=leads, name=SAFEGUARDING, purposes=["school_safeguarding"]
        )
    assert "name" in nothing.value.fields, "it is called so already"
    change = proposing.propose(db=db, actor=sams, team_id=leads, name="Pastoral", purposes=["transition"])
    assert change is not None
    assert deciding.change(db=db, actor=sams, change_id=change).before.name == SAFEGUARDING
    assert shown(accounts, sam, invited).teams == (SAFEGUARDING,)
    assert accounts.actor(ada).teams[0].id == leads


def test_nobody_who_is_the_only_one_in_a_team_is_removed_under_its_false_name(
    accounts: Accounts, cora: Person, sam: Person, ada: Person, leads: UUID
) -> None:
    accounts.confirm(cora, sam, ada)
    rename(accounts, leads)
    with pytest.raises(Refused, match=f"what was sent to {SAFEGUARDING}"):
        teams.remove_from_team(
            db=accounts.db,
            actor=accounts.proven(sam),
            principal_id=accounts.row(ada).id,
            team_id=leads,
            now=accounts.clock.now,
        )


@pytest.mark.parametrize("row", [{"name": FALSE}, {"purposes": ["transition"]}])
def test_no_words_are_made_if_whoever_invites_was_shown_another_team(
    accounts: Accounts, cora: Person, sam: Person, ada: Person, leads: UUID, row: dict[str, Any]
) -> None:
    """The council has not confirmed this team yet, so only its row told Sam which it is. Ada is in it, and knows."""
    accounts.confirm(cora, sam)
    before = accounts.actor(ada).teams[0].identity
    rename(accounts, leads, **row)
    invited = invite(accounts, sam, leads)
    rename(accounts, leads, name=before.name, purposes=sorted(before.purposes))
    page = shown(accounts, ada, invited)
    assert page.teams == (row.get("name", SAFEGUARDING),)
    assert not page.can_complete
    assert page.unlike.startswith("The person who made this invitation was shown")
    with pytest.raises(Refused, match=r"was shown .* But this team is “Safeguarding”") as refused:
        complete(accounts, ada, invited)
    assert "take it back and to invite the person again" in refused.value.message


def test_a_team_that_nobody_has_joined_is_the_one_that_whoever_invites_saw(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    """Kim is in the office too and makes the words, under which the newcomer makes the team's first key."""
    kim = accounts.colleague(sam, "Kim Fox", OFFICE)
    accounts.sign_in_later(sam, kim)
    office = accounts.actor(sam).teams[0].id
    found = teams.own_teams(db=accounts.db, actor=accounts.actor(sam))
    empty = next(team.team_id for team in found if team.team_name == SAFEGUARDING)
    rename(accounts, empty, name=FALSE, purposes=["transition"])
    invited = invite(accounts, sam, office, empty)
    rename(accounts, empty, name=SAFEGUARDING, purposes=["school_safeguarding"])
    with pytest.raises(Refused, match=FALSE):
        complete(accounts, kim, invited)


def test_no_words_are_made_if_whoever_invites_was_shown_another_official_number(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    """They decide about learners' numbers, and the newcomer's team would be confirmed with them."""
    kim = accounts.colleague(sam, "Kim Fox", OFFICE)
    accounts.sign_in_later(sam, kim)
    found = teams.own_teams(db=accounts.db, actor=accounts.actor(sam))
    empty = next(team.team_id for team in found if team.team_name == SAFEGUARDING)
    invited = invite(accounts, sam, accounts.actor(sam).teams[0].id, empty)
    with accounts.db.write() as session:
        session.get_one(Organisation, accounts.actor(sam).organisation_id).ukprn = "10007777"
    with pytest.raises(Refused, match="UKPRN 10007777"):
        complete(accounts, kim, invited)


def test_the_button_is_for_what_the_page_said_that_the_maker_saw(
    accounts: Accounts, sam: Person, ada: Person, leads: UUID
) -> None:
    invited = invite(accounts, sam, leads)
    seen = accounts.seen(invited.invitation_id)
    with accounts.db.write() as session:
        row = session.get_one(Invitation, invited.invitation_id)
        signed = InvitationStatement.read(row.statement or "")
        row.statement = replace(signed, teams=[replace(signed.teams[0], name=FALSE)]).text()
    assert accounts.seen(invited.invitation_id) != seen
    with pytest.raises(Refused, match="not what the page showed"):
        inviting.complete(
            db=accounts.db,
            actor=accounts.proven(ada),
            invitation_id=invited.invitation_id,
            seen=seen,
            now=accounts.clock.now,
            memory_kib=MEMORY_KIB,
        )


def test_nothing_is_chosen_on_a_page_that_named_a_team_otherwise(
    accounts: Accounts, sam: Person, ada: Person, leads: UUID
) -> None:
    """Its row had another name while the page was made, and has its own again when the button is pressed."""
    rename(accounts, leads)
    false = digest_of_teams(teams.own_teams(db=accounts.db, actor=accounts.actor(sam)))
    rename(accounts, leads, name=SAFEGUARDING)
    with pytest.raises(Refused, match="since this page was opened"):
        invite(accounts, sam, leads, seen=false)
    right = digest_of_teams(teams.own_teams(db=accounts.db, actor=accounts.actor(sam)))
    assert invite(accounts, sam, leads, seen=right).spoken_code is None


@pytest.mark.parametrize("by", ["a member", "the operator"])
def test_nobody_joins_another_team_than_the_page_names(accounts: Accounts, sam: Person, by: str) -> None:
    """Whoever joins sees what was signed, not the row; and the words bring no team under another name."""
    invited = invite(accounts, sam, accounts.actor(sam).teams[0].id)
    token = accounts.link(invited.invitation_id)
    rename(accounts, accounts.actor(sam).teams[0].id)
    if by == "a member":
        assert accepting.look_up(db=accounts.db, token=token, now=accounts.clock.now).teams == (OFFICE,)
    with accounts.db.write() as session:
        row = session.get_one(Invitation, invited.invitation_id)
        if by == "the operator":
            row.statement, row.signature = None, None
        else:
            signed = InvitationStatement.read(row.statement or "")
            (team,) = signed.teams
            row.statement = replace(signed, teams=[replace(team, name=FALSE)]).text()
    page = accepting.look_up(db=accounts.db, token=token, now=accounts.clock.now)
    assert page.teams == (FALSE,)
    with pytest.raises(Tampered):
        accounts.accept(token, invited.spoken_code or "", name="Pat New")


@pytest.mark.parametrize("signed", [True, False])
def test_the_words_bring_the_teams_that_the_page_names(accounts: Accounts, sam: Person, signed: bool) -> None:
    """Also where the operator made the invitation, which nobody signs: then the page names teams by their rows."""
    team = accounts.actor(sam).teams[0].identity
    invited = invite(accounts, sam, team.id)
    with accounts.db.write() as session:
        row = session.get_one(Invitation, invited.invitation_id)
        if not signed:
            row.statement, row.signature = None, None
        require_brought(session, row, [team])
        for other in (replace(team, name=FALSE), replace(team, purposes=frozenset({"school_safeguarding"}))):
            with pytest.raises(Tampered, match="another team than the one"):
                require_brought(session, row, [other])
        row.team_ids = []
        with pytest.raises(Tampered):
            require_brought(session, row, [team])


def test_nobody_with_an_account_is_given_a_confirmed_team_under_another_name(
    accounts: Accounts, cora: Person, sam: Person, ada: Person
) -> None:
    """Sam is in the office, which the council has confirmed, and signs that they invite Ada into the “exams office”."""
    accounts.confirm(cora, sam, ada)
    bundle = bundle_of(accounts, sam)
    (office,) = bundle.held
    false = replace(bundle, held=[replace(office, team=replace(office.team, name=FALSE))])
    with pytest.raises(Tampered, match="another team than the one"):
        join_as_told(accounts, sam, ada, false)
    join_as_told(accounts, sam, ada, bundle)
    assert {team.name for team in accounts.actor(ada).teams} == {OFFICE, SAFEGUARDING}


def test_a_team_is_signed_with_its_name_its_organisations_name_and_its_work(
    accounts: Accounts, sam: Person
) -> None:
    team = accounts.actor(sam).teams[0]
    invited = invite(accounts, sam, team.id)
    with accounts.db.read() as session:
        row = session.get_one(Invitation, invited.invitation_id)
        signed = InvitationStatement.read(row.statement or "")
    assert signed.teams == [InvitedTeam(str(team.id), OFFICE, "Ashdown School", ("transition",))]
