"""Which teams of a provider read something of what a school's team sends there: by what was confirmed, never by rows.

Rows only add to them: a team of which nothing says any more who it is, though its row stands with the provider or it
was granted something there before, is among them, and nothing can be sealed for it. So a team is missing from a plan
only if it was confirmed for other work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.confirmed_teams import PlaceTeam, teams_at, teams_by_id
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.proforma import Access
from transition_exchange.proforma.model import Version
from transition_exchange.purposes import OPENS_FIRST, RECEIVING
from transition_exchange.store.models import Grant, Record, Revision, Transfer


@dataclass(frozen=True)
class ProviderTeams:
    """A provider's teams, as far as one school's sending is concerned.

    Attributes:
        owner: the sending purpose whose sections are sent.
        teams: its teams, the oldest first.
        expected: those of which something signed or remembered says that they should be there, by id.
    """

    owner: str
    teams: tuple[PlaceTeam, ...] = ()
    expected: frozenset[UUID] = field(default=frozenset(), repr=False)

    def reading(self, version: Version, answers: Answers) -> list[tuple[PlaceTeam, Access]]:
        """The teams that read something of a record, each with what it may read.

        A team that nothing identifies is among them if a key of it is stored, or if it is expected, whatever work its
        row names.

        Args:
            version: the version of the form.
            answers: the record's answers, as `Access.to_record` takes them.
        """
        found = []
        place = self.place
        for team in self.teams:
            who = team.identity or team.row
            access = Access.to_record(
                version,
                answers,
                frozenset(RECEIVING).intersection(who.purposes if who is not None else ()),
                owner=self.owner,
                place=place,
            )
            doubtful = team.identity is None and (team.has_key or team.id in self.expected)
            if access.sections or doubtful:
                found.append((team, access))
        return found

    @property
    def place(self) -> frozenset[str]:
        """What the provider is, as it was confirmed of every one of its teams; teams of one purpose share a pack."""
        confirmed = [team.identity.place for team in self.teams if team.identity is not None]
        return frozenset.intersection(*confirmed) if confirmed else frozenset()

    @property
    def lacks_first(self) -> str:
        """The purpose whose teams the sections are for, if none of its teams is confirmed for it; empty if one is."""
        purpose = OPENS_FIRST.get(self.owner, "")
        confirmed = (team.identity.purposes for team in self.teams if team.identity is not None)
        return purpose if purpose and not any(purpose in purposes for purposes in confirmed) else ""


def provider_teams(
    session: Session, *, trust: Trust, school_id: UUID, owner: str, provider_ids: Collection[UUID]
) -> Mapping[UUID, ProviderTeams]:
    """The teams of some providers, by provider.

    Args:
        trust: which keys the session trusts.
        school_id: the school that sends.
        owner: the sending purpose whose sections are sent.
        provider_ids: the providers.
    """
    before = _unidentified_grantees(session, trust, school_id, owner, provider_ids)
    teams = teams_at(session, trust=trust, organisation_ids=provider_ids, further=before)
    remembered = frozenset(trust.roots.remembered)
    return {
        provider_id: ProviderTeams(
            owner, teams[provider_id], remembered | before.get(provider_id, frozenset())
        )
        for provider_id in provider_ids
    }


def _unidentified_grantees(
    session: Session, trust: Trust, school_id: UUID, owner: str, provider_ids: Collection[UUID]
) -> dict[UUID, frozenset[UUID]]:
    """The teams that the school signed a grant to by a transfer to each provider, and that nothing identifies now."""
    of_school = (Record.organisation_id == school_id, Revision.owner == owner)
    pairs = session.execute(
        select(Transfer.provider_id, Grant.grantee_team_id)
        .join(Grant, Grant.transfer_id == Transfer.id)
        .join(Record, Record.id == Grant.record_id)
        .join(Revision, Revision.id == Grant.revision_id)
        .where(Transfer.provider_id.in_(provider_ids), *of_school)
        .distinct()
    ).all()
    teams = teams_by_id(session, trust=trust, team_ids={team_id for _, team_id in pairs})
    unidentified = {team.id for team in teams.values() if team.identity is None}
    if not unidentified:
        return {}
    signed_rows = SignedRows(session, trust, {})
    rows = signed_rows.grant_rows(
        *of_school, Grant.grantee_team_id.in_(unidentified), Transfer.provider_id.in_(provider_ids)
    )
    signed = signed_rows.grants(rows)
    places = select(Transfer.id, Transfer.provider_id).where(Transfer.provider_id.in_(provider_ids))
    provider_of = {row.id: row.provider_id for row in session.execute(places)}
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for row in rows:
        if row.id in signed:
            found[provider_of[row.transfer_id]].add(row.team_id)
    return {provider_id: frozenset(team_ids) for provider_id, team_ids in found.items()}
