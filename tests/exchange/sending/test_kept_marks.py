"""Marks that are kept in a browser: sealed, of the same size whatever they say, and nobody's who begins alike."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from transition_exchange.exchange.sending.kept_marks import MOST, seal, unseal
from transition_exchange.exchange.sending.safeguarding_releases import Mark
from transition_exchange.sealing.sessions import SessionToken

COOKIE = SessionToken.new().cookie


def test_they_come_back_for_the_learners_who_are_still_there() -> None:
    amina, ben, cara, gone = (uuid4() for _ in range(4))
    marks: dict[UUID, Mark] = {amina: "no", ben: "not_disclosed", gone: "yes"}
    sealed = seal(cookie=COOKIE, marks=marks)
    assert unseal(cookie=COOKIE, sealed=sealed, record_ids=[amina, ben, cara]) == {
        amina: "no",
        ben: "not_disclosed",
    }


def test_nobody_else_reads_them_and_what_was_changed_is_none() -> None:
    amina = uuid4()
    sealed = seal(cookie=COOKIE, marks={amina: "yes"})
    assert unseal(cookie=SessionToken.new().cookie, sealed=sealed, record_ids=[amina]) == {}
    for spoilt in (
        "",
        sealed[:30] + ("A" if sealed[30] != "A" else "B") + sealed[31:],
        sealed[:-4],
        "no marks",
    ):
        assert unseal(cookie=COOKIE, sealed=spoilt, record_ids=[amina]) == {}
    assert seal(cookie="", marks={amina: "yes"}) == ""
    assert seal(cookie=COOKIE, marks={}) == ""


def test_a_mark_that_may_be_anothers_is_nobodys() -> None:
    amina = uuid4()
    alike = UUID(bytes=amina.bytes[:4] + uuid4().bytes[4:])
    sealed = seal(cookie=COOKIE, marks={amina: "no"})
    assert unseal(cookie=COOKIE, sealed=sealed, record_ids=[amina]) == {amina: "no"}
    assert unseal(cookie=COOKIE, sealed=sealed, record_ids=[amina, alike]) == {}


def test_they_take_the_same_room_whatever_they_say_and_the_most_of_them_fit() -> None:
    """A browser keeps 4,096 bytes of a cookie, in which more stands than this."""
    ids = [uuid4() for _ in range(MOST)]
    said: list[dict[UUID, Mark]] = [
        dict.fromkeys(ids, "no"),
        dict.fromkeys(ids, "yes"),
        {record_id: ("no", "yes", "not_disclosed")[number % 3] for number, record_id in enumerate(ids)},
    ]
    sealed = [seal(cookie=COOKIE, marks=marks) for marks in said]
    assert len({len(text) for text in sealed}) == 1
    assert len(sealed[0]) < 2_800
    assert unseal(cookie=COOKIE, sealed=sealed[2], record_ids=ids) == said[2]
    with pytest.raises(ValueError, match="too many"):
        seal(cookie=COOKIE, marks=dict.fromkeys([*ids, uuid4()], "no"))
