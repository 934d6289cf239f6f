"""Inviting people and organisations, completing, sending again and cancelling."""

from __future__ import annotations

from functools import partial

import pytest

from tests.exchange.people import MEMORY_KIB, Accounts
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotReady, Refused
from transition_exchange.exchange.joining import accepting, invitations, inviting
from transition_exchange.exchange.joining.new_organisations import NewOrganisation, NewTeam, default_teams


def test_a_team_with_a_key_lets_in_only_whom_a_member_completes(accounts: Accounts) -> None:
    cora = accounts.found()
    sam = accounts.school(cora)
    dee = accounts.colleague(sam, "Dee Lead", "Safeguarding")
    accounts.confirm(cora, sam)
    invited = accounts.invite(sam, "Eve Deputy", "Safeguarding")
    assert invited.spoken_code is None
    with pytest.raises(NotReady):
        inviting.complete(
            db=accounts.db,
            actor=accounts.actor(sam),
            invitation_id=invited.invitation_id,
            seen=accounts.seen(invited.invitation_id),
            now=accounts.clock.now,
        )
    token = accounts.link(invited.invitation_id)
    assert not accepting.look_up(db=accounts.db, token=token, now=accounts.clock.now).completed
    with pytest.raises(NotReady):
        accounts.accept(token, "any words")
    (waiting,) = invitations.open_invitations(
        db=accounts.db, actor=accounts.actor(dee), now=accounts.clock.now
    )
    assert (waiting.teams, waiting.can_complete, waiting.completed) == (("Safeguarding",), True, False)
    completed = inviting.complete(
        db=accounts.db,
        actor=accounts.actor(dee),
        invitation_id=invited.invitation_id,
        seen=accounts.seen(invited.invitation_id),
        asked=True,
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
    assert completed.spoken_code is not None
    eve = accounts.join(token, completed.spoken_code, "Eve Deputy")
    assert (
        accounts.actor(eve).require("school_safeguarding").secret
        == accounts.actor(dee).require("school_safeguarding").secret
    )


def test_a_new_spoken_code_replaces_the_old_one(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    first = accounts.invite(sam, "Alex Aide", "SEND and transition")
    second = inviting.complete(
        db=accounts.db,
        actor=accounts.actor(sam),
        invitation_id=first.invitation_id,
        seen=accounts.seen(first.invitation_id),
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
    token = accounts.link(first.invitation_id)
    with pytest.raises(Refused):
        accounts.accept(token, first.spoken_code or "")
    accounts.accept(token, second.spoken_code or "")


def test_a_link_runs_out_and_can_be_sent_again(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    accounts.clock.wait(days=15)
    with pytest.raises(NotFound):
        accepting.look_up(db=accounts.db, token=token, now=accounts.clock.now)
    accounts.sign_in(sam)
    inviting.send_again(
        db=accounts.db, actor=accounts.actor(sam), invitation_id=invited.invitation_id, now=accounts.clock.now
    )
    new = accounts.link(invited.invitation_id)
    with pytest.raises(NotFound):
        accepting.look_up(db=accounts.db, token=token, now=accounts.clock.now)
    accounts.accept(new, invited.spoken_code or "")


def test_a_cancelled_invitation_opens_nothing(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    inviting.cancel(
        db=accounts.db, actor=accounts.actor(sam), invitation_id=invited.invitation_id, now=accounts.clock.now
    )
    with pytest.raises(NotFound):
        accounts.accept(token, invited.spoken_code or "")


def test_inviting_is_for_administrators_and_organisations_for_the_council(accounts: Accounts) -> None:
    cora = accounts.found()
    sam = accounts.school(cora)
    alex = accounts.colleague(sam, "Alex Aide", "SEND and transition")
    with pytest.raises(NotAllowed):
        accounts.invite(alex, "Eve Deputy", "SEND and transition")
    with pytest.raises(NotAllowed):
        accounts.college(sam)


def test_another_organisation_s_teams_and_invitations_are_not_found(accounts: Accounts) -> None:
    cora = accounts.found()
    sam, nia = accounts.school(cora), accounts.college(cora)
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    complete = partial(inviting.complete, seen=accounts.seen(invited.invitation_id))
    for action in (complete, inviting.cancel, inviting.send_again):
        with pytest.raises(NotFound):
            action(
                db=accounts.db,
                actor=accounts.actor(nia),
                invitation_id=invited.invitation_id,
                now=accounts.clock.now,
            )
    with pytest.raises(NotFound):
        inviting.invite_person(
            db=accounts.db,
            actor=accounts.actor(nia),
            name="Eve",
            email="eve@college.example",
            team_ids=[accounts.actor(sam).teams[0].id],
            now=accounts.clock.now,
        )


@pytest.mark.parametrize(
    ("organisation", "field"),
    [
        (NewOrganisation(name=" ", kind="school", sends=True), "organisation"),
        (NewOrganisation(name="X", kind="school", sends=True), "teams"),
        (
            NewOrganisation(
                name="X",
                kind="school",
                sends=True,
                teams=[NewTeam("Exams", frozenset({"exams"}), joined_first=True)],
            ),
            "teams",
        ),
        (NewOrganisation(name="Ashdown Council", kind="school", sends=True), "organisation"),
    ],
)
def test_an_organisation_that_cannot_be_is_refused(
    accounts: Accounts, organisation: NewOrganisation, field: str
) -> None:
    cora = accounts.found()
    if organisation.name == "Ashdown Council":
        standard = default_teams(kind="school", sends=True, receives=False)
        organisation = NewOrganisation(name="Ashdown Council", kind="school", sends=True, teams=standard)
    with pytest.raises(Refused) as refusal:
        inviting.invite_organisation(
            db=accounts.db,
            actor=accounts.actor(cora),
            organisation=organisation,
            name="Sam",
            email="sam@school.example",
            now=accounts.clock.now,
        )
    assert field in refusal.value.fields
