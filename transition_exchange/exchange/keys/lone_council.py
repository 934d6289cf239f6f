"""Whether one person alone holds up the area: a NEET group that nobody could follow in."""

from __future__ import annotations

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.readiness import readiness_of_teams
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Team


def lacks_second_person(*, db: Database, actor: Actor) -> bool:
    """Whether the actor is in a NEET group that has fewer than two people.

    Recovery codes do not count. The rows are believed: nothing is decided by it.
    """
    with db.read() as session:
        own = [team for held in actor.teams if (team := session.get(Team, held.id)) is not None]
        if not any("neet_group" in team.purposes for team in own):
            return False
        organisation = session.get(Organisation, actor.organisation_id)
        if organisation is None or not organisation.coordinates:
            return False
        return any(
            state.lacks_person
            for state in readiness_of_teams(session, own, trust=trust_of(session, actor)).values()
        )
