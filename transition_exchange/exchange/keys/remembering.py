"""What a person remembers from one session to the next: colleagues' own keys, and the newest keys of teams.

It is brought up to date when a session begins, and when the person works on a change of a key. Then keys that
colleagues have handed over become memberships too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, Offer
from transition_exchange.exchange.errors import NotAllowed, Refused, Tampered
from transition_exchange.exchange.keys.colleagues import own_name, sightings
from transition_exchange.exchange.keys.held_keys import handed_over, keys_of_memberships, settled, vouched_for
from transition_exchange.exchange.keys.key_rows import fingerprint_of
from transition_exchange.exchange.keys.leavers import Onlooker, members_of
from transition_exchange.exchange.keys.opening import open_actor
from transition_exchange.exchange.keys.personal import address_book_of, new_membership, reseal
from transition_exchange.exchange.keys.seen_keys import council_as_compared, newest_keys, second_key
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.sealing.acceptance import ROOT
from transition_exchange.sealing.address_book import AddressBook, RememberedKey, Sighting
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.models import Handover, Principal, TeamKey
from transition_exchange.store.unreadable import Unreadable

NOT_THE_COUNCILS = (
    "You have seen another key of the council in this place, so this one is not the council’s. "
    "Nothing was changed. Tell the council and the people who run this service."
)


def remember(
    session: Session,
    *,
    principal: Principal,
    pair: KeyPair,
    now: datetime,
    met: Mapping[UUID, Sequence[Sighting]] = MappingProxyType({}),
) -> None:
    """Bring up to date what a person remembers, and store what was handed over to them, in the action's transaction.

    Memberships of teams that have become others, or with a council's key or a second confirmer that the person has seen
    since, are sealed anew.

    An account that fails its safety check is left alone: the next page says so.

    Args:
        principal: the person, whose row is changed.
        pair: their own key pair.
        now: the time.
        met: whom they have just taken for members of a team, as teams say of colleagues. They gave them its key.
    """
    try:
        actor = open_actor(session, principal=principal, pair=pair)
    except (Tampered, Unreadable):
        return
    trust, person = trust_of(session, actor), PersonKeys(pair)
    onlooker = Onlooker(principal.id, person.public, actor.address_book)
    own = settled(keys_of_memberships(session, principal_id=principal.id, pair=pair))
    offers = handed_over(session, actor=actor, held=own)
    for offer in vouched_for(session, trust=trust, offers=offers, onlooker=onlooker):
        take(session, actor=actor, offer=offer, now=now)
    book = _with_people(session, actor=actor, trust=trust, onlooker=onlooker, now=now)
    book = book.with_colleagues(met, now=now)
    book = book.with_team_keys(newest_keys(session, actor=actor, trust=trust))
    book = _with_second_key(session, trust, book)
    if book != address_book_of(principal, pair):
        principal.address_book = book.seal(pair, principal_id=principal.id)
    councils = {team_id: key for team_id, key in book.team_keys.items() if key.root}
    remembers = bool(principal.address_book)
    if actor.without_key:
        _keep_where_a_key_is_missing(
            session, principal=principal, pair=pair, actor=actor, book=book, councils=councils
        )
    for team in (*actor.teams, *actor.set_aside):
        aside = team in actor.set_aside
        for key in team.held_keys if team.awaits_council else [team.held]:
            held = replace(key, councils=councils, remembers=remembers, awaits_council=aside)
            # Which of several keys says that the team waits is not known here, so all are sealed again.
            if team.moved or team.awaits_council or held != key:
                reseal(session, principal_id=principal.id, pair=pair, held=held)


def _keep_where_a_key_is_missing(
    session: Session,
    *,
    principal: Principal,
    pair: KeyPair,
    actor: Actor,
    book: AddressBook,
    councils: Mapping[UUID, RememberedKey],
) -> None:
    """Put what a person remembers into their memberships of teams whose newest key they have not been given.

    So an older address book that is put back takes nothing from them either.
    """
    behind = {team.id for team in actor.without_key}
    for held in keys_of_memberships(session, principal_id=principal.id, pair=pair):
        if held.team.id in behind:
            second = held.second if ROOT in held.team.purposes else held.second or book.second
            kept = replace(held, second=second, councils=councils, remembers=bool(principal.address_book))
            if kept != held:
                reseal(session, principal_id=principal.id, pair=pair, held=kept)


def _with_second_key(session: Session, trust: Trust, book: AddressBook) -> AddressBook:
    """The book with the newest key of the second confirmer in it."""
    second, key = book.second, book.second_key
    if second is not None:
        key = second_key(session, trust=trust, second=second, remembered=key)
    return book if key == book.second_key else replace(book, second_key=key)


def _with_people(
    session: Session, *, actor: Actor, trust: Trust, onlooker: Onlooker, now: datetime
) -> AddressBook:
    """The person's address book with the colleagues whom they see now, and who of them is in which team of theirs.

    Where somebody has left a team who still knows its newest key, the book notes that with whomever the team names for
    the first time: the leaver could have made them up.
    """
    seen = sightings(session, actor=actor, trust=trust)
    say_so = {sighting.team for about in seen.values() for sighting in about}
    members = {
        team_id: members_of(session, onlooker=onlooker, team_id=team_id)
        for team_id in sorted({*say_so, *(team.id for team in actor.teams)})
    }
    left = {
        team.id
        for team in trust.current(session, sorted(say_so)).values()
        for number, key in members[team.id].line.items()
        if key.id == team.key_id and members[team.id].left(number)
    }
    book = actor.address_book.with_colleagues(seen, now=now, left=left)
    for team in actor.teams:
        book = book.with_members(team.id, members[team.id].there, number=team.version)
    return book


def remember_councils(
    principal: Principal,
    pair: KeyPair,
    councils: Mapping[UUID, RememberedKey],
    second: SecondConfirmer | None,
) -> None:
    """Let somebody who joins remember their NEET group and second confirmer, so that no later invitation names others.

    Somebody who is in no team has no membership that holds them.

    Args:
        principal: the person, whose row is changed.
        pair: their own key pair.
        councils: the NEET groups' keys, by team.
        second: the second confirmer; None if there is none.

    Raises:
        CannotOpen: their address book is not what they sealed to themselves.
    """
    book = address_book_of(principal, pair).with_team_keys(councils).with_second(second)
    principal.address_book = book.seal(pair, principal_id=principal.id)


def remember_now(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    met: Mapping[UUID, Sequence[Sighting]] = MappingProxyType({}),
) -> None:
    """As `remember`, for somebody who is signed in and has just made, taken or confirmed a key.

    Until they have remembered it, somebody who has left could take it out of the database again, and they would go on
    with the key before. A session that cannot sign as the person remembers nothing.
    """
    if actor.person is None:
        return
    session.flush()
    principal = session.get_one(Principal, actor.principal_id)
    remember(session, principal=principal, pair=actor.person.pair, now=now, met=met)


def remember_compared(session: Session, *, actor: Actor, key: TeamKey) -> None:
    """Let somebody remember the NEET group's new key, whose number they have compared, in a team or in none.

    Args:
        actor: the person.
        key: the key.

    Raises:
        NotAllowed: the session cannot seal anything to the person, so nothing would be kept.
        Refused: they have seen another key of the NEET group in its place.
    """
    if actor.person is None:
        raise NotAllowed
    principal, pair = session.get_one(Principal, actor.principal_id), actor.person.pair
    compared = council_as_compared(session, trust=trust_of(session, actor), key=key)
    if not compared.names(key.version, fingerprint_of(key).hex()):
        raise Refused(NOT_THE_COUNCILS)
    book = address_book_of(principal, pair).with_team_keys({key.team_id: compared})
    principal.address_book = book.seal(pair, principal_id=principal.id)


def remember_accepted(
    session: Session, *, principal: Principal, pair: KeyPair, second: SecondConfirmer | None, now: datetime
) -> None:
    """Let somebody hold to what they have accepted, in what they remember and in every membership of theirs.

    A membership of a team whose new key they do not have, or that is set aside, would bring back what they gave up.
    The NEET group goes by the rules that it signs.

    Args:
        principal: the person, whose row is changed.
        pair: their own key pair.
        second: the second confirmer; None if there is none any more.
        now: when.

    Raises:
        CannotOpen: a membership or the address book is not what they sealed to themselves.
    """
    for held in keys_of_memberships(session, principal_id=principal.id, pair=pair):
        if ROOT not in held.team.purposes:
            reseal(session, principal_id=principal.id, pair=pair, held=replace(held, second=second))
    book = address_book_of(principal, pair).with_second(second)
    principal.address_book = book.seal(pair, principal_id=principal.id)
    session.flush()
    remember(session, principal=principal, pair=pair, now=now)


def take(session: Session, *, actor: Actor, offer: Offer, now: datetime) -> None:
    """Seal to the person themselves a key that a colleague has handed over, and drop the handover.

    Args:
        actor: the person, whose session can sign as the person.
        offer: the key.
        now: when.
    """
    assert actor.person is not None
    session.add(
        new_membership(
            principal_id=actor.principal_id,
            name=own_name(session, actor=actor, team_id=offer.held.team.id),
            pair=actor.person.pair,
            held=offer.held,
            added_by=offer.giver_id,
            at=now,
        )
    )
    session.execute(delete(Handover).where(Handover.id == offer.id))
    session.flush()
