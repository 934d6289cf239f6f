"""Signing in: passphrase, then code; telling nobody whether an account exists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.exchange.people import MEMORY_KIB, PASSPHRASE, Accounts, Person, nobody
from tests.sealing.few_places import few_places
from transition_exchange.exchange.errors import Busy, Refused, TooManyTries
from transition_exchange.exchange.signing_in import credentials, sessions, throttling
from transition_exchange.sealing import unlocks
from transition_exchange.sealing.unlocks import Cost
from transition_exchange.store import events
from transition_exchange.store.models import Event, Principal, SignInSession, Unlock


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


def test_a_sample_area_has_no_second_factor_in_the_demo_and_nowhere_else(accounts: Accounts) -> None:
    """Whoever can write to the database can call an area a sample; only the running configuration says demo."""
    cora = accounts.found(sample=True)
    assert accounts.give_passphrase(cora, demo=True).stage == "full"
    assert accounts.give_passphrase(cora).stage == "half"


def test_the_demo_asks_for_a_code_where_the_area_is_no_sample(accounts: Accounts, cora: Person) -> None:
    assert accounts.give_passphrase(cora, demo=True).stage == "half"


def test_whoever_joins_a_sample_area_outside_the_demo_sets_the_second_step_up(accounts: Accounts) -> None:
    cora = accounts.found(sample=True)
    invited = accounts.invite(cora, "Alex Aide", "NEET group")
    assert accounts.accept(accounts.link(invited.invitation_id), invited.spoken_code or "").stage == "half"


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


def wrapped_memory(accounts: Accounts) -> list[int]:
    with accounts.db.read() as session:
        return [unlocks.cost_of(text).memory_kib for text in session.scalars(select(Unlock.wrapped))]


def sign_in_at(accounts: Accounts, person: Person, memory_kib: int, passphrase: str = PASSPHRASE) -> str:
    return credentials.give_passphrase(
        db=accounts.db,
        email=person.email,
        passphrase=passphrase,
        address="192.0.2.1",
        now=accounts.clock.now,
        memory_kib=memory_kib,
    ).stage


def test_signing_in_wraps_the_key_anew_at_todays_cost(accounts: Accounts, cora: Person) -> None:
    assert wrapped_memory(accounts) == [MEMORY_KIB]
    with pytest.raises(Refused):
        sign_in_at(accounts, cora, 256, "wrong")
    assert wrapped_memory(accounts) == [MEMORY_KIB]
    for memory_kib in (256, 128):
        assert sign_in_at(accounts, cora, memory_kib) == "half"
        assert wrapped_memory(accounts) == [memory_kib]
    assert accounts.give_passphrase(cora).stage == "half"


def test_an_unknown_address_costs_as_much_as_a_known_one_that_was_wrapped_more_cheaply(
    accounts: Accounts, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[int] = []
    derive = unlocks._derive

    def counted(secret: str, salt: bytes, cost: Cost) -> bytes:
        work.append(cost.memory_kib * cost.iterations)
        return derive(secret, salt, cost)

    monkeypatch.setattr(unlocks, "_derive", counted)
    done = []
    for person in (cora, nobody()):
        work.clear()
        with pytest.raises(Refused):
            sign_in_at(accounts, person, 256, "wrong")
        done.append(sum(work))
    assert done[0] == done[1] == 256 * 3


def test_beyond_the_limit_everybody_is_told_to_come_again_at_once_and_nothing_is_counted(
    accounts: Accounts, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with few_places(monkeypatch) as places, places.hold(pool="strangers", source="198.51.100.1"):
        answers = []
        for person in (cora, nobody()):
            with pytest.raises(Busy) as busy:
                accounts.give_passphrase(person)
            answers.append((busy.value.message, busy.value.retry_after))
        assert answers[0] == answers[1]
    assert accounts.failures(cora) == accounts.failures(nobody()) == 0


def test_a_browser_that_signed_in_here_before_has_a_place_of_its_own(
    accounts: Accounts, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.sign_in(cora)
    with few_places(monkeypatch) as places, places.hold(pool="strangers", source="198.51.100.1"):
        assert accounts.give_passphrase(cora, browser=cora.browser).stage == "half"
        with places.hold(pool="own", source=str(accounts.row(cora).id)), pytest.raises(Busy):
            accounts.give_passphrase(cora, browser=cora.browser)


def test_throttling_is_asked_before_a_place_is_taken(
    accounts: Accounts, cora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(throttling.FREE_TRIES + 1):
        accounts.refusal(cora, passphrase="wrong")
    with few_places(monkeypatch, strangers=0, own=0), pytest.raises(TooManyTries):
        accounts.give_passphrase(cora)


def test_wrong_passphrases_are_logged_by_the_person_s_id_and_without_what_was_typed(
    accounts: Accounts, cora: Person, caplog: pytest.LogCaptureFixture
) -> None:
    accounts.refusal(cora, passphrase="harvest copper")
    accounts.refusal(nobody(), passphrase="harvest copper")
    assert [record.getMessage() for record in caplog.records] == [
        f"event=sign_in.refused reason=wrong_passphrase route=- principal={accounts.row(cora).id} organisation=-",
        "event=sign_in.refused reason=wrong_passphrase route=- principal=- organisation=-",
    ]
    assert "192.0.2.1" not in caplog.text


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
