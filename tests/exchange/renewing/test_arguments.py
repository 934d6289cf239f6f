"""What the pages about keys send is read as text and ids, and nothing else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from transition_exchange.exchange.arguments import read
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.renewing.arguments import ChangeKey, Compared


def test_who_gets_the_key_is_a_list_of_ids() -> None:
    one, other = uuid4(), uuid4()
    assert read(ChangeKey(), {"person": [str(one), str(other)], "seen": "abc"}) == {
        "hand_to": [one, other],
        "seen": "abc",
    }
    assert list(read(ChangeKey(), {"person": []})["hand_to"]) == []


def test_an_id_that_no_page_sent_is_not_there() -> None:
    with pytest.raises(NotFound):
        read(ChangeKey(), {"person": ["Robin"]})


def test_what_was_seen_is_text() -> None:
    assert read(Compared(), {"seen": "abc"}) == {"seen": "abc"}
    assert read(Compared(), {}) == {"seen": ""}
