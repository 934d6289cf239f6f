"""Planning a sending: which providers get a record now, which must wait and why, and what each team would get."""

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
from transition_exchange.exchange.actor import RECEIVING_PURPOSES, Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys import readiness
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.exchange.records.revisions import latest, open_revision
from transition_exchange.exchange.sending.plans import ProviderPlan, ReleasePlan, TeamPlan
from transition_exchange.exchange.sending.releases import released_answers
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.packs.content import readable_sections
from transition_exchange.proforma import Version, destinations
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Area,
    Organisation,
    Receipt,
    Record,
    Revision,
    Team,
    Transfer,
)

STATUS_ORDER = ("applied", "interviewed", "conditional", "unconditional", "allocated", "accepted", "enrolled")
"""How far an application is; a status that is not here (declined) never releases anything."""


def plan(
    *, db: Database, actor: Actor, record_id: UUID, owner: str = "transition", today: date | None = None
) -> ReleasePlan:
    """Work out what releasing an owner's sections of a record would do. Nothing is changed.

    Args:
        record_id: the record.
        owner: the sending purpose that writes the sections.

    Raises:
        NotFound: as `open_draft`.
        NotAllowed: as `open_draft`.
        Tampered: as `open_draft`, or the newest released revision is not what its owner released.
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
        changed = before is None or _differs(
            session, actor=actor, trust=trust, record=record, before=before, draft=draft, answers=answers
        )
        if not changed and before is not None and owner == "transition":
            changed = _places_differ(
                session,
                actor=actor,
                trust=trust,
                record=record,
                before=before,
                draft=draft,
                transfers=holding.values(),
            )
        narrowed = Narrowing(
            version=draft.version, owner=owner, answers=draft.answers, attachments=draft.attachments
        )
        planner = _Planner(
            session=session,
            trust=trust,
            narrowed=narrowed,
            holding=holding,
            new_revision=changed,
            revision_id=before.id if before else None,
        )
        if owner == "transition":
            area = session.get_one(Area, record.area_id)
            providers = planner.by_destinations(draft.answers, area.send_at_status)
        else:
            providers = planner.by_transfers()
        own_problem = readiness.not_ready_because(session, actor.require(owner).id) or ""
    number = (before.number if before else 0) + (1 if changed else 0)
    tokens = [f"{name}:{draft.tags[name]}" for name in sorted(draft.tags)]
    tokens += [str(label.id) for label in draft.attachments]
    tokens += [
        f"{provider.organisation_id}:{provider.state}:{team.team_id}"
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
        seen=sha256("\n".join(tokens).encode()).hexdigest(),
        own_problem=own_problem,
    )


def _differs(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    record: Record,
    before: Revision,
    draft: Draft,
    answers: Answers,
) -> bool:
    """Whether a draft has other answers or attachments than the newest released revision."""
    released = open_revision(session, actor=actor, trust=trust, record=record, revision=before)
    return _essence(released.answers, released.attachments) != _essence(answers, draft.attachments)


def _places_differ(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    record: Record,
    before: Revision,
    draft: Draft,
    transfers: Iterable[Transfer],
) -> bool:
    """Whether the course or campus at a provider that has the record is not the one that it was told.

    A new status of the application alone needs no new version, because the provider knows the status itself.
    """
    entries = entries_by_provider(draft.answers)
    for transfer in transfers:
        try:
            told = open_revision(
                session, actor=actor, trust=trust, record=record, revision=before, transfer_id=transfer.id
            ).answers
        except NotFound:  # the provider got it with an earlier revision
            continue
        now = destinations.own(draft.version, entries.get(transfer.provider_id, {}))
        if entries.get(transfer.provider_id) and told.get("destination") != now.get("destination"):
            return True
    return False


def entries_by_provider(answers: Answers) -> dict[UUID, Mapping[str, Any]]:
    """The learner's own entry for each provider of this exchange.

    Two courses at one provider are one pack, which tells the one whose application is furthest.
    """
    found: dict[UUID, Mapping[str, Any]] = {}
    for row in answers.get("destinations", {}).get("destinations", []):
        if row.get("organisation"):
            provider = UUID(row["organisation"])
            if provider not in found or _how_far(row) > _how_far(found[provider]):
                found[provider] = row
    return found


def _how_far(row: Mapping[str, Any]) -> int:
    """The place of an application's status in the order; -1 for one that releases nothing."""
    return STATUS_ORDER.index(row["status"]) if row.get("status") in STATUS_ORDER else -1


