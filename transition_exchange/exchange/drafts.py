"""Drafts: an owner's sections of one record, opened, saved a page at a time, and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from transition_exchange.exchange import cards, clock, grants, parts
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.attachments import AttachmentAbout, abouts
from transition_exchange.exchange.errors import Conflict, NotFound
from transition_exchange.exchange.trust import trust_of
from transition_exchange.proforma import Finding, Report, Section, Version, check, load, read_section
from transition_exchange.sealing import padding
from transition_exchange.store import events
from transition_exchange.store.ciphertexts import DatabaseCiphertexts
from transition_exchange.store.database import Database
from transition_exchange.store.models import Grant, Record, Revision, Team, TeamKey

Answers = dict[str, dict[str, Any]]
OWNERS = ("transition", "safeguarding")
ATTEMPTS = 5
"""How often a save reads again because somebody else was quicker."""


@dataclass(frozen=True)
class Draft:
    """One owner's working copy of a record, open.

    Attributes:
        answers: what is written so far, by section; every section of the owner is there, empty or not.
        tags: what tells whether a section still says what it did when it was read; a save names them, so that nobody's
            work is lost.
        row_tags: what each row carried then; new in every row at every save, whatever was changed.
    """

    record_id: UUID
    area_id: UUID
    organisation_id: UUID
    leaving_year: int
    delete_on: date
    owner: str
    version: Version
    revision_id: UUID
    answers: Answers = field(repr=False)
    tags: Mapping[str, str] = field(repr=False)
    part_ids: Mapping[str, UUID] = field(repr=False)
    keys: Mapping[str, bytes] = field(repr=False)
    attachments: tuple[AttachmentAbout, ...] = ()
    row_tags: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def place(self) -> parts.Place:
        return parts.Place(
            area=self.area_id, record=self.record_id, revision=self.revision_id, version=self.version.name
        )

    def report(self, today: date) -> Report:
        """What is wrong and what is missing in the owner's sections today."""
        return check(
            self.version,
            self.answers,
            today=today,
            owner=self.owner,
            leaving_year=self.leaving_year,
            attachments=[
                {
                    "id": str(each.id),
                    "kind": each.kind,
                    "dated": each.dated.isoformat() if each.dated else None,
                }
                for each in self.attachments
            ],
        )


@dataclass(frozen=True)
class Saved:
    """What came of a save.

    Attributes:
        errors: what is wrong in what was typed; where there are any, nothing was saved.
        draft: the draft as it stands now, with what was typed in it where it was saved.
    """

    draft: Draft
    errors: tuple[Finding, ...] = ()


def own_record(session: Session, actor: Actor, record_id: UUID) -> Record:
    """A record of the actor's own organisation.

    Raises:
        NotFound: there is none with this id, or it is another organisation's.
    """
    record = session.get(Record, record_id)
    if record is None or record.organisation_id != actor.organisation_id:
        raise NotFound
    return record


