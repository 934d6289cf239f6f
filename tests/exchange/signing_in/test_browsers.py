"""Where one is signed in: listed, and ended by nobody but the person and their administrator."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.exchange.chains import events_of
from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import NotAllowed, NotFound
from transition_exchange.exchange.signing_in import browsers, devices, ending
from transition_exchange.exchange.signing_in.browsers import Browsers
from transition_exchange.exchange.signing_in.devices import Browser


@pytest.fixture
def cora(accounts: Accounts) -> Person:
    """Somebody who is signed in at the office, where no code is needed, and on a telephone."""
    person = accounts.found()
    ending.sign_out(db=accounts.db, cookie=person.cookie, now=accounts.clock.now)
    accounts.clock.wait(minutes=1)
    half = accounts.give_passphrase(person)
    telephone = Browser(words="Safari on an iPhone", session=half.cookie)
    accounts.give_code(half, person.backup_codes[0], browser=telephone)
    accounts.clock.wait(minutes=1)
    return accounts.sign_in(person, remember=True, browser=Browser(words="Firefox on Windows"))


def own(accounts: Accounts, person: Person) -> Browsers:
    return browsers.own_browsers(db=accounts.db, actor=accounts.actor(person), now=accounts.clock.now)


def test_it_lists_open_sessions_and_known_browsers_in_words(accounts: Accounts, cora: Person) -> None:
    found = own(accounts, cora)
    assert [(session.browser, session.current) for session in found.sessions] == [
        ("Firefox on Windows", True),
        ("Safari on an iPhone", False),
    ]
    assert found.sessions[1].began_at == accounts.clock.now - timedelta(minutes=1)
    assert [(known.browser, known.current, known.no_code_until) for known in found.known][:2] == [
        ("Firefox on Windows", True, accounts.clock.now + devices.REMEMBERED_FOR),
        ("Safari on an iPhone", False, None),
    ]


def test_what_has_expired_is_not_listed(accounts: Accounts, cora: Person) -> None:
    accounts.give_passphrase(cora)
    assert len(own(accounts, cora).sessions) == 2, "a half session is none yet"
    accounts.clock.wait(minutes=29)
    assert own(accounts, cora).sessions[0].browser == "Firefox on Windows"
    accounts.clock.wait(minutes=2)
    assert [session.current for session in own(accounts, cora).sessions] == [True]


def test_a_session_is_ended_at_once_and_only_by_its_own_person(accounts: Accounts, cora: Person) -> None:
    other = own(accounts, cora).sessions[1]
    sam = accounts.school(cora)
    for actor, session_id in ((accounts.actor(sam), other.id), (accounts.actor(cora), "nonsense")):
        with pytest.raises(NotFound):
            browsers.end_session(db=accounts.db, actor=actor, session_id=session_id)
    browsers.end_session(db=accounts.db, actor=accounts.actor(cora), session_id=other.id)
    assert [session.current for session in own(accounts, cora).sessions] == [True]
    assert events_of(accounts.db, accounts.actor(cora).organisation_id)[-1].kind == "session.ended"


def test_every_other_session_is_ended_together(accounts: Accounts, cora: Person) -> None:
    accounts.give_code(accounts.give_passphrase(cora), cora.backup_codes[1])
    assert browsers.end_other_sessions(db=accounts.db, actor=accounts.actor(cora)) == 2
    assert browsers.end_other_sessions(db=accounts.db, actor=accounts.actor(cora)) == 0
    assert [session.current for session in own(accounts, cora).sessions] == [True]


def test_a_forgotten_browser_needs_a_code_and_its_session_goes_on(accounts: Accounts, cora: Person) -> None:
    here = own(accounts, cora).known[0]
    sam = accounts.school(cora)
    for actor, device_id in ((accounts.actor(sam), here.id), (accounts.actor(cora), uuid4())):
        with pytest.raises(NotFound):
            browsers.forget_browser(db=accounts.db, actor=actor, device_id=device_id)
    browsers.forget_browser(db=accounts.db, actor=accounts.actor(cora), device_id=here.id)
    assert own(accounts, cora).sessions[0].current
    assert here.id not in [known.id for known in own(accounts, cora).known]
    assert accounts.give_passphrase(cora, browser=Browser(known=cora.browser.known)).stage == "half"


def test_an_administrator_counts_the_sessions_of_their_own_people_only(
    accounts: Accounts, cora: Person
) -> None:
    sam = accounts.school(cora)
    alex = accounts.colleague(sam, "Alex Aide", "SEND and transition")

    def count(by: Person, of: Person) -> int:
        return browsers.count_of_sessions(
            db=accounts.db,
            actor=accounts.actor(by),
            principal_id=accounts.row(of).id,
            now=accounts.clock.now,
        )

    assert (count(sam, alex), count(cora, cora)) == (1, 2)
    with pytest.raises(NotFound):
        count(sam, cora)
    with pytest.raises(NotAllowed):
        count(alex, sam)
