"""From a person's own key to the person as an actor, with the keys of their teams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OlderKey, OpenTeam
from transition_exchange.exchange.errors import Tampered
from transition_exchange.exchange.keys import seconds
from transition_exchange.exchange.keys.changes import followed
from transition_exchange.exchange.keys.held_keys import (
    handed_over,
    keys_of_memberships,
    settled,
    to_take,
    vouched_for,
)
from transition_exchange.exchange.keys.key_rows import is_published_as, keys_by_version, succession_of
from transition_exchange.exchange.keys.leavers import Onlooker
from transition_exchange.exchange.keys.lines import KeyLines
from transition_exchange.exchange.keys.personal import address_book_of
from transition_exchange.exchange.keys.roots import councils_agree, is_said_to_be_council
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.address_book import AddressBook
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.store.models import Principal, TeamKey

BROKEN_ACCOUNT = (
    "Your account failed its safety check, so your teams cannot be opened. "
    "Tell your administrator, who can invite you again."
)
SWAPPED_KEY = (
    "The key that stands for your team is not the one your team made. Somebody has changed it. "
    "Nothing was opened or sent. Ring your council."
)
ANOTHER_TEAM = (
    "Your council has confirmed your team as another team, or for other work, than you joined. "
    "Nothing was opened or sent. Ring your council."
)


def open_actor(session: Session, *, principal: Principal, pair: KeyPair, session_id: str = "") -> Actor:
    """A person as an actor, with every team whose newest key they hold.

    Which organisation a team belongs to and what it is for come from the sealed membership. A newer key that a
    colleague has handed over counts at once, although it is stored as a membership only at the next sign-in. Which
    second confirmer the person holds to is settled before that key, or a team that is set aside, is weighed.

    Args:
        principal: the person.
        pair: the person's own key pair.
        session_id: the session that acts; empty if there is none.

    Raises:
        Tampered: a membership is not what this person sealed to themselves, their address book was taken away, a team's
            published key is not the one that they hold, or the NEET group's confirmation says something else about the
            team than the team accepted.
    """
    person = PersonKeys(pair)
    try:
        book = address_book_of(principal, pair)
        held = keys_of_memberships(session, principal_id=principal.id, pair=pair)
    except CannotOpen as error:
        raise Tampered(BROKEN_ACCOUNT) from error
    forgotten = not principal.address_book and any(key.remembers for key in held)
    if not councils_agree(session, held=held, book=book):
        raise Tampered(BROKEN_ACCOUNT)
    if forgotten or any(key.team.organisation_id != principal.organisation_id for key in held):
        raise Tampered(BROKEN_ACCOUNT)
    for key in held:
        book = book.with_team_keys(key.councils)  # one that was put back may be older
    counting = _by_team(settled(held))
    actor = Actor(
        principal_id=principal.id,
        organisation_id=principal.organisation_id,
        name=principal.name,
        administrator=principal.administrator,
        teams=tuple(map(_open_team, counting)),
        session_id=session_id,
        without_key=tuple(_superseded(session, counting, book).values()),
        person=person,
        address_book=book,
    )
    actor = seconds.seen(session, actor)
    onlooker = Onlooker(principal.id, person.public, book)
    offers = handed_over(session, actor=actor, held=settled(held))
    if offers:
        trust = trust_of(session, actor)
        taken = vouched_for(session, trust=trust, offers=offers, onlooker=onlooker)
        offers = [offer for offer in offers if offer not in taken]
        held = [*held, *(offer.held for offer in taken)]
    lines = _by_team(held)
    if not all(_in_one_line(session, line) for line in lines):
        raise Tampered(SWAPPED_KEY)
    trust = trust_of(session, actor)
    aside = [line for line in lines if _awaits(line) and not _has_been_confirmed(session, trust, line)]
    lines = [line for line in lines if line not in aside]
    superseded = _superseded(session, lines, book)
    actor = replace(
        actor,
        teams=tuple(_open_team(line) for line in lines if line[0].team.id not in superseded),
        set_aside=tuple(map(_open_team, aside)),
        without_key=tuple(superseded.values()),
        offers=tuple(to_take(session, offers=offers, onlooker=onlooker)),
    )
    actor = seconds.seen(session, actor)
    trust = trust_of(session, actor)
    return replace(actor, teams=tuple(_checked(session, trust, team) for team in actor.teams))


def _by_team(held: Sequence[HeldKey]) -> list[list[HeldKey]]:
    lines: defaultdict[UUID, list[HeldKey]] = defaultdict(list)
    for key in held:
        lines[key.team.id].append(key)
    return list(lines.values())


def _awaits(line: Sequence[HeldKey]) -> bool:
    return any(key.awaits_council for key in line)


def _has_been_confirmed(session: Session, trust: Trust, line: Sequence[HeldKey]) -> bool:
    """Whether the NEET group, and any second confirmer, say that a key is that of the team that the membership names.

    Whoever has a key of a team, a member of it or of the NEET group, can put that key under another name, or for other
    work, into an invitation.
    """
    newest = max(line, key=lambda key: key.version)
    published = session.get(TeamKey, newest.key_id)
    if published is None or not is_published_as(newest, published):
        raise Tampered(SWAPPED_KEY)
    if newest.team.id in trust.council_ids:
        return is_said_to_be_council(newest.team) and trust.is_root(session, published)
    vouched = trust.vouched(session, published) if trust.complete(session, published) else None
    return vouched is not None and followed(session, _open_team(line), vouched).identity == vouched


def _in_one_line(session: Session, held: Sequence[HeldKey]) -> bool:
    """Whether each key of a team that a person holds was signed by the one before, however long ago they got it.

    Two of them need not have come from the same colleague.
    """
    numbers = {key.version: key for key in held}
    row = session.get(TeamKey, numbers[max(numbers)].key_id)
    lines = KeyLines()
    while row is not None and row.version > min(numbers):
        before, succession = lines.before(session, row)
        if before is None or succession is None:
            return False
        row = before
        if row.version in numbers and not is_published_as(numbers[row.version], row):
            return False
    return len(numbers) == len(held)


def _open_team(keys: Sequence[HeldKey]) -> OpenTeam:
    # The number is sealed with the key: what order the rows are in, or say, does not make an older key the newest.
    *older, current = sorted(keys, key=lambda key: key.version)
    return OpenTeam(
        **vars(current.team),
        key_id=current.key_id,
        secret=current.secret,
        version=current.version,
        older={key.key_id: OlderKey(key.version, key.secret) for key in older},
        change=current.change,
        second=current.second,
        councils=current.councils,
        remembers=current.remembers,
        awaits_council=_awaits(keys),
        rules=current.rules,
    )


def _superseded(
    session: Session, lines: Sequence[Sequence[HeldKey]], book: AddressBook
) -> dict[UUID, TeamIdentity]:
    """The teams with a newer key than the person holds: one that they remember, or one that a key of theirs signed."""
    superseded: dict[UUID, TeamIdentity] = {}
    published = keys_by_version(session, [line[0].team.id for line in lines])
    for line in lines:
        newest = max(line, key=lambda key: key.version)
        team_id, remembered = newest.team.id, book.team_keys.get(newest.team.id)
        row = published[team_id].get(newest.version)
        after = published[team_id].get(newest.version + 1)
        if (remembered is not None and remembered.version > newest.version) or (
            row is not None and after is not None and _signed_by(newest, row, after)
        ):
            superseded[team_id] = newest.team
    return superseded


def _signed_by(held: HeldKey, row: TeamKey, after: TeamKey) -> bool:
    return row.signing_public == held.secret.signing.public and succession_of(after, row) is not None


def _checked(session: Session, trust: Trust, team: OpenTeam) -> OpenTeam:
    """A team, compared with its published key and with the NEET group's confirmation of it.

    A team that accepted another name or other purposes becomes that where the NEET group has confirmed it.
    """
    published = session.get(TeamKey, team.key_id)
    if published is None or trust.known(session, published) is None:
        raise Tampered(SWAPPED_KEY)
    if team.id in trust.council_ids and trust.is_root(session, published):
        return replace(followed(session, team, None), confirmed=True)
    others = trust.without_own()
    vouched = others.vouched(session, published)
    if vouched is None:
        before, _ = others.waiting_since(session, published)
        if before is not None and followed(session, team, before).identity != before:
            raise Tampered(ANOTHER_TEAM)
        return replace(team, confirmed=False, awaited=before is not None)
    moved = followed(session, team, vouched)
    if moved.identity != vouched:
        raise Tampered(ANOTHER_TEAM)
    # What the second confirmer has not confirmed too moves nobody.
    is_complete = others.complete(session, published)
    return replace(moved, confirmed=True) if is_complete else replace(team, awaited=True)
