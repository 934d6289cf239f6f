"""The team keys that a person holds: sealed to themselves when they joined, or handed over by a colleague since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, Offer, WaitsFor
from transition_exchange.exchange.keys import seconds
from transition_exchange.exchange.keys.key_rows import (
    fingerprint_of,
    key_in_rows,
    keys_by_version,
    succession_of,
)
from transition_exchange.exchange.keys.leavers import Onlooker, members_of
from transition_exchange.exchange.keys.personal import membership_use
from transition_exchange.exchange.keys.seen_keys import key_to_compare
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.sealing import BadSignature, CannotOpen, handovers, personal
from transition_exchange.sealing.address_book import AddressBook
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.store.models import Handover, Membership, Team, TeamKey
from transition_exchange.store.unreadable import Unreadable, leave_out

FIRST: Mapping[WaitsFor, str] = MappingProxyType(
    {
        "council": "Compare the council’s new number first. You find it under “Your teams’ keys”.",
        "rules": "The area’s rule about who confirms teams has changed. Decide first whether you accept it. "
        "You find it under “People and teams”.",
        "confirmation": "The team has another name or other work with this key, and not everybody who has to confirm "
        "that has done so. Ask your council first.",
    }
)
"""What somebody is told who tries to take a key that waits for something else."""


def keys_of_memberships(session: Session, *, principal_id: UUID, pair: KeyPair) -> list[HeldKey]:
    """The keys of a person's memberships, by team, the oldest team first.

    Raises:
        CannotOpen: a membership is not what this person sealed to themselves.
    """
    memberships = session.scalars(
        select(Membership)
        .join(Team, Team.id == Membership.team_id)
        .where(
            Membership.principal_id == principal_id,
            Membership.removed_at.is_(None),
            Membership.sealed.is_not(None),
        )
        .order_by(Team.created_at, Team.name)
    )
    held = []
    for membership in memberships:
        if membership.team_key_id is None or membership.sealed is None:
            continue
        use = membership_use(principal_id, membership.team_key_id)
        key = HeldKey.from_bytes(personal.open(pair, membership.sealed, use=use))
        if key.key_id != membership.team_key_id or key.team.id != membership.team_id:
            raise CannotOpen
        held.append(key)
    return held


def settled(held: Sequence[HeldKey]) -> list[HeldKey]:
    """The keys of those teams that need not wait for the NEET group's confirmation before they count for anything.

    Args:
        held: the keys of a person's memberships.
    """
    waiting = {key.team.id for key in held if key.awaits_council}
    return [key for key in held if key.team.id not in waiting]


def handed_over(session: Session, *, actor: Actor, held: Sequence[HeldKey]) -> list[Offer]:
    """The newer keys of a person's teams that colleagues have handed over to them, the oldest first.

    Only what a colleague whom the person remembers has signed is taken, and only a key that the one which the person
    holds has signed as its successor. Anybody can seal something to a public key, so a row that does not open or is not
    signed keeps nobody from signing in. It is left out, and the page says that something is missing.

    The team has to be the one that the person holds, or what that has become since: somebody who was away while it was
    renamed and its key was changed then can take the key all the same. As long as their session cannot tell that the
    team has become that, the key waits, with those after it, and says for what.

    Args:
        actor: the person, with the teams that they hold; their session can sign as the person.
        held: the keys of their memberships.
    """
    assert actor.person is not None
    principal_id, book = actor.principal_id, actor.address_book
    newest = {key.team.id: key for key in sorted(held, key=lambda key: key.version)}
    offers = []
    for row in session.scalars(select(Handover).where(Handover.taker_id == principal_id)):
        giver = book.colleagues.get(row.giver_id)
        if giver is None:
            continue
        try:
            opened = handovers.open_handover(actor.person, row.sealed, taker_id=principal_id)
            opened.check(giver.public, giver_id=row.giver_id, taker_id=principal_id)
        except (BadSignature, CannotOpen):
            leave_out()
            continue
        if opened.held.key_id == row.team_key_id:
            offers.append(Offer(row.id, opened.held, row.giver_id, giver.name))
    if not offers:
        return []
    trust, following = trust_of(session, actor), list[Offer]()
    former_names = {team_id: key.team.name for team_id, key in newest.items()}
    waiting: dict[UUID, WaitsFor] = {}
    for offer in sorted(offers, key=lambda offer: offer.held.version):
        team_id = offer.held.team.id
        before = newest.get(team_id)
        if before is None or not follows(session, offer.held, before):
            continue
        if team_id not in waiting and not is_as_confirmed(session, offer.held, before, trust=trust):
            waiting[team_id] = waits_for(session, actor=actor, trust=trust)
        # Which council to believe is never a colleague's to say, nor which second confirmer or which rules.
        held_so = replace(
            offer.held,
            second=before.second,
            councils=before.councils,
            remembers=before.remembers,
            rules=before.rules,
        )
        following.append(
            replace(offer, held=held_so, former_name=former_names[team_id], waits_for=waiting.get(team_id))
        )
        newest[team_id] = held_so
    return following


def waits_for(session: Session, *, actor: Actor, trust: Trust) -> WaitsFor:
    """What a person has to do before their session can tell that a team of theirs has become what a key says.

    Args:
        actor: the person.
        trust: which keys their session trusts.
    """
    if key_to_compare(session, actor=actor, trust=trust) is not None:
        return "council"
    return "rules" if seconds.standing(session, actor).differs else "confirmation"


def vouched_for(
    session: Session, *, trust: Trust, offers: Sequence[Offer], onlooker: Onlooker
) -> list[Offer]:
    """The offers for which somebody else than the team's key before vouches: a person takes them without being asked.

    One that comes after a key of the team that they have not taken waits with that. One that waits for something else
    is not taken.

    Another team's word is not enough alone: whoever left this team may be in that one still, or have left it too. So
    the person has to know the colleague from this team, and know of nobody who left it and is not named.

    Args:
        trust: which keys the session trusts.
        offers: what `handed_over` found.
        onlooker: the person.
    """
    waiting: set[UUID] = set()
    taken = []
    for offer in offers:
        if (
            offer.waits_for is None
            and offer.held.team.id not in waiting
            and _needs_no_question(session, trust, offer, onlooker)
        ):
            taken.append(offer)
        else:
            waiting.add(offer.held.team.id)
    return taken


def _needs_no_question(session: Session, trust: Trust, offer: Offer, onlooker: Onlooker) -> bool:
    row = key_in_rows(session, offer.held.key_id)
    if row is None or not trust.stands_alone(session, row.id):
        return False
    if trust.confirmation(session, row) is not None:
        return True  # the council compared the number with the team
    members = members_of(session, onlooker=onlooker, team_id=row.team_id)
    return members.made_by_colleague(row, offer.giver_id)


def to_take(session: Session, *, offers: Sequence[Offer], onlooker: Onlooker) -> list[Offer]:
    """Of each team, the newest key that a person can take, with those that lead to it.

    The number of an older one stands on nobody's page any more, so nobody could compare it. Where somebody else made
    the newer one, they signed as a person which key came before it. So whoever compares the newer one's number with
    them can take the older one with it.

    A key that has been changed again since is no longer offered if nobody has handed the newer one over: it would open
    nothing.

    Args:
        offers: what `handed_over` found, without what `vouched_for` took.
        onlooker: the person.
    """
    lines: defaultdict[UUID, list[Offer]] = defaultdict(list)
    for offer in offers:
        lines[offer.held.team.id].append(offer)
    published = keys_by_version(session, lines)
    newest = (_newest(line, published[team_id], onlooker.book) for team_id, line in lines.items())
    return [
        replace(offer, from_member=offer.giver_id in _there(session, offer, onlooker))
        for offer in newest
        if offer is not None
    ]


def _there(session: Session, offer: Offer, onlooker: Onlooker) -> Collection[UUID]:
    return members_of(session, onlooker=onlooker, team_id=offer.held.team.id).there


def _newest(line: Sequence[Offer], published: Mapping[int, TeamKey], book: AddressBook) -> Offer | None:
    """The newest of one team's offers that can be taken; None if another key has replaced the last of them."""
    newest, *later = line
    for offer in later:
        if offer.giver_id != newest.giver_id and not _names_before(offer, published, book):
            return newest
        newest = replace(offer, earlier=(*newest.earlier, newest))
    row, after = published.get(newest.held.version), published.get(newest.held.version + 1)
    replaced = row is not None and after is not None and succession_of(after, row) is not None
    return None if replaced else newest


