"""The sample area is built by the same actions as a real one, and everybody in it can do their part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.exchange.world import InstantRenderer
from transition_exchange.exchange.receiving.inbox import inbox
from transition_exchange.exchange.signing_in import credentials, sessions
from transition_exchange.exchange.writing.learner_list import learners as learners_of
from transition_exchange.sample.area.accounts import NOT_CONFIRMED, NOT_JOINED, PEOPLE
from transition_exchange.sample.area.area import BuiltArea, build
from transition_exchange.sample.organisations import BY_KEY
from transition_exchange.store import chain
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Area,
    Organisation,
    OutboxMail,
    Principal,
    Receipt,
    Record,
    SignInSession,
    Transfer,
)

COUNT = 60


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, BuiltArea]]:
    """A small sample area, built once for the tests of this file."""
    path: Path = tmp_path_factory.mktemp("area") / "sample.sqlite3"
    db = Database(f"sqlite:///{path}")
    db.create()
    yield db, build(db, renderer=InstantRenderer(), count=COUNT, memory_kib=1_024)
    db.dispose()


def test_organisations_people_and_learners_are_there(built: tuple[Database, BuiltArea]) -> None:
    db, area = built
    with db.read() as session:
        assert session.scalars(select(Area.sample)).one()
        assert session.scalar(select(func.count()).select_from(Organisation)) == 22
        assert session.scalar(select(func.count()).select_from(Principal)) == len(PEOPLE) <= 26
        assert session.scalar(select(func.count()).select_from(Record)) == COUNT == area.learners
        assert set(session.scalars(select(Record.version))) == {"core/2026.1", "core/2027.1"}


def test_everybody_signs_in_with_the_passphrase_that_is_printed(built: tuple[Database, BuiltArea]) -> None:
    db, area = built
    for account in area.accounts:
        signed_in = credentials.give_passphrase(
            db=db,
            email=account.email,
            passphrase=account.passphrase,
            address="127.0.0.1",
            demo=True,
            memory_kib=1_024,
        )
        assert signed_in.stage == "full", account.email
        resumed = sessions.resume(db=db, cookie=signed_in.cookie)
        assert resumed is not None
        assert resumed.actor is not None
        assert resumed.actor.teams, account.email
        if resumed.actor.team_for("transition"):
            assert learners_of(db=db, actor=resumed.actor)
        if resumed.actor.team_for("admissions") and account.organisation == "Three Rivers College Group":
            assert inbox(db=db, actor=resumed.actor)


def test_packs_went_out_and_came_to_every_state_there_is_an_action_for(
    built: tuple[Database, BuiltArea],
) -> None:
    db, area = built
    with db.read() as session:
        states = Counter(session.scalars(select(Transfer.state)))
        going = set(
            session.scalars(select(Organisation.name).join(Transfer, Transfer.provider_id == Organisation.id))
        )
    assert states.total() >= area.transfers > 10
    assert {"acknowledged", "recalled"} <= set(states)
    assert not {BY_KEY[NOT_JOINED].name, BY_KEY[NOT_CONFIRMED].name} & going


def test_some_packs_were_opened_and_some_only_given_out(built: tuple[Database, BuiltArea]) -> None:
    db, _ = built
    with db.read() as session:
        receipts = session.scalars(select(Receipt)).all()
    assert any(receipt.opened_at and not receipt.given_out_at for receipt in receipts)
    assert any(receipt.given_out_at and not receipt.opened_at for receipt in receipts)


def test_nothing_is_left_over_and_every_chain_of_events_is_whole(built: tuple[Database, BuiltArea]) -> None:
    db, _ = built
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0
        assert not session.scalars(select(SignInSession.id).where(SignInSession.stage == "half")).all()
        for organisation_id in session.scalars(select(Organisation.id)).all():
            chain.verify(session, organisation_id)


def test_the_database_says_nothing_about_anybody(built: tuple[Database, BuiltArea]) -> None:
    db, _ = built
    assert db.url.database is not None
    content = Path(db.url.database).read_bytes()
    for telling in (b"Down syndrome", b"07700 900", b"legal_surname", b"dyslexia"):
        assert telling not in content
