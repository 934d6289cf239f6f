"""Opening an owner's draft of a record."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import from_plaintext
from transition_exchange.exchange.records.attachments import open_labels
from transition_exchange.exchange.records.ownership import own_record, owner_teams
from transition_exchange.exchange.records.part_names import RESTING
from transition_exchange.exchange.records.standing_grants import grants_to
from transition_exchange.exchange.writing.draft import Draft, content_tags
from transition_exchange.exchange.writing.lost_pieces import (
    not_granted,
    require_all,
    require_never_written,
    require_of_draft,
    require_unwritten,
    without_removed,
)
from transition_exchange.exchange.writing.new_drafts import new_draft
from transition_exchange.exchange.writing.new_keys import may_last
from transition_exchange.exchange.writing.unsaved import resting
from transition_exchange.proforma import load
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Record, Revision


def open_draft(*, db: Database, actor: Actor, record_id: UUID, owner: str = "transition") -> Draft:
    """Open an owner's draft of a record.

    If the owner's team had no key when the learner was added, the draft is made now.

    Args:
        record_id: the record.
        owner: the sending purpose that writes the sections.

    Raises:
        NotFound: the record is unknown or belongs to another organisation.
        NotReady: another team of the same owner wrote it, and has not passed it on to the actor's team yet.
        NotAllowed: the actor is not in the owner's team.
        Tampered: a section, an attachment's label or a grant is not what the school made, or something of it is gone.
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
            return _opened(session, actor=actor, record=record, revision=revision)
        require_never_written(session, record=record, owner=owner)
        fresh = new_draft(
            record=record,
            version=load(record.version),
            owner=owner,
            grantor=team,
            grantees=owner_teams(session, actor=actor, trust=trust_of(session, actor), owner=owner),
            now=datetime.now(UTC),
        )
    with suppress(IntegrityError), db.write() as session:  # a colleague may be opening it at the same moment
        fresh.store(session)
    return open_draft(db=db, actor=actor, record_id=record_id, owner=owner)


def open_as_it_was(*, db: Database, actor: Actor, record_id: UUID, owner: str) -> Draft:
    """Open an owner's draft as far as the actor's teams were granted it, also those that gave up writing it.

    None is made. Nobody writes in it for a team that gave the work up.

    Args:
        record_id: the record.
        owner: the sending purpose that writes the sections.

    Raises:
        NotFound: the record is unknown or belongs to another organisation, or nobody has written the draft.
        NotReady: as `open_draft`.
        NotAllowed: no team of the actor's writes or wrote these sections.
        Tampered: as `open_draft`.
    """
    actor.signer_for(owner)
    with db.read() as session:
        record = own_record(session, actor, record_id)
        revision = session.scalar(
            select(Revision).where(
                Revision.record_id == record_id, Revision.owner == owner, Revision.number == 0
            )
        )
        if revision is None:
            raise NotFound
        return _opened(session, actor=actor, record=record, revision=revision)


def _opened(session: Session, *, actor: Actor, record: Record, revision: Revision) -> Draft:
    trust = trust_of(session, actor)
    keys: dict[str, bytes] = {}
    empty = False
    outdated = False
    owners = owner_teams(session, actor=actor, trust=trust, owner=revision.owner)
    for grant in grants_to(session, actor, revision_id=revision.id, transfer_id=None):
        opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
        if opened is not None:
            require_of_draft(opened)
            keys |= opened.keys
            empty = empty or opened.empty
            outdated = outdated or not may_last(opened, owners=owners)
    if not keys:
        raise not_granted(session, actor=actor, trust=trust, revision=revision)
    rows = parts.rows_of(session, revision_id=revision.id)
    bodies = ciphertexts_of(session).get(session, [row.id for row in rows.values()])
    version = load(record.version)
    require_all(version, owner=revision.owner, rows=rows, bodies=bodies, keys=keys)
    labels = open_labels(session, actor=actor, trust=trust, record=record, owner=revision.owner)
    attached, uncertain = without_removed(session, record=record, labels=labels)
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
        tags={},
        row_tags={name: row.tag for name, row in rows.items()},
        part_ids={name: row.id for name, row in rows.items()},
        keys=keys,
        outdated=outdated,
        attachments=attached,
        uncertain_attachments=uncertain,
    )
    opened_parts = {
        name: parts.open_part(binding=draft.binding, name=name, key=keys[name], body=bodies[row.id])
        for name, row in rows.items()
    }
    draft = replace(
        draft,
        answers={name: from_plaintext(part) for name, part in opened_parts.items() if name != RESTING},
        resting=resting(from_plaintext(opened_parts[RESTING])),
        tags=content_tags(actor, binding=draft.binding, keys=keys, plaintexts=opened_parts),
    )
    if empty:
        require_unwritten(map(from_plaintext, opened_parts.values()))
    return draft
