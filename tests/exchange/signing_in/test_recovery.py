"""Recovery codes and new passphrases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.exchange.people import MEMORY_KIB, PASSPHRASE, Accounts, Person
from transition_exchange.exchange.errors import NotAllowed, NotFound, ProofNeeded, Refused, SessionEnded
from transition_exchange.exchange.organisations import teams
from transition_exchange.exchange.signing_in import credentials, recovery, sessions, step_up, tries
from transition_exchange.exchange.signing_in.sessions import SignedIn
from transition_exchange.store.models import Unlock

NEW = "harbour violet kettle monsoon ladder"


def make(accounts: Accounts, person: Person) -> str:
    """Make a recovery code, after giving the passphrase again."""
    person.cookie = step_up.give_again(
        db=accounts.db, cookie=person.cookie, proof=PASSPHRASE, now=accounts.clock.now
    )
    return recovery.make_code(
        db=accounts.db, cookie=person.cookie, now=accounts.clock.now, memory_kib=MEMORY_KIB
    )


def type_back(accounts: Accounts, person: Person, code: str) -> None:
    recovery.type_back(db=accounts.db, cookie=person.cookie, code=code, now=accounts.clock.now)


def come_in(accounts: Accounts, person: Person, code: str) -> SignedIn:
    half = credentials.give_recovery_code(
        db=accounts.db,
        email=person.email,
        code=code,
        address="192.0.2.1",
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
    return accounts.give_code(half, person.app.code_at(accounts.clock.now))


def choose(accounts: Accounts, cookie: str, passphrase: str, current: str | None) -> None:
    recovery.choose_passphrase(
        db=accounts.db,
        cookie=cookie,
        passphrase=passphrase,
        current_passphrase=current,
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )


def openers(accounts: Accounts, person: Person) -> int:
    return teams.own_teams(db=accounts.db, actor=accounts.actor(person))[0].openers


def test_a_code_counts_as_a_second_way_in_once_it_was_typed_back(accounts: Accounts, cora: Person) -> None:
    sam = accounts.school(cora)
    code = make(accounts, sam)
    assert openers(accounts, sam) == 1
    with pytest.raises(Refused):
        type_back(accounts, sam, "wrong")
    type_back(accounts, sam, code.upper().replace("-", " "))
    assert openers(accounts, sam) == 2
    assert recovery.has_proven_code(db=accounts.db, cookie=sam.cookie, now=accounts.clock.now)


def test_in_the_neet_group_only_people_count(accounts: Accounts, cora: Person) -> None:
    type_back(accounts, cora, make(accounts, cora))
    assert openers(accounts, cora) == 1


def test_a_new_code_replaces_the_old_one_and_must_be_typed_back_again(
    accounts: Accounts, cora: Person
) -> None:
    old = make(accounts, cora)
    type_back(accounts, cora, old)
    make(accounts, cora)
    assert openers(accounts, cora) == 1
    with pytest.raises(Refused):
        come_in(accounts, cora, old)


def test_there_is_nothing_to_type_back_without_a_code(accounts: Accounts, cora: Person) -> None:
    with pytest.raises(NotFound):
        type_back(accounts, cora, "anything")


def test_whoever_forgot_their_passphrase_comes_in_by_the_code_and_chooses_a_new_one(
    accounts: Accounts, cora: Person
) -> None:
    code = make(accounts, cora)
    accounts.clock.wait(minutes=1)
    whole = come_in(accounts, cora, code)
    assert whole.choose_passphrase
    choose(accounts, whole.cookie, NEW, None)
    with pytest.raises(Refused):
        accounts.give_passphrase(cora)
    accounts.clock.wait(minutes=1)
    again = accounts.give_code(
        accounts.give_passphrase(cora, passphrase=NEW), cora.app.code_at(accounts.clock.now)
    )
    assert not again.choose_passphrase


def test_a_recovery_code_doesn_t_replace_the_second_factor(accounts: Accounts, cora: Person) -> None:
    half = credentials.give_recovery_code(
        db=accounts.db,
        email=cora.email,
        code=make(accounts, cora),
        address="192.0.2.1",
        now=accounts.clock.now,
        memory_kib=MEMORY_KIB,
    )
    assert half.stage == "half"
    with pytest.raises(NotAllowed):
        choose(accounts, half.cookie, NEW, None)


@pytest.mark.parametrize("email", ["cora@council.example", "nobody@council.example"])
def test_a_wrong_recovery_code_says_the_same_for_every_address(
    accounts: Accounts, cora: Person, email: str
) -> None:
    with pytest.raises(Refused) as refusal:
        credentials.give_recovery_code(
            db=accounts.db,
            email=email,
            code="2345-6789-abcd-efgh-jkmn-pqrs",
            address="192.0.2.1",
            now=accounts.clock.now,
            memory_kib=MEMORY_KIB,
        )
    assert refusal.value.message == credentials.WRONG["recovery"]


def test_choosing_a_passphrase_takes_the_present_one_and_ends_every_other_session(
    accounts: Accounts, cora: Person
) -> None:
    other = accounts.give_code(accounts.give_passphrase(cora), cora.app.code_at(accounts.clock.now)).cookie
    for wrong in (None, "", "wrong"):
        with pytest.raises(Refused) as refusal:
            choose(accounts, cora.cookie, NEW, wrong)
        assert "current_passphrase" in refusal.value.fields
    choose(accounts, cora.cookie, NEW, PASSPHRASE)
    assert sessions.resume(db=accounts.db, cookie=other, now=accounts.clock.now) is None
    assert accounts.actor(cora).teams


def test_a_recovery_code_asks_for_the_passphrase_or_a_code_again(accounts: Accounts, cora: Person) -> None:
    accounts.sign_in(cora)
    with pytest.raises(ProofNeeded):
        recovery.make_code(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now, memory_kib=MEMORY_KIB)
    assert make(accounts, cora)


def test_whoever_guesses_at_the_present_passphrase_in_an_open_session_is_signed_out(
    accounts: Accounts, cora: Person
) -> None:
    for _ in range(tries.MOST_OF_A_SESSION):
        with pytest.raises(Refused):
            choose(accounts, cora.cookie, NEW, "wrong")
    with pytest.raises(SessionEnded):
        choose(accounts, cora.cookie, NEW, PASSPHRASE)
    assert sessions.resume(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now) is None
    assert accounts.give_passphrase(cora).stage == "half", "the passphrase is still the old one"


def test_a_weak_passphrase_is_refused_at_its_field(accounts: Accounts, cora: Person) -> None:
    with pytest.raises(Refused) as refusal:
        choose(accounts, cora.cookie, "Ashdown Council", PASSPHRASE)
    assert "passphrase" in refusal.value.fields


def test_no_code_and_no_passphrase_lies_in_the_database(accounts: Accounts, cora: Person) -> None:
    code = make(accounts, cora)
    with accounts.db.read() as session:
        wrapped = "".join(row.wrapped for row in session.scalars(select(Unlock)))
    assert code not in wrapped
    assert "lantern" not in wrapped


def test_a_suggested_passphrase_is_strong_enough() -> None:
    recovery.require_strong(recovery.suggest_passphrase(), "Cora Council")
