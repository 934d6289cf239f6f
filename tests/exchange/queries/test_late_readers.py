"""A team of the school that becomes ready later gets the questions of before from a team that holds them."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.exchange.world import SentRecord, World
from tests.exchange.writing.late import LateTeams, add_late_teams, confirm
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.queries.late_readers import pass_on
from transition_exchange.exchange.queries.messages import UNREADABLE
from transition_exchange.store.models import QueryKeyring, QueryMessage


@pytest.fixture
def late(world: World, sent: SentRecord, query_id: UUID) -> LateTeams:
    """Two teams that were confirmed after the question was asked."""
    late = add_late_teams(world)
    confirm(world, late.office, late.second)
    return late


def _texts(world: World, late: LateTeams) -> list[str]:
    [query] = threads.queries(db=world.db, actor=late.clerk)
    return [message.text for message in query.messages]


def test_a_member_passes_older_questions_on_and_the_late_team_answers(
    world: World, late: LateTeams, query_id: UUID
) -> None:
    assert _texts(world, late) == [UNREADABLE]
    assert pass_on(db=world.db, actor=world.senco, limit=0) == 1
    assert pass_on(db=world.db, actor=late.clerk, limit=0) == 0, "it holds nothing to pass on"
    assert pass_on(db=world.db, actor=world.senco) == 0
    assert _texts(world, late) == ["What helps?"]
    asking.reply(db=world.db, actor=late.clerk, query_id=query_id, text="The 22.")
    assert pass_on(db=world.db, actor=world.senco, limit=0) == 0


def test_nothing_is_passed_on_to_a_team_that_answers_for_other_sections(
    world: World, late: LateTeams, query_id: UUID
) -> None:
    pass_on(db=world.db, actor=world.senco)
    with world.db.read() as session:
        teams = set(session.scalars(select(QueryKeyring.team_id)))
    assert late.second.row.id not in teams
    assert pass_on(db=world.db, actor=world.safeguarding_lead, limit=0) == 0
    assert pass_on(db=world.db, actor=world.other_senco, limit=0) == 0
    assert pass_on(db=world.db, actor=world.college_support, limit=0) == 0


def test_a_message_that_is_not_what_was_written_is_not_passed_on_and_is_counted(
    world: World, sent: SentRecord, late: LateTeams, query_id: UUID
) -> None:
    second = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=sent.transfer_id, text="Which bus?"
    )
    with world.db.write() as session:
        session.execute(update(QueryMessage).where(QueryMessage.query_id == query_id).values(sealed=b"\x01"))
    failed: list[UUID] = []
    assert pass_on(db=world.db, actor=world.senco, failed=failed) == 1
    assert failed == [query_id]
    assert second not in failed
