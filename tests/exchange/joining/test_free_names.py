"""The name of an organisation that nobody joined is free again when its invitation is gone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.joining.test_readdressing import invite_school
from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.data_protection.retention import forget_invitations_and_mails
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.joining import free_names, inviting
from transition_exchange.store.models import Invitation, Organisation, Principal, Team, TeamChange, TeamKey


def take_back(accounts: Accounts, person: Person, invitation_id: UUID) -> None:
    inviting.cancel(
        db=accounts.db, actor=accounts.actor(person), invitation_id=invitation_id, now=accounts.clock.now
    )


def test_after_taking_back_the_same_organisation_is_invited_again(accounts: Accounts) -> None:
    cora = accounts.found()
    first = invite_school(accounts, cora)
    with pytest.raises(Refused) as refused:
        invite_school(accounts, cora)
    assert refused.value.fields == {"organisation": free_names.INVITED}
    take_back(accounts, cora, first.invitation_id)
    before = free_names.as_invited(
        db=accounts.db, actor=accounts.actor(cora), organisation_id=first.organisation_id
    )
    assert (before["organisation"], before["sends"], before["receives"]) == ("Hill Top School", "yes", "")
    again = invite_school(accounts, cora)
    assert again.organisation_id == first.organisation_id, "learners' next places may name it"
    with accounts.db.read() as session:
        assert (
            len(
                session.scalars(select(Organisation).where(Organisation.name == before["organisation"])).all()
            )
            == 1
        )
        teams = session.scalars(select(Team).where(Team.organisation_id == again.organisation_id)).all()
    assert len(teams) == 2
    accounts.join(accounts.link(again.invitation_id), again.spoken_code or "", "Robin Marsh")
    with pytest.raises(Refused) as refused:
        invite_school(accounts, cora)
    assert refused.value.fields == {"organisation": free_names.TAKEN}


def test_an_invitation_that_was_deleted_long_after_it_ran_out_holds_no_name(accounts: Accounts) -> None:
    cora = accounts.found()
    first = invite_school(accounts, cora)
    accounts.clock.wait(days=20)
    accounts.sign_in(cora)
    with pytest.raises(Refused):
        invite_school(accounts, cora)
    forget_invitations_and_mails(db=accounts.db, now=accounts.clock.now + timedelta(days=30))
    assert invite_school(accounts, cora).organisation_id == first.organisation_id


def test_only_the_council_asks_and_only_about_what_nobody_uses(accounts: Accounts) -> None:
    cora = accounts.found()
    sam = accounts.school(cora)
    own = accounts.actor(sam).organisation_id
    assert free_names.invited_before(db=accounts.db, actor=accounts.actor(cora)) == set()
    with pytest.raises(NotFound):
        free_names.as_invited(db=accounts.db, actor=accounts.actor(cora), organisation_id=own)
    with pytest.raises(NotAllowed):
        free_names.invited_before(db=accounts.db, actor=accounts.actor(sam))


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("kind", ["college", "school"])
def test_an_organisation_whose_people_and_teams_were_put_aside_in_the_database_is_not_given_to_another(
    accounts: Accounts, kind: str, hidden: bool
) -> None:
    """Whoever joined it then would get what is meant for the college, or read the school's drafts."""
    cora = accounts.found()
    sam, nia = accounts.school(cora), accounts.college(cora)
    accounts.confirm(cora, sam, nia)
    aside = accounts.actor(cora).organisation_id
    robbed = accounts.actor(nia if kind == "college" else sam).organisation_id
    with accounts.db.write() as session:
        for table in (Principal, Team):
            session.execute(
                update(table).where(table.organisation_id == robbed).values(organisation_id=aside)
            )
        session.get_one(Organisation, robbed).name = "Hill Top School"
        if hidden:
            session.execute(update(TeamKey).values(confirmation=None))
    with pytest.raises(Refused, match="only one in use has"):
        invite_school(accounts, cora)
    with accounts.db.read() as session:
        assert (
            session.scalars(select(Invitation).where(Invitation.email == "robin@hiltop.example")).all() == []
        )


def test_a_row_that_was_put_there_is_named_and_not_an_error(accounts: Accounts) -> None:
    cora = accounts.found()
    invited = invite_school(accounts, cora)
    inviting.cancel(db=accounts.db, actor=accounts.actor(cora), invitation_id=invited.invitation_id)
    with accounts.db.write() as session:
        team_id = session.scalars(
            select(Team.id).where(Team.organisation_id == invited.organisation_id)
        ).first()
        session.add(TeamChange(team_id=team_id, name="Planted"))
    with pytest.raises(Refused, match="only one in use has"):
        invite_school(accounts, cora)
