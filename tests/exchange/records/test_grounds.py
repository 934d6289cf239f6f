"""What a card stands on: the school that signed its transfer, and which cards a school makes anew."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.exchange.world import SentRecord, World
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.grounds import made_anew, sender_of
from transition_exchange.store.models import Record, Transfer


def _sender(world: World, sent: SentRecord) -> UUID | None:
    with world.db.read() as session:
        return sender_of(
            session,
            trust=trust_of(session, world.college_admissions),
            record=session.get_one(Record, sent.record_id),
            transfer=session.get_one(Transfer, sent.transfer_id),
        )


def test_the_school_that_signed_a_transfer_is_its_sender(world: World, sent: SentRecord) -> None:
    assert _sender(world, sent) == world.school.id


CHANGES: dict[str, Callable[[World, Record, Transfer], None]] = {
    "another school": lambda world, record, _: setattr(
        record, "organisation_id", world.places["Beech Lane School"].id
    ),
    "another provider": lambda world, _, transfer: setattr(
        transfer, "provider_id", world.places["Riverside Boxing"].id
    ),
    "no statement": lambda _, __, transfer: setattr(transfer, "statement", None),
    "another signature": lambda _, __, transfer: setattr(transfer, "signature", bytes(64)),
    "another team's key": lambda world, _, transfer: setattr(
        transfer, "team_key_id", world.school.teams["Safeguarding team"].key_id
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_transfer_that_is_not_as_it_was_signed_has_no_sender(
    world: World, sent: SentRecord, change: str
) -> None:
    with world.db.write() as session:
        record, transfer = (
            session.get_one(Record, sent.record_id),
            session.get_one(Transfer, sent.transfer_id),
        )
        CHANGES[change](world, record, transfer)
    assert _sender(world, sent) is None


def test_a_school_makes_its_own_teams_cards_of_records_anew_and_no_others(
    world: World, sent: SentRecord
) -> None:
    (own,), (reader,) = world.senco.teams, world.college_admissions.teams
    assert made_anew(own, None, world.school.id)
    assert not made_anew(own, sent.transfer_id, world.school.id)
    assert not made_anew(own, None, world.places["Beech Lane School"].id)
    assert not made_anew(reader, None, world.school.id)
