"""Who made a team's new key, as far as somebody of another team of the organisation can know it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.colleagues import member_statement, shown_name, sure_keys
from transition_exchange.exchange.keys.lines import KeyLines
from transition_exchange.sealing import BadSignature
from transition_exchange.sealing.people import Member, PersonPublic
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.models import Membership, TeamKey

NOBODY = "somebody"


def made_by_a_member(
    session: Session,
    key: TeamKey,
    statement: Succession,
    removed: Collection[str],
    *,
    makers: Collection[PersonPublic],
) -> bool:
    """Whether a member of the team who has not left signed the key as a person.

    Args:
        key: the new key.
        statement: what the key before signed about it.
        removed: the ids of those who have left.
        makers: what the maker's own keys can be.
    """
    if key.created_by is None or str(key.created_by) in removed:
        return False
    still_there = session.scalar(
        select(Membership.id).where(
            Membership.principal_id == key.created_by,
            Membership.team_id == key.team_id,
            Membership.removed_at.is_(None),
        )
    )
    return still_there is not None and any(_signed_by(key, statement, public) for public in makers)


def _signed_by(key: TeamKey, statement: Succession, maker: PersonPublic) -> bool:
    try:
        statement.check(key.maker_signature or b"", maker.signing)
    except BadSignature:
        return False
    return True


def remembered_maker(actor: Actor, key: TeamKey) -> PersonPublic | None:
    """The own keys of whoever made a key, as the actor remembers them.

    A team speaks for its own members. So it counts what the key's own team said of them, or what a team said that both
    are in; and never what only a third team said. Neither counts where somebody who had left that team still knew its
    key when it first said so: the leaver could have made the maker up.
    """
    return sure_keys(actor, key.created_by, or_from=[key.team_id])


def keys_of_maker(session: Session, actor: Actor, key: TeamKey, before: TeamKey) -> Collection[PersonPublic]:
    """What the own keys of a new key's maker can be.

    They are those by which the actor remembers them, if the key's own team or one that both are in named them; else
    those that the key before signed, and those that a third team named. Whoever has left knows the key before, and each
    member of the third team knows its key.
    """
    remembered = remembered_maker(actor, key)
    if remembered is not None:
        return (remembered,)
    memberships = session.scalars(
        select(Membership).where(
            Membership.principal_id == key.created_by, Membership.team_key_id == before.id
        )
    )
    stated = (member_statement(membership, signed_by=before.signing_public) for membership in memberships)
    named = actor.address_book.public_of(key.created_by) if key.created_by else None
    publics = {statement.public for statement in stated if statement is not None}
    return publics | ({named} if named is not None else set())


def maker_and_left(
    session: Session, actor: Actor, key: TeamKey, removed: Collection[str]
) -> tuple[str, tuple[str, ...]]:
    """The name of whoever made a new key, and the names of those because of whom it was made.

    They are those that the actor remembers, else those that the team's keys before signed.

    Args:
        key: the new key.
        removed: the ids of those who have left.
    """
    stated = _stated(session, key)

    def name_of(person: UUID | None) -> str:
        return (shown_name(actor, person, stated.get(person)) if person else "") or NOBODY

    return name_of(key.created_by), tuple(sorted(name_of(UUID(person)) for person in removed))


def _stated(session: Session, key: TeamKey) -> dict[UUID, Member]:
    """What the signed line of keys that ends with one says of the team's members; the newest of each."""
    lines, line = KeyLines(), {key.id: key}
    before, succession = lines.before(session, key)
    while before is not None and succession is not None:
        line[before.id] = before
        before, succession = lines.before(session, before)
    stated: dict[UUID, Member] = {}
    for membership in session.scalars(
        select(Membership)
        .join(TeamKey, TeamKey.id == Membership.team_key_id)
        .where(Membership.team_key_id.in_(line))
        .order_by(TeamKey.version)
    ):
        signed_by = line.get(membership.team_key_id) if membership.team_key_id else None
        statement = member_statement(membership, signed_by=signed_by.signing_public) if signed_by else None
        if statement is not None:
            stated[membership.principal_id] = statement
    return stated
