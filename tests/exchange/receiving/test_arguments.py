"""What a receiving team asks for."""

from __future__ import annotations

from uuid import uuid4

import pytest

from transition_exchange.exchange.arguments import read, read_wanted
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.receiving.arguments import (
    Acknowledge,
    WantedPart,
    WantedRecords,
    WantedTeam,
)


def test_an_inbox_is_narrowed_by_states_that_there_are() -> None:
    assert read_wanted(WantedRecords(), {"state": "changed", "page": "2"}) == {
        "q": "",
        "state": "changed",
        "answer": "",
        "page": 2,
    }
    assert read_wanted(WantedRecords(), {"state": "recalled"})["state"] == ""


def test_a_team_that_is_none_is_the_first_one() -> None:
    team = uuid4()
    assert read_wanted(WantedTeam(), {"team": str(team)}) == {"team": team}
    assert read_wanted(WantedTeam(), {"team": "x"}) == {"team": None}


def test_ticked_records_are_acknowledged_by_their_ids() -> None:
    transfer = uuid4()
    asked = {"transfer": [str(transfer)]}
    assert read(Acknowledge(), asked) == {"transfer_ids": [transfer], "sure": False}
    assert read(Acknowledge(), asked | {"sure": "yes"})["sure"] is True
    with pytest.raises(NotFound):
        read(Acknowledge(), {"transfer": ["x"]})


def test_a_pack_has_a_part_of_each_owner_and_no_other() -> None:
    assert read_wanted(WantedPart(), {}) == {"part": "transition"}
    assert read_wanted(WantedPart(), {"part": "school_safeguarding"}) == {"part": "school_safeguarding"}
    with pytest.raises(NotFound):
        read_wanted(WantedPart(), {"part": "exams"})
