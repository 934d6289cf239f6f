"""An e-mail in the outbox says nothing about anybody, whoever puts it there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from transition_exchange.store.database import Database
from transition_exchange.store.models import OutboxMail


@pytest.mark.parametrize("figure", ["Ada Lovelace", 1.5, True, None])
def test_a_mail_takes_whole_numbers_only(figure: object) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        OutboxMail(to_address="a@example.org", template="packs_waiting", figures={"count": figure})


def test_a_new_mail_may_be_sent_at_once(db: Database) -> None:
    with db.write() as session:
        session.add(OutboxMail(to_address="a@example.org", template="packs_waiting", figures={"count": 3}))
    with db.read() as session:
        [mail] = session.scalars(select(OutboxMail))
    assert (mail.figures, mail.attempts, mail.sent_at, mail.given_up_at) == ({"count": 3}, 0, None, None)
    assert abs((mail.not_before - mail.created_at).total_seconds()) < 1
