"""What the safeguarding team has written so far for each of its learners, for the list on which it answers for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.keys.trust import Trust, trust_of
from transition_exchange.exchange.records import grants, parts
from transition_exchange.exchange.records.answers import Answers, from_plaintext
from transition_exchange.exchange.records.damaged_rows import DAMAGED
from transition_exchange.exchange.records.part_names import RESTING
from transition_exchange.exchange.records.revisions import open_revision
from transition_exchange.exchange.writing.lost_pieces import require_all, require_of_draft, require_unwritten
from transition_exchange.proforma import load
from transition_exchange.store.ciphertexts import ciphertexts_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Grant, Part, Record, Revision

OWNER = "school_safeguarding"
SECTION = "safeguarding"
DAY_ONE = "day_one_safety"
CONTACT = ("lead_name", "lead_phone", "lead_email")
"""The questions about the safeguarding lead. They are the same for every learner of a school."""

READ_AT_ONCE = 200
"""How many drafts one query reads."""

Mark = Literal["file", "nothing", "ring"]
"""What the lead answers for a learner: there is a file, there is nothing to pass on, or ring me."""

FILE_EXISTS: Mapping[Mark, str] = {"file": "yes", "nothing": "no", "ring": "not_disclosed"}
"""The answer to “Is there a safeguarding file?” for which a mark stands."""

AGAINST = {
    "file": "The form says that there is a file",
    "ring": "The form says to ring you",
    "more": "Something else is written in the form",
    "day_one": "Something is written for safety on the first day",
    "youth_justice": "The form says that the youth justice service is involved",
    "unsaved": "Something was typed in the form and is not saved yet",
    "unread": "What is written could not be checked",
    "earlier_file": "An earlier version said that there is a file",
    "earlier_ring": "An earlier version said to ring you",
    "earlier_more": "An earlier version said something for the first day, or that youth justice is involved",
    "earlier_unread": "An earlier version could not be checked",
}
"""What speaks against “nothing to pass on” for a learner, by its code."""


@dataclass(frozen=True)
class Written:
    """What is written for one learner.

    Attributes:
        mark: the mark for which the answer in the draft stands; None if it has none.
        against: the codes of what speaks against “nothing to pass on”.
    """

    mark: Mark | None = None
    against: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What speaks against “nothing to pass on”, in words."""
        return tuple(AGAINST[code] for code in self.against)

    @property
    def excludes_nothing(self) -> bool:
        """Whether the draft itself says something else, so that “nothing” cannot be sent before it is changed."""
        return any(not code.startswith("earlier") for code in self.against)


def written_in(answers: Answers, *, unsaved: bool = False) -> Written:
    """What a draft or a released version says.

    Args:
        answers: its answers, by section and field.
        unsaved: whether something was typed in it and is not saved.
    """
    told = {name: value for name, value in answers.get(SECTION, {}).items() if name not in CONTACT}
    marks: dict[Any, Mark] = {answer: mark for mark, answer in FILE_EXISTS.items()}
    mark = marks.get(told.pop("file_exists", None))
    justice = told.pop("youth_justice", None)
    beside = {name: values for name, values in told.items() if values not in ({}, None)}
    of_contact = {"_reasons", "_attached"}
    more = beside.keys() - of_contact or any(set(beside.get(name, {})) - {*CONTACT} for name in of_contact)
    found = {
        "file": mark == "file",
        "ring": mark == "ring",
        "more": bool(more),
        "day_one": bool(answers.get(DAY_ONE)),
        "youth_justice": bool(justice),
        "unsaved": unsaved,
    }
    return Written(mark, tuple(code for code, is_so in found.items() if is_so))


def with_earlier(written: Written, earlier: Written | None) -> Written:
    """What speaks against “nothing”, with what the newest version said that was taken back.

    Args:
        written: what the draft says.
        earlier: what that version said; None if there is none.
    """
    if earlier is None:
        return written
    codes = {
        {"file": "earlier_file", "ring": "earlier_ring", "unread": "earlier_unread"}.get(code, "earlier_more")
        for code in earlier.against
    }
    in_order = (code for code in AGAINST if code in codes)
    return Written(written.mark, (*written.against, *in_order))


