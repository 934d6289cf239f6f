"""From the operator's first command to a second person in a school's team; and every way in which that must fail."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.exchange.people import MEMORY_KIB, PASSPHRASE, Accounts
from transition_exchange.exchange.errors import NotAllowed, NotFound, NotReady, Refused, Tampered
from transition_exchange.exchange.joining import accepting, invitations, inviting
from transition_exchange.exchange.joining.new_organisations import NewOrganisation, NewTeam, default_teams
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.readiness import believed_key
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import teams
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Event,
    Invitation,
    KeyPin,
    Membership,
    OutboxMail,
    Principal,
    TeamKey,
)


@pytest.fixture
def accounts(db: Database) -> Accounts:
    return Accounts(db)


def kinds(db: Database, organisation_id: UUID) -> list[str]:
    with db.read() as session:
        rows = session.scalars(
            select(Event).where(Event.organisation_id == organisation_id).order_by(Event.seq)
        )
        return [events.read(row).kind for row in rows]


def accept(
    accounts: Accounts, token: str, code: str, *, name: str = "Sam", passphrase: str = PASSPHRASE
) -> None:
    accepting.accept(
        db=accounts.db,
        token=token,
        spoken_code=code,
        name=name,
        passphrase=passphrase,
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )


def test_the_council_s_first_administrator_makes_the_neet_group_s_key(accounts: Accounts) -> None:
    cora = accounts.found()
    actor = accounts.actor(cora)
    assert actor.administrator
    assert [team.name for team in actor.teams] == ["NEET group"]
    assert kinds(accounts.db, actor.organisation_id) == [
        "area.founded",
        "person.joined",
        "key.published",
        "second_factor.begun",
        "second_factor.confirmed",
    ]


def test_a_school_s_first_administrator_opens_its_transition_team_and_not_safeguarding(
    accounts: Accounts,
) -> None:
    sam = accounts.school(accounts.found())
    actor = accounts.actor(sam)
    assert [team.name for team in actor.teams] == ["SEND and transition"]
    ready = {each.team_name: each for each in teams.own_teams(db=accounts.db, actor=actor)}
    assert not ready["Safeguarding"].has_key
    assert (ready["SEND and transition"].has_key, ready["SEND and transition"].openers) == (True, 1)


def test_a_school_s_team_pins_the_neet_group_s_key_that_came_under_the_spoken_code(
    accounts: Accounts,
) -> None:
    cora = accounts.found()
    sam = accounts.school(cora)
    neet = accounts.actor(cora).require("neet_group")
    with accounts.db.read() as session:
        trust = trust_of(session, accounts.actor(sam))
        assert trust.roots == {neet.secret.fingerprint}


def test_a_key_counts_once_the_neet_group_confirmed_its_number(accounts: Accounts) -> None:
    cora = accounts.found()
    sam, nia = accounts.school(cora), accounts.college(cora)
    college = accounts.actor(nia).require("admissions")
    with accounts.db.read() as session:
        assert believed_key(session, trust_of(session, accounts.actor(sam)), college.id) is None
    shown = confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=college.id)
    assert shown.spoken == confirming.own_number(actor=accounts.actor(nia), team_id=college.id)
    confirming.confirm(
        db=accounts.db, actor=accounts.actor(cora), team_id=college.id, fingerprint=shown.fingerprint
    )
    with accounts.db.read() as session:
        believed = believed_key(session, trust_of(session, accounts.actor(sam)), college.id)
        assert believed is not None
        assert believed.id == college.key_id


def test_a_key_that_changed_since_the_page_was_opened_is_not_confirmed(accounts: Accounts) -> None:
    cora = accounts.found()
    college = accounts.actor(accounts.college(cora)).require("admissions")
    shown = confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=college.id)
    other = TeamSecret.generate()
    with accounts.db.write() as session:
        row = session.get_one(TeamKey, college.key_id)
        row.kem_public, row.signing_public = other.kem.public, other.signing.public
    with pytest.raises(Refused):
        confirming.confirm(
            db=accounts.db, actor=accounts.actor(cora), team_id=college.id, fingerprint=shown.fingerprint
        )


def test_a_pin_written_into_the_database_is_no_root(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    actor = accounts.actor(sam)
    forged = TeamSecret.generate()
    with accounts.db.write() as session:
        pin = session.scalars(select(KeyPin).where(KeyPin.team_id == actor.teams[0].id)).one()
        pin.fingerprint = forged.fingerprint.hex()
    with accounts.db.read() as session:
        assert trust_of(session, actor).roots == frozenset()


def test_a_colleague_joins_at_once_with_the_code_a_member_reads_out(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    alex = accounts.colleague(sam, "Alex Aide", "SEND and transition")
    own, other = accounts.actor(sam).teams[0], accounts.actor(alex).teams[0]
    assert own.secret == other.secret
    assert own.key_id == other.key_id
    assert teams.own_teams(db=accounts.db, actor=accounts.actor(sam))[0].openers == 2


def test_the_first_member_of_a_further_team_makes_its_key(accounts: Accounts) -> None:
    """An administrator who is not in safeguarding invites its first member, and still opens nothing of it."""
    sam = accounts.school(accounts.found())
    dee = accounts.colleague(sam, "Dee Lead", "Safeguarding")
    assert [team.name for team in accounts.actor(dee).teams] == ["Safeguarding"]
    assert accounts.actor(sam).team_for("safeguarding") is None
    with accounts.db.read() as session:
        assert trust_of(session, accounts.actor(dee)).roots


def test_a_team_with_a_key_lets_in_only_whom_a_member_completes(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    dee = accounts.colleague(sam, "Dee Lead", "Safeguarding")
    invited = accounts.invite(sam, "Eve Deputy", "Safeguarding")
    assert invited.spoken_code is None
    with pytest.raises(NotReady):
        inviting.complete(
            db=accounts.db,
            actor=accounts.actor(sam),
            invitation_id=invited.invitation_id,
            now=accounts.clock.now,
        )
    token = accounts.link(invited.invitation_id)
    assert not accepting.look_up(db=accounts.db, token=token, now=accounts.clock.now).completed
    with pytest.raises(NotReady):
        accept(accounts, token, "any words")
    (waiting,) = invitations.open_invitations(
        db=accounts.db, actor=accounts.actor(dee), now=accounts.clock.now
    )
    assert (waiting.teams, waiting.can_complete, waiting.completed) == (("Safeguarding",), True, False)
    completed = inviting.complete(
        db=accounts.db,
        actor=accounts.actor(dee),
        invitation_id=invited.invitation_id,
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
    assert completed.spoken_code is not None
    eve = accounts.join(token, completed.spoken_code, "Eve Deputy")
    assert (
        accounts.actor(eve).require("safeguarding").secret
        == accounts.actor(dee).require("safeguarding").secret
    )


def test_a_new_spoken_code_replaces_the_old_one(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    first = accounts.invite(sam, "Alex Aide", "SEND and transition")
    second = inviting.complete(
        db=accounts.db,
        actor=accounts.actor(sam),
        invitation_id=first.invitation_id,
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
    token = accounts.link(first.invitation_id)
    with pytest.raises(Refused):
        accept(accounts, token, first.spoken_code or "")
    accept(accounts, token, second.spoken_code or "")


def test_the_code_may_be_typed_in_capitals_and_without_hyphens(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    assert invited.spoken_code is not None
    accept(accounts, accounts.link(invited.invitation_id), invited.spoken_code.upper().replace("-", "  "))


def test_a_link_works_once(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    accept(accounts, token, invited.spoken_code or "")
    with pytest.raises(NotFound):
        accept(accounts, token, invited.spoken_code or "")
    with accounts.db.read() as session:
        assert session.get_one(Invitation, invited.invitation_id).bundle is None


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
    accept(accounts, new, invited.spoken_code or "")


def test_a_cancelled_invitation_opens_nothing(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    inviting.cancel(
        db=accounts.db, actor=accounts.actor(sam), invitation_id=invited.invitation_id, now=accounts.clock.now
    )
    with pytest.raises(NotFound):
        accept(accounts, token, invited.spoken_code or "")


def test_ten_wrong_codes_end_an_invitation(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    for _ in range(accepting.MOST_WRONG_CODES):
        with pytest.raises(Refused):
            accept(accounts, token, "not the right five words")
    with pytest.raises(NotFound):
        accept(accounts, token, invited.spoken_code or "")
    assert "invitation.locked" in kinds(accounts.db, accounts.actor(sam).organisation_id)


@pytest.mark.parametrize(
    ("name", "passphrase", "field"), [("", PASSPHRASE, "name"), ("Alex", "Summer2027", "passphrase")]
)
def test_what_cannot_be_is_said_at_its_field_and_uses_up_no_try(
    accounts: Accounts, name: str, passphrase: str, field: str
) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    with pytest.raises(Refused) as refusal:
        accept(accounts, token, invited.spoken_code or "", name=name, passphrase=passphrase)
    assert field in refusal.value.fields
    with accounts.db.read() as session:
        assert session.get_one(Invitation, invited.invitation_id).failures == 0


def test_a_team_key_swapped_in_the_database_is_noticed_on_joining(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    forged = TeamSecret.generate()
    with accounts.db.write() as session:
        row = session.get_one(TeamKey, accounts.actor(sam).teams[0].key_id)
        row.kem_public = forged.kem.public
    with pytest.raises(Tampered):
        accept(accounts, accounts.link(invited.invitation_id), invited.spoken_code or "")


def test_a_membership_swapped_in_the_database_is_noticed_at_the_next_request(accounts: Accounts) -> None:
    """Anybody can seal to a public key; a membership must come from the person themselves."""
    sam = accounts.school(accounts.found())
    alex = accounts.colleague(sam, "Alex Aide", "SEND and transition")
    with accounts.db.write() as session:
        by_person = {
            name: session.scalars(
                select(Membership)
                .join(Principal, Principal.id == Membership.principal_id)
                .where(Principal.email == name)
            ).one()
            for name in (sam.email, alex.email)
        }
        by_person[alex.email].sealed = by_person[sam.email].sealed
    with pytest.raises(Tampered):
        accounts.actor(alex)


def test_two_first_members_make_one_key_and_the_second_waits_for_the_first(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    dee, eve = (accounts.invite(sam, name, "Safeguarding") for name in ("Dee Lead", "Eve Deputy"))
    accounts.join(accounts.link(dee.invitation_id), dee.spoken_code or "", "Dee Lead")
    joined = accounts.join(accounts.link(eve.invitation_id), eve.spoken_code or "", "Eve Deputy")
    assert accounts.actor(joined).teams == ()
    waiting = invitations.open_invitations(db=accounts.db, actor=accounts.actor(sam), now=accounts.clock.now)
    assert [(each.name, each.teams, each.completed) for each in waiting] == [
        ("Eve Deputy", ("Safeguarding",), False)
    ]


def test_somebody_with_an_account_joins_a_further_team_signed_in(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    dee = accounts.colleague(sam, "Dee Lead", "Safeguarding")
    invited = accounts.invite(sam, "Dee Lead", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    assert accepting.look_up(db=accounts.db, token=token, now=accounts.clock.now).has_account
    with pytest.raises(Refused):
        accept(accounts, token, invited.spoken_code or "")
    accepting.join_more(
        db=accounts.db,
        cookie=dee.cookie,
        token=token,
        spoken_code=invited.spoken_code or "",
        now=accounts.clock.now,
    )
    assert {team.name for team in accounts.actor(dee).teams} == {"SEND and transition", "Safeguarding"}


def test_nobody_joins_with_somebody_else_s_invitation(accounts: Accounts) -> None:
    cora = accounts.found()
    sam = accounts.school(cora)
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    with pytest.raises(NotFound):
        accepting.join_more(
            db=accounts.db,
            cookie=cora.cookie,
            token=accounts.link(invited.invitation_id),
            spoken_code=invited.spoken_code or "",
            now=accounts.clock.now,
        )


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
    for action in (inviting.complete, inviting.cancel, inviting.send_again):
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


def test_an_invitation_queues_one_e_mail_about_nobody(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    with accounts.db.read() as session:
        before = session.scalar(select(func.count(OutboxMail.id)))
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    with accounts.db.read() as session:
        assert session.scalar(select(func.count(OutboxMail.id))) == (before or 0) + 1
        queued = session.scalars(
            select(OutboxMail).where(OutboxMail.invitation_id == invited.invitation_id)
        ).one()
    assert (queued.to_address, queued.template, queued.figures) == ("alex@school.example", "invitation", {})


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


@pytest.mark.parametrize("email", ["", "sam", "sam@", "@school.example", "sam school@school.example"])
def test_what_is_no_e_mail_address_is_refused(accounts: Accounts, email: str) -> None:
    sam = accounts.school(accounts.found())
    with pytest.raises(Refused) as refusal:
        inviting.invite_person(
            db=accounts.db,
            actor=accounts.actor(sam),
            name="Eve",
            email=email,
            team_ids=[accounts.actor(sam).teams[0].id],
            now=accounts.clock.now,
        )
    assert "email" in refusal.value.fields


def test_an_eleven_to_eighteen_school_sends_and_receives() -> None:
    made = default_teams(kind="school_with_sixth_form", sends=True, receives=True)
    assert {purpose for team in made for purpose in team.purposes} == {
        "transition",
        "safeguarding",
        "admissions",
        "learning_support",
        "exams",
    }
    assert not next(team for team in made if "safeguarding" in team.purposes).joined_first


def test_one_person_s_community_organisation_has_one_team_for_everything() -> None:
    (team,) = default_teams(kind="community", sends=False, receives=True)
    assert team.purposes == {"admissions", "learning_support", "safeguarding", "exams"}
    assert team.joined_first


def test_an_invitation_is_valid_for_a_fortnight() -> None:
    assert timedelta(days=14) == invitations.VALID_FOR
