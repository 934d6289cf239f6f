"""Whoever finds no place is told to come again, in the same words whoever they are."""

from __future__ import annotations

from contextlib import AbstractContextManager
from uuid import uuid4

import pytest

from tests.sealing.few_places import few_places
from transition_exchange import security_log
from transition_exchange.exchange.errors import Busy
from transition_exchange.exchange.signing_in.passphrase_work import place_for, place_for_stranger


def refused(place: AbstractContextManager[None]) -> Busy:
    """What somebody is told who finds no place."""
    with pytest.raises(Busy) as busy, place:
        pass
    return busy.value


def test_a_stranger_waits_for_nothing_and_a_known_person_has_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    with few_places(monkeypatch) as places, places.hold(pool="strangers", source="192.0.2.1"):
        busy = refused(place_for_stranger("192.0.2.2", kib=64))
        assert busy.retry_after > 0
        assert "192.0.2.2" not in str(busy)
        with place_for(uuid4()):
            pass
        with places.hold(pool="own", source="somebody"):
            refused(place_for(uuid4()))


def test_who_finds_no_place_is_logged_once_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    security_log._flood.forget()
    with few_places(monkeypatch) as places, places.hold(pool="strangers", source="192.0.2.1"):
        for _ in range(50):
            refused(place_for_stranger("192.0.2.2", kib=64))
    assert caplog.messages == ["event=sign_in.refused reason=busy route=- principal=- organisation=- times=1"]


def test_one_person_holds_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    person_id = uuid4()
    with few_places(monkeypatch, own=4) as places, places.hold(pool="own", source=str(person_id)):
        refused(place_for(person_id))


def test_whoever_holds_a_place_needs_no_second_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing in opens a key and may wrap it anew, both in one place."""
    with few_places(monkeypatch), place_for(uuid4()), place_for_stranger("192.0.2.1", kib=64):
        pass


def test_an_error_of_the_work_itself_comes_out_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with few_places(monkeypatch), pytest.raises(ZeroDivisionError), place_for(uuid4()):
        raise ZeroDivisionError
