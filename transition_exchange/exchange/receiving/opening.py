"""Opening a transfer as one of the provider's teams, and reading what the team has opened.

A version is opened once, by somebody who asks for it, and that writes the team's receipt. From then on the team reads
it as often as it likes. Nothing else gives a team the content of a version, but for files of many records, which are
noted as given out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound, NotOpened, Tampered
from transition_exchange.exchange.keys.confirmed_names import names_to_show
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.receiving.receipts import Seen, granted_team, note_opened, own_transfer
from transition_exchange.exchange.receiving.safeguarding_part import SafeguardingPart, part_of
from transition_exchange.exchange.receiving.sent_versions import (
    ReceiptOfVersion,
    newest,
    opened,
    state_of,
)
from transition_exchange.exchange.receiving.whom_to_ring import ToRing, whom_to_ring
from transition_exchange.exchange.records import attachments, parts
from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.records.revisions import OpenRevision, open_revision
from transition_exchange.packs.content import held_back
from transition_exchange.proforma import Version, load
from transition_exchange.proforma.safeguarding_answer import NOT_ANSWERED, QUESTION
from transition_exchange.proforma.withdrawn import what_does_not_count, withdrawn_words
from transition_exchange.purposes import RECEIVING
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record, Revision
from transition_exchange.stored_text import read_object


@dataclass(frozen=True)
class Received:
    """A transfer as one team reads it: one revision of each owner.

    Attributes:
        team: the team that reads it.
        school: the name of the sending school, as it was confirmed.
        state: the state of the transfer, such as `sent` or `acknowledged`.
        leaving_year: the calendar year in which the learner leaves school.
        delete_on: the day on which the record is deleted.
        version: the version of the pro-forma in which it is written.
        openings: the opened revisions, by owner.
        missing: the gaps that this team may know of, whichever owner owes them, each with question, code and perhaps
            date and reason.
        not_attached: the codes of the kinds of document that should be there and are not, as far as this team may know.
        cannot_be_used: what the school's data names among the answers as not to be used, each with question, code and
            message.
        opened_before: the revision that the team had opened before the one it reads, by owner.
        came_later: the owners of whom the team opened the first version after one of another owner.
        acknowledged: whether the team has acknowledged the newest revisions.
        doubtful: the owners of whom the database names a newer version, which none of the school's teams signed for
            this team. Nothing of it is read.
        part: what the team may know of the safeguarding team's part.
        ring: whom the team rings at the school.
    """

    transfer_id: UUID
    record_id: UUID
    team: OpenTeam
    school: str
    state: str
    leaving_year: int
    delete_on: date
    version: Version
    openings: Mapping[str, OpenRevision] = field(repr=False)
    part: SafeguardingPart = field(repr=False)
    missing: tuple[Mapping[str, Any], ...] = field(repr=False, default=())
    not_attached: tuple[str, ...] = ()
    cannot_be_used: tuple[Mapping[str, str], ...] = field(repr=False, default=())
    opened_before: Mapping[str, UUID] = field(default_factory=dict)
    came_later: frozenset[str] = frozenset()
    acknowledged: bool = False
    doubtful: tuple[str, ...] = ()
    ring: tuple[ToRing, ...] = ()

    @property
    def answers(self) -> Answers:
        """Everything that the team may read of both owners, by section and field."""
        return {
            name: values for opening in self.openings.values() for name, values in opening.answers.items()
        }

    @property
    def withdrawn(self) -> str:
        """That the school took an answer back, whom to ring and what does not count, as far as this team may know.

        Empty if it took none back.
        """
        told = (
            f"{words} {what_does_not_count(opening.answers)}"
            for opening in self.openings.values()
            if opening.withdraws is not None
            and opening.released_at is not None
            and (words := withdrawn_words(opening.answers, opening.released_at))
        )
        return " ".join(told)

    @property
    def held_back(self) -> int:
        """How many parts of the record learner and family hold back, as far as this team may know."""
        return held_back(self.answers)

    @property
    def seen(self) -> Seen:
        """What the team reads, for its receipts: also a version in which nothing is for the team.

        So receipts that are written together are so for every learner, whatever was answered.
        """
        seen = self.seen_of(*self.openings)
        return replace(seen, revisions=(*seen.revisions, self.part.besides)) if self.part.besides else seen

    def seen_of(self, *owners: str) -> Seen:
        """What the team reads of some owners, for its receipts."""
        revisions = tuple(self.openings[owner].revision.id for owner in owners)
        return Seen(transfer_id=self.transfer_id, team_id=self.team.id, revisions=revisions)

    @property
    def attachments(self) -> tuple[attachments.AttachmentLabel, ...]:
        """The labels of the attachments that the team may open."""
        return tuple(label for opening in self.openings.values() for label in opening.attachments)


def open_transfer(*, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None = None) -> Received:
    """Open the newest versions of a transfer for one of the actor's teams.

    They are opened and checked first, so that nothing counts as opened that could not be read. Then the team's
    receipts, the transfer's state and the event are written in one transaction; of versions that the team had opened
    before, nothing is written.

    Args:
        transfer_id: the transfer.
        team_id: the team; None for the first of the actor's teams that was granted anything of it.

    Raises:
        NotAllowed: the actor is not in a receiving team.
        NotFound: the transfer is unknown, recalled or another provider's, or nothing of it was granted to the team.
        Tampered: something is not what the school released, or no team of the school signed that it granted anything.
    """
    received = read_newest(db=db, actor=actor, transfer_id=transfer_id, team_id=team_id)
    note_opened(db=db, actor=actor, seen=received.seen)
    return received


def read_transfer(*, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None = None) -> Received:
    """Read the newest version of each owner that the team has opened. Nothing is changed.

    Args:
        transfer_id: as for `open_transfer`.
        team_id: as for `open_transfer`.

    Raises:
        NotOpened: the team has opened no version.
        NotAllowed: as `open_transfer`.
        NotFound: as `open_transfer`.
        Tampered: as `open_transfer`.
    """
    return _read(db=db, actor=actor, transfer_id=transfer_id, team_id=team_id, opened_only=True)


def read_newest(*, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None = None) -> Received:
    """Read the newest version of each owner, opened or not. The caller notes it before anybody is given any of it.

    Args:
        transfer_id: as for `open_transfer`.
        team_id: as for `open_transfer`.

    Raises:
        NotAllowed: as `open_transfer`.
        NotFound: as `open_transfer`.
        Tampered: as `open_transfer`.
    """
    return _read(db=db, actor=actor, transfer_id=transfer_id, team_id=team_id, opened_only=False)


def _read(
    *, db: Database, actor: Actor, transfer_id: UUID, team_id: UUID | None, opened_only: bool
) -> Received:
    with db.read() as session:
        team = granted_team(session, actor, transfer_id=transfer_id, team_id=team_id)
        transfer, record = own_transfer(session, actor, transfer_id)
        trust = trust_of(session, actor)
        versions, part = part_of(
            session, actor=actor, trust=trust, team=team, record=record, transfer_id=transfer_id
        )
        granted = part.versions.tried
        if not granted:
            raise Tampered
        reading = newest(opened(granted) if opened_only else granted)
        if not reading:
            raise NotOpened
        school_id = record.organisation_id  # what its own team signed, or nothing opens
        openings: dict[str, OpenRevision] = {}
        missing: list[Mapping[str, Any]] = []
        not_attached: list[str] = []
        cannot_be_used: list[Mapping[str, str]] = []
        for receipt, owner, _ in reading:
            opening = open_revision(
                session,
                actor=actor,
                trust=trust,
                record=record,
                revision=session.get_one(Revision, receipt.revision_id),
                transfer_id=transfer_id,
                team_id=team.id,
            )
            data = transfer_part(session, record=record, opening=opening, kind="data", team=team)
            missing += _missing_in(data)
            not_attached += _not_attached_in(data)
            cannot_be_used += _cannot_be_used_in(data)
            openings[owner] = opening
        version = load(record.version)
        if part.unanswered:
            missing.append(_unanswered(version))
        return Received(
            transfer_id=transfer_id,
            record_id=record.id,
            team=team,
            school=names_to_show(session, trust=trust, organisation_ids={school_id})[school_id],
            state=transfer.state,
            leaving_year=record.leaving_year,
            delete_on=record.delete_on,
            version=version,
            openings=openings,
            part=part,
            missing=tuple(missing),
            not_attached=tuple(not_attached),
            cannot_be_used=tuple(cannot_be_used),
            opened_before=_opened_before(reading, granted),
            came_later=_came_later(reading, granted),
            acknowledged=state_of(part.versions.listed) == "acknowledged",
            doubtful=versions.doubtful,
            ring=whom_to_ring(session, trust=trust, team=team, school_id=school_id),
        )


def _missing_in(data: bytes) -> list[Mapping[str, Any]]:
    """The gaps that a transfer's data names.

    Raises:
        Tampered: the data is not what a school sends.
    """
    try:
        missing: list[Mapping[str, Any]] = read_object(data)["missing"]
        for gap in missing:
            if not all(isinstance(gap[name], str) for name in ("question", "code")):
                raise Tampered
            if gap.get("expected") is not None:
                date.fromisoformat(gap["expected"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Tampered from None
    return missing


def _not_attached_in(data: bytes) -> list[str]:
    """The kinds of document that a transfer's data names as not attached. Data of earlier releases names none.

    Raises:
        Tampered: the data is not what a school sends.
    """
    try:
        kinds = [kind["kind"] for kind in read_object(data).get("not_attached", [])]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Tampered from None
    if not all(isinstance(kind, str) for kind in kinds):
        raise Tampered
    return kinds


def _cannot_be_used_in(data: bytes) -> list[Mapping[str, str]]:
    """What a transfer's data says of answers that cannot be used. Data of earlier releases says nothing.

    Raises:
        Tampered: the data is not what a school sends.
    """
    try:
        found = [
            {name: said[name] for name in ("question", "code", "message")}
            for said in read_object(data).get("cannot_be_used", [])
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Tampered from None
    if not all(isinstance(value, str) and value for said in found for value in said.values()):
        raise Tampered
    return list(found)


def _unanswered(version: Version) -> Mapping[str, Any]:
    """The gap that nobody has said whether there is a safeguarding file."""
    return {"question": version.question(QUESTION).path, "code": f"{QUESTION}.{NOT_ANSWERED}"}


def _opened_before(
    reading: Sequence[ReceiptOfVersion], granted: Sequence[ReceiptOfVersion]
) -> dict[str, UUID]:
    """The revision that the team had opened last before the one it reads, by owner."""
    numbers = {owner: number for _, owner, number in reading}
    earlier = [
        candidate
        for candidate in opened(granted)
        if candidate.owner in numbers and candidate.number < numbers[candidate.owner]
    ]
    return {owner: receipt.revision_id for receipt, owner, _ in newest(earlier)}


def _came_later(reading: Sequence[ReceiptOfVersion], granted: Sequence[ReceiptOfVersion]) -> frozenset[str]:
    """The owners whose version the team reads is the first of theirs that it opened, after it had opened another's."""
    looked = [(owner, receipt.opened_at) for receipt, owner, _ in opened(granted) if receipt.opened_at]
    before = _opened_before(reading, granted)
    return frozenset(
        owner
        for receipt, owner, _ in reading
        if owner not in before
        and any(
            other != owner and (receipt.opened_at is None or at < receipt.opened_at) for other, at in looked
        )
    )


