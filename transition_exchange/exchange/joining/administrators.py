"""A new administrator for an organisation that has lost its own. They are in no team, so that it opens nothing.

The council invites one into an organisation of its area. The operator makes an invitation for any organisation, the
council's own among them, where nobody is left who could.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import listed
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.email_addresses import checked_email
from transition_exchange.exchange.errors import NotAllowed, NotFound, Refused
from transition_exchange.exchange.joining.bundles import Bundle, bundle_for
from transition_exchange.exchange.joining.invitations import (
    add_with_mail,
    checked_name,
    invitation_row,
    wrap_bundle,
)
from transition_exchange.exchange.joining.inviting import Invited, wrapped
from transition_exchange.exchange.joining.made_by import digest_of, sign
from transition_exchange.exchange.keys.lines import KeyLines
from transition_exchange.exchange.signing_in.credentials import STANDARD_MEMORY_KIB
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.keys import fingerprint, spoken_fingerprint
from transition_exchange.store import events
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Invitation, Organisation, Team
from transition_exchange.store.tokens import new_token, token_digest

WRONG_NUMBER = (
    "That is not the security number of the NEET group’s newest key in this database. Nothing was made. Ask somebody "
    "in the NEET group to read the number to you from “People and teams”, and compare it digit by digit."
)
CLOSE_NAMES = 3
"""How many names are offered at most where none is right."""
TAKEN = "Somebody with this e-mail address is invited there already."


@dataclass(frozen=True)
class Added:
    """An invitation that the operator made.

    Attributes:
        link_token: the end of its link.
        spoken_code: the five words that go with it.
    """

    invitation_id: UUID
    link_token: str = field(repr=False)
    spoken_code: str = field(repr=False)


def invite_administrator(
    *,
    db: Database,
    actor: Actor,
    organisation_id: UUID,
    name: str,
    email: str,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> Invited:
    """Invite an administrator into an organisation of the council's area.

    Args:
        organisation_id: the organisation.
        name: the administrator's name.
        email: their e-mail address.

    Raises:
        NotAllowed: the actor is not an administrator of an organisation that coordinates the area, or this session
            cannot sign as the person.
        NotFound: the organisation is unknown or of another area.
        Refused: the name or the e-mail address is wrong, or somebody with this address is invited there already.
        ProofNeeded: the actor has to give their passphrase or a code again.
        Busy: every place for passphrase work is taken.
    """
    now, email, name = now or utc_now(), checked_email(email), checked_name(name)
    with db.read() as session:
        own = session.get_one(Organisation, actor.organisation_id)
        if not (actor.administrator and own.coordinates):
            raise NotAllowed("Only an administrator of the council can invite administrators.")
        organisation = session.get(Organisation, organisation_id)
        if organisation is None or organisation.area_id != own.area_id:
            raise NotFound
        _require_new(session, organisation_id, email)
        bundle = bundle_for(session, actor=actor, organisation_id=organisation_id, teams=())
    actor.require_proof(now)
    invitation = _invitation(organisation_id, name=name, email=email, now=now)
    sign(invitation, actor=actor, teams=(), now=now)
    code = None
    if bundle is not None:
        code = wrapped(invitation, bundle, actor=actor, now=now, memory_kib=memory_kib)
    with db.write() as session:
        session.get_one(Organisation, organisation_id, with_for_update=True)  # one invites at a time
        _require_new(session, organisation_id, email)
        add_with_mail(session, invitation)
        actor.note(
            session,
            "administrator.invited",
            organisation=organisation_id,
            invitation=invitation.id,
            digest=digest_of(invitation),
        )
    return Invited(invitation.id, organisation_id, code)


def add_administrator(
    *,
    db: Database,
    organisation: str,
    name: str,
    email: str,
    number: str,
    now: datetime | None = None,
    memory_kib: int = STANDARD_MEMORY_KIB,
) -> Added:
    """Make an invitation for an administrator as the operator.

    What the newcomer takes for the NEET group's key comes from this database. So its number has to come from elsewhere.

    Args:
        organisation: the name of the organisation, with capital or small letters.
        name: the administrator's name.
        email: their e-mail address.
        number: the security number of the NEET group's key, as somebody in the NEET group reads it.

    Raises:
        NotFound: there is no organisation with this name, and the message says which are close to it; or more than
            one has it.
        Refused: the name or the e-mail address is wrong, somebody with this address is invited there already, or the
            number is not that of the key in the database.
    """
    now, email, name = now or utc_now(), checked_email(email), checked_name(name)
    with db.read() as session:
        found = _named(session, organisation)
        organisation_id = found.id
        _require_new(session, organisation_id, email)
        councils = _councils(session, found.area_id, number)
    invitation, token = _invitation(organisation_id, name=name, email=email, now=now), new_token()
    invitation.link_digest, invitation.link_sent_at = token_digest(token), now
    bundle = Bundle(organisation_id=organisation_id, councils=councils)
    code = wrap_bundle(invitation=invitation, bundle=bundle, by=None, now=now, memory_kib=memory_kib)
    with db.write() as session:
        session.get_one(Organisation, organisation_id, with_for_update=True)
        _require_new(session, organisation_id, email)
        session.add(invitation)
        session.flush()
        events.append(
            session,
            organisation_id=organisation_id,
            kind="administrator.added",
            about={"invitation": invitation.id, "digest": digest_of(invitation)},
        )
    return Added(invitation.id, token, code)


def _named(session: Session, name: str) -> Organisation:
    """The organisation with a name: as it is written, or else whatever letters are capital.

    Raises:
        NotFound: there is none, or more than one.
    """
    organisations = session.scalars(select(Organisation).order_by(Organisation.name)).all()
    wanted = " ".join(name.split())
    found = [one for one in organisations if one.name == wanted]
    found = found or [one for one in organisations if one.name.casefold() == wanted.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(f"More than one organisation has this name: {listed(one.name for one in found)}.")
    by_folded = {one.name.casefold(): one.name for one in organisations}
    close = get_close_matches(wanted.casefold(), by_folded, n=3, cutoff=0.5)
    close += [
        folded for folded in by_folded if wanted and wanted.casefold() in folded and folded not in close
    ]
    names = "; ".join(by_folded[folded] for folded in close[:CLOSE_NAMES])
    offered = f"Close to it are: {names}." if names else "None is close to it."
    raise NotFound(f"No organisation has this name. {offered}")


def _invitation(organisation_id: UUID, *, name: str, email: str, now: datetime) -> Invitation:
    return invitation_row(
        organisation_id=organisation_id, name=name, email=email, administrator=True, team_ids=(), now=now
    )


def _require_new(session: Session, organisation_id: UUID, email: str) -> None:
    """Refuse a second open invitation of the same person into an organisation."""
    open_one = select(Invitation.id).where(
        Invitation.organisation_id == organisation_id,
        Invitation.email == email,
        Invitation.administrator.is_(True),
        Invitation.accepted_at.is_(None),
        Invitation.cancelled_at.is_(None),
    )
    if session.scalars(open_one).first() is not None:
        raise Refused(TAKEN, {"email": TAKEN})


def _councils(session: Session, area_id: UUID, number: str) -> dict[UUID, RememberedKey]:
    """The newest key of the area's NEET group whose number somebody has read out.

    Raises:
        Refused: no such key has this number.
    """
    teams = [
        team.id
        for team in session.scalars(select(Team).join(Organisation).where(Organisation.area_id == area_id))
        if "neet_group" in team.purposes
    ]
    digits, lines = "".join(number.split()), KeyLines()
    for team_id in teams:
        # By the successions that the keys signed: a row that somebody put there with a higher number is nobody's key.
        newest = lines.newest(session, team_id, counts=lambda key: False)
        if newest is not None:
            raw = fingerprint(newest.kem_public, newest.signing_public)
            if "".join(spoken_fingerprint(raw).split()) == digits:
                return {team_id: RememberedKey(newest.version, raw.hex(), root=True)}
    raise Refused(WRONG_NUMBER, {"number": WRONG_NUMBER})
