"""What each team of a provider gets of one version of an owner's sections, before anything is sealed.

The preview and the sending both use it, so that the preview shows exactly what is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.keys.colleagues import own_name, unchecked
from transition_exchange.exchange.keys.contacts import contacts_of
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.attachments import AttachmentLabel
from transition_exchange.exchange.records.names import legal_name
from transition_exchange.exchange.records.transfers import reference_of
from transition_exchange.exchange.sending.plans import ProviderPlan, ReleasePlan, TeamPlan
from transition_exchange.packs.content import Attached, PackContent, build
from transition_exchange.proforma import Access, destinations
from transition_exchange.purposes import OPENS_FIRST
from transition_exchange.store.database import Database


def signed_off(*, db: Database, actor: Actor, planned: ReleasePlan, today: date) -> Answers:
    """What a release made now would hold, by section and field, including who completed the form and when.

    The team's key signs it. So the name is the one that the actor remembers of themselves or a key of the team has
    signed. Their row could name anybody, so where there is no other name, the release says that it was not checked.

    Args:
        planned: the plan of the release.

    Raises:
        NotAllowed: the actor is not in the team that signs it.
    """
    team = actor.team(planned.team.id)
    if team is None:
        raise NotAllowed
    answers = dict(planned.answers)
    if "assurance" in answers:
        with db.read() as session:
            completed_by = own_name(session, actor=actor, team_id=team.id) or unchecked(actor.name)
        answers["assurance"] = answers["assurance"] | {
            "completed_by": completed_by,
            "completed_on": today.isoformat(),
            "completed_role": team.name,
            "version": planned.draft.version.name,
        }
    return answers


@dataclass(frozen=True, kw_only=True)
class TeamPacks:
    """One version of an owner's sections, divided among the teams that may read it.

    Attributes:
        planned: the plan of the sending.
        released: what the version holds, by section and field.
        attachments: the labels of the attachments that go with it.
        number: the number of the version.
        made_at: the time that the packs show.
        withdraws: the number of the version that this one takes back; None if it takes none back.
    """

    db: Database
    actor: Actor
    planned: ReleasePlan
    released: Answers = field(repr=False)
    attachments: Sequence[AttachmentLabel]
    number: int
    made_at: datetime
    withdraws: int | None = None

    @property
    def owner(self) -> str:
        """The sending purpose that wrote the sections."""
        return self.planned.draft.owner

    def answers_for(self, provider: ProviderPlan) -> Answers:
        """The answers for one provider, by section and field.

        They are the released ones, the draft's where conditions need them, and the learner's destination there.
        """
        draft = self.planned.draft
        answers: Answers = {**draft.answers, **self.released}
        if self.owner == "transition":
            answers |= destinations.own(draft.version, provider.destination, answers)
        return answers

    def by_readers(self, provider: ProviderPlan, transfer_id: UUID | None = None) -> dict[str, PackContent]:
        """A provider's packs by `TeamPlan.readers`. Teams with the same purposes share a pack.

        Args:
            provider: the provider.
            transfer_id: the transfer by which it gets them; None for the one that it has, if any.
        """
        teams_by_readers: dict[str, list[TeamPlan]] = {}
        for team in provider.teams:
            teams_by_readers.setdefault(team.readers, []).append(team)
        answers = self.answers_for(provider)
        return {
            readers: self._content(provider, teams, answers, transfer_id or provider.transfer_id)
            for readers, teams in teams_by_readers.items()
        }

    def by_team(self, provider: ProviderPlan) -> dict[UUID, PackContent]:
        """The pack of each of a provider's teams."""
        packs = self.by_readers(provider)
        return {team.team_id: packs[team.readers] for team in provider.teams}

    @cached_property
    def _contact(self) -> str:
        """Whom to ring at the team that sends it, as it signed that; empty if it has not said so."""
        team = self.planned.team
        with self.db.read() as session:
            trust = trust_of(session, self.actor)
            contact = contacts_of(session, trust=trust, team_ids=[team.id]).get(team.id)
        return f"{contact.words} ({team.name})" if contact else ""

    def _ring(self, access: Access) -> str:
        """Whom these readers ring. As on the record's page, the safeguarding team is for the receiving one alone."""
        return self._contact if OPENS_FIRST.get(self.owner) in (None, *access.purposes) else ""

    def _content(
        self, provider: ProviderPlan, teams: Sequence[TeamPlan], answers: Answers, transfer_id: UUID | None
    ) -> PackContent:
        return build(
            teams[0].access,
            answers,
            report=self.planned.report,
            learner_name=self._learner_name(),
            from_school=self.planned.team.organisation_name,
            to_provider=provider.name,
            readers=[team.name for team in teams],
            version_number=self.number,
            sent_at=self.made_at,
            withdraws=self.withdraws,
            reference=reference_of(transfer_id) if transfer_id else "",
            ring=self._ring(teams[0].access),
            attachments=[
                Attached(kind=label.kind, dated=label.dated, pages=label.pages)
                for label in self.attachments
                if label.id in teams[0].attachments
            ],
        )

    def _learner_name(self) -> str:
        learner: Mapping[str, Any] = self.planned.answers.get("learner", {})
        if not learner:  # the safeguarding team does not write the name, but its cards have it
            learner = ledgers.proven_content(
                db=self.db,
                actor=self.actor,
                team=self.planned.team,
                record_id=self.planned.draft.record_id,
            )
        return legal_name(learner)
