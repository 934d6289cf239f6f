"""What somebody who has a team's secret, and the whole database, opens in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.exchange.world import World
from transition_exchange.exchange.records.kept_keyrings import kept_use
from transition_exchange.sealing import CannotOpen, hpke, keyrings, ledger, manifests
from transition_exchange.sealing.cards import Place
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.store.models import Card, Grant, QueryKeyring, QueryMessage


def opened_by(world: World, secret: TeamSecret) -> Mapping[str, frozenset[str]]:
    """Every ciphertext that a secret opens, whatever the rows say of its recipient.

    Returns:
        The part names in each keyring, by what the keyring is of; an empty set for a card.
    """
    with world.db.read() as session:
        return {place: names for _, place, names in _opened(session, secret)}


def rows_opened_by(world: World, secret: TeamSecret) -> frozenset[str]:
    """The rows of keyrings and cards that a secret opens, by what they are and their ids."""
    with world.db.read() as session:
        return frozenset(row for row, _, _ in _opened(session, secret))


def _opened(session: Session, secret: TeamSecret) -> Iterator[tuple[str, str, frozenset[str]]]:
    for grant in session.scalars(select(Grant)):
        subject = grant.revision_id or grant.attachment_id
        place = f"keyring {grant.record_id} {subject} {grant.transfer_id or 'own'}"
        with suppress(CannotOpen):
            yield (
                f"grant {grant.id}",
                place,
                frozenset(keyrings.open(secret.kem, grant.keyring or b"", use=place)),
            )
        if grant.kept is not None and grant.statement is not None:
            use = kept_use(grant.id, _said(grant.statement))
            with suppress(CannotOpen):
                kept = keyrings.open_kept(secret.kept_key, grant.kept, use=use)
                yield f"grant {grant.id}", place, frozenset(kept)
    for message, given in session.execute(
        select(QueryMessage, QueryKeyring).join(QueryKeyring, QueryKeyring.message_id == QueryMessage.id)
    ):
        place = f"query {message.query_id} {message.id}"
        with suppress(CannotOpen):
            yield (
                f"question {given.id}",
                place,
                frozenset(keyrings.open(secret.kem, given.keyring, use=place)),
            )
    for card in session.scalars(select(Card)):
        use = Place(card.id, card.record_id, card.transfer_id, card.team_id).use
        with suppress(CannotOpen):
            hpke.open(secret.kem, card.sealed or b"", info=use)
            yield f"card {card.id}", use, frozenset()
        with suppress(CannotOpen):
            ledger.open(secret.ledger_key, use, card.sealed or b"")
            yield f"card {card.id}", use, frozenset()


def _said(statement: str) -> manifests.Grant:
    """What a grant's statement says, whoever signed it."""
    fields = json.loads(statement)
    return manifests.Grant(**{name: fields[name] for name in fields if name not in ("format", "kind")})
