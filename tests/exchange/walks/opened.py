"""What somebody who has a team's secret, and the whole database, opens in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.world import World
from transition_exchange.exchange.records.cards import post_info
from transition_exchange.sealing import CannotOpen, hpke, keyrings, ledger
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Card, Grant, QueryMessage


def opened_by(world: World, secret: TeamSecret) -> Mapping[str, frozenset[str]]:
    """Every ciphertext that a secret opens, whatever the rows say of its recipient.

    Returns:
        The part names in each keyring, by what the keyring is of; an empty set for a card.
    """
    with world.db.read() as session:
        return dict(_opened(session, secret))


def _opened(session: Session, secret: TeamSecret) -> Iterator[tuple[str, frozenset[str]]]:
    for grant in session.scalars(select(Grant)):
        subject = grant.revision_id or grant.attachment_id
        place = f"keyring {grant.record_id} {subject} {grant.transfer_id or 'own'}"
        with suppress(CannotOpen):
            yield place, frozenset(keyrings.open(secret.kem, grant.keyring or b"", use=place))
    for message in session.scalars(select(QueryMessage)):
        place = f"query {message.query_id} {message.id}"
        for ring in (message.asker_keyring, message.owner_keyring):
            with suppress(CannotOpen):
                yield place, frozenset(keyrings.open(secret.kem, ring or b"", use=place))
    for card in session.scalars(select(Card)):
        with suppress(CannotOpen):
            hpke.open(secret.kem, card.sealed or b"", info=post_info(card.id))
            yield f"card {card.id}", frozenset()
        with suppress(CannotOpen):
            ledger.open(secret.ledger_key, str(card.id), card.sealed or b"")
            yield f"card {card.id}", frozenset()
