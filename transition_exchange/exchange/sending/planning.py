"""Planning a sending: which providers get a record now, which must wait and why, and what each team would get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.keys import not_ready
from transition_exchange.exchange.keys.area_rules import rules_for
from transition_exchange.exchange.keys.confirmed_names import (
    NOT_CONFIRMED,
    ConfirmedName,
    confirmed_names,
    names_with_earlier_ones,
)
from transition_exchange.exchange.keys.not_ready import NotReady
from transition_exchange.exchange.keys.readiness import readiness_of_teams
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import standings
from transition_exchange.exchange.records.part_names import label_part
from transition_exchange.exchange.records.revisions import latest
from transition_exchange.exchange.records.signed_rows import SignedRows
from transition_exchange.exchange.records.standings import Standing
from transition_exchange.exchange.records.traces import NO_NAME, traces_of
from transition_exchange.exchange.records.withdrawals import is_doubtful
from transition_exchange.exchange.sending.delivered import teams_granted
from transition_exchange.exchange.sending.differences import differs, places_differ
from transition_exchange.exchange.sending.plans import LostPlan, ProviderPlan, ReleasePlan, TeamPlan
from transition_exchange.exchange.sending.readers import ProviderTeams, provider_teams
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.last_sent import released_answers
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import destinations
from transition_exchange.purposes import team as team_for
from transition_exchange.store.database import Database
from transition_exchange.store.models import Organisation, Record

UNCONFIRMED = "The council has not yet confirmed your team’s security number by phone."
UNDECIDED = "Your part goes there once your school’s transition team has decided that the record stays there."
NO_READER = (
    "No team of {name} is confirmed {reader}, so nothing is sent there. Ring the council’s NEET group."
)
UNSECONDED = "Your team’s security number has not yet been confirmed by phone by the council{also}."


def plan(
    *,
    db: Database,
    actor: Actor,
    record_id: UUID,
    owner: str = "transition",
    today: date | None = None,
    draft: Draft | None = None,
    anew: bool = False,
) -> ReleasePlan:
    """Work out what releasing an owner's sections of a record would do. Nothing is changed.

    Args:
        record_id: the record.
        owner: the sending purpose that writes the sections.
        draft: the owner's draft, if the actor has just saved it; otherwise it is opened.
        anew: whether a new version is released even if it says what the one before says.

    Raises:
        NotFound: as `open_draft`.
        NotAllowed: as `open_draft`.
        NotReady: the area's rules cannot be checked.
        Tampered: as `open_draft`, or the newest released revision is not what its owner released.
        NotConfirmedYet: a colleague's team signed what was sent with a new key that is not confirmed yet.
    """
    draft = draft or open_draft(db=db, actor=actor, record_id=record_id, owner=owner)
    today = today or school_calendar.today()
    answers = released_answers(draft)
    with db.read() as session:
        trust = trust_of(session, actor)
        record = session.get_one(Record, record_id)
        before = latest(session, record_id, owner)
        places = standings.places(session, trust=trust, record=record)
        holding = places.holding
        changed = (
            anew
            or before is None
            # Whoever takes that answer for the newest releases it anew; it follows to nobody by itself.
            or is_doubtful(session, trust=trust, record=record, owner=owner)
            or differs(
                session, actor=actor, trust=trust, record=record, before=before, draft=draft, answers=answers
            )
        )
        if not changed and before is not None and owner == "transition":
            changed = places_differ(
                session,
                actor=actor,
                trust=trust,
                record=record,
                before=before,
                draft=draft,
                holding={provider_id: standing.transfer for provider_id, standing in holding.items()},
            )
        lost = _lost(session, trust=trust, record=record, holding=holding)
        entries = destinations.by_provider(destinations.entered(draft.answers))
        names = names_with_earlier_ones(session, trust=trust, organisation_ids={*entries, *holding})
        planner = _Planner(
            session=session,
            trust=trust,
            draft=draft,
            names=names,
            teams=provider_teams(
                session,
                trust=trust,
                school_id=record.organisation_id,
                owner=owner,
                provider_ids={*entries, *holding} if owner == "transition" else {*holding},
            ),
            holding=holding,
            taken_back=places.taken_back,
            new_revision=changed,
            revision_id=before.id if before else None,
        )
        if owner == "transition":
            providers = planner.by_destinations(entries, rules_for(session, actor).send_at)
        else:
            providers = planner.by_transfers()
        senders = [(_own_problem(session, trust, team), team) for team in actor.teams_for(owner)]
        own_problem, team = min(senders, key=lambda sender: bool(sender[0]))
    number = (before.number if before else 0) + (1 if changed else 0)
    tokens = [f"{name}:{draft.tags[name]}" for name in sorted(draft.tags)]
    tokens += [f"lost:{place.transfer_id}:{place.name}" for place in lost]
    tokens += [
        f"{label.id}:{label.kind}:{label.digests[label_part(label.id)]}" for label in draft.attachments
    ]
    tokens += [
        f"held:{provider.organisation_id}:{provider.taken_back}:{provider.held_back and provider.held_back.at}"
        for provider in providers
    ]
    tokens += [
        f"{provider.organisation_id}:{provider.name}:{provider.state}:{provider.disputed}:{team.team_id}:{team.name}:"
        f"{team.readers}"
        for provider in providers
        for team in provider.teams
    ]
    return ReleasePlan(
        draft=draft,
        report=draft.report(today),
        answers=answers,
        changed=changed,
        number=number,
        providers=providers,
        lost=lost,
        seen=sha256("\n".join(tokens).encode()).hexdigest(),
        team=team,
        own_problem=own_problem,
    )


def _own_problem(session: Session, trust: Trust, team: OpenTeam) -> str:
    """Why a team of the actor's cannot send yet; empty if it can."""
    reason = not_ready.why_not_ready(session, team.id, trust=trust, known=team, own=True)
    if reason is not None:
        return not_ready.in_words([reason])
    if team.confirmed:
        return ""
    also = "".join(f" and {second.words}" for second in trust.seconds)
    return UNSECONDED.format(also=also) if also else UNCONFIRMED


