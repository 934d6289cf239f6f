"""What a planned sending is: what it would do for a record, for each provider, and for each of their teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from transition_exchange.exchange.actor import KnownTeam, OpenTeam
from transition_exchange.exchange.keys.confirmed_names import OtherName
from transition_exchange.exchange.keys.not_ready import NotReady
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.parts import readers_word
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.last_sent import HeldBack
from transition_exchange.proforma import Access, Report


@dataclass(frozen=True)
class TeamPlan:
    """What one receiving team would get of one owner's sections.

    Attributes:
        name: as it was confirmed; of a team without a confirmed key, as its row says, with "(not confirmed)" after it.
        team: the team with its key; None if it has none that this session trusts.
        access: what it may read, including the sections that are made for the transfer.
        attachments: the ids of the attachments that it may open.
        not_ready: why nothing can be sealed for it yet, and who to ring; None if it is ready.
    """

    team_id: UUID
    name: str
    team: KnownTeam | None = field(repr=False)
    access: Access = field(repr=False)
    attachments: tuple[UUID, ...] = ()
    not_ready: NotReady | None = None

    @property
    def readers(self) -> str:
        """Its purposes as one word, such as `admissions+exams`. Teams with the same purposes share a PDF."""
        return readers_word(self.access.purposes)


@dataclass(frozen=True)
class ProviderPlan:
    """What sending would do for one provider.

    Attributes:
        name: as it was confirmed; as its row says where it is not.
        confirmed: whether the NEET group has confirmed one of its teams, and with it the name.
        state: `new` (gets the record now), `again` (has a version and gets the new one), `added` (has the newest
            version, and a team that was added since gets it), `current` (every team has the newest version), `status`
            (the application is not far enough) or `not_ready` (a team lacks a key or a second opener).
        destination: what the record says about the learner's application to this provider.
        transfer_id: the transfer by which the provider has the record; None if it does not have it.
        named: whether the learner's destinations name the provider. One that has a version but is no longer named gets
            nothing new unless the sender asks for it.
        other_name: that the destination, whose name was chosen when it was sealed, calls the provider otherwise than it
            was confirmed. Unless the provider was renamed since, it gets nothing unless the sender asks for it: what
            the person chose may have been another place.
        taken_back: when the school took the record back from it; None if it did not, or has sent it there again. Then
            it gets nothing unless the sender asks for it.
        held_back: that it is not to get a changed version, by an earlier decision; None if nobody decided so. If it
            seems to have nothing, it gets nothing unless the sender asks for it.
        left_out: when the sender left it out though it was to get the record for the first time; None if nobody did.
            Then it gets nothing unless the sender asks for it.
        problem: for `status` and `not_ready`, what is missing and who to ring.
        dispute: why it is not certain whether it has the record, and what to do about it (`Standing.dispute`); empty
            where it is. Then it gets nothing new unless the sender asks for it.
        disputed: a digest of that (`Standing.seen`).
        teams: what each of the provider's teams would get; only the added ones if the others have it already.
    """

    organisation_id: UUID
    name: str
    state: str
    destination: Mapping[str, Any] = field(repr=False)
    transfer_id: UUID | None = None
    named: bool = True
    confirmed: bool = True
    other_name: OtherName | None = None
    taken_back: datetime | None = None
    held_back: HeldBack | None = None
    left_out: datetime | None = None
    problem: str = ""
    dispute: str = ""
    disputed: str = ""
    teams: tuple[TeamPlan, ...] = ()

    @property
    def goes(self) -> bool:
        """Whether sending now would send something to this provider."""
        return self.state in ("new", "again", "added")

    @property
    def chosen(self) -> bool:
        """Whether it gets something only if the sender asks for it.

        That is for the first time, though it is not named any more, though it is named otherwise than confirmed, though
        the record was taken back from it, a version was held back or it was left out before, or where it is not certain
        whether it has the record.
        """
        return self.goes and (self.state == "new" or not self.expected)

    @property
    def expected(self) -> bool:
        """Whether the learner's destinations name it as it was confirmed, and nothing speaks against it."""
        fits = self.other_name is None or self.other_name.renamed
        held = self.state == "new" and (self.held_back is not None or self.left_out is not None)
        return self.named and fits and not self.dispute and self.taken_back is None and not held

    @property
    def may_be_held_back(self) -> bool:
        """Whether the sender can leave it with the version that it has."""
        return self.state == "again"


class LostPlan(NamedTuple):
    """A provider to which the record was sent, of which it is not certain whether it has it: nothing goes there.

    Attributes:
        transfer_id: the transfer, about which no statement of the school counts any more.
        name: the provider's name, as it was confirmed; as its row says where it is not.
        why: what is not certain, and what to do about it.
    """

    transfer_id: UUID
    name: str
    why: str


@dataclass(frozen=True)
class ReleasePlan:
    """What sending a record, or releasing its safeguarding sections, would do now.

    Attributes:
        draft: the owner's draft.
        report: its errors and gaps.
        answers: what a release would hold, by section and field.
        changed: whether the draft differs from the newest released revision.
        number: the number of the version that would be sent.
        lost: the providers of which it is not certain whether they have the record, because what was signed is gone.
        seen: a digest of the plan. Sending names it, so that nobody sends what they have not seen.
        team: the actor's team that signs what is sent: the first that can send.
        own_problem: why that team cannot send yet; empty if it can. Then no other of the actor's can.
    """

    draft: Draft
    report: Report
    answers: Answers = field(repr=False)
    changed: bool
    number: int
    providers: tuple[ProviderPlan, ...]
    seen: str
    team: OpenTeam
    own_problem: str = ""
    lost: tuple[LostPlan, ...] = ()
