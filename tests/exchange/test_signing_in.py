"""Signing in: passphrase, then code; slowed and locked; telling nobody whether an account exists."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import ANY

import pytest
from sqlalchemy import select

from tests.exchange.people import MEMORY_KIB, PASSPHRASE, Accounts, Person
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.signing_in import credentials, second_factor, sessions, throttling
from transition_exchange.sealing import unlocks
from transition_exchange.sealing.second_factor import Secret
from transition_exchange.sealing.unlocks import Cost
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import AddressSlowdown, Event, Principal, SignInSession


@pytest.fixture
def accounts(db: Database) -> Accounts:
    return Accounts(db)


@pytest.fixture
def cora(accounts: Accounts) -> Person:
    person = accounts.found()
    accounts.clock.wait(minutes=1)
    return person


def refusal(accounts: Accounts, person: Person, **how: str) -> str:
    with pytest.raises(Refused) as refused:
        accounts.give_passphrase(person, **how)
    return refused.value.message


def nobody() -> Person:
    return Person("Nobody", "nobody@council.example", "", Secret(b""))


def test_a_passphrase_alone_opens_only_the_page_for_the_code(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    resumed = sessions.resume(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    assert resumed is not None
    assert (half.stage, resumed.stage, resumed.actor) == ("half", "half", None)
    assert half.ends_at == accounts.clock.now + timedelta(minutes=5)


def test_the_code_completes_it_under_a_new_cookie(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    whole = accounts.give_code(half, cora.app.code_at(accounts.clock.now))
    assert whole.stage == "full"
    assert whole.cookie != half.cookie
    assert sessions.resume(db=accounts.db, cookie=half.cookie, now=accounts.clock.now) is None
    resumed = sessions.resume(db=accounts.db, cookie=whole.cookie, now=accounts.clock.now)
    assert resumed is not None
    assert resumed.actor is not None
    assert resumed.actor.team_for("neet_group") is not None


def test_signing_in_is_one_event(accounts: Accounts, cora: Person) -> None:
    accounts.sign_in(cora)
    with accounts.db.read() as session:
        last = session.scalars(select(Event).order_by(Event.seq.desc())).first()
        assert last is not None
        entry = events.read(last)
    assert (entry.kind, entry.about) == ("session.signed_in", {"by": "code"})


def test_a_half_session_ends_after_five_minutes(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    accounts.clock.wait(minutes=5)
    with pytest.raises(NotAllowed):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))


def test_a_half_session_made_full_in_the_database_opens_nothing(accounts: Accounts, cora: Person) -> None:
    half = accounts.give_passphrase(cora)
    with accounts.db.write() as session:
        row = session.scalars(select(SignInSession).where(SignInSession.stage == "code")).one()
        row.stage = "full"
    assert sessions.resume(db=accounts.db, cookie=half.cookie, now=accounts.clock.now) is None


def test_no_code_works_twice(accounts: Accounts, cora: Person) -> None:
    code = cora.app.code_at(accounts.clock.now)
    accounts.give_code(accounts.give_passphrase(cora), code)
    again = accounts.give_passphrase(cora)
    with pytest.raises(Refused):
        accounts.give_code(again, code)


def test_each_backup_code_works_once(accounts: Accounts, cora: Person) -> None:
    code = cora.backup_codes[0]
    assert accounts.give_code(accounts.give_passphrase(cora), code).stage == "full"
    again = accounts.give_passphrase(cora)
    with pytest.raises(Refused):
        accounts.give_code(again, code)
    assert accounts.give_code(again, cora.backup_codes[1]).stage == "full"


def test_a_second_factor_put_into_the_database_by_somebody_else_is_refused(
    accounts: Accounts, cora: Person
) -> None:
    sam = accounts.school(cora)
    accounts.clock.wait(minutes=1)
    with accounts.db.write() as session:
        rows = {
            row.email: row
            for row in session.scalars(select(Principal).where(Principal.email.in_([cora.email, sam.email])))
        }
        rows[cora.email].second_factor = rows[sam.email].second_factor
    with pytest.raises(NotAllowed):
        accounts.give_code(accounts.give_passphrase(cora), sam.app.code_at(accounts.clock.now))


def test_a_remembered_device_needs_no_code_for_14_days(accounts: Accounts, cora: Person) -> None:
    device = accounts.sign_in(cora, remember=True).device
    assert device is not None
    accounts.clock.wait(days=13)
    assert accounts.give_passphrase(cora, device=device).stage == "full"
    accounts.clock.wait(days=1)
    assert accounts.give_passphrase(cora, device=device).stage == "half"


def test_somebody_else_s_device_counts_for_nothing(accounts: Accounts, cora: Person) -> None:
    sam = accounts.school(cora)
    accounts.clock.wait(minutes=1)
    device = accounts.sign_in(sam, remember=True).device
    assert accounts.give_passphrase(cora, device=device).stage == "half"


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
            answers[person.name].append(refusal(accounts, person, passphrase="wrong", address=person.name))
    assert answers["Cora Council"] == answers["Nobody"]
    assert len(set(costs)) == 1
    assert len(costs) % 2 == 0


def test_a_removed_person_is_nobody(accounts: Accounts, cora: Person) -> None:
    with accounts.db.write() as session:
        session.scalars(select(Principal)).one().removed_at = accounts.clock.now
    assert refusal(accounts, cora) == refusal(accounts, nobody())


def test_failures_slow_an_account_and_then_lock_it_for_a_while(accounts: Accounts, cora: Person) -> None:
    for _ in range(throttling.FREE_TRIES + 1):
        assert "not right" in refusal(accounts, cora, passphrase="wrong")
    assert "Wait 2 seconds" in refusal(accounts, cora)
    for _ in range(throttling.LOCK_AFTER - throttling.FREE_TRIES - 1):
        accounts.clock.wait(seconds=64)
        assert "not right" in refusal(accounts, cora, passphrase="wrong")
    accounts.clock.wait(minutes=14)
    assert "Wait 60 seconds" in refusal(accounts, cora)
    assert accounts.row(cora).locked_until is not None
    accounts.clock.wait(minutes=1)
    accounts.sign_in(cora)
    assert accounts.row(cora).failures == 0


def test_a_lock_is_an_event(accounts: Accounts, cora: Person) -> None:
    for _ in range(throttling.LOCK_AFTER):
        accounts.clock.wait(seconds=64)
        refusal(accounts, cora, passphrase="wrong")
    with accounts.db.read() as session:
        kinds = [events.read(row).kind for row in session.scalars(select(Event))]
    assert kinds.count("account.locked") == 1


def test_a_lock_keeps_no_known_device_out(accounts: Accounts, cora: Person) -> None:
    device = accounts.sign_in(cora, remember=True).device
    for _ in range(throttling.LOCK_AFTER):
        accounts.clock.wait(seconds=64)
        refusal(accounts, cora, passphrase="wrong")
    assert "Wait" in refusal(accounts, cora)
    assert accounts.give_passphrase(cora, device=device).stage == "full"


def test_wrong_codes_count_like_wrong_passphrases(accounts: Accounts, cora: Person) -> None:
    """Knowing the passphrase gives no more tries at codes: giving it again takes nothing back."""
    for _ in range(throttling.FREE_TRIES + 1):
        half = accounts.give_passphrase(cora)
        with pytest.raises(Refused, match="code is not right"):
            accounts.give_code(half, "000000")
    assert "Wait" in refusal(accounts, cora)
    accounts.clock.wait(seconds=3)
    half = accounts.give_passphrase(cora)
    with pytest.raises(Refused, match="code is not right"):
        accounts.give_code(half, "000000")
    with pytest.raises(Refused, match="Wait 4 seconds"):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))


def test_an_address_is_slowed_by_moments_and_never_locked(accounts: Accounts, cora: Person) -> None:
    """A college sits behind one address: whoever guesses there delays the others a little."""
    delays: list[float] = []

    def attempt(email: str, passphrase: str) -> None:
        credentials.give_passphrase(
            db=accounts.db,
            email=email,
            passphrase=passphrase,
            address="198.51.100.7",
            now=accounts.clock.now,
            memory_kib=MEMORY_KIB,
            sleep=delays.append,
        )

    for number in range(60):
        with pytest.raises(Refused):
            attempt(f"guess{number}@council.example", "wrong")
    attempt(cora.email, PASSPHRASE)
    assert delays[-1] == throttling.LONGEST_DELAY == max(delays)
    accounts.clock.wait(minutes=16)
    delays.clear()
    attempt(cora.email, PASSPHRASE)
    assert delays == []


def test_addresses_are_kept_as_digests_only(accounts: Accounts, cora: Person) -> None:
    refusal(accounts, nobody(), address="198.51.100.7")
    with accounts.db.read() as session:
        digests = session.scalars(select(AddressSlowdown.address_digest)).all()
    assert digests
    assert all(len(each) == 64 for each in digests)


def test_an_e_mail_address_may_be_typed_in_capitals(accounts: Accounts, cora: Person) -> None:
    cora.email = f" {cora.email.upper()} "
    assert accounts.give_passphrase(cora).stage == "half"


@pytest.mark.parametrize("passphrase", ["", "x" * 100_000, "\0", "\ud800"])
def test_any_passphrase_may_be_typed(accounts: Accounts, cora: Person, passphrase: str) -> None:
    assert "not right" in refusal(accounts, cora, passphrase=passphrase)


def test_a_passphrase_right_once_works_while_the_app_is_not_set_up_yet(
    accounts: Accounts, cora: Person
) -> None:
    """Whoever closed the page before the code comes back to setting up, with the same secret."""
    second_factor.replace(
        db=accounts.db, cookie=cora.cookie, code=cora.app.code_at(accounts.clock.now), now=accounts.clock.now
    )
    half = accounts.give_passphrase(cora)
    assert (half.stage, half.set_up) == ("half", True)
    shown = second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    assert shown == second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    with pytest.raises(NotAllowed):
        accounts.give_code(half, cora.app.code_at(accounts.clock.now))


def test_once_set_up_the_second_factor_cannot_be_set_up_again_with_the_passphrase_alone(
    accounts: Accounts, cora: Person
) -> None:
    half = accounts.give_passphrase(cora)
    with pytest.raises(NotAllowed):
        second_factor.begin(db=accounts.db, cookie=half.cookie, now=accounts.clock.now)
    with pytest.raises(NotAllowed):
        second_factor.replace(
            db=accounts.db, cookie=half.cookie, code=cora.backup_codes[0], now=accounts.clock.now
        )


def test_a_new_telephone_is_set_up_with_a_code_from_the_old_one(accounts: Accounts, cora: Person) -> None:
    with pytest.raises(Refused):
        second_factor.replace(db=accounts.db, cookie=cora.cookie, code="000000", now=accounts.clock.now)
    second_factor.replace(
        db=accounts.db, cookie=cora.cookie, code=cora.backup_codes[3], now=accounts.clock.now
    )
    shown = second_factor.begin(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    assert shown.backup_codes != cora.backup_codes
    with pytest.raises(Refused):
        second_factor.confirm(db=accounts.db, cookie=cora.cookie, code="000000", now=accounts.clock.now)
    assert shown.uri == ANY
