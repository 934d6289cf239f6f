"""The second confirmer of an area: what a session has seen of it, keeps, and is asked about when the rules change.

The council signs the area's rules, so it could drop the requirement as easily as it made it. Therefore each person
keeps what they have seen in their address book, whether or not they are in a team, and gives it up only on purpose.
Their memberships hold it too, so that an older address book that is put back takes nothing away. Newcomers get it with
their keys. The NEET group itself keeps the newest rules that it has signed or seen: so nothing that was agreed is lost
where somebody damages them, or puts older ones back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.keys.area_rules import KnownRules, known_rules
from transition_exchange.sealing import CannotOpen
from transition_exchange.sealing.acceptance import ROOT
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.models import Area, Organisation
from transition_exchange.store.unreadable import leave_out
from transition_exchange.stored_text import UnreadableText, read_object


def rules_of(session: Session, actor: Actor) -> AreaRules | None:
    """The rules of the actor's area; None if there are none that a NEET group signed which this session trusts.

    For members of the NEET group they are the newest that they have seen, if others are damaged or were put back.
    """
    return _known_rules(session, actor).newest


def _known_rules(session: Session, actor: Actor) -> KnownRules:
    organisation = session.get(Organisation, actor.organisation_id)
    area = session.get(Area, organisation.area_id) if organisation else None
    return known_rules(session, actor=actor, area=area) if area else KnownRules(None)


def seen(session: Session, actor: Actor) -> Actor:
    """The actor with the second confirmer that they hold to now, in what they remember and in each of their teams.

    Whoever holds to one keeps it whatever the rules say now; only an earlier day counts. Whoever holds to none takes
    that of the rules, also in no team. The NEET group always takes that of the newest rules, because it signs them. It
    keeps what it has seen while nobody can read them. A member of it who lacks its newest key goes by what they have
    seen, as everybody does: whoever left it could have signed the rules. Somebody who is in the NEET group and in
    another team remembers what the other team holds to.
    """
    rules, book = rules_of(session, actor), actor.address_book
    behind = {team.id for team in actor.without_key}
    teams = {
        team.id: _of_council(team, rules)
        for team in actor.teams
        if ROOT in team.purposes and team.id not in behind
    }
    others = [team for team in actor.teams if team.id not in teams]
    if teams and not others:
        remembered = next((team.second for team in teams.values() if team.second is not None), None)
    else:
        held = (second for second in (book.second, *(team.second for team in others)) if second is not None)
        remembered = _kept(next(held, None), rules)
    teams |= {team.id: _holding(team, _kept(team.second or remembered, rules)) for team in others}
    return replace(
        actor, teams=tuple(teams[team.id] for team in actor.teams), address_book=book.with_second(remembered)
    )


def _of_council(team: OpenTeam, rules: AreaRules | None) -> OpenTeam:
    if rules is None or (rules, rules.second) == (team.rules, team.second):
        return team
    return replace(team, second=rules.second, rules=rules, moved=True)


def _kept(second: SecondConfirmer | None, rules: AreaRules | None) -> SecondConfirmer | None:
    named = rules.second if rules else None
    if named is None or (second is not None and not named.is_same_as(second)):
        return second
    return named if second is None else named.earliest(second)


def _holding(team: OpenTeam, second: SecondConfirmer | None) -> OpenTeam:
    return team if second == team.second else replace(team, second=second, moved=True)


@dataclass(frozen=True)
class Standing:
    """What a person holds to, and what the area's rules say now.

    Attributes:
        held: the second confirmer without which the person's session believes no key; None if there is none.
        named: the one that the area's rules name; None if they name none or cannot be checked.
        checked: whether the area's rules could be checked.
        seen: a digest of the rules, for accepting what they say now; empty if they cannot be checked.
    """

    held: SecondConfirmer | None
    named: SecondConfirmer | None
    checked: bool
    seen: str

    @property
    def differs(self) -> bool:
        """Whether the rules no longer name the confirmer that the person holds to."""
        return self.held is not None and self.checked and not self.held.is_same_as(self.named)


def standing(session: Session, actor: Actor) -> Standing:
    """What the actor holds to, and what the area's rules say now.

    Where a membership holds to another one than they remember, the one that they can still give up is named.
    """
    rules = rules_of(session, actor)
    named = rules.second if rules else None
    held = [actor.second, *(team.second for team in actor.teams if ROOT not in team.purposes)]
    given_up = (second for second in held if second is not None and not second.is_same_as(named))
    return Standing(
        held=next(given_up, actor.second),
        named=named,
        checked=rules is not None,
        seen=rules.digest() if rules else "",
    )


def own_role(session: Session, actor: Actor) -> tuple[OpenTeam, SecondConfirmer] | None:
    """The actor's open team that the area's rules name as the second confirmer; None if it is none of theirs."""
    rules = rules_of(session, actor)
    second = rules.second if rules else None
    if second is None:
        return None
    for team in actor.teams:
        keys = [(team.id, key.version, key.secret.fingerprint.hex()) for key in team.held_keys]
        if second.key in keys:
            return team, second
    return None


def in_rows(areas: Sequence[Area]) -> dict[object, SecondConfirmer]:
    """The second confirmers that the stored rules of some areas name, by area, for lists that tell what is missing.

    Nobody's signature is checked. What is sealed to whom is decided by `Trust`. Rules that cannot be read are left out,
    and the page says that something is missing.
    """
    named: dict[object, SecondConfirmer] = {}
    for area in areas:
        try:
            plain = read_object(area.rules or "{}").get("second_confirmer")
            if plain is not None:
                named[area.id] = SecondConfirmer.from_plain(plain)
        except (UnreadableText, CannotOpen):
            leave_out()
    return named
