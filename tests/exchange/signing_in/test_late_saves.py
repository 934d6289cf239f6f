"""A form that was sent after its session had ended: sealed for a day, and offered after the next sign-in."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.exchange.people import PASSPHRASE, Accounts, Person
from transition_exchange.exchange.errors import NotFound, Tampered
from transition_exchange.exchange.signing_in import ending, late_saves, sessions, step_up, sweeping
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.store.models import LateSave, SignInSession

FORM = {"learner.preferred_name": ["Sam"], "sen.needs": ["asd", "slcn"]}


def keep(accounts: Accounts, cookie: str) -> bool:
    return late_saves.keep(
        db=accounts.db, cookie=cookie, path="/learners/1/support", form=FORM, now=accounts.clock.now
    )


def test_what_came_too_late_is_offered_after_the_next_sign_in(accounts: Accounts, cora: Person) -> None:
    late = cora.cookie
    accounts.clock.wait(minutes=45)
    assert keep(accounts, late)
    accounts.sign_in(cora)
    (waiting,) = late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now)
    opened = late_saves.open_late_save(
        db=accounts.db, cookie=cora.cookie, late_save_id=waiting.id, now=accounts.clock.now
    )
    assert (opened.path, opened.form) == ("/learners/1/support", FORM)
    late_saves.drop(db=accounts.db, actor=accounts.actor(cora), late_save_id=waiting.id)
    assert late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now) == ()


def test_a_session_whose_cookie_was_renewed_keeps_what_comes_too_late(
    accounts: Accounts, cora: Person
) -> None:
    cora.cookie = step_up.give_again(
        db=accounts.db, cookie=cora.cookie, proof=PASSPHRASE, now=accounts.clock.now
    )
    late = cora.cookie
    accounts.clock.wait(minutes=45)
    assert keep(accounts, late)
    accounts.sign_in(cora)
    (waiting,) = late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now)
    opened = late_saves.open_late_save(
        db=accounts.db, cookie=cora.cookie, late_save_id=waiting.id, now=accounts.clock.now
    )
    assert opened.form == FORM


def test_what_came_too_late_is_sealed(accounts: Accounts, cora: Person) -> None:
    accounts.clock.wait(minutes=45)
    keep(accounts, cora.cookie)
    with accounts.db.read() as session:
        row = session.scalars(select(LateSave)).one()
    assert b"Sam" not in row.sealed
    assert b"preferred" not in row.sealed


def test_what_came_too_late_is_gone_after_a_day(accounts: Accounts, cora: Person) -> None:
    accounts.clock.wait(minutes=45)
    keep(accounts, cora.cookie)
    accounts.clock.wait(hours=24)
    accounts.sign_in(cora)
    assert late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now) == ()
    sweeping.sweep(db=accounts.db, now=accounts.clock.now)
    with accounts.db.read() as session:
        assert session.scalars(select(LateSave)).all() == []


def test_nobody_else_opens_what_came_too_late(accounts: Accounts, cora: Person) -> None:
    sam = accounts.school(cora)
    late = cora.cookie
    accounts.clock.wait(minutes=45)
    keep(accounts, late)
    accounts.sign_in(sam)
    with accounts.db.read() as session:
        row = session.scalars(select(LateSave)).one()
    for id in (row.id, uuid4()):
        with pytest.raises(NotFound):
            late_saves.open_late_save(
                db=accounts.db, cookie=sam.cookie, late_save_id=id, now=accounts.clock.now
            )
        with pytest.raises(NotFound):
            late_saves.drop(db=accounts.db, actor=accounts.actor(sam), late_save_id=id)
    accounts.sign_in(cora)
    assert late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now)


def test_of_many_those_are_dropped_that_are_there_and_ones_own(accounts: Accounts, cora: Person) -> None:
    sam = accounts.school(cora)
    late = cora.cookie
    accounts.clock.wait(minutes=45)
    keep(accounts, late)
    accounts.sign_in(cora)
    (waiting,) = late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now)
    ids = [uuid4(), waiting.id, *(uuid4() for _ in range(50))]
    accounts.sign_in(sam)
    assert late_saves.drop_all(db=accounts.db, actor=accounts.actor(sam), late_save_ids=ids) == 0
    assert late_saves.drop_all(db=accounts.db, actor=accounts.actor(cora), late_save_ids=ids) == 1
    assert late_saves.drop_all(db=accounts.db, actor=accounts.actor(cora), late_save_ids=ids) == 0


def test_where_a_late_save_was_sent_and_how_long_it_is_stand_in_no_column(
    accounts: Accounts, cora: Person
) -> None:
    """A thief would learn on which page of which learner's form there was something to write."""
    accounts.clock.wait(minutes=45)
    path = "/learners/1/pages/ehc-plan?from=zebrafinch"
    for form in ({"short": ["x"]}, {"short": ["x" * 200]}):
        assert late_saves.keep(
            db=accounts.db, cookie=cora.cookie, path=path, form=form, now=accounts.clock.now
        )
    with accounts.db.read() as session:
        rows = session.execute(select(LateSave.__table__)).mappings().all()
    assert not [value for row in rows for value in row.values() if "ehc-plan" in str(value)]
    assert len({len(row["sealed"]) for row in rows}) == 1