def _lost(
    session: Session, *, trust: Trust, record: Record, holding: Mapping[UUID, Standing]
) -> tuple[LostPlan, ...]:
    """Where a record was sent without a statement that counts any more, but for the providers that surely hold it."""
    found = [
        trace
        for trace in traces_of(
            session, trust=trust, signed_rows=SignedRows(session, trust, {}), record=record
        )
        if trace.follows == "lost" and trace.provider_id not in holding
    ]
    names = names_with_earlier_ones(
        session, trust=trust, organisation_ids={trace.provider_id for trace in found if trace.provider_id}
    )
    lost = []
    for trace in found:
        confirmed = names.get(trace.provider_id) if trace.provider_id else None
        row = session.get(Organisation, trace.provider_id) if trace.provider_id else None
        name = confirmed.name if confirmed else row.name if row else NO_NAME
        lost.append(LostPlan(trace.transfer_id, name, trace.words(name)))
    return tuple(sorted(lost, key=lambda place: (place.name, place.transfer_id)))


@dataclass(kw_only=True)
class _Planner:
    """Plans what each provider gets.

    Attributes:
        names: what the providers were confirmed to be called.
        teams: the providers' teams, by provider.
        holding: the transfers by which providers have the record already, or may have it, by provider.
        taken_back: when it was taken back from providers that do not have it any more.
        new_revision: whether sending would release a new revision.
        revision_id: the newest released revision; None if there is none.
    """

    session: Session
    trust: Trust
    draft: Draft
    names: Mapping[UUID, ConfirmedName]
    teams: Mapping[UUID, ProviderTeams]
    holding: Mapping[UUID, Standing]
    taken_back: Mapping[UUID, datetime]
    new_revision: bool
    revision_id: UUID | None

    def by_destinations(
        self, entries: Mapping[UUID, destinations.Row], send_at: str
    ) -> tuple[ProviderPlan, ...]:
        plans = []
        for organisation_id in dict.fromkeys((*entries, *self.holding)):
            plans.append(
                self._provider(
                    organisation_id,
                    entries.get(organisation_id, {}),
                    send_at,
                    named=organisation_id in entries,
                )
            )
        return tuple(plan for plan in plans if plan is not None)

    def by_transfers(self) -> tuple[ProviderPlan, ...]:
        plans = [self._provider(organisation_id, {}, None) for organisation_id in self.holding]
        return tuple(plan for plan in plans if plan is not None)

    def _provider(
        self,
        organisation_id: UUID,
        destination: Mapping[str, Any],
        send_at: str | None,
        *,
        named: bool = True,
    ) -> ProviderPlan | None:
        organisation = self.session.get(Organisation, organisation_id)
        standing = self.holding.get(organisation_id)
        transfer = standing.transfer if standing else None
        confirmed = self.names.get(organisation_id)
        name = confirmed.name if confirmed else organisation.name if organisation else NOT_CONFIRMED
        dispute = standing.dispute(name, elsewhere=self._name_of(standing.elsewhere)) if standing else ""
        teams = self.teams[organisation_id]
        team_plans = self._teams(teams, organisation.name if organisation else name)
        if standing is None and not team_plans and (organisation is None or not organisation.receives):
            return None  # it takes nobody, and nothing that was signed says otherwise
        granted = self._granted(standing)
        lacking = tuple(team for team in team_plans if team.team_id not in granted)
        if transfer is not None and (self.new_revision or (lacking and not granted)):
            state = "again"
        elif transfer is not None:
            state = "added" if lacking else "current"
        elif send_at is not None and not destinations.far_enough(destination, send_at):
            state = "status"
        else:
            state = "new"
        problem = ""
        if state == "status":
            problem = "The application is not far enough yet. The record goes out when its status allows."
        elif reasons := [team.not_ready for team in lacking if team.not_ready is not None]:
            state, problem = "not_ready", not_ready.in_words(reasons)
        elif confirmed is None:
            state, problem = "not_ready", f"The council has not confirmed {name} yet."
        elif not team_plans or teams.lacks_first:
            state, problem = "not_ready", NO_READER.format(reader=_reader(teams.lacks_first), name=name)
        if dispute and send_at is None and state in ("again", "added"):
            state, problem = "not_ready", UNDECIDED
        return ProviderPlan(
            organisation_id=organisation_id,
            name=name,
            state=state,
            destination=destination,
            transfer_id=transfer.id if transfer else None,
            named=named,
            confirmed=confirmed is not None,
            other_name=(
                confirmed.unlike(str(destination.get("provider_name") or ""))
                if confirmed and destination
                else None
            ),
            taken_back=self.taken_back.get(organisation_id),
            held_back=self.draft.resting.last_sent.held_back.get(organisation_id),
            left_out=self.draft.resting.last_sent.left_out.get(organisation_id),
            problem=problem,
            dispute=dispute,
            disputed=standing.seen if standing else "",
            teams=lacking or team_plans,
        )

    def _name_of(self, organisation_id: UUID | None) -> str:
        """What a provider that only a row names is called, as it was confirmed or else by its row."""
        if organisation_id is None:
            return ""
        confirmed = confirmed_names(self.session, trust=self.trust, organisation_ids=[organisation_id])
        organisation = self.session.get(Organisation, organisation_id)
        return confirmed.get(organisation_id) or (organisation.name if organisation else NOT_CONFIRMED)

    def _granted(self, standing: Standing | None) -> frozenset[UUID]:
        """The teams that have the version that sending would bring to a provider with this transfer.

        The school's teams signed that they granted it. A receipt is a row that anybody could have put there.

        Raises:
            NotConfirmedYet: a colleague's team signed such a grant with a new key that is not confirmed yet.
        """
        if standing is None or self.new_revision or self.revision_id is None:
            return frozenset()
        return teams_granted(
            self.session,
            trust=self.trust,
            transfer=standing.transfer,
            provider_id=standing.provider_id,
            revision_id=self.revision_id,
        )

    def _teams(self, teams: ProviderTeams, organisation_name: str) -> tuple[TeamPlan, ...]:
        """What each team of a provider would get. A team is taken as it was confirmed, not as its row says."""
        reading = teams.reading(self.draft.version, self.draft.answers)
        readiness = readiness_of_teams(
            self.session, [team.row for team, _ in reading if team.row is not None], trust=self.trust
        )
        plans: list[TeamPlan] = []
        for team, access in reading:
            far = readiness.get(team.id)
            reason = not_ready.reason_of(far, known=team.identity) if far is not None else None
            if reason is not None and team.identity is None:  # its row may have been moved elsewhere
                reason = replace(reason, organisation=organisation_name)
            if reason is None and (team.known is None or far is None):
                also = "".join(f" and {second.words}" for second in self.trust.seconds)
                by = f" by the council{also}" if also else ""
                unknown = f"its security number has not been confirmed for you{by}"
                named = team.identity or team.row
                name = named.name if named is not None else team.name
                reason = NotReady(name, organisation_name, unknown, not_ready.COUNCIL)
            plans.append(
                TeamPlan(
                    team_id=team.id,
                    name=team.name,
                    team=team.known,
                    access=access,
                    attachments=tuple(
                        label.id for label in self.draft.attachments if label.kind in access.attachment_kinds
                    ),
                    not_ready=reason,
                )
            )
        return tuple(plans)


def _reader(purpose: str) -> str:
    """Which team a provider lacks, in a sentence."""
    return f"as its {team_for(purpose)}" if purpose else "to read any of this"
