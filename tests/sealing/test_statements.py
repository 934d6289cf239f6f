"""Signed statements: whatever is changed in one is noticed, and none passes for one of another kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone
from functools import partial
from importlib import import_module
from itertools import permutations
from pkgutil import iter_modules
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sealing.signed import CONFIRMATION, MANIFEST, STATEMENTS
from transition_exchange import sealing
from transition_exchange.sealing import BadSignature, UnknownFormat, messages, pins
from transition_exchange.sealing.encoding import canonical, framed
from transition_exchange.sealing.keys import SigningKey, TeamSecret
from transition_exchange.sealing.statements import Statement
from transition_exchange.stored_text import read_moment

KEY, OTHER = SigningKey.generate(), SigningKey.generate()
TEAM, PRINT = uuid4(), TeamSecret.generate().fingerprint
SIGN: dict[str, Callable[[], bytes]] = {
    **{statement.kind: partial(statement.sign, KEY) for statement in STATEMENTS},
    "pin": lambda: pins.sign(KEY, team_id=TEAM, fingerprint=PRINT),
    "message": lambda: messages.sign(KEY, query=TEAM, message=TEAM, body=PRINT),
}


def _verify(statement: Statement, signature: bytes) -> None:
    assert statement.verify(statement.text(), signature, KEY.public) == statement


VERIFY: dict[str, Callable[[bytes], None]] = {
    **{statement.kind: partial(_verify, statement) for statement in STATEMENTS},
    "pin": lambda signature: pins.verify(KEY.public, signature, team_id=TEAM, fingerprint=PRINT),
    "message": lambda signature: messages.verify(KEY.public, signature, query=TEAM, message=TEAM, body=PRINT),
}
EACH = pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement.kind)
PAIRS = pytest.mark.parametrize(
    ("statement", "other"),
    list(permutations(STATEMENTS, 2)),
    ids=lambda statement: statement.kind,
)


@pytest.mark.parametrize("kind", SIGN)
def test_each_kind_is_verified_as_itself(kind: str) -> None:
    VERIFY[kind](SIGN[kind]())


@pytest.mark.parametrize(("signed", "read"), list(permutations(SIGN, 2)))
def test_no_kind_passes_for_another(signed: str, read: str) -> None:
    with pytest.raises(BadSignature):
        VERIFY[read](SIGN[signed]())


@PAIRS
def test_a_text_of_another_kind_is_refused_even_if_it_was_signed_as_this_one(
    statement: Statement, other: Statement
) -> None:
    for signature in (other.sign(KEY), KEY.sign(framed(statement.kind, other.text()))):
        with pytest.raises(BadSignature):
            statement.verify(other.text(), signature, KEY.public)


@EACH
def test_a_statement_comes_back_from_its_text(statement: Statement) -> None:
    assert statement.verify(statement.text(), statement.sign(KEY), KEY.public) == statement


@EACH
def test_a_statement_signed_by_somebody_else_is_refused(statement: Statement) -> None:
    with pytest.raises(BadSignature):
        statement.verify(statement.text(), statement.sign(OTHER), KEY.public)


@EACH
@given(data=st.data())
def test_any_changed_character_is_noticed(statement: Statement, data: st.DataObject) -> None:
    text, signature = statement.text(), statement.sign(KEY)
    place = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    instead = data.draw(st.characters(exclude_characters=text[place], codec="utf-8"))
    with pytest.raises(BadSignature):
        statement.verify(text[:place] + instead + text[place + 1 :], signature, KEY.public)


@EACH
@given(data=st.data())
def test_any_flipped_bit_of_the_signature_is_noticed(statement: Statement, data: st.DataObject) -> None:
    signature = bytearray(statement.sign(KEY))
    place = data.draw(st.integers(min_value=0, max_value=len(signature) * 8 - 1))
    signature[place // 8] ^= 1 << place % 8
    with pytest.raises(BadSignature):
        statement.verify(statement.text(), bytes(signature), KEY.public)


def _less(text: str, name: str) -> str:
    return canonical({key: value for key, value in json.loads(text).items() if key != name})


@EACH
def test_a_signed_text_that_is_not_canonical_is_refused(statement: Statement) -> None:
    text = statement.text()
    own_field = next(name for name in json.loads(text) if name not in ("format", "kind"))
    for wrong in (
        text + " ",
        text.replace(",", ", "),
        canonical({**json.loads(text), "more": 1}),
        canonical({**json.loads(text), "kind": "another"}),
        _less(text, own_field),
        _less(text, "kind"),
        "[]",
        "null",
        "not JSON",
        '{"format":1}',
    ):
        with pytest.raises(BadSignature):
            statement.verify(wrong, KEY.sign(framed(statement.kind, wrong)), KEY.public)


@EACH
def test_a_signed_statement_of_an_unknown_version_is_refused_by_name(statement: Statement) -> None:
    text = canonical({**json.loads(statement.text()), "format": 2})
    with pytest.raises(UnknownFormat, match=f"{statement.kind}: 2"):
        statement.verify(text, KEY.sign(framed(statement.kind, text)), KEY.public)


def test_one_moment_is_written_one_way() -> None:
    at = datetime(2027, 6, 3, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert replace(MANIFEST, released_at=at) == MANIFEST
    assert replace(CONFIRMATION, confirmed_at=at) == CONFIRMATION
    with pytest.raises(ValueError, match="time zone"):
        replace(MANIFEST, released_at=datetime(2027, 6, 3, 10, 30))  # noqa: DTZ001 - what must be refused


TIMES = (
    "at",
    "released_at",
    "granted_at",
    "confirmed_at",
    "accepted_at",
    "signed_at",
    "made_at",
    "joined_at",
)
"""What the times of statements are called."""

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    7,
    -1.5,
    "",
    "soon",
    "0001-01-01T00:00:00",
    [],
    [7],
    {},
    {"a": [None]},
    ["x"] * 3,
)


@EACH
def test_whatever_a_team_signs_is_read_or_refused_and_nothing_else(statement: Statement) -> None:
    """A member of a confirmed team can sign any text with the team's key, and put it into its row."""
    said = json.loads(statement.text())
    for name in said:
        for value in HOSTILE:
            text = canonical(said | {name: value})
            try:
                read = statement.verify(text, KEY.sign(framed(statement.kind, text)), KEY.public)
                for derived in ("identity", "identities", "second", "public"):
                    getattr(read, derived, None)
            except (BadSignature, UnknownFormat):
                continue
            (at,) = (getattr(read, field) for field in TIMES if hasattr(read, field))
            read_moment(at)


@EACH
@pytest.mark.parametrize(
    "written", ["[" * 100_000, '{"a": NaN}', '{"a": "\\ud800"}', "9" * 5000, "[]", "null", ""]
)
def test_a_signed_text_that_is_no_statement_is_refused(statement: Statement, written: str) -> None:
    with pytest.raises(BadSignature):
        statement.verify(written, KEY.sign(framed(statement.kind, written)), KEY.public)


def _kinds(parent: type[Statement]) -> Iterator[type[Statement]]:
    for kind in parent.__subclasses__():
        yield kind
        yield from _kinds(kind)


def test_every_kind_declares_its_time_so_that_it_is_checked() -> None:
    for module in iter_modules(sealing.__path__, f"{sealing.__name__}."):
        import_module(module.name)
    times = {
        kind: [column.name for column in fields(kind) if column.type == "datetime | str"]  # type: ignore[arg-type]
        for kind in _kinds(Statement)
    }
    assert len(times) > 10
    assert {kind: names for kind, names in times.items() if len(names) != 1} == {}
