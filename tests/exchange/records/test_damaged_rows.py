"""What goes on past damage, and what does not."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from transition_exchange.exchange.errors import NotReady
from transition_exchange.exchange.records.damaged_rows import DAMAGED, past_damage


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_row_is_counted_and_the_others_are_made_in_order(damage: type[Exception]) -> None:
    ids = [uuid4() for _ in range(4)]

    def make(row_id: UUID) -> UUID | None:
        if row_id == ids[1]:
            raise damage("somebody has to join first") if damage is NotReady else damage
        return None if row_id == ids[2] else row_id

    assert past_damage(ids, make) == ([ids[0], ids[3]], 1)


def test_a_fault_of_the_program_is_not_taken_for_damage() -> None:
    def make(row_id: UUID) -> UUID:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        past_damage([uuid4()], make)
