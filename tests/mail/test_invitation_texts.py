"""An invitation's mail says who invites, for which council and why, so that it does not read like phishing."""

from __future__ import annotations

from tests.exchange.people import Accounts
from tests.mail.rows import Serve, invited
from tests.mailbox import Mailbox
from transition_exchange.mail import send_due
from transition_exchange.mail.invitation_texts import about_invitation
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation


def test_the_mail_names_who_invites_the_council_and_what_for(
    db: Database, mailbox: Mailbox, serve: Serve
) -> None:
    accounts = Accounts(db)
    sam = accounts.school(accounts.found())
    accounts.invite(sam, "Alex Aide", "SEND and transition")
    send_due(db, serve(), now=accounts.clock.now)
    (arrived,) = mailbox.mails
    text = " ".join(arrived.get_content().split())
    assert "Sam School invites you to join Ashdown School on" in arrived["Subject"]
    assert "Sam School at Ashdown School invites you to join Ashdown School" in text
    assert "Ashdown Council coordinates it for the area." in text
    assert "Schools and colleges in Ashdown use it" in text
    assert "You are asked because you would work with it" in text
    assert "Ring Ashdown School on a number that you know already" in text
    assert "Alex" not in arrived.as_string()


def test_where_nobody_can_be_named_the_council_or_the_organisation_stands_there(db: Database) -> None:
    id = invited(db)
    with db.read() as session:
        about = about_invitation(session, session.get_one(Invitation, id))
    assert (about["inviter"], about["inviter_at"], about["council"]) == ("Ashdown School", "", "")
