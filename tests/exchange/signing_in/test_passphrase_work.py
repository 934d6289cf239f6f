"""Whoever finds no place is told to come again, in the same words whoever they are."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.sealing.few_places import few_places
from transition_exchange.exchange.errors import Busy
from transition_exchange.exchange.signing_in.passphrase_work import place_for, place_for_stranger


def test_a_stranger_waits_for_nothing_and_a_known_person_has_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    with few_places(monkeypatch), place_for_stranger("192.0.2.1", kib=64):
        with pytest.raises(Busy) as busy, place_for_stranger("192.0.2.2", kib=64):
            pass
        assert busy.value.retry_after > 0
        assert "192.0.2.2" not in str(busy.value)
        with place_for(uuid4()), pytest.raises(Busy), place_for(uuid4()):
            pass


def test_one_person_holds_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    person_id = uuid4()
    with few_places(monkeypatch, own=4), place_for(person_id), pytest.raises(Busy), place_for(person_id):
        pass


def test_an_error_of_the_work_itself_comes_out_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with few_places(monkeypatch), pytest.raises(ZeroDivisionError), place_for(uuid4()):
        raise ZeroDivisionError
