"""What sending would do: which providers get a record now, which must wait and why, and what each team would get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys import readiness
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.exchange.records.revisions import latest, open_revision
from transition_exchange.exchange.sending.releases import released_answers
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import Access, Report, destinations
from transition_exchange.purposes import RECEIVING
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Area,
    Organisation,
    Receipt,
    Record,
    Revision,
    Team,
    TeamKey,
    Transfer,
)


@dataclass(frozen=True)
class TeamPlan:
    """What one receiving team would get of one owner's sections.

    Attributes:
        access: what it may read, sections made for the transfer among them.
        attachments: the ids of the attachments that it may open.
    """

    team_id: UUID
    name: str
    key: TeamKey | None = field(repr=False)
    access: Access = field(repr=False)
    attachments: tuple[UUID, ...] = ()

    @property
    def readers(self) -> str:
        """The set of purposes to which its PDF is made; teams of one set share one PDF."""
        return "+".join(sorted(self.access.purposes))


@dataclass(frozen=True)
class ProviderPlan:
    """What sending would do for one provider.

    Attributes:
        state: `new` (goes out now), `again` (holds a version and gets the new one), `current` (holds what there is),
            `status` (the application is not far enough), `not_ready` (a team lacks a key or a second opener).
        destination: the learner's own entry for this provider.
        problem: for `status` and `not_ready`, what is missing and whom to ring.
    """

    organisation_id: UUID
    name: str
    state: str
    destination: Mapping[str, Any] = field(repr=False)
    transfer_id: UUID | None = None
    problem: str = ""
    teams: tuple[TeamPlan, ...] = ()

    @property
    def goes(self) -> bool:
        return self.state in ("new", "again")


@dataclass(frozen=True)
class ReleasePlan:
    """What sending a record, or releasing its safeguarding sections, would do now.

    Attributes:
        changed: whether the draft differs from the newest released revision.
        seen: a digest of what was planned; sending names it, so that nobody sends what they have not seen.
        own_problem: why the actor's own team cannot send yet; empty if it can.
    """

    draft: Draft
    report: Report
    answers: Answers = field(repr=False)
    changed: bool
    number: int
    providers: tuple[ProviderPlan, ...]
    seen: str
    own_problem: str = ""


def plan(
    *, db: Database, actor: Actor, record_id: UUID, owner: str = "transition", today: date | None = None
) -> ReleasePlan:
    """Work out what releasing an owner's sections of a record would do, changing nothing.

    Raises:
        NotFound, NotAllowed, Tampered: as `open_draft`.
    """
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=owner)
    today = today or school_calendar.today()
    answers = released_answers(draft)
    with db.read() as session:
        trust = trust_of(session, actor)
        record = session.get_one(Record, record_id)
        before = latest(session, record_id, owner)
        holding = {
            transfer.provider_id: transfer
            for transfer in session.scalars(
                select(Transfer).where(Transfer.record_id == record_id, Transfer.state != "recalled")
            )
        }
        changed = before is None or _differs(session, actor, trust, record, before, draft, answers)
        if not changed and before is not None and owner == "transition":
            changed = _places_differ(session, actor, trust, record, before, draft, holding.values())
        planner = _Planner(session, trust, draft, holding, changed, before.id if before else None)
        if owner == "transition":
            area = session.get_one(Area, record.area_id)
            providers = planner.by_destinations(draft.answers, area.send_at_status)
        else:
            providers = planner.by_transfers()
        own_problem = readiness.not_ready_because(session, actor.require(owner).id) or ""
    number = (before.number if before else 0) + (1 if changed else 0)
    tokens = [f"{name}:{draft.tags[name]}" for name in sorted(draft.tags)]
    tokens += [str(each.id) for each in draft.attachments]
    tokens += [
        f"{each.organisation_id}:{each.state}:{team.team_id}" for each in providers for team in each.teams
    ]
    return ReleasePlan(
        draft=draft,
        report=draft.report(today),
        answers=answers,
        changed=changed,
        number=number,
        providers=providers,
        seen=sha256("\n".join(tokens).encode()).hexdigest(),
        own_problem=own_problem,
    )


def _differs(
    session: Session,
    actor: Actor,
    trust: Trust,
    record: Record,
    before: Revision,
    draft: Draft,
    answers: Answers,
) -> bool:
    """Whether a draft says anything else than the newest released revision."""
    released = open_revision(session, actor=actor, trust=trust, record=record, revision=before)
    return _essence(released.answers, released.attachments) != _essence(answers, draft.attachments)


def _places_differ(
    session: Session,
    actor: Actor,
    trust: Trust,
    record: Record,
    before: Revision,
    draft: Draft,
    transfers: Iterable[Transfer],
) -> bool:
    """Whether a provider that holds the record was told of another course or campus than stands there now.

    How far the application is may move on without a new version: the provider itself knows best.
    """
    entries = destinations.by_provider(destinations.entered(draft.answers))
    for transfer in transfers:
        try:
            told = open_revision(
                session, actor=actor, trust=trust, record=record, revision=before, transfer_id=transfer.id
            ).answers
        except NotFound:  # it came in an earlier revision
            continue
        now = destinations.own(draft.version, entries.get(transfer.provider_id, {}))
        if entries.get(transfer.provider_id) and told.get("destination") != now.get("destination"):
            return True
    return False


def _essence(answers: Answers, attachments: Sequence[AttachmentLabel]) -> tuple[Answers, list[UUID]]:
    """What makes two revisions the same for a reader: all answers but who completed the form when, and attachments."""
    answered = {name: values for name, values in answers.items() if name != "assurance" and values}
    return answered, sorted(each.id for each in attachments)


@dataclass
class _Planner:
    session: Session
    trust: Trust
    draft: Draft
    holding: Mapping[UUID, Transfer]
    new_revision: bool
    revision_id: UUID | None

    def by_destinations(self, answers: Answers, send_at: str) -> tuple[ProviderPlan, ...]:
        entries = destinations.by_provider(destinations.entered(answers))
        plans = []
        for organisation_id in dict.fromkeys((*entries, *self.holding)):
            row = entries.get(organisation_id, {})
            plans.append(self._provider(organisation_id, row, send_at))
        return tuple(each for each in plans if each is not None)

    def by_transfers(self) -> tuple[ProviderPlan, ...]:
        plans = [self._provider(organisation_id, {}, None) for organisation_id in self.holding]
        return tuple(each for each in plans if each is not None)

    def _provider(
        self, organisation_id: UUID, row: Mapping[str, Any], send_at: str | None
    ) -> ProviderPlan | None:
        organisation = self.session.get(Organisation, organisation_id)
        if organisation is None or not organisation.receives:
            return None
        transfer = self.holding.get(organisation_id)
        team_plans, problems = self._teams(organisation)
        state, problem = self._state(row, send_at, transfer, team_plans), ""
        if state in ("new", "again") and problems:
            state, problem = "not_ready", " ".join(problems)
        elif state == "status":
            problem = "The application is not far enough yet. It goes out when its status allows."
        return ProviderPlan(
            organisation_id=organisation_id,
            name=organisation.name,
            state=state,
            destination=row,
            transfer_id=transfer.id if transfer else None,
            problem=problem,
            teams=team_plans,
        )

    def _state(
        self,
        row: Mapping[str, Any],
        send_at: str | None,
        transfer: Transfer | None,
        team_plans: Sequence[TeamPlan],
    ) -> str:
        if transfer is not None:
            return "again" if self.new_revision or not self._holds(transfer, team_plans) else "current"
        if send_at is not None and not destinations.far_enough(row, send_at):
            return "status"
        return "new"

    def _holds(self, transfer: Transfer, team_plans: Sequence[TeamPlan]) -> bool:
        """Whether every team that should read the newest revision has been granted it with this transfer."""
        granted = set(
            self.session.scalars(
                select(Receipt.team_id).where(
                    Receipt.transfer_id == transfer.id, Receipt.revision_id == self.revision_id
                )
            )
        )
        return {each.team_id for each in team_plans} <= granted

    def _teams(self, organisation: Organisation) -> tuple[tuple[TeamPlan, ...], list[str]]:
        found = self.session.scalars(
            select(Team).where(Team.organisation_id == organisation.id).order_by(Team.created_at)
        ).all()
        plans: list[TeamPlan] = []
        problems: list[str] = []
        for team in found:
            access = Access.to_record(
                self.draft.version,
                self.draft.answers,
                frozenset(RECEIVING).intersection(team.purposes),
                owner=self.draft.owner,
            )
            if not access.sections:
                continue
            problem = readiness.not_ready_because(self.session, team.id)
            key = readiness.believed_key(self.session, self.trust, team.id)
            if problem or key is None:
                problems.append(
                    problem or f"The security number of {team.name} has not been confirmed for you."
                )
            plans.append(
                TeamPlan(
                    team_id=team.id,
                    name=team.name,
                    key=key,
                    access=access,
                    attachments=tuple(
                        label.id for label in self.draft.attachments if label.kind in access.attachment_kinds
                    ),
                )
            )
        return tuple(plans), problems
