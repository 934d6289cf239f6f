"""What happens when several people do the same thing in the same moment.

A walk: it goes through joining, signing_in and keys.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from tests.exchange.people import Accounts
from transition_exchange.exchange.errors import ExchangeError
from transition_exchange.exchange.signing_in import throttling
from transition_exchange.store import chain
from transition_exchange.store.database import Database
from transition_exchange.store.models import Membership, Principal, TeamKey


def at_once(*actions: Callable[[], object]) -> list[ExchangeError | None]:
    """Run actions in threads that begin together; what each was refused with."""
    together = Barrier(len(actions))

    def run(action: Callable[[], object]) -> ExchangeError | None:
        together.wait()
        try:
            action()
        except ExchangeError as error:
            return error
        return None

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def accepting(accounts: Accounts, token: str, code: str, name: str) -> Callable[[], object]:
    return lambda: accounts.accept(token, code, name=name)


def test_two_first_members_at_once_make_one_key(db: Database) -> None:
    accounts = Accounts(db)
    sam = accounts.school(accounts.found())
    invited = [accounts.invite(sam, name, "Safeguarding") for name in ("Dee Lead", "Eve Deputy")]
    links = [accounts.link(invitation.invitation_id) for invitation in invited]
    refused = at_once(
        *(
            accepting(accounts, link, invitation.spoken_code or "", "Somebody New")
            for link, invitation in zip(links, invited, strict=True)
        )
    )
    assert refused == [None, None]
    with db.read() as session:
        keys = session.scalars(
            select(TeamKey).join(Membership, Membership.team_key_id == TeamKey.id).distinct()
        ).all()
        held = session.scalar(
            select(func.count(Membership.id)).where(Membership.team_key_id.in_([key.id for key in keys]))
        )
    assert len(keys) == len({key.team_id for key in keys}) == 3
    assert held == 3  # the council's, the school's, and one of the two


def test_one_link_opened_twice_at_once_lets_one_in(db: Database) -> None:
    accounts = Accounts(db)
    sam = accounts.school(accounts.found())
    invited = accounts.invite(sam, "Dee Lead", "Safeguarding")
    token = accounts.link(invited.invitation_id)
    refused = at_once(*[accepting(accounts, token, invited.spoken_code or "", "Dee Lead")] * 2)
    assert [error is None for error in refused].count(True) == 1
    with db.read() as session:
        assert session.scalar(select(func.count(Principal.id))) == 3


def test_many_wrong_passphrases_at_once_are_many(db: Database) -> None:
    accounts = Accounts(db)
    cora = accounts.found()
    refused = at_once(*[lambda: accounts.give_passphrase(cora, passphrase="wrong")] * 12)
    assert all(refused)
    wrong = [error for error in refused if error is not None and "not right" in error.message]
    assert len(wrong) <= throttling.FREE_TRIES + 1
    with db.read() as session:
        assert chain.verify(session, accounts.actor(cora).organisation_id).fault is None
