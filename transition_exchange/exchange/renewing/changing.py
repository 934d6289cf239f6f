"""Changing a team's key: because somebody has left the team, or because a member asks for it.

The new key is made in a member's session and handed over to each of the others whom that member remembers. Somebody
who is not remembered is invited again. What the key before sealed or signed is made anew afterwards, in steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.keys.colleagues import member_statement, own_name, shown_name, unchecked
from transition_exchange.exchange.keys.key_rows import keys_by_version, succession_of
from transition_exchange.exchange.keys.leavers import Onlooker, members_of
from transition_exchange.exchange.keys.open_invitations import open_invitations, take_words
from transition_exchange.exchange.keys.personal import new_membership
from transition_exchange.exchange.keys.remembering import remember_now
from transition_exchange.exchange.keys.seen_keys import newest_councils
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.renewing.confirmers import WhoConfirms, who_confirms
from transition_exchange.exchange.renewing.council_key import new_pin
from transition_exchange.exchange.renewing.makers import NOBODY
from transition_exchange.exchange.renewing.vouching import voucher_of_own_team
from transition_exchange.sealing import handovers
from transition_exchange.sealing.address_book import Sighting
from transition_exchange.sealing.encoding import canonical
from transition_exchange.sealing.keys import TeamSecret
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import Member, PersonKeys, PersonPublic
from transition_exchange.sealing.succession import Succession
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Handover,
    KeyPin,
    Membership,
    Principal,
    Team,
    TeamKey,
)

ALREADY_CHANGED = (
    "This team’s key has already been changed since this page was opened, by you or a colleague. "
    "Nothing was changed a second time."
)
IN_ITS_PLACE = (
    "The key was not changed. In the place of its next key there is one that nobody in this team signed. Somebody has "
    "put it into the database. Ask whoever runs this installation to remove it and to find out how it got there."
)
OTHER_PEOPLE = "Somebody has joined or left this team since this page was opened. Look at the page again."


@dataclass(frozen=True)
class Staying:
    """Somebody who stays in a team whose key is changed.

    Attributes:
        remembered: whether this person has seen them in this team in an earlier session, and before anybody left
            because of whom the key is changed, and a key of the team has signed that they are in it. They get the new
            key unless it is said otherwise.
        seen_first: when this person first saw them in this team, if that was after somebody had left: whoever left
            knows the key and could have made them up. None otherwise.
        public: their own public keys, to which it is handed over; None for somebody who has to be invited again.
        doubtful: whether the team signed other keys for them than those that this person remembers.
    """

    principal_id: UUID
    name: str
    remembered: bool
    public: PersonPublic | None = field(repr=False)
    seen_first: datetime | None = None
    doubtful: bool = False


@dataclass(frozen=True)
class Change:
    """What changing the key of one of the actor's teams would do.

    Attributes:
        left: the names of those who have left the team and know its key.
        staying: the other members; empty where nobody asked who stays.
        removed: the ids of those who have left.
        by: who confirms the new key, if somebody has left.
    """

    team: OpenTeam
    left: tuple[str, ...]
    staying: tuple[Staying, ...]
    removed: tuple[UUID, ...] = field(repr=False)
    by: WhoConfirms

    @property
    def due(self) -> bool:
        """Whether the key has to be changed, because somebody who knows it has left."""
        return bool(self.removed)

    @property
    def seen(self) -> str:
        """What changing it names: the key that is changed, and a digest of who has left and who stays."""
        people = {
            "left": sorted(map(str, self.removed)),
            "stay": sorted(str(member.principal_id) for member in self.staying),
        }
        return (
            f"{self.team.secret.fingerprint.hex()}-{hashlib.sha256(canonical(people).encode()).hexdigest()}"
        )


def changes(*, db: Database, actor: Actor, staying: bool = True) -> tuple[Change, ...]:
    """What changing the key of each of the actor's teams would do, in the order of the teams.

    Args:
        staying: whether it is asked who stays. For that the organisation's log is read, which every page can do
            without that only says whether a key has to be changed.
    """
    with db.read() as session:
        return tuple(_change(session, actor, team, staying=staying) for team in actor.teams)


def change_key(
    *,
    db: Database,
    actor: Actor,
    team_id: UUID,
    seen: str,
    hand_to: Collection[UUID] | None = None,
    now: datetime | None = None,
) -> Change:
    """Make a new key of one of the actor's teams, and hand it over to the other members.

    Open invitations to the team lose their five words, because they hold the key before.

    Args:
        team_id: the team.
        seen: `Change.seen` of the page on which it was asked for, so that one page changes one key.
        hand_to: the members who get it; None for all who are remembered.

    Returns:
        Who left, and who got the key.

    Raises:
        NotFound: the actor does not hold the team's key.
        NotAllowed: this session cannot sign as the person.
        Refused: the key has been changed since the page was opened, or other people are in the team, or somebody who is
            to get it is not remembered.
        ProofNeeded: the actor has to give their passphrase or a code again.
    """
    now = now or utc_now()
    team = actor.team(team_id)
    if team is None:
        raise NotFound
    if actor.person is None:
        raise NotAllowed
    with db.read() as session:
        change = _change(session, actor, team)
        councils = newest_councils(session, trust=trust_of(session, actor))
        name = own_name(session, actor=actor, team_id=team_id)
    if seen != change.seen:
        same_key = seen.startswith(team.secret.fingerprint.hex())
        raise Refused(OTHER_PEOPLE if same_key else ALREADY_CHANGED)
    takers = [
        member
        for member in change.staying
        if (member.remembered if hand_to is None else member.principal_id in hand_to)
    ]
    if any(member.public is None for member in takers) or len(takers) < len(set(hand_to or ())):
        raise Refused("Choose only people whom we can give the new key. Invite the others again.")
    actor.require_proof(now)
    new = replace(
        team.held, key_id=uuid4(), secret=TeamSecret.generate(), version=team.version + 1, change=""
    )
    key = _signed_key(team, new, change=change, person=actor.person, actor=actor, now=now)
    with db.read() as session:
        voucher_of_own_team(session, actor=actor, key=key, now=now)
    membership = new_membership(
        principal_id=actor.principal_id,
        name=name,
        pair=actor.person.pair,
        held=new,
        added_by=actor.principal_id,
        at=now,
    )
    given = _handovers(actor, actor.person, new, takers, now)
    new_pins = [
        new_pin(
            new.secret,
            team_id=team.id,
            council_id=council_id,
            fingerprint=bytes.fromhex(council.fingerprint),
            now=now,
        )
        for council_id, council in councils.items()
        if council_id != team.id
    ]
    with db.write() as session:
        session.get_one(Team, team_id, with_for_update=True)
        after = keys_by_version(session, [team_id])[team_id].get(new.version)
        if after is not None:
            follows = succession_of(after, session.get_one(TeamKey, team.key_id)) is not None
            raise Refused(ALREADY_CHANGED if follows else IN_ITS_PLACE)
        session.execute(delete(KeyPin).where(KeyPin.team_id == team_id))
        session.add(key)
        session.flush()
        session.add_all([membership, *given, *new_pins])
        _withdraw_bundles(session, actor, team_id)
        met = {
            member.principal_id: [Sighting(team_id, True, member.public, member.name)]
            for member in takers
            if member.public is not None
        }
        remember_now(session, actor=actor, now=now, met=met)
        actor.note(
            session,
            "key.changed",
            team=team_id,
            key=key.id,
            version=key.version,
            left=len(change.removed),
            given=len(given),
        )
    return change


def _change(session: Session, actor: Actor, team: OpenTeam, *, staying: bool = True) -> Change:
    memberships = session.execute(
        select(Membership, Principal.name)
        .join(Principal, Principal.id == Membership.principal_id)
        .where(Membership.team_id == team.id, Membership.principal_id != actor.principal_id)
        .order_by(Principal.name, Principal.id)
    )
    rows: dict[UUID, str] = {}
    stated: dict[UUID, Member] = {}
    for membership, name in memberships:
        person = membership.principal_id
        rows[person] = unchecked(name)
        secret = team.secret_of(membership.team_key_id) if membership.team_key_id else None
        statement = member_statement(membership, signed_by=secret.signing.public) if secret else None
        if statement is not None:
            stated[person] = statement
    public = actor.person.public if actor.person is not None else None
    onlooker = Onlooker(actor.principal_id, public, actor.address_book)
    members = members_of(session, onlooker=onlooker, team_id=team.id, logged=staying)
    left = {
        person: shown_name(actor, person, stated.get(person)) or rows.get(person, NOBODY)
        for person in members.left(team.version)
    }
    removed = tuple(sorted(left, key=lambda person: (left[person], person)))
    first_left = members.first_left(removed) if staying else None
    return Change(
        team=team,
        left=tuple(left[person] for person in removed),
        staying=tuple(
            _staying(actor, team, person, rows[person], stated.get(person), first_left)
            for person in rows
            if staying and person in members.there
        ),
        removed=removed,
        by=who_confirms(session, actor=actor, team_id=team.id, name=team.name, removed=removed),
    )


def _staying(
    actor: Actor,
    team: OpenTeam,
    person: UUID,
    unchecked_name: str,
    stated: Member | None,
    first_left: datetime | None,
) -> Staying:
    """Somebody who stays. A row can be given anybody's name, so they are shown by the name that was signed.

    Colleagues of other teams are remembered too, and another team may have named keys that are not theirs. So only
    those are ticked beforehand who have been seen as members of this team.
    """
    known = actor.address_book.colleagues.get(person)
    name = shown_name(actor, person, stated) or unchecked_name
    if stated is None or (known is not None and known.public != stated.public):
        return Staying(person, name, False, None, doubtful=stated is not None)
    seen_here = known.own_teams.get(team.id) if known is not None else None
    if seen_here is None:
        return Staying(person, name, False, stated.public)
    since = datetime.fromisoformat(seen_here)
    late = since if first_left is not None and since >= first_left else None
    return Staying(person, name, late is None, stated.public, seen_first=late)


def _signed_key(
    team: OpenTeam, new: HeldKey, *, change: Change, person: PersonKeys, actor: Actor, now: datetime
) -> TeamKey:
    statement = Succession(
        team=team.id,
        version=new.version,
        fingerprint=new.secret.fingerprint.hex(),
        previous=team.secret.fingerprint.hex(),
        removed=[str(principal_id) for principal_id in change.removed],
        at=now,
    )
    return TeamKey(
        id=new.key_id,
        team_id=team.id,
        version=new.version,
        kem_public=new.secret.kem.public,
        signing_public=new.secret.signing.public,
        created_at=now,
        created_by=actor.principal_id,
        succession=statement.text(),
        succession_signature=statement.sign(team.secret.signing),
        maker_signature=statement.sign(person.signing),
    )


def _handovers(
    actor: Actor, person: PersonKeys, new: HeldKey, takers: Sequence[Staying], now: datetime
) -> Sequence[Handover]:
    return [
        Handover(
            team_key_id=new.key_id,
            taker_id=member.principal_id,
            giver_id=actor.principal_id,
            sealed=handovers.hand_over(
                new,
                giver=person,
                giver_id=actor.principal_id,
                taker=member.public,
                taker_id=member.principal_id,
                at=now,
            ),
            created_at=now,
        )
        for member in takers
        if member.public is not None
    ]


def _withdraw_bundles(session: Session, actor: Actor, team_id: UUID) -> None:
    """Take the five words from open invitations to a team. A member makes new ones, under which the new key lies."""
    for invitation in open_invitations(session, actor.organisation_id):
        if str(team_id) in invitation.team_ids:
            take_words(invitation)
