"""Opening a link, giving the spoken code, and every way in which that fails."""

from __future__ import annotations

import pytest

from tests.exchange.chains import kinds_of
from tests.exchange.people import PASSPHRASE, Accounts
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.joining import accepting
from transition_exchange.exchange.organisations import teams
from transition_exchange.store.models import Invitation


def test_a_colleague_joins_at_once_with_the_code_a_member_reads_out(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    alex = accounts.colleague(sam, "Alex Aide", "SEND and transition")
    own, other = accounts.actor(sam).teams[0], accounts.actor(alex).teams[0]
    assert own.secret == other.secret
    assert own.key_id == other.key_id
    assert teams.own_teams(db=accounts.db, actor=accounts.actor(sam))[0].openers == 2


def test_the_code_may_be_typed_in_capitals_and_without_hyphens(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    assert invited.spoken_code is not None
    accounts.accept(accounts.link(invited.invitation_id), invited.spoken_code.upper().replace("-", "  "))


def test_a_link_works_once(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    accounts.accept(token, invited.spoken_code or "")
    with pytest.raises(NotFound):
        accounts.accept(token, invited.spoken_code or "")
    with accounts.db.read() as session:
        assert session.get_one(Invitation, invited.invitation_id).bundle is None


def test_nothing_typed_is_no_try(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    for typed in ("", " - ", "…"):
        with pytest.raises(Refused, match="Type the five words"):
            accounts.accept(token, typed)
    with accounts.db.read() as session:
        assert session.get_one(Invitation, invited.invitation_id).failures == 0


def test_ten_wrong_codes_end_an_invitation(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    for _ in range(accepting.MOST_WRONG_CODES):
        with pytest.raises(Refused):
            accounts.accept(token, "not the right five words")
    with pytest.raises(NotFound):
        accounts.accept(token, invited.spoken_code or "")
    assert "invitation.locked" in kinds_of(accounts.db, accounts.actor(sam).organisation_id)


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
        accounts.accept(token, invited.spoken_code or "", name=name, passphrase=passphrase)
    assert field in refusal.value.fields
    with accounts.db.read() as session:
        assert session.get_one(Invitation, invited.invitation_id).failures == 0


def test_somebody_with_an_account_joins_a_further_team_signed_in(accounts: Accounts) -> None:
    sam = accounts.school(accounts.found())
    dee = accounts.colleague(sam, "Dee Lead", "Safeguarding")
    invited = accounts.invite(sam, "Dee Lead", "SEND and transition")
    token = accounts.link(invited.invitation_id)
    assert accepting.look_up(db=accounts.db, token=token, now=accounts.clock.now).has_account
    with pytest.raises(Refused):
        accounts.accept(token, invited.spoken_code or "")
    accepting.join_more(
        db=accounts.db,
        cookie=dee.cookie,
        token=token,
        spoken_code=invited.spoken_code or "",
        now=accounts.clock.now,
    )
    actor = accounts.actor(dee)
    assert [team.name for team in actor.teams] == ["Safeguarding"]
    assert [team.name for team in actor.set_aside] == ["SEND and transition"], (
        "until the council has confirmed it"
    )


def test_nobody_joins_with_somebody_else_s_invitation(accounts: Accounts) -> None:
    cora = accounts.found()
    sam = accounts.school(cora)
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    with pytest.raises(Refused, match="for somebody else"):
        accepting.join_more(
            db=accounts.db,
            cookie=cora.cookie,
            token=accounts.link(invited.invitation_id),
            spoken_code=invited.spoken_code or "",
            now=accounts.clock.now,
        )


def test_wrong_words_stand_in_the_security_log_without_words_name_or_address(
    accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Alex Aide", "SEND and transition")
    token, organisation = accounts.link(invited.invitation_id), accounts.row(sam).organisation_id
    caplog.clear()
    for _ in range(accepting.MOST_WRONG_CODES):
        with pytest.raises(Refused):
            accounts.accept(token, "zebra walrus finch otter heron")
    for _ in range(3):
        with pytest.raises(NotFound):
            accounts.accept(token, "zebra walrus finch otter heron")
    line = "event=sign_in.refused reason={} route=accounts.join principal=- organisation={}"
    assert caplog.messages == [
        *[line.format("wrong_invitation", organisation)] * accepting.MOST_WRONG_CODES,
        line.format("throttled", organisation),
    ]


def test_wrong_words_of_somebody_with_an_account_bear_their_id(
    accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    sam = accounts.school(accounts.found())
    dee = accounts.colleague(sam, "Dee Lead", "Safeguarding")
    token = accounts.link(accounts.invite(sam, "Dee Lead", "SEND and transition").invitation_id)
    caplog.clear()
    with pytest.raises(Refused):
        accepting.join_more(
            db=accounts.db,
            cookie=dee.cookie,
            token=token,
            spoken_code="zebra walrus finch otter heron",
            now=accounts.clock.now,
        )
    [line] = caplog.messages
    assert f"reason=wrong_invitation route=accounts.join principal={accounts.row(dee).id} " in line
