"""Another address for an invitation: a new one in the name of who changes it, with its own link and words."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.exchange.people import MEMORY_KIB, Accounts, Person
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.joining.invitations import open_invitations
from transition_exchange.exchange.joining.inviting import NOT_MADE, Invited
from transition_exchange.exchange.joining.new_organisations import NewOrganisation, default_teams
from transition_exchange.exchange.joining.readdressing import NOT_KNOWN, SAME, TAKEN, change_address
from transition_exchange.store.models import Invitation

NEW = "a.aide@school.example"


def change(
    accounts: Accounts, person: Person, invitation_id: UUID, email: str = NEW, seen: str = ""
) -> Invited:
    return change_address(
        db=accounts.db,
        actor=accounts.proven(person),
        invitation_id=invitation_id,
        email=email,
        seen=seen or accounts.seen(invitation_id),
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )


def invite_school(accounts: Accounts, by: Person) -> Invited:
    return inviting.invite_organisation(
        db=accounts.db,
        actor=accounts.proven(by),
        organisation=NewOrganisation(
            name="Hill Top School",
            kind="school",
            sends=True,
            teams=default_teams(kind="school", sends=True, receives=False),
        ),
        name="Robin Marsh",
        email="robin@hiltop.example",
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )


def test_the_new_address_has_its_own_link_and_words_and_the_old_ones_are_dead(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    old = accounts.invite(sam, "Alex Aide", "SEND and transition", administrator=True)
    link = accounts.link(old.invitation_id)
    new = change(accounts, sam, old.invitation_id)
    assert new.spoken_code
    assert new.spoken_code != old.spoken_code
    (shown,) = open_invitations(db=accounts.db, actor=accounts.actor(sam), now=accounts.clock.now)
    assert (shown.id, shown.email, shown.administrator) == (new.invitation_id, NEW, True)
    assert (shown.teams, shown.mail.words) == (("SEND and transition",), "Waits to be sent.")
    with pytest.raises(NotFound):
        accounts.accept(link, old.spoken_code or "")
    alex = accounts.join(accounts.link(new.invitation_id), new.spoken_code, "Alex Aide")
    assert alex.email == NEW


def test_the_council_mends_the_address_of_an_organisation_s_first_administrator(accounts: Accounts) -> None:
    cora = accounts.found()
    old = invite_school(accounts, cora)
    new = change(accounts, cora, old.invitation_id, "robin@hilltop.example")
    assert new.organisation_id == old.organisation_id
    assert new.spoken_code
    robin = accounts.join(accounts.link(new.invitation_id), new.spoken_code, "Robin Marsh")
    assert robin.email == "robin@hilltop.example"


def test_an_expired_one_is_made_anew(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    old = accounts.invite(sam, "Alex Aide", "SEND and transition")
    accounts.clock.wait(days=20)
    accounts.sign_in(sam)
    new = change(accounts, sam, old.invitation_id)
    accounts.join(accounts.link(new.invitation_id), new.spoken_code or "", "Alex Aide")


def test_what_does_not_fit_is_refused_and_the_old_one_stays(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    old = accounts.invite(sam, "Alex Aide", "SEND and transition")
    accounts.invite(sam, "Bea Aide", "SEND and transition")
    for email, message in (
        ("nobody", "Enter an e-mail address"),
        ("alex@school.example", SAME),
        ("bea@school.example", TAKEN),
        (sam.email, "is already in"),
    ):
        with pytest.raises(Refused) as refused:
            change(accounts, sam, old.invitation_id, email)
        assert message in refused.value.message
        assert "email" in refused.value.fields
    with pytest.raises(Refused, match="not what the page showed"):
        change(accounts, sam, old.invitation_id, seen="other")
    accounts.join(accounts.link(old.invitation_id), old.spoken_code or "", "Alex Aide")


def test_only_an_administrator_who_knows_the_maker_changes_it(accounts: Accounts) -> None:
    cora = accounts.found()
    sam, nia = accounts.school(cora), accounts.college(cora)
    alex = accounts.colleague(sam, "Alex Aide", "SEND and transition")
    old = accounts.invite(sam, "Eve Deputy", "SEND and transition")
    with pytest.raises(NotAllowed):
        change(accounts, alex, old.invitation_id)
    with pytest.raises(NotFound):
        change(accounts, nia, old.invitation_id)
    with pytest.raises(Refused) as refused:
        change(accounts, cora, old.invitation_id)
    assert refused.value.message == NOT_KNOWN, "a school's own invitation is the school's"
    with accounts.db.write() as session:
        session.get_one(Invitation, old.invitation_id).name = "Somebody Else"
    with pytest.raises(Refused) as refused:
        change(accounts, sam, old.invitation_id)
    assert refused.value.message == NOT_MADE
