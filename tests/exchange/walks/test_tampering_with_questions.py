"""Whatever stands in a message's row or under its seal, one damaged message spoils no other, and no list."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from tests.exchange.queries import forged
from tests.exchange.queries.forged import texts
from tests.exchange.world import World
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.queries.messages import DAMAGED
from transition_exchange.store.models import QueryKeyring, QueryMessage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What a session believes does not depend on the kind of database."""

NONSENSE = {
    "not JSON": b"nonsense",
    "no text": b"\xff\xfe\x00",
    "nothing": b"",
    "an empty object": b"{}",
    "a list": b"[]",
    "a word": b'"body"',
    "a number": b"7",
    "nothing at all": b"null",
    "numbers for fields": b'{"body": 1, "key": 2, "signature": 3}',
    "endless nesting": b"[" * 200_000,
    "an endless number": b'{"body": ' + b"9" * 5000 + b"}",
    "a key that is unknown": b'{"body": "{}", "key": "%b", "signature": ""}' % str(uuid4()).encode(),
}


def test_what_is_no_message_at_all_damages_its_own_line_only(world: World, query_id: UUID) -> None:
    """Sealed to the right keys by somebody who knows how, with anything in it: the lists go on."""
    other = asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=world.sent("Ben", "Stone").transfer_id,
        text="And lunch?",
    )
    for what, nonsense in NONSENSE.items():
        forged.put(world, query_id, nonsense)
        for actor in (world.senco, world.college_support):
            assert texts(world, actor, query_id) == [DAMAGED], what
            assert texts(world, actor, other) == ["And lunch?"], what


def test_what_a_confirmed_team_signs_on_purpose_breaks_no_page_either(world: World, query_id: UUID) -> None:
    """The asking team's own signature, over what no page of the program would have written."""
    team = world.college_support.teams[0]
    message_id = forged.message_of(world, query_id).id
    forged.put(world, query_id, forged.signed_by(world, query_id, team))
    assert texts(world, world.senco, query_id) == ["Where do they live?"]
    changes: list[dict[str, Any]] = [
        {"text": None},
        {"section": None},
        {"sent_at": None},
        {"record": None},
        {"asking_team": None},
        {"text": ["What helps?"]},
        {"text": 7},
        {"section": {"name": "contacts"}},
        {"sent_at": 7},
        {"sent_at": "yesterday"},
        {"sent_at": "2027-06-03T09:30:00"},
        {"sent_at": "0001-01-01T00:00:00+14:00"},
        {"sent_at": "9999-12-31T23:59:59-14:00"},
        {"record": str(uuid4())},
        {"transfer": str(uuid4())},
        {"school": None},
        {"school": str(world.places["Beech Lane School"].id)},
        {"owner": "school_safeguarding"},
        {"asking_team": str(world.coach.teams[0].id)},
    ]
    bodies = [forged.signed_by(world, query_id, team, **changed) for changed in changes] + [
        forged.sign_body(query_id, message_id, team, body)
        for body in ("nonsense", "[]", "null", "{}", "[" * 200_000)
    ]
    half = forged.signed_by(world, query_id, team, text="HALF", section="").decode()
    bodies.append(_with_half_a_character(world, query_id, half))
    for body in bodies:
        forged.put(world, query_id, body)
        for actor in (world.senco, world.college_support):
            assert texts(world, actor, query_id) == [DAMAGED], body[:300]


def _with_half_a_character(world: World, query_id: UUID, signed: str) -> bytes:
    """A body that names half a character by its number, as JSON may: no page can be written with it."""
    body = json.loads(signed)["body"].replace("HALF", "\\ud800")
    return forged.sign_body(
        query_id, forged.message_of(world, query_id).id, world.college_support.teams[0], body
    )


def test_a_keyring_or_a_ciphertext_that_is_broken_damages_its_own_line_only(
    world: World, query_id: UUID
) -> None:
    other = asking.ask(
        db=world.db,
        actor=world.college_support,
        transfer_id=world.sent("Ben", "Stone").transfer_id,
        text="And lunch?",
    )
    message_id = forged.message_of(world, query_id).id

    def only_this_line_is_damaged() -> None:
        for actor in (world.senco, world.college_support):
            assert texts(world, actor, query_id) == [DAMAGED]
            assert texts(world, actor, other) == ["And lunch?"]

    forged.put(
        world,
        query_id,
        forged.signed_by(world, query_id, world.college_support.teams[0]),
        name="another",
    )
    only_this_line_is_damaged()
    for broken in (b"", b"broken", b"\x01" * 200, b"\x09" * 200):
        with world.db.write() as session:
            session.get_one(QueryMessage, message_id).sealed = broken
        only_this_line_is_damaged()
    forged.put(world, query_id, forged.signed_by(world, query_id, world.college_support.teams[0]))
    for broken in (b"", b"broken", b"\x01" * 2000):
        with world.db.write() as session:
            session.execute(
                update(QueryKeyring).where(QueryKeyring.message_id == message_id).values(keyring=broken)
            )
        only_this_line_is_damaged()