def transfer_part(
    session: Session, *, record: Record, opening: OpenRevision, kind: str, team: OpenTeam
) -> bytes:
    """One of the parts that were made for a transfer, checked against the grant and opened.

    A team that both writes and receives holds the parts of all readers. It gets the one that was made for itself, or,
    if its purposes have changed since, the one for most of the purposes that it has or had.

    Args:
        record: the record.
        opening: the opened revision.
        kind: `pdf` or `data`.
        team: the team that reads it.

    Raises:
        NotFound: the team was not granted a part of this kind.
        Tampered: the part is not what was sent.
    """
    names = sorted(name for name in opening.keys if name.startswith(f"{kind}/"))
    exact = parts.readers_word(team.purposes.intersection(RECEIVING))
    own = [name for name in names if parts.readers_in(name) <= team.signs_for]
    name = next(
        (name for name in names if name.endswith(f"/{exact}")),
        max(own, key=lambda name: len(parts.readers_in(name)), default=None),
    )
    if name is None:
        raise NotFound
    transfer_id = UUID(name.split("/")[1])
    part = parts.rows_of(session, revision_id=opening.revision.id, transfer_id=transfer_id).get(name)
    body = ciphertexts_of(session).get(session, [part.id]).get(part.id, b"") if part else b""
    if parts.digest(body) != opening.digests.get(name):
        raise Tampered
    binding = parts.binding_of(record, opening.revision.id)
    return parts.open_part(binding=binding, name=name, key=opening.keys[name], body=body)