def plaintext(answers: Mapping[str, Any]) -> bytes:
    """One section's answers as they are sealed: compact UTF-8 JSON."""
    return json.dumps(answers, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def written_sections(version: Version, owner: str) -> tuple[Section, ...]:
    """The sections that an owner writes; those made for each transfer out of the record are not among them."""
    return tuple(section for section in version.sections_of(owner) if not section.per_transfer)


def room(section: Section) -> int:
    """How large a section is at least when it is sealed, by what it asks and not by what anybody answered.

    Where there is a table or a text to write, a plan fills it and most learners leave it empty.
    """
    written = any(question.kind in ("long_text", "rows") for question in section.questions)
    return padding.ROOMY if written else padding.SMALLEST


@dataclass(frozen=True)
class NewDraft:
    """An owner's first draft, sealed and ready to be stored."""

    revision: Revision
    sections: Sequence[parts.SealedPart]
    grant: Grant

    def store(self, session: Session) -> None:
        session.add(self.revision)
        session.flush()
        for part in self.sections:
            part.store(
                session,
                DatabaseCiphertexts(),
                record_id=self.revision.record_id,
                revision_id=self.revision.id,
            )
        session.add(self.grant)


def new_draft(
    *,
    record: Record,
    version: Version,
    owner: str,
    grantor: OpenTeam,
    grantee: TeamKey,
    now: datetime,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
) -> NewDraft:
    """Make the keys of an owner's sections, once for the life of the draft, and seal every section, empty or not."""
    revision = Revision(id=uuid4(), record_id=record.id, owner=owner, number=0)
    place = parts.place_of(record, revision.id)
    sections = [
        parts.seal(place, section.name, plaintext((answers or {}).get(section.name, {})), least=room(section))
        for section in written_sections(version, owner)
    ]
    grant = grants.make(
        grantor=grantor,
        grantee=grantee,
        record_id=record.id,
        revision_id=revision.id,
        keys=parts.keys_of(sections),
        digests={},
        now=now,
    )
    return NewDraft(revision=revision, sections=sections, grant=grant)


def open_draft(*, db: Database, actor: Actor, record_id: UUID, owner: str = "transition") -> Draft:
    """Open an owner's draft of a record.

    Where the owner's team had no key yet when the learner was added, its draft is made now.

    Raises:
        NotFound: no such record at the actor's organisation.
        NotAllowed: the actor is not in the owner's team.
        Tampered: a part or the grant is not what the school made.
    """
    team = actor.require(owner)
    with db.read() as session:
        record = own_record(session, actor, record_id)
        revision = session.scalar(
            select(Revision).where(
                Revision.record_id == record_id, Revision.owner == owner, Revision.number == 0
            )
        )
        if revision is not None:
            return _opened(session, actor, record, revision)
        own_key = session.get(TeamKey, team.key_id)
        assert own_key is not None
        fresh = new_draft(
            record=record,
            version=load(record.version),
            owner=owner,
            grantor=team,
            grantee=own_key,
            now=datetime.now(UTC),
        )
    with suppress(IntegrityError), db.write() as session:  # a colleague may have opened it in the same moment
        fresh.store(session)
    return open_draft(db=db, actor=actor, record_id=record_id, owner=owner)


def _opened(session: Session, actor: Actor, record: Record, revision: Revision) -> Draft:
    trust = trust_of(session, actor)
    keys: dict[str, bytes] = {}
    for grant in grants.grants_to(session, actor, revision_id=revision.id, transfer_id=None):
        opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
        if opened is not None:
            keys |= opened.keys
    rows = parts.rows_of(session, revision_id=revision.id)
    bodies = DatabaseCiphertexts().get(session, [row.id for row in rows.values()])
    version = load(record.version)
    tags: dict[str, str] = {}
    draft = Draft(
        record_id=record.id,
        area_id=record.area_id,
        organisation_id=record.organisation_id,
        leaving_year=record.leaving_year,
        delete_on=record.delete_on,
        owner=revision.owner,
        version=version,
        revision_id=revision.id,
        answers={},
        tags=tags,
        row_tags={name: row.tag for name, row in rows.items()},
        part_ids={name: row.id for name, row in rows.items()},
        keys=keys,
        attachments=abouts(session, actor=actor, trust=trust, record=record, owner=revision.owner),
    )
    for name, row in rows.items():
        if name not in keys:
            raise NotFound
        opened_part = parts.open_part(draft.place, name, keys[name], bodies[row.id])
        tags[name], draft.answers[name] = parts.content_tag(keys[name], opened_part), json.loads(opened_part)
    return draft


def save_sections(
    *,
    db: Database,
    actor: Actor,
    record_id: UUID,
    raw: Mapping[str, Mapping[str, Any]],
    tags: Mapping[str, str],
    owner: str = "transition",
    today: date | None = None,
) -> Saved:
    """Check what was typed into some sections and, where nothing in it is wrong, save it with its gaps.

    Args:
        raw: what was typed, by section, as a form, a file or the API gives it.
        tags: the tags that the sections carried when the writer opened them.

    Raises:
        NotFound, NotAllowed, Tampered: as `open_draft`.
        Conflict: a section was changed meanwhile, and not to the same; nothing was saved.
    """
    today = today or clock.today()
    for _ in range(ATTEMPTS):
        try:
            return _save_once(db, actor, record_id, raw, tags, owner, today)
        except _Overtaken:
            continue
    raise Conflict(list(raw))


def _save_once(
    db: Database,
    actor: Actor,
    record_id: UUID,
    raw: Mapping[str, Mapping[str, Any]],
    tags: Mapping[str, str],
    owner: str,
    today: date,
) -> Saved:
    draft = open_draft(db=db, actor=actor, record_id=record_id, owner=owner)
    errors: list[Finding] = []
    values: Answers = {}
    for section, typed in raw.items():
        if section not in draft.answers:
            raise NotFound
        read = read_section(draft.version, section, typed)
        values[section] = read.values
        errors += read.errors
    merged = replace(draft, answers=draft.answers | values)
    errors += [
        finding
        for finding in merged.report(today).errors
        if finding.section in values and finding not in errors
    ]
    if errors:
        return Saved(draft=draft, errors=tuple(errors))
    changed = {name: typed for name, typed in values.items() if typed != draft.answers[name]}
    clashes = [name for name in changed if tags.get(name) != draft.tags[name]]
    if clashes:
        raise Conflict(clashes)
    if changed:
        _store(db, actor, merged, today)
    return Saved(draft=open_draft(db=db, actor=actor, record_id=record_id, owner=owner))


class _Overtaken(Exception):
    """Somebody else saved between this save's reading and its writing: read again."""


def _store(db: Database, actor: Actor, draft: Draft, today: date) -> None:
    """Write a draft anew, every section of it.

    Sections of which nothing was changed are sealed again too: a row that changes alone, in a table or between two
    backups, would tell of what there is something to write, and so who has a plan.
    """
    now = datetime.now(UTC)
    report = draft.report(today)
    bodies = {
        name: parts.reseal(
            draft.place, name, draft.keys[name], plaintext(values), least=room(draft.version.section(name))
        )
        for name, values in draft.answers.items()
    }
    prepared: tuple[cards.PreparedCard, ...] = ()
    if draft.owner == "transition":
        with db.read() as session:
            prepared = cards.prepare(session, actor=actor, draft=draft, report=report, today=today, now=now)
    with db.write() as session:
        # What the cards say of the record comes from all sections, so all must be as they were read.
        if parts.locked_tags(session, draft.revision_id) != draft.row_tags:
            raise _Overtaken
        for name, body in bodies.items():
            parts.replace(session, DatabaseCiphertexts(), part_id=draft.part_ids[name], body=body)
        record = session.get_one(Record, draft.record_id)
        record.changed_at = now
        if draft.owner == "transition":
            record.complete = report.complete
            record.everybody_gaps = len(report.everybody_gaps)
            record.started = True
        cards.store(session, prepared)
        events.append(
            session,
            organisation_id=actor.organisation_id,
            kind="record.saved",
            principal_id=actor.principal_id,
            about={"record": str(draft.record_id), "owner": draft.owner},
        )


def teams_of(session: Session, organisation_id: UUID, purpose: str) -> list[Team]:
    """An organisation's teams with a purpose."""
    teams = session.scalars(
        select(Team).where(Team.organisation_id == organisation_id).order_by(Team.created_at)
    )
    return [team for team in teams if purpose in team.purposes]
