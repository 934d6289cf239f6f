"""Handing a team's new key over to the other members.

The member who makes the new key seals it to each of the others and signs it as themselves. The old key could not prove
where the new one comes from: whoever has left the team still knows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from transition_exchange.sealing import hpke, padding
from transition_exchange.sealing.encoding import FORMAT, Identifier, canonical, from_base64, to_base64
from transition_exchange.sealing.errors import BadSignature, CannotOpen, UnknownFormat
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import PersonKeys, PersonPublic
from transition_exchange.sealing.statements import Statement, settle
from transition_exchange.stored_text import read_object


@dataclass(frozen=True)
class Handover(Statement):
    """The statement with which one member gives another a team's new key. The giver signs it as a person.

    Attributes:
        team: the team's id.
        key: the id of the new key's row.
        fingerprint: the new key's fingerprint, in hexadecimal.
        giver: the id of the member who gives it.
        taker: the id of the member who gets it.
        at: when.
    """

    kind: ClassVar[str] = "handover"

    team: Identifier
    key: Identifier
    fingerprint: str
    giver: Identifier
    taker: Identifier
    at: datetime | str

    def __post_init__(self) -> None:
        settle(self, "team", "key", "giver", "taker", at="at")


@dataclass(frozen=True)
class Opened:
    """A handover that was opened. Whose signature it bears has still to be checked.

    Attributes:
        held: the new key.
        statement: what was signed about it.
        signature: the giver's signature.
    """

    held: HeldKey = field(repr=False)
    statement: str
    signature: bytes = field(repr=False)

    def check(self, giver: PersonPublic, *, giver_id: UUID, taker_id: UUID) -> Handover:
        """Check that a member gave this key to this person.

        Args:
            giver: the public keys of the member, as the taker remembers them.
            giver_id: the member.
            taker_id: the person.

        Raises:
            BadSignature: somebody else signed it, or it is about another key, giver or taker.
            UnknownFormat: it is in a version that this release does not know.
        """
        read = Handover.verify(self.statement, self.signature, giver.signing)
        about = (read.team, read.key, read.fingerprint, read.giver, read.taker)
        expected = (
            str(self.held.team.id),
            str(self.held.key_id),
            self.held.secret.fingerprint.hex(),
            str(giver_id),
            str(taker_id),
        )
        if about != expected:
            raise BadSignature
        return read


def hand_over(
    held: HeldKey, *, giver: PersonKeys, giver_id: UUID, taker: PersonPublic, taker_id: UUID, at: datetime
) -> bytes:
    """Seal a team's new key to another member.

    Args:
        held: the new key, and who the team is.
        giver: the keys of the member who gives it.
        giver_id: that member.
        taker: the public keys of the member who gets it, as the giver remembers them.
        taker_id: that member.
        at: when.
    """
    statement = Handover(
        team=held.team.id,
        key=held.key_id,
        fingerprint=held.secret.fingerprint.hex(),
        giver=giver_id,
        taker=taker_id,
        at=at,
    )
    content = {
        "format": FORMAT,
        "held": to_base64(held.for_others().to_bytes()),
        "statement": statement.text(),
        "signature": to_base64(statement.sign(giver.signing)),
    }
    return hpke.seal(taker.kem, padding.pad(canonical(content).encode()), info=_use(taker_id))


def open_handover(taker: PersonKeys, sealed: bytes, *, taker_id: UUID) -> Opened:
    """Open a handover that was sealed to a person.

    Raises:
        UnknownFormat: it is in a version that this release does not know.
        CannotOpen: it was sealed to somebody else, or is no handover.
    """
    try:
        content = read_object(padding.unpad(hpke.open(taker.pair, sealed, info=_use(taker_id))))
        if content["format"] != FORMAT:
            raise UnknownFormat("handover", content["format"])
        held = HeldKey.from_bytes(from_base64(content["held"]))
        return Opened(held, str(content["statement"]), from_base64(content["signature"]))
    except (KeyError, TypeError, ValueError):
        raise CannotOpen from None


def _use(taker_id: UUID) -> str:
    return f"handover {taker_id}"
