"""Signing in: passphrase, then code; telling nobody whether an account exists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.exchange.people import Accounts, Person, nobody
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.sealing import unlocks
from transition_exchange.sealing.unlocks import Cost
from transition_exchange.store import events
from transition_exchange.store.models import Event, Principal, SignInSession


def test_a_passphrase_alone_opens_only_the_page_for_the_code(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    resumed = sessions.resume(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    assert resumed is not None
    assert (half.stage, resumed.stage, resumed.actor) == ("half", "half", None)
    assert half.ends_at == accounts.clock.now + timedelta(minutes=5)


def test_signing_in_is_one_event(accounts: Accounts, cora: Person) -> None:
    accounts.sign_in(cora)
    with accounts.db.read() as session:
        last = session.scalars(select(Event).order_by(Event.seq.desc())).first()
        assert last is not None
        event = events.read(last)
    assert (event.kind, event.about) == ("session.signed_in", {"by": "code"})


def test_a_half_session_made_full_in_the_database_opens_nothing(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    with accounts.db.write() as session:
        row = session.scalars(select(SignInSession).where(SignInSession.stage == "code")).one()
        row.stage = "full"
    assert sessions.resume(db=accounts.db, cookie=half.cookie, now=accounts.clock.now) is None


def test_a_sample_area_has_no_second_factor(accounts: Accounts) -> None:
    cora = accounts.found(sample=True)
    assert accounts.give_passphrase(cora).stage == "full"


def test_nothing_tells_whether_an_account_exists(
    accounts: Accounts, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong passphrases and unknown addresses are answered, slowed and locked alike, and cost the same work."""
    costs: list[Cost] = []
    derive = unlocks._derive

    def counted(secret: str, salt: bytes, cost: Cost) -> bytes:
        costs.append(cost)
        return derive(secret, salt, cost)

    monkeypatch.setattr(unlocks, "_derive", counted)
    answers: dict[str, list[str]] = {}
    for person in (cora, nobody()):
        answers[person.name] = []
        for _ in range(16):
            accounts.clock.wait(seconds=1)
            answers[person.name].append(accounts.refusal(person, passphrase="wrong", address=person.name))
    assert answers["Cora Council"] == answers["Nobody"]
    assert len(set(costs)) == 1
    assert len(costs) % 2 == 0


def test_a_removed_person_is_nobody(accounts: Accounts, cora: Person) -> None:
    with accounts.db.write() as session:
        session.scalars(select(Principal)).one().removed_at = accounts.clock.now
    assert accounts.refusal(cora) == accounts.refusal(nobody())


def test_an_e_mail_address_may_be_typed_in_capitals(accounts: Accounts, cora: Person) -> None:
    cora.email = f" {cora.email.upper()} "
    assert accounts.give_passphrase(cora).stage == "half"


@pytest.mark.parametrize("passphrase", ["", "x" * 100_000, "\0", "\ud800"])
def test_any_passphrase_may_be_typed(accounts: Accounts, cora: Person, passphrase: str) -> None:
    assert "not right" in accounts.refusal(cora, passphrase=passphrase)
