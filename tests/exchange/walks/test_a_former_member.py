"""Somebody who has left a team keeps its secret, every part key and a copy of the database, and can write to it.

They read nothing that is written after the team's key was changed, and receive no later pack.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.walks.former import Former
from tests.exchange.walks.former_writes import (
    FORGED,
    INVENTED,
    come_back,
    replace_the_newer_key,
    take_the_newer_key_away,
    write_in_their_teams_name,
)
from tests.exchange.walks.leaving import EVERYBODY, OFFICE, Area
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.queries import threads
from transition_exchange.exchange.records import ledgers, standings
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, Record, TeamKey, Transfer

WORK = ["save", "send", "write", "release", "add", "open", "ask", "answer"]


@pytest.fixture
def area(db: Database) -> Area:
    return Area.build(db)


@pytest.fixture
def record_id(area: Area) -> UUID:
    """A learner who was sent to the college before anybody left."""
    record_id = area.world.add()
    area.world.fill(record_id)
    assert area.work(record_id) == WORK
    return record_id


@pytest.fixture
def jo(area: Area, record_id: UUID) -> Former:
    """Who has left the school's team. Its key was changed, and Sam and Robin have the new one."""
    former = area.leave("jo", by="lee")
    area.change("lee", OFFICE)
    area.sign_in("sam", "robin")
    return former


def test_they_open_nothing_that_is_made_after_the_change(area: Area, record_id: UUID, jo: Former) -> None:
    kit = area.leave("kit", by="nia")
    assert area.work(record_id) == WORK
    assert not jo.opens()
    assert kit.opens(), "until the key is changed"
    area.change("nia", EVERYBODY)
    area.confirm(area.team("nia", EVERYBODY))
    area.take("ned")
    area.accounts.sign_in(area.people["ned"])
    kit = Former.of(area, kit.actor)
    area.sign_in()
    area.world.attach(record_id)
    area.carry_on("sam", "nia")
    area.sign_in()
    assert area.work(record_id) == WORK
    assert not jo.opens()
    assert not kit.opens()


def _believed(area: Area, secret: TeamSecret) -> set[str]:
    """Who trusts a key of theirs, whatever row it stands in."""
    believers = set()
    for name, actor in area.there.items():
        with area.db.read() as session:
            trust = trust_of(session, actor)
            for key in session.scalars(select(TeamKey).where(TeamKey.kem_public == secret.kem.public)):
                if trust.known(session, key) is not None:
                    believers.add(name)
    return believers


def _writes(jo: Former, thief: TeamSecret) -> dict[str, Callable[[], None]]:
    """What they do to the rows of keys."""
    return {
        "replaced": lambda: replace_the_newer_key(jo, thief, removed=[]),
        "replaced after a removal": lambda: replace_the_newer_key(jo, thief, removed=[jo.team.id]),
        "taken away": lambda: take_the_newer_key_away(jo),
    }


@pytest.mark.parametrize("finished", [True, False])
def test_who_has_signed_in_since_believes_nothing_that_they_write(
    area: Area, record_id: UUID, jo: Former, finished: bool
) -> None:
    if finished:
        area.carry_on("sam")
    area.sign_in()
    thief = TeamSecret.generate()
    for write in _writes(jo, thief).values():
        with area.undone():
            write()
            area.sign_in()
            assert "save" not in area.work(record_id), "the team's own members stop"
            assert (jo.opens(thief), _believed(area, thief)) == (set(), set())
    with area.undone():
        come_back(jo)
        area.accounts.sign_in(area.people["jo"])
        assert OFFICE not in {team.name for team in area.actor("jo").teams}
        assert area.work(record_id) == WORK
        assert not jo.opens(thief)
    write_in_their_teams_name(jo, record_id)
    area.sign_in()
    area.work(record_id)
    assert not jo.opens(thief)
    if finished:
        asked = threads.queries(db=area.db, actor=area.actor("nia"))
        assert FORGED not in {message.text for query in asked for message in query.messages}
        assert ledgers.unchecked(db=area.db, actor=area.actor("nia")) == 1
        with area.db.read() as session:
            for transfer in session.scalars(select(Transfer).where(Transfer.record_id != record_id)):
                standing = standings.standing_of(
                    session,
                    trust=trust_of(session, area.actor("ada")),
                    record=session.get_one(Record, transfer.record_id),
                    transfer=transfer,
                )
                assert standing.told == "unsigned"
    met = {known.name for actor in area.there.values() for known in actor.address_book.colleagues.values()}
    assert INVENTED not in met
    assert "Robin Reed" in met


def test_who_has_not_signed_in_since_believes_no_more_than_the_documents_say(
    area: Area, record_id: UUID, jo: Former
) -> None:
    """Lee made the key and Sam and Robin took it: they stop. Ada, Nia, Ned and Cora have not been here since.

    What Nia asks the school's team goes to the key that she finds there. This stands in docs/trust.md.
    """
    area.carry_on("sam")
    thief = TeamSecret.generate()
    for name, write in _writes(jo, thief).items():
        with area.undone():
            write()
            area.refresh()
            assert {"save", "send", "answer"}.isdisjoint(area.work(record_id))
            assert {what.split()[0] for what in jo.opens(thief)} <= {"question", "message"}, name
            assert _believed(area, thief) <= {"ada", "nia", "ned", "cora"}, name


def test_an_invitation_put_back_lets_nobody_into_the_team(area: Area, record_id: UUID) -> None:
    """They know its five words, and somebody whom they know has its link."""
    invited = area.accounts.invite(area.people["lee"], "Nora New", OFFICE)
    jo = area.leave("jo", by="lee")
    area.change("lee", OFFICE)
    area.sign_in("sam", "robin")
    (row,) = [row for row in jo.copy["invitations"] if row["id"] == invited.invitation_id]
    with area.db.write() as session:
        session.execute(update(Invitation).where(Invitation.id == row["id"]).values(**row))
    assert invited.spoken_code is not None
    nora = area.accounts.join(area.accounts.link(invited.invitation_id), invited.spoken_code, "Nora New")
    assert [team.name for team in area.accounts.actor(nora).without_key] == [OFFICE]
    area.sign_in("sam", "lee", "ada")
    for name in ("sam", "lee", "ada"):
        colleagues = area.actor(name).address_book.colleagues.values()
        assert "Nora New" not in {known.name for known in colleagues}
