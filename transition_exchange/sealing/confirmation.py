"""Confirmation: the NEET group signs that a team's key is the one its people read out over the telephone.

The signature names the team's organisation and purposes too. Somebody who can write to the database could otherwise
move a confirmed team into another organisation, give it a new purpose, or swap the names of two organisations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transition_exchange.sealing import keys
from transition_exchange.sealing.encoding import Identifier, framed
from transition_exchange.sealing.keys import SigningKey


@dataclass(frozen=True)
class Confirmed:
    """What a confirmation is about.

    Attributes:
        team: the team's id.
        organisation: the id of the team's organisation.
        organisation_name: the organisation's name as the page showed it.
        purposes: what the team is for, in any order.
        fingerprint: of the team's key, 32 bytes.
    """

    team: Identifier
    organisation: Identifier
    organisation_name: str
    purposes: Iterable[str]
    fingerprint: bytes


def sign(signing_key: SigningKey, about: Confirmed) -> bytes:
    """Sign, with the NEET group's key, that the fingerprint is that of this team's key."""
    return signing_key.sign(_statement(about))


def verify(signing_public: bytes, signature: bytes, about: Confirmed) -> None:
    """Check a confirmation.

    Raises:
        BadSignature: another key signed it, or it is about something else.
    """
    keys.verify(signing_public, signature, _statement(about))


def _statement(about: Confirmed) -> bytes:
    return framed(
        "confirmation",
        str(about.team),
        about.fingerprint,
        str(about.organisation),
        about.organisation_name,
        ",".join(sorted(set(about.purposes))),
    )
