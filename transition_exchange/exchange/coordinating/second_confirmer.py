"""Whether the area requires a second confirmer, and who that is. The council decides; who has seen it holds to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.keys.area_rules import known_rules, sign_rules
from transition_exchange.exchange.keys.readiness import readiness_of_teams
from transition_exchange.exchange.keys.remembering import remember_now
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.names import text_order
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation, Team, TeamKey

NO_TEAM = "Choose one of the teams that are ready"
NO_DAY = "Enter the day from which on a team needs both, today or later"
NOT_LATER = "Teams that have seen the earlier day keep to it, so it cannot be put off"
NO_RULES = "The area’s rules cannot be checked. Save the area’s settings first."


@dataclass(frozen=True)
class SecondChoice:
    """Whether a second confirmer is required, and who could be one.

    Attributes:
        now: the second confirmer; None if none is required.
        teams: the confirmed teams of other organisations that are ready, by organisation and name.
        waiting: how many confirmed teams wait for the second confirmer.
        may_change: whether the actor is an administrator in the NEET group.
        can_check: whether the area's rules can be checked, and are the newest that the actor has seen.
    """

    now: SecondConfirmer | None
    teams: tuple[KnownTeam, ...]
    waiting: int
    may_change: bool
    can_check: bool


def second_choice(*, db: Database, actor: Actor) -> SecondChoice:
    """Whether the actor's area requires a second confirmer, and who could be one.

    Raises:
        NotAllowed: the actor's organisation does not coordinate the area.
    """
    with db.read() as session:
        area, trust = _area(session, actor), trust_of(session, actor)
        known = known_rules(session, actor=actor, area=area)
        teams = _teams(session, area)
        states = readiness_of_teams(session, teams, trust=trust).values()
        return SecondChoice(
            now=known.newest.second if known.newest else None,
            teams=_candidates(session, actor, trust, teams),
            waiting=sum(bool(state.waits_for) for state in states),
            may_change=actor.administrator and actor.team_for("neet_group") is not None,
            can_check=known.certain,
        )


def choose_second(
    *, db: Database, actor: Actor, team_id: UUID | None, since: date | None, now: datetime | None = None
) -> None:
    """Require a second confirmer from a day on, or no longer. The NEET group signs it in the area's rules.

    From that day on a team needs both confirmations, whenever the council confirmed it: the day of a confirmation is
    what the council wrote. Until then the council's alone is enough, and the second confirmer rings the teams that are
    confirmed already.

    Args:
        team_id: the team that confirms besides the council; None for none.
        since: the first day on which both are needed.

    Raises:
        NotAllowed: the actor is not an administrator of the council, or not in its NEET group.
        Refused: the team is not a confirmed and ready team of another organisation, the day is missing or past, a day
            that was announced would be put off, or the rules cannot be checked or are older than those seen.
    """
    signer = actor.team_for("neet_group")
    if not actor.administrator or signer is None:
        raise NotAllowed(
            "Only an administrator who is in the NEET group can change this, because it signs the rules."
        )
    now = now or utc_now()
    with db.write() as session:
        area, trust = _area(session, actor), trust_of(session, actor)
        known = known_rules(session, actor=actor, area=area)
        rules = known.stored
        if rules is None or not known.certain:
            raise Refused(NO_RULES, {"second": NO_RULES})
        second = None
        if team_id is not None:
            candidates = _candidates(session, actor, trust, _teams(session, area))
            second = _second(session, rules, candidates, team_id=team_id, since=since, today=now.date())
        sign_rules(
            area,
            held=signer.held,
            send_at=rules.send_at,
            versions={int(year): name for year, name in rules.versions.items()},
            signed_at=now,
            second=second,
            after=rules,
        )
        remember_now(session, actor=actor, now=now)
        actor.note(
            session,
            "area.changed",
            second_confirmer=team_id,
            second_since=second.since.isoformat() if second else None,
        )


def _second(
    session: Session,
    rules: AreaRules,
    candidates: tuple[KnownTeam, ...],
    *,
    team_id: UUID,
    since: date | None,
    today: date,
) -> SecondConfirmer:
    """The second confirmer that was chosen.

    Raises:
        Refused: as `choose_second`.
    """
    team = next((team for team in candidates if team.id == team_id), None)
    wrong: dict[str, str] = {}
    if team is None:
        wrong["second"] = NO_TEAM
    before = rules.second if rules.second and rules.second.team.id == team_id else None
    if since is None or (since < today and not (before and since == before.since)):
        wrong["since"] = NO_DAY
    elif before is not None and since > before.since:
        wrong["since"] = NOT_LATER
    if wrong or team is None or since is None:
        raise Refused("Some of what you entered is not right.", wrong)
    # The key that was named first stays the one that is named: its later keys count by their line.
    if before is not None:
        return replace(before, team=team.identity, since=since)
    version = session.get_one(TeamKey, team.key_id).version
    return SecondConfirmer(team.identity, team.fingerprint, since, version)


def _candidates(session: Session, actor: Actor, trust: Trust, teams: list[Team]) -> tuple[KnownTeam, ...]:
    ready = [
        state.team_id
        for state in readiness_of_teams(session, teams, trust=trust).values()
        if state.has_key and state.confirmed and state.openers > 1
    ]
    known = trust.current(session, ready).values()
    return tuple(
        sorted(
            (team for team in known if team.organisation_id != actor.organisation_id),
            key=lambda team: (text_order(team.organisation_name), text_order(team.name)),
        )
    )


def _teams(session: Session, area: Area) -> list[Team]:
    return list(session.scalars(select(Team).join(Organisation).where(Organisation.area_id == area.id)))


def _area(session: Session, actor: Actor) -> Area:
    own = session.get_one(Organisation, actor.organisation_id)
    if not own.coordinates:
        raise NotAllowed
    return session.get_one(Area, own.area_id)
