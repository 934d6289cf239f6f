"""Security numbers, compared by telephone and confirmed for the whole area."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.exchange.people import Accounts, Person
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.keys.readiness import believed_key
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.organisations import teams
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import TeamKey


def test_a_key_counts_once_the_neet_group_confirmed_its_number(accounts: Accounts) -> None:
    cora = accounts.found()
    sam, nia = accounts.school(cora), accounts.college(cora)
    college = accounts.actor(nia).require("admissions")
    with accounts.db.read() as session:
        assert believed_key(session, trust_of(session, accounts.actor(sam)), college.id) is None
    shown = confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=college.id)
    assert shown.spoken == confirming.own_number(actor=accounts.actor(nia), team_id=college.id)
    confirming.confirm(
        db=accounts.db, actor=accounts.actor(cora), team_id=college.id, fingerprint=shown.fingerprint
    )
    with accounts.db.read() as session:
        believed = believed_key(session, trust_of(session, accounts.actor(sam)), college.id)
        assert believed is not None
        assert believed.id == college.key_id


def test_a_key_that_changed_since_the_page_was_opened_is_not_confirmed(accounts: Accounts) -> None:
    cora = accounts.found()
    college = accounts.actor(accounts.college(cora)).require("admissions")
    shown = confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=college.id)
    other = TeamSecret.generate()
    with accounts.db.write() as session:
        row = session.get_one(TeamKey, college.key_id)
        row.kem_public, row.signing_public = other.kem.public, other.signing.public
    with pytest.raises(Refused):
        confirming.confirm(
            db=accounts.db, actor=accounts.actor(cora), team_id=college.id, fingerprint=shown.fingerprint
        )


def test_only_the_neet_group_confirms_and_only_keys_of_its_area(
    accounts: Accounts, cora: Person, sam: Person
) -> None:
    own = accounts.actor(sam).teams[0].id
    with pytest.raises(NotAllowed):
        confirming.number_of(db=accounts.db, actor=accounts.actor(sam), team_id=own)
    with pytest.raises(NotAllowed):
        confirming.confirm(db=accounts.db, actor=accounts.actor(sam), team_id=own, fingerprint="")
    with pytest.raises(NotFound):
        confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=uuid4())


def test_a_team_without_a_key_has_no_number(accounts: Accounts, cora: Person, sam: Person) -> None:
    listed = teams.own_teams(db=accounts.db, actor=accounts.actor(sam))
    safeguarding = next(each for each in listed if each.team_name == "Safeguarding")
    with pytest.raises(NotFound):
        confirming.number_of(db=accounts.db, actor=accounts.actor(cora), team_id=safeguarding.team_id)
    with pytest.raises(NotFound):
        confirming.own_number(actor=accounts.actor(sam), team_id=safeguarding.team_id)