def _names_before(offer: Offer, published: Mapping[int, TeamKey], book: AddressBook) -> bool:
    """Whether the colleague who handed a key over made it, and signed as a person which key it follows.

    The signature of the key before proves less: whoever has left and made a key of their own can put it there, and sign
    with it a colleague's key as the next.
    """
    row, before = published.get(offer.held.version), published.get(offer.held.version - 1)
    giver = book.public_of(offer.giver_id)
    statement = succession_of(row, before) if row is not None and before is not None else None
    if row is None or statement is None or giver is None:
        return False
    try:
        statement.check(row.maker_signature or b"", giver.signing)
    except BadSignature:
        return False
    return True


def is_as_confirmed(session: Session, held: HeldKey, before: HeldKey, *, trust: Trust) -> bool:
    """Whether a team's next key names the team as the person holds it, or as what it was confirmed to have become.

    What was confirmed of the key that the person holds counts, or of the other one. Each has to have all the
    confirmations that it needs today.

    Args:
        held: the other key.
        before: the key that they hold.
        trust: which keys the session trusts.
    """
    if held.team == before.team:
        return True
    rows = (key_in_rows(session, key_id) for key_id in (before.key_id, held.key_id))
    return any(
        row is not None and trust.complete(session, row) and trust.vouched(session, row) == held.team
        for row in rows
    )


def follows(session: Session, held: HeldKey, before: HeldKey) -> bool:
    """Whether a key that a person holds has signed another as the team's next one, under whatever name.

    Args:
        held: the other key.
        before: the key that they hold.
    """
    try:
        row, row_before = session.get(TeamKey, held.key_id), session.get(TeamKey, before.key_id)
    except Unreadable:
        return False  # counted, as every row that is left out
    return (
        row is not None
        and row_before is not None
        and held.team.id == before.team.id
        and held.version == before.version + 1 == row.version
        and fingerprint_of(row) == held.secret.fingerprint
        and row_before.signing_public == before.secret.signing.public
        and succession_of(row, row_before) is not None
    )
