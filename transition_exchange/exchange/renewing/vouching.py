"""Vouching for a team's new key after somebody has left it, as another team of the same organisation.

Whoever left still knows the key before and could sign one of their own. So a signature of a team that they were not in
is asked for as well. It is given by somebody who has asked the maker and compared the number with them.

Somebody whom the person remembers, as this team or one that both are in named them, has to have signed the key with the
keys that they are remembered by. A maker who joined after the person last signed in is not remembered, and cannot be
any more: only the key before says whose keys theirs are, and whoever has left knows that key. What only a third team
says of a maker does not count either. In both cases the page says that the person has not met them here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.colleagues import known_people
from transition_exchange.exchange.keys.key_rows import fingerprint_of, keys_by_version, succession_of
from transition_exchange.exchange.keys.leavers import Onlooker, ever_in, members_of
from transition_exchange.exchange.keys.remembering import remember_now
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.damaged_rows import past_damage, rows_of
from transition_exchange.exchange.renewing.makers import (
    keys_of_maker,
    made_by_a_member,
    maker_and_left,
    remembered_maker,
)
from transition_exchange.sealing import BadSignature, UnknownFormat
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import spoken_fingerprint
from transition_exchange.sealing.succession import Succession, Voucher
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Team, TeamKey

STEP = 500
"""How many vouchers one step of signing them anew takes."""


@dataclass(frozen=True)
class NewKey:
    """A new key of a team of the actor's organisation that waits for another team to vouch for it.

    Attributes:
        team: the team, as it was confirmed.
        spoken: the new key's security number in groups of digits.
        maker: the name of the member who made it.
        met: whether the person remembers the maker as this team or one that both are in named them, or is the maker. If
            not, whoever has left, or a member of a third team, could have made the maker up.
        doubtful: whether two teams name different keys for the maker.
        left: the names of those because of whom it was made.
        made_at: when it was made, as its maker signed it.
        seen: what `vouch` takes, so that nothing else is signed than what was on the page.
    """

    team: TeamIdentity
    spoken: str
    maker: str
    met: bool
    doubtful: bool
    left: tuple[str, ...]
    made_at: datetime
    seen: str


def waiting_keys(*, db: Database, actor: Actor) -> tuple[NewKey, ...]:
    """The new keys for which one of the actor's teams can vouch."""
    with db.read() as session:
        return tuple(_new_key(session, actor, waiting) for waiting in _waiting(session, actor))


def vouch(*, db: Database, actor: Actor, team_id: UUID, seen: str, now: datetime | None = None) -> None:
    """Sign as one of the actor's teams that another team's new key is its own.

    Args:
        team_id: the team whose key it is.
        seen: `NewKey.seen` of the page on which it was shown.

    Raises:
        NotFound: no key of the team waits for one of the actor's teams.
        Refused: another key waits now than the page showed.
    """
    now = now or utc_now()
    with db.write() as session:
        for waiting in _waiting(session, actor):
            if waiting.team.id != team_id:
                continue
            if waiting.statement.digest() != seen:
                raise Refused("The new key has changed since this page was opened. Compare its number again.")
            _sign(waiting.key, waiting.by, waiting.removed, now)
            remember_now(session, actor=actor, now=now)
            actor.note(session, "key.vouched", team=team_id, key=waiting.key.id)
            return
    raise NotFound


def voucher_of_own_team(session: Session, *, actor: Actor, key: TeamKey, now: datetime) -> None:
    """Vouch at once for a key that the actor has just made, if they are in another team that may.

    Args:
        key: the new key, whose row is changed; nothing is done if nobody left.
    """
    _, removed = trust_of(session, actor).waiting_since(session, key)
    own = team_that_may(session, actor, key.team_id, removed)
    if removed and own is not None:
        _sign(key, own, removed, now)


def _sign(key: TeamKey, own: OpenTeam, removed: Collection[str], now: datetime) -> None:
    voucher = Voucher(
        team=key.team_id,
        fingerprint=fingerprint_of(key).hex(),
        removed=sorted(removed),
        by_team=own.id,
        at=now,
    )
    key.voucher, key.voucher_signature = voucher.text(), voucher.sign(own.secret.signing)
    key.voucher_key_id = own.key_id


@dataclass(frozen=True)
class _Waiting:
    """A new key for which one of the actor's teams can vouch.

    Attributes:
        statement: what the team's key before signed about it.
        team: whose key it is, as it was confirmed.
        removed: the ids of those who have left since the last key of the team that counts.
        by: the team that can vouch.
    """

    key: TeamKey
    statement: Succession
    team: TeamIdentity
    removed: frozenset[str]
    by: OpenTeam


def _waiting(session: Session, actor: Actor) -> list[_Waiting]:
    trust = trust_of(session, actor)
    team_ids = session.scalars(select(Team.id).where(Team.organisation_id == actor.organisation_id))
    waiting = []
    for team_id, newest in trust.newest(session, team_ids).items():
        following = _following(session, trust, newest)
        if following is None:
            continue
        before, statement, identity, removed = following
        makers = keys_of_maker(session, actor, newest, before)
        if not made_by_a_member(session, newest, statement, removed, makers=makers):
            continue
        own = team_that_may(session, actor, team_id, removed)
        if own is not None:
            waiting.append(_Waiting(newest, statement, identity, removed, own))
    return waiting


