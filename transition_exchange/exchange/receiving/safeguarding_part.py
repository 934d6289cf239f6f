"""What the school's safeguarding team has sent a team by a transfer, and who is told whether it has answered at all.

Only the receiving safeguarding team is: everybody else sees the same for each learner, whether there is a file, there
is none, or nobody has answered. So a version in which nothing is for a team is none for that team. It was granted all
the same, because what stands in the rows does not depend on what was answered.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.trust import Trust
from transition_exchange.exchange.receiving.sent_versions import SentVersions, newest, team_versions
from transition_exchange.exchange.records.damaged_rows import DAMAGED
from transition_exchange.exchange.records.revisions import open_revision
from transition_exchange.proforma.safeguarding_answer import NOT_ANSWERED, WITHDRAWN, safeguarding_answer
from transition_exchange.purposes import OPENS_FIRST
from transition_exchange.store.models import Record, Revision

OWNER = "school_safeguarding"
NOT_CERTAIN = "not_certain"
"""What stands for the answer if something newer was sent that cannot be checked or opened."""


class Told(NamedTuple):
    """What one version tells a team.

    Attributes:
        answer: the answer, `NOT_ANSWERED` or `WITHDRAWN`.
        something: whether anything in it is for the team.
    """

    answer: str
    something: bool


Kept = MutableMapping[tuple[UUID, UUID], Told]
"""What versions that were opened before told a team, by transfer and version. A version never changes."""


@dataclass(frozen=True)
class SafeguardingPart:
    """What a team may know of the safeguarding team's part of a transfer.

    Attributes:
        versions: the versions of both owners that concern the team.
        answer: the answer; empty for a team that is not told, whatever it is.
        since: when the record was first sent to the team, so that an answer was due.
        besides: the newest version of the safeguarding team if nothing in any of them is for the team; else None.
    """

    versions: SentVersions
    answer: str
    since: datetime | None
    besides: UUID | None = None

    @property
    def unanswered(self) -> bool:
        """Whether the team is to be told that nobody has answered, or that the answer was taken back."""
        return self.answer in (NOT_ANSWERED, WITHDRAWN)

    @property
    def withdrawn(self) -> bool:
        """Whether the team is to be told that the answer was taken back."""
        return self.answer == WITHDRAWN


def is_told(team: OpenTeam) -> bool:
    """Whether a team learns whether the school's safeguarding team has answered."""
    return OPENS_FIRST[OWNER] in team.purposes


def part_of(
    session: Session, *, actor: Actor, trust: Trust, team: OpenTeam, record: Record, transfer_id: UUID
) -> tuple[SentVersions, SafeguardingPart]:
    """What a team was sent by one transfer, and what of it the team may know of the safeguarding team's part.

    Raises:
        NotFound: nothing was sent to the team by this transfer.
    """
    versions = team_versions(session, trust=trust, team=team, transfer_id=transfer_id).get(transfer_id)
    if versions is None:
        raise NotFound
    part = safeguarding_part(
        session,
        actor=actor,
        trust=trust,
        team=team,
        record=record,
        transfer_id=transfer_id,
        versions=versions,
    )
    return versions, part


def safeguarding_part(
    session: Session,
    *,
    actor: Actor,
    trust: Trust,
    team: OpenTeam,
    record: Record,
    transfer_id: UUID,
    versions: SentVersions,
    kept: Kept | None = None,
) -> SafeguardingPart:
    """What a team may know of the safeguarding team's part of a transfer. Nothing is changed.

    Args:
        trust: which keys the session trusts.
        team: the team.
        record: the transfer's record.
        transfer_id: the transfer.
        versions: what the team was sent by it.
        kept: where a list keeps what it has opened.
    """
    known = {} if kept is None else kept
    theirs = [version for version in versions.signed if version.owner == OWNER]
    told: dict[UUID, Told] = {}
    for receipt, _, _ in theirs:
        place = (transfer_id, receipt.revision_id)
        if place not in known:
            opened = _told(session, actor, trust, team, record, place)
            if opened is None:
                told[receipt.revision_id] = Told(NOT_CERTAIN, something=True)
                continue
            known[place] = opened
        told[receipt.revision_id] = known[place]
    last = newest(theirs)[0].receipt.revision_id if theirs else None
    since = min((receipt.granted_at for receipt, _, _ in versions.listed), default=None)
    if is_told(team):
        # Its list had shown the answer, whether or not anybody there opened it.
        silent = WITHDRAWN if versions.withdrawn or OWNER in versions.taken_back else NOT_ANSWERED
        answer = told[last].answer if last else silent
        return SafeguardingPart(versions, NOT_CERTAIN if OWNER in versions.doubtful else answer, since)
    if any(one.something for one in told.values()):
        # How often the safeguarding team has answered is for nobody else.
        return SafeguardingPart(replace(versions, withdrawn=tuple(newest(versions.withdrawn))), "", since)
    versions = replace(versions, withdrawn=())  # which of them held something for the team, nobody can tell
    if not theirs:
        return SafeguardingPart(versions, "", since)
    concerning = replace(versions, signed=[version for version in versions.signed if version.owner != OWNER])
    return SafeguardingPart(concerning, "", since, besides=last)


def _told(
    session: Session,
    actor: Actor,
    trust: Trust,
    team: OpenTeam,
    record: Record,
    place: tuple[UUID, UUID],
) -> Told | None:
    """What a version tells a team; None if it cannot be opened or checked."""
    transfer_id, revision_id = place
    try:
        opened = open_revision(
            session,
            actor=actor,
            trust=trust,
            record=record,
            revision=session.get_one(Revision, revision_id),
            transfer_id=transfer_id,
            team_id=team.id,
        )
    except DAMAGED:
        return None
    answer = safeguarding_answer(opened.answers) if opened.withdraws is None else WITHDRAWN
    return Told(answer, any(opened.answers.values()))
