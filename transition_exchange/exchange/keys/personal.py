"""What a person's own key opens and seals to them.

The `*_use` functions name what a secret is sealed for. The name is bound into the encryption, so that one secret never
opens in the place of another. docs/sealing.md lists them all.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from transition_exchange.sealing import personal
from transition_exchange.sealing.address_book import AddressBook
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import Member, PersonKeys
from transition_exchange.store.models import Membership, Principal


def unlock_use(principal_id: UUID) -> str:
    """The use of a person's private key, wrapped under a passphrase or a recovery code."""
    return f"unlock {principal_id}"


def membership_use(principal_id: UUID, team_key_id: UUID) -> str:
    """The use of a team secret, sealed to one of the team's members."""
    return f"membership {principal_id} {team_key_id}"


def second_factor_use(principal_id: UUID) -> str:
    """The use of a person's second factor."""
    return f"second factor {principal_id}"


def next_second_factor_use(principal_id: UUID) -> str:
    """The use of a person's second factor that they have not confirmed yet."""
    return f"next second factor {principal_id}"


def late_save_use(principal_id: UUID, late_save_id: UUID) -> str:
    """The use of a form that could not be saved when it was sent."""
    return f"late save {principal_id} {late_save_id}"


def invitation_use(invitation_id: UUID) -> str:
    """The use of an invitation's bundle, wrapped under the spoken code."""
    return f"invitation {invitation_id}"


def address_book_of(principal: Principal, pair: KeyPair) -> AddressBook:
    """What a person remembers; an empty book if they have none yet.

    Args:
        principal: the person.
        pair: their own key pair.

    Raises:
        CannotOpen: the book is not what they sealed to themselves.
    """
    if not principal.address_book:
        return AddressBook()
    return AddressBook.open(pair, principal.address_book, principal_id=principal.id)


def new_membership(
    *,
    principal_id: UUID,
    name: str | None,
    pair: KeyPair,
    held: HeldKey,
    added_by: UUID | None,
    at: datetime,
) -> Membership:
    """A membership row. The person seals the key to themselves, so only they can have made it.

    With the team's key they sign their name and their own public keys, so that the other members know them by these.

    Args:
        principal_id: the member.
        name: their name; None if it is not certain. Then nothing is signed, and colleagues do not know them.
        pair: the member's own key pair.
        held: the key that they get, and who the team is.
        added_by: who completed their invitation, or gave them the key; None for the person who founds an area.
        at: when they get it.
    """
    membership = Membership(
        id=uuid4(),
        principal_id=principal_id,
        team_id=held.team.id,
        team_key_id=held.key_id,
        sealed=_sealed(principal_id, pair, held),
        added_by=added_by,
    )
    if name is not None:
        statement = Member.of(
            team=held.team.id,
            principal=principal_id,
            name=name,
            public=PersonKeys(pair).public,
            joined_at=at,
        )
        membership.statement, membership.signature = statement.text(), statement.sign(held.secret.signing)
    return membership


def reseal(session: Session, *, principal_id: UUID, pair: KeyPair, held: HeldKey) -> None:
    """Seal a membership that has not ended anew, in the transaction of the action.

    Args:
        principal_id: the member.
        pair: the member's own key pair.
        held: what the membership holds from then on.
    """
    session.execute(
        update(Membership)
        .where(
            Membership.principal_id == principal_id,
            Membership.team_key_id == held.key_id,
            Membership.removed_at.is_(None),
            Membership.sealed.is_not(None),
        )
        .values(sealed=_sealed(principal_id, pair, held))
    )


def _sealed(principal_id: UUID, pair: KeyPair, held: HeldKey) -> bytes:
    return personal.seal(pair, held.to_bytes(), use=membership_use(principal_id, held.key_id))
