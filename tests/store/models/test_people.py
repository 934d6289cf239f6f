"""What the tables of people refuse, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.store.rows import organisation, principal, team, team_key
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Invitation,
    LateSave,
    Membership,
    Principal,
    SignInSession,
    Unlock,
)


def test_an_address_is_stored_in_lower_case_and_once(db: Database) -> None:
    school = organisation(db)
    with pytest.raises(IntegrityError, match="email_lower"), db.write() as session:
        principal(session, school, "A.Person@example.org")
    with db.write() as session:
        principal(session, school, "a.person@example.org")
    with pytest.raises(IntegrityError), db.write() as session:
        principal(session, school, "a.person@example.org")


def test_somebody_is_in_a_team_once_for_each_key_until_they_are_removed(db: Database) -> None:
    school = organisation(db)
    with db.write() as session:
        person, group = principal(session, school), team(session, school, "transition")
        keys = [team_key(session, group.id, version) for version in (1, 2)]
        first = Membership(principal_id=person.id, team_id=group.id, team_key_id=keys[0].id, sealed=b"")
        session.add_all(
            [first, Membership(principal_id=person.id, team_id=group.id, team_key_id=keys[1].id, sealed=b"")]
        )
    ids = {"principal_id": person.id, "team_id": group.id, "team_key_id": keys[0].id}
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(Membership(**ids, sealed=b""))
    with db.write() as session:
        session.get_one(Membership, first.id).removed_at = utc_now()
    with db.write() as session:
        session.add(Membership(**ids, sealed=b""))


def test_no_two_invitations_have_the_same_link(db: Database) -> None:
    school = organisation(db)
    about = {"organisation_id": school, "expires_at": utc_now()}
    with db.write() as session:
        session.add_all([Invitation(**about), Invitation(**about), Invitation(**about, link_digest="d" * 64)])
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(Invitation(**about, link_digest="d" * 64))


def test_unlocks_sessions_and_late_saves_go_with_the_person(db: Database) -> None:
    school = organisation(db)
    with db.write() as session:
        person = principal(session, school)
        session.add_all(
            [
                Unlock(principal_id=person.id, kind="passphrase", wrapped="{}"),
                SignInSession(id="s" * 64, principal_id=person.id, stage="full"),
                LateSave(principal_id=person.id, sealed=b"", expires_at=utc_now()),
            ]
        )
    with db.write() as session:
        session.delete(session.get_one(Principal, person.id))
    with db.read() as session:
        for table in (Unlock, SignInSession, LateSave):
            assert session.scalars(select(table)).all() == []


@pytest.mark.parametrize(("table", "column"), [(Unlock, "kind"), (SignInSession, "stage")])
def test_a_word_that_is_not_known_is_refused(
    db: Database, table: type[Unlock | SignInSession], column: str
) -> None:
    school = organisation(db)
    rest = {"wrapped": "{}"} if table is Unlock else {"id": "s" * 64}
    with db.write() as session:
        person = principal(session, school)
    with pytest.raises(IntegrityError, match=f"ck_{table.__tablename__}_{column}"), db.write() as session:
        session.add(table(principal_id=person.id, **{column: "whatever"}, **rest))
