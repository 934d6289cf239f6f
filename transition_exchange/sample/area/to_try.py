"""What the sample area leaves for somebody to try: an invitation that nobody has accepted, and a new key to take.

The key is changed before any record is written, so that nothing has to be locked anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.renewing import changing, progress
from transition_exchange.sample.area.accounts import Area
from transition_exchange.sample.organisations import BY_KEY
from transition_exchange.sample.young_people import people

#: Who is invited, by an administrator who is in the team, so that the five words are there at once.
INVITED: Final = ("grove", "Amy Whitlock", "SEND and transition")
#: Who has changed which team's key, and the colleague who has still to take the new one.
CHANGED: Final = ("three_rivers", "Helena Quarmby", "Exams", "Kofi Mensah")

#: More steps than the change of a key takes that nothing was locked with.
STEPS: Final = 20


@dataclass(frozen=True)
class OpenInvitation:
    """Somebody who is invited and has not joined, as the demonstration prints it.

    Attributes:
        token: the end of the link.
        spoken_code: the five words.
    """

    name: str
    organisation: str
    team: str
    token: str = field(repr=False)
    spoken_code: str = field(repr=False)


@dataclass(frozen=True)
class WaitingKey:
    """A team whose key was changed, as the demonstration prints it.

    Attributes:
        maker: the name of the member who changed it.
        taker: the name of the colleague who has still to take it.
    """

    organisation: str
    team: str
    maker: str
    taker: str


@dataclass(frozen=True)
class ToTry:
    """What waits for somebody who tries the sample area."""

    invitation: OpenInvitation
    key: WaitingKey


def leave_to_try(area: Area, *, memory_kib: int) -> ToTry:
    """Invite somebody, and change a team's key.

    Args:
        area: the area with everybody signed in; their sessions go on with the new key.
        memory_kib: what the five words cost.
    """
    return ToTry(_invite(area, memory_kib=memory_kib), _change_key(area))


def _invite(area: Area, *, memory_kib: int) -> OpenInvitation:
    key, name, team_name = INVITED
    organisation = BY_KEY[key]
    administrator = area.actors[key, organisation.contact_name]
    invited = inviting.invite_person(
        db=area.db,
        actor=administrator,
        name=name,
        email=people.email(name, domain=organisation.domain),
        team_ids=[_team(administrator, team_name).id],
        memory_kib=memory_kib,
    )
    if invited.spoken_code is None:
        raise RuntimeError("The open invitation of the sample area could not be completed.")
    token = area.token_for(invited.invitation_id)
    return OpenInvitation(name, organisation.name, team_name, token, invited.spoken_code)


def _change_key(area: Area) -> WaitingKey:
    key, maker_name, team_name, taker_name = CHANGED
    maker, taker = area.actors[key, maker_name], area.actors[key, taker_name]
    team = _team(maker, team_name)
    shown = next(change for change in changing.changes(db=area.db, actor=maker) if change.team.id == team.id)
    changing.change_key(
        db=area.db, actor=maker, team_id=team.id, seen=shown.seen, hand_to=[taker.principal_id]
    )
    area.resume_all()
    for _ in range(STEPS):
        if not progress.carry_on(db=area.db, actor=area.actors[key, maker_name]).left:
            return WaitingKey(BY_KEY[key].name, team_name, maker_name, taker_name)
    raise RuntimeError("The change of a key in the sample area does not end.")


def _team(actor: Actor, name: str) -> OpenTeam:
    return next(team for team in actor.teams if team.name == name)
