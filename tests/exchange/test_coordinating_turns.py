"""Whose turn it is before a pack goes out follows the rule by which packs go out, and names no provider wrongly."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.exchange.answers import complete, destination
from tests.exchange.coordinators import look, only, waits
from tests.exchange.world import World
from transition_exchange.exchange.coordinating.settings import change_settings
from transition_exchange.exchange.sending.planning import plan
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma.destinations import STATUS_ORDER, far_enough


def filled_with(world: World, *rows: dict[str, object]) -> UUID:
    """A complete record with these destinations."""
    record_id = world.add()
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    answers = complete(list(rows))
    answers["learner"] |= draft.answers["learner"]
    world.save(record_id, answers)
    return record_id


def goes(world: World, record_id: UUID) -> bool:
    """Whether sending would do anything now."""
    planned = plan(db=world.db, actor=world.senco, record_id=record_id, today=world.today)
    return any(provider.goes for provider in planned.providers)


def test_a_provider_is_known_by_its_id_whatever_name_the_form_has(world: World) -> None:
    record_id = filled_with(world, destination(world.college.id, "Northway (Riverside campus)"))
    assert waits(only(world)) == ["School to send it"]
    assert look(world, provider=world.college.id).total == 1
    assert goes(world, record_id)


def test_a_provider_of_the_same_name_outside_this_exchange_is_not_taken_for_ours(world: World) -> None:
    record_id = filled_with(world, destination(None, "Northway College"))
    assert waits(only(world)) == []
    assert look(world, provider=world.college.id).total == 0
    assert not goes(world, record_id)


def test_an_apprenticeship_at_a_provider_of_this_exchange_can_be_sent(world: World) -> None:
    record_id = filled_with(world, destination(world.college.id, "Northway College", kind="apprenticeship"))
    assert waits(only(world)) == ["School to send it"]
    assert goes(world, record_id)


@pytest.mark.parametrize("send_at", ["unconditional", "allocated", "accepted"])
def test_lists_and_sending_agree_on_when_a_pack_goes(world: World, send_at: str) -> None:
    administrator = world.person("administrator", "Ashdown Council", administrator=True)
    change_settings(db=world.db, actor=administrator, send_at=send_at, keep_months=12, term_starts=None)
    for status in STATUS_ORDER:
        row = destination(world.college.id, "Northway College", status=status)
        record_id = filled_with(world, row)
        expected = far_enough(row, send_at)
        assert goes(world, record_id) == expected, status
        lines = {line.record_id: line for line in look(world).lines}
        assert ("School to send it" in waits(lines[record_id])) == expected, status