def _essence(answers: Answers, attachments: Sequence[AttachmentLabel]) -> tuple[Answers, list[UUID]]:
    """What two revisions have in common if they are the same for a reader: their answers and attachments.

    Who completed the form, and when, does not count.
    """
    answered = {name: values for name, values in answers.items() if name != "assurance" and values}
    return answered, sorted(label.id for label in attachments)


@dataclass(frozen=True)
class Narrowing:
    """What a team gets of one owner's sections: what the pro-forma lets its purposes read, less what is held back."""

    version: Version
    owner: str
    answers: Answers = field(repr=False)
    attachments: Sequence[AttachmentLabel] = ()

    def sections(self, purposes: frozenset[str]) -> tuple[str, ...]:
        """The names of the owner's sections that these purposes may read, in reading order."""
        return readable_sections(self.version, self.answers, purposes, owner=self.owner)

    def attached(self, purposes: frozenset[str]) -> tuple[UUID, ...]:
        """The ids of the attachments whose section these purposes may read."""
        sections = set(self.sections(purposes))
        return tuple(
            label.id
            for label in self.attachments
            if self.version.attachment_kind(label.kind).section in sections
        )


@dataclass(kw_only=True)
class _Planner:
    """Plans what each provider gets.

    Attributes:
        holding: the transfers by which providers already have the record, by provider.
        new_revision: whether sending would release a new revision.
        revision_id: the newest released revision; None if there is none.
    """

    session: Session
    trust: Trust
    narrowed: Narrowing
    holding: Mapping[UUID, Transfer]
    new_revision: bool
    revision_id: UUID | None

    def by_destinations(self, answers: Answers, send_at: str) -> tuple[ProviderPlan, ...]:
        entries = entries_by_provider(answers)
        plans = []
        for organisation_id in dict.fromkeys((*entries, *self.holding)):
            plans.append(self._provider(organisation_id, entries.get(organisation_id, {}), send_at))
        return tuple(plan for plan in plans if plan is not None)

    def by_transfers(self) -> tuple[ProviderPlan, ...]:
        plans = [self._provider(organisation_id, {}, None) for organisation_id in self.holding]
        return tuple(plan for plan in plans if plan is not None)

    def _provider(
        self, organisation_id: UUID, destination: Mapping[str, Any], send_at: str | None
    ) -> ProviderPlan | None:
        organisation = self.session.get(Organisation, organisation_id)
        if organisation is None or not organisation.receives:
            return None
        transfer = self.holding.get(organisation_id)
        team_plans, problems = self._teams(organisation)
        state = self._state(destination, send_at=send_at, transfer=transfer, team_plans=team_plans)
        problem = ""
        if state in ("new", "again") and problems:
            state, problem = "not_ready", " ".join(problems)
        elif state == "status":
            problem = "The application is not far enough yet. The record goes out when its status allows."
        return ProviderPlan(
            organisation_id=organisation_id,
            name=organisation.name,
            state=state,
            destination=destination,
            transfer_id=transfer.id if transfer else None,
            problem=problem,
            teams=team_plans,
        )

    def _state(
        self,
        destination: Mapping[str, Any],
        *,
        send_at: str | None,
        transfer: Transfer | None,
        team_plans: Sequence[TeamPlan],
    ) -> str:
        if transfer is not None:
            return "again" if self.new_revision or not self._holds(transfer, team_plans) else "current"
        status = destination.get("status")
        if send_at is not None and (
            status not in STATUS_ORDER or STATUS_ORDER.index(status) < STATUS_ORDER.index(send_at)
        ):
            return "status"
        return "new"

    def _holds(self, transfer: Transfer, team_plans: Sequence[TeamPlan]) -> bool:
        """Whether every team that reads the newest revision was granted it with this transfer."""
        granted = set(
            self.session.scalars(
                select(Receipt.team_id).where(
                    Receipt.transfer_id == transfer.id, Receipt.revision_id == self.revision_id
                )
            )
        )
        return {team.team_id for team in team_plans} <= granted

    def _teams(self, organisation: Organisation) -> tuple[tuple[TeamPlan, ...], list[str]]:
        teams = self.session.scalars(
            select(Team).where(Team.organisation_id == organisation.id).order_by(Team.created_at)
        ).all()
        plans: list[TeamPlan] = []
        problems: list[str] = []
        for team in teams:
            purposes = RECEIVING_PURPOSES.intersection(team.purposes)
            sections = self.narrowed.sections(purposes) if purposes else ()
            if not sections:
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
                    purposes=purposes,
                    key=key,
                    sections=sections,
                    attachments=self.narrowed.attached(purposes),
                )
            )
        return tuple(plans), problems