def _following(
    session: Session, trust: Trust, key: TeamKey
) -> tuple[TeamKey, Succession, TeamIdentity, frozenset[str]] | None:
    """What a team's newest key follows, if it waits for another team because somebody has left.

    Returns:
        The key before it and what that signed about it; whose they are; and the ids of those who have left.
    """
    before, statement = trust.roots.lines.before(session, key)
    identity, removed = trust.waiting_since(session, key)
    waits = identity is not None and removed and trust.vouched(session, key) is None
    if before is None or statement is None or identity is None or not waits:
        return None
    return before, statement, identity, removed


def team_that_may(session: Session, actor: Actor, team_id: UUID, removed: Collection[str]) -> OpenTeam | None:
    """A confirmed team of the actor's, other than the one with the new key, that none of the removed was ever in."""
    for team in actor.teams:
        if team.id == team_id or not team.confirmed:
            continue
        members = ever_in(session, book=actor.address_book, team_id=team.id)
        if set(removed).isdisjoint(map(str, members)):
            return team
    return None


def _new_key(session: Session, actor: Actor, waiting: _Waiting) -> NewKey:
    maker, left = maker_and_left(session, actor, waiting.key, waiting.removed)
    maker_id = waiting.key.created_by
    known = known_people(session, actor=actor, ids=[maker_id]).get(maker_id) if maker_id else None
    return NewKey(
        team=waiting.team,
        spoken=spoken_fingerprint(fingerprint_of(waiting.key)),
        maker=maker,
        met=remembered_maker(actor, waiting.key) is not None,
        doubtful=known is not None and known.doubtful,
        left=left,
        made_at=datetime.fromisoformat(str(waiting.statement.at)),
        seen=waiting.statement.digest(),
    )


def due(session: Session, *, actor: Actor, trust: Trust) -> Sequence[UUID]:
    """The keys for which one of the actor's teams vouched with an older key of its own."""
    older = [key_id for team in actor.teams for key_id in team.older]
    return session.scalars(select(TeamKey.id).where(TeamKey.voucher_key_id.in_(older))).all()


def renew(*, db: Database, actor: Actor, ids: Sequence[UUID], now: datetime) -> int:
    """Sign the actor's teams' vouchers anew with their newest keys.

    One for a key whose maker the actor does not remember, as `remembered_maker` finds them, is taken away, and so is
    one that a retired key signed: whoever has left both teams could have written it. Where somebody may have left the
    actor's team since the key that signed it, only one for a key that the actor made themselves is signed anew: the
    leaver could have written any other, for a key of their own. Somebody is asked for it again, who compares the
    number with the maker.

    It writes an event of how many were signed, and one of how many were taken away.

    Returns:
        How many cannot be read. They stay as they are. One that was taken away is done.
    """
    own = {key_id: team for team in actor.teams for key_id in team.older}

    def nobody_left(team: OpenTeam, *, since: int) -> bool:
        return members[team.id].nobody_left_since(since, newest=team.version)

    def sign_or_take_away(key: TeamKey) -> str | None:
        team = own.get(key.voucher_key_id) if key.voucher_key_id else None
        if team is None or key.voucher_key_id is None:
            return None
        by = team.older[key.voucher_key_id]
        voucher = _voucher_by(session, actor, key, team=team, signing_public=by.secret.signing.public)
        is_own = key.created_by == actor.principal_id
        if (
            voucher is None
            or not trust.counts(session, key.voucher_key_id)
            or not (is_own or nobody_left(team, since=by.version))
        ):
            key.voucher, key.voucher_signature, key.voucher_key_id = None, None, None
            return "vouchers_taken_away"
        key.voucher_signature, key.voucher_key_id = voucher.sign(team.secret.signing), team.key_id
        return "vouchers"

    with db.write() as session:
        trust = trust_of(session, actor)
        public = actor.person.public if actor.person is not None else None
        onlooker = Onlooker(actor.principal_id, public, actor.address_book)
        members = {team.id: members_of(session, onlooker=onlooker, team_id=team.id) for team in own.values()}
        keys, unreadable = rows_of(session, TeamKey, ids, lock=True)
        done, failed = past_damage(keys, sign_or_take_away)
        for what in sorted(set(done)):
            actor.note(session, "key.renewed", what=what, count=done.count(what))
    return failed + len(unreadable)


def _voucher_by(
    session: Session, actor: Actor, key: TeamKey, *, team: OpenTeam, signing_public: bytes
) -> Voucher | None:
    """A team's voucher for this very key; None if it signed none, or the actor has not met the key's maker."""
    before = keys_by_version(session, [key.team_id])[key.team_id].get(key.version - 1)
    statement = succession_of(key, before) if before else None
    _, removed = trust_of(session, actor).waiting_since(session, key)
    maker = remembered_maker(actor, key)
    makers = () if maker is None else (maker,)
    if statement is None or not made_by_a_member(session, key, statement, removed, makers=makers):
        return None
    try:
        voucher = Voucher.verify(key.voucher or "", key.voucher_signature or b"", signing_public)
    except (BadSignature, UnknownFormat):
        return None
    about = (voucher.team, voucher.fingerprint, voucher.by_team)
    fits = about == (str(key.team_id), fingerprint_of(key).hex(), str(team.id))
    return voucher if fits and set(voucher.removed) >= removed else None