def written_for(
    *, db: Database, actor: Actor, record_ids: Collection[UUID], taken_back: Collection[UUID] = ()
) -> Mapping[UUID, Written]:
    """What is written for some learners of the actor's school. Nothing is changed, and no draft is made.

    Args:
        record_ids: their records. Those of other schools are left out.
        taken_back: those whose newest answer was taken back. What it said is looked at too.

    Raises:
        NotAllowed: the actor is not in the safeguarding team.
    """
    actor.require(OWNER)
    found: dict[UUID, Written] = {}
    with db.read() as session:
        trust = trust_of(session, actor)
        in_order = list(record_ids)
        for start in range(0, len(in_order), READ_AT_ONCE):
            some = in_order[start : start + READ_AT_ONCE]
            of_school = Record.id.in_(some), Record.organisation_id == actor.organisation_id
            records = session.scalars(select(Record).where(*of_school)).all()
            found |= _drafts(session, actor=actor, trust=trust, records=records)
            for record in records:
                if record.id in taken_back:
                    earlier = earlier_answer(session, actor=actor, trust=trust, record=record)
                    found[record.id] = with_earlier(found[record.id], earlier)
    return found


def earlier_answer(session: Session, *, actor: Actor, trust: Trust, record: Record) -> Written | None:
    """What the newest version of the safeguarding sections said that answered something; None if there is none.

    Args:
        trust: which keys the session trusts.
        record: the record.
    """
    versions = session.scalars(
        select(Revision)
        .where(Revision.record_id == record.id, Revision.owner == OWNER, Revision.number > 0)
        .order_by(Revision.number.desc())
    )
    for revision in versions:
        try:
            opened = open_revision(session, actor=actor, trust=trust, record=record, revision=revision)
        except DAMAGED:
            return Written(None, ("unread",))
        if not opened.withdraws:
            return written_in(opened.answers)
    return None


def _drafts(
    session: Session, *, actor: Actor, trust: Trust, records: Iterable[Record]
) -> dict[UUID, Written]:
    """What the drafts of some records say, read in a few statements for all of them."""
    by_id = {record.id: record for record in records}
    drafts = session.scalars(
        select(Revision).where(Revision.record_id.in_(by_id), Revision.owner == OWNER, Revision.number == 0)
    ).all()
    ids = [draft.id for draft in drafts]
    granted: defaultdict[UUID | None, list[Grant]] = defaultdict(list)
    for grant in session.scalars(
        select(Grant)
        .where(
            Grant.revision_id.in_(ids),
            Grant.transfer_id.is_(None),
            Grant.grantee_team_id.in_([team.id for team in actor.teams]),
            Grant.withdrawn_at.is_(None),
        )
        .order_by(Grant.created_at)
    ):
        granted[grant.revision_id].append(grant)
    rows: defaultdict[UUID | None, dict[str, Part]] = defaultdict(dict)
    for part in session.scalars(select(Part).where(Part.revision_id.in_(ids), Part.transfer_id.is_(None))):
        rows[part.revision_id][part.name] = part
    bodies = ciphertexts_of(session).get(
        session, [row.id for named in rows.values() for row in named.values()]
    )
    found = dict.fromkeys(by_id, Written())
    for draft in drafts:
        record = by_id[draft.record_id]
        try:
            keys: dict[str, bytes] = {}
            empty = False
            for grant in granted[draft.id]:
                opened = grants.open_grant(session, actor=actor, trust=trust, grant=grant)
                if opened is not None:
                    require_of_draft(opened)
                    keys |= opened.keys
                    empty = empty or opened.empty
            named = rows[draft.id]
            require_all(load(record.version), owner=OWNER, rows=named, bodies=bodies, keys=keys)
            binding = parts.binding_of(record, draft.id)
            told = {
                name: from_plaintext(
                    parts.open_part(binding=binding, name=name, key=keys[name], body=bodies[row.id])
                )
                for name, row in named.items()
            }
            if empty:
                require_unwritten(told.values())
        except DAMAGED:
            found[record.id] = Written(None, ("unread",))
            continue
        resting = told.pop(RESTING)
        found[record.id] = written_in(told, unsaved=bool(resting.get("questions")))
    return found