def test_one_late_save_cannot_stand_in_for_another(accounts: Accounts, cora: Person) -> None:
    accounts.clock.wait(minutes=45)
    keep(accounts, cora.cookie)
    keep(accounts, cora.cookie)
    with accounts.db.write() as session:
        one, other = session.scalars(select(LateSave))
        one.sealed = other.sealed
        swapped = one.id
    accounts.sign_in(cora)
    with pytest.raises(Tampered):
        late_saves.open_late_save(
            db=accounts.db, cookie=cora.cookie, late_save_id=swapped, now=accounts.clock.now
        )


def test_nothing_is_kept_by_the_cookie_of_whoever_signed_out_or_was_never_in(
    accounts: Accounts, cora: Person
) -> None:
    half = accounts.give_passphrase(cora)
    ending.sign_out(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    for cookie in (cora.cookie, half.cookie, SessionToken.new().cookie, "nonsense"):
        assert not keep(accounts, cookie)


def test_what_is_left_behind_keeps_for_an_hour_and_opens_nothing(accounts: Accounts, cora: Person) -> None:
    left = ending.sign_out(db=accounts.db, cookie=cora.cookie, now=accounts.clock.now)
    assert left
    assert sessions.resume(db=accounts.db, cookie=left, now=accounts.clock.now) is None
    with accounts.db.read() as session:
        assert session.get_one(SignInSession, SessionToken.from_cookie(left).id).wrapped_key is None
    accounts.clock.wait(minutes=59)
    assert keep(accounts, left)
    accounts.clock.wait(minutes=2)
    assert not keep(accounts, left)
    accounts.sign_in(cora)
    (waiting,) = late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now)
    opened = late_saves.open_late_save(
        db=accounts.db, cookie=cora.cookie, late_save_id=waiting.id, now=accounts.clock.now
    )
    assert opened.why == "session"
    assert ending.sign_out(db=accounts.db, cookie=left, now=accounts.clock.now) is None


def test_no_more_is_kept_than_a_person_could_have_typed(accounts: Accounts, cora: Person) -> None:
    large = {"field": ["x" * late_saves.LARGEST]}
    assert not late_saves.keep(
        db=accounts.db, cookie=cora.cookie, path="/", form=large, now=accounts.clock.now
    )
    kept = [keep(accounts, cora.cookie) for _ in range(late_saves.MOST_OF_ONE_PERSON + 1)]
    assert kept == [True] * late_saves.MOST_OF_ONE_PERSON + [False]


def test_nothing_is_sealed_to_a_key_that_somebody_put_into_the_database(
    accounts: Accounts, cora: Person
) -> None:
    """The writer has a session of their own, and puts its keys, or its whole row, in the place of the SENCO's."""
    sam = accounts.school(cora)
    ids = [SessionToken.from_cookie(person.cookie).id for person in (cora, sam)]
    with accounts.db.write() as session:
        victim, own = (session.get_one(SignInSession, session_id) for session_id in ids)
        victim.late_keys = own.late_keys
    accounts.clock.wait(minutes=45)
    assert not keep(accounts, cora.cookie)
    with accounts.db.write() as session:
        session.get_one(SignInSession, ids[0]).principal_id = own.principal_id
    assert not keep(accounts, cora.cookie)
    with accounts.db.read() as session:
        assert session.scalars(select(LateSave)).all() == []


def test_a_row_that_names_another_person_changes_nothing(accounts: Accounts, cora: Person) -> None:
    """The keys say whose session it was."""
    sam = accounts.school(cora)
    with accounts.db.write() as session:
        row = session.get_one(SignInSession, SessionToken.from_cookie(cora.cookie).id)
        row.principal_id = accounts.actor(sam).principal_id
    accounts.clock.wait(minutes=45)
    assert keep(accounts, cora.cookie)
    accounts.sign_in(cora)
    (waiting,) = late_saves.waiting(db=accounts.db, actor=accounts.actor(cora), now=accounts.clock.now)
    opened = late_saves.open_late_save(
        db=accounts.db, cookie=cora.cookie, late_save_id=waiting.id, now=accounts.clock.now
    )
    assert opened.form == FORM


def test_what_somebody_put_in_the_place_of_a_late_save_is_not_shown(accounts: Accounts, cora: Person) -> None:
    sam = accounts.school(cora)
    accounts.clock.wait(minutes=45)
    for person in (cora, sam):
        assert keep(accounts, person.cookie)
    accounts.sign_in(cora)
    actor = accounts.actor(cora)
    with accounts.db.write() as session:
        own = session.scalars(select(LateSave).where(LateSave.principal_id == actor.principal_id)).one()
        other = session.scalars(select(LateSave).where(LateSave.principal_id != actor.principal_id)).one()
        own.sealed = other.sealed
    with pytest.raises(Tampered):
        late_saves.open_late_save(
            db=accounts.db, cookie=cora.cookie, late_save_id=own.id, now=accounts.clock.now
        )
