"""A school's learners: adding one, and the list with what is missing for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from transition_exchange.exchange import agreed_versions, cards, clock, ledgers
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.drafts import OWNERS, Draft, NewDraft, new_draft, teams_of, written_sections
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.trust import current_keys, trust_of
from transition_exchange.proforma import Finding, read_section
from transition_exchange.store import events
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation, Record, Revision, TeamKey, Transfer


def leaving_year_on(today: date) -> int:
    """The calendar year in which this school year's Year 11 leaves: school years run from September to August."""
    return today.year + 1 if today.month >= 9 else today.year


def deleted_on(leaving_year: int, keep_months: int) -> date:
    """The date on which a record is deleted: the area's months after the end of August of the leaving year."""
    month = 8 + keep_months
    year, month = leaving_year + (month - 1) // 12, (month - 1) % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


@dataclass(frozen=True)
class Added:
    """What came of adding a learner: the new record, or what was wrong in what was typed.

    Attributes:
        twins: learners already on the school's list with the same name and date of birth, or the same UPN.
    """

    record_id: UUID | None
    errors: tuple[Finding, ...] = ()
    twins: tuple[UUID, ...] = ()


def add_learner(
    *,
    db: Database,
    actor: Actor,
    answers: Mapping[str, Mapping[str, Any]],
    leaving_year: int | None = None,
    although_twins: bool = False,
    today: date | None = None,
) -> Added:
    """Add a learner to the actor's school, with whatever is known of them already.

    Every section of both owners becomes a part at once, empty or not, and the coordinators get a card.

    Args:
        answers: raw answers by section of the transition team; at least the learner's legal names and date of birth.
        although_twins: add the learner although one that looks the same is on the list.

    Raises:
        NotAllowed: the actor is not in a transition team.
    """
    team = actor.require("transition")
    today = today or clock.today()
    year = leaving_year or leaving_year_on(today)
    values: dict[str, dict[str, Any]] = {}
    errors: list[Finding] = []
    with db.read() as session:
        organisation = session.get_one(Organisation, actor.organisation_id)
        version = agreed_versions.agreed_version(session, organisation.area_id, year)
    typed_answers = {**answers, "learner": {**_of_school(organisation), **answers.get("learner", {})}}
    for section, typed in typed_answers.items():
        read = read_section(version, section, typed)
        values[section] = read.values
        errors += read.errors
    errors += _missing_to_start(values.get("learner", {}), errors)
    if errors:
        return Added(record_id=None, errors=tuple(errors))
    twins = find_twins(db=db, actor=actor, answers=values)
    if twins and not although_twins:
        return Added(record_id=None, twins=twins)
    now = datetime.now(UTC)
    with db.read() as session:
        area = session.get_one(Area, organisation.area_id)
        record = Record(
            id=uuid4(),
            area_id=area.id,
            organisation_id=organisation.id,
            leaving_year=year,
            version=version.name,
            created_at=now,
            created_by=actor.principal_id,
            changed_at=now,
            delete_on=deleted_on(year, area.keep_months),
            complete=False,
            everybody_gaps=0,
            started=any(given for section, given in values.items() if section != "learner"),
        )
        drafts: list[NewDraft] = []
        trust = trust_of(session, actor)
        for owner in OWNERS:
            owning = teams_of(session, organisation.id, owner)
            keys = current_keys(session, [each.id for each in owning])
            grantee = next((key for key in keys.values() if trust.believes(session, key)), None)
            if owner == "transition":
                grantee = session.get_one(TeamKey, team.key_id)
            if grantee is not None:
                drafts.append(
                    new_draft(
                        record=record,
                        version=version,
                        owner=owner,
                        grantor=team,
                        grantee=grantee,
                        now=now,
                        answers=values,
                    )
                )
        fresh = Draft(
            record_id=record.id,
            area_id=area.id,
            organisation_id=organisation.id,
            leaving_year=year,
            delete_on=record.delete_on,
            owner="transition",
            version=version,
            revision_id=drafts[0].revision.id,
            answers={
                each.name: values.get(each.name, {}) for each in written_sections(version, "transition")
            },
            tags={},
            part_ids={},
            keys={},
        )
        report = fresh.report(today)
        prepared = cards.prepare(session, actor=actor, draft=fresh, report=report, today=today, now=now)
    record.complete, record.everybody_gaps = report.complete, len(report.everybody_gaps)
    with db.write() as session:
        session.add(record)
        session.flush()
        for draft in drafts:
            draft.store(session)
        cards.store(session, prepared)
        events.append(
            session,
            organisation_id=actor.organisation_id,
            kind="learner.added",
            principal_id=actor.principal_id,
            about={"record": str(record.id)},
        )
        record_id = record.id
    return Added(record_id=record_id, twins=twins)


def _missing_to_start(learner: Mapping[str, Any], errors: Sequence[Finding]) -> list[Finding]:
    """A learner needs a name and a date of birth, or nobody could find them again."""
    asked = {
        "legal_forename": "Enter the young person’s legal first name",
        "legal_surname": "Enter the young person’s legal last name",
        "date_of_birth": "Enter the young person’s date of birth",
    }
    wrong = {finding.field for finding in errors if finding.section == "learner"}
    return [
        Finding(
            section="learner",
            field=name,
            path=("learner", name),
            code=f"learner.{name}.needed",
            message=message,
        )
        for name, message in asked.items()
        if not learner.get(name) and name not in wrong
    ]


def _of_school(organisation: Organisation) -> dict[str, Any]:
    """What the school need not type: its own name and numbers, and the year group that leaves.

    An organisation without the numbers, such as a home education team, is not asked for them again each time.
    """
    numbers = {"school_laestab": organisation.laestab, "school_urn": organisation.urn}
    known: dict[str, Any] = {"year_group": 11, "school_name": organisation.name}
    known |= {name: number for name, number in numbers.items() if number}
    lacking = {name: {"reason": "does_not_apply"} for name, number in numbers.items() if not number}
    return known | ({"_reasons": lacking} if lacking else {})


def find_twins(*, db: Database, actor: Actor, answers: Mapping[str, Mapping[str, Any]]) -> tuple[UUID, ...]:
    """Learners of the actor's school with the same UPN, or the same name and date of birth."""
    flat = {name: value for values in answers.values() for name, value in values.items()}

    def same(there: Mapping[str, Any]) -> bool:
        if flat.get("upn") and there.get("upn") == flat["upn"]:
            return True
        return all(
            str(there.get(name, "")).casefold() == str(flat.get(name, "")).casefold()
            for name in ("legal_forename", "legal_surname", "date_of_birth")
        )

    opened = ledgers.open_ledger(db=db, actor=actor, team=actor.require("transition"))
    return tuple(card.record_id for card in opened.values() if same(card.content))


@dataclass(frozen=True)
class LearnerRow:
    """A learner on their school's list.

    Attributes:
        content: the card's fields: names, date of birth, what is missing, destinations.
        safeguarding_released: whether the safeguarding team has released its sections at least once.
        transfers: delivery states of the record's transfers that were not recalled.
    """

    record_id: UUID
    leaving_year: int
    content: Mapping[str, Any] = field(repr=False)
    complete: bool
    gaps: int
    released: int
    safeguarding_released: bool
    transfers: tuple[str, ...]
    changed_at: datetime


def learners(
    *, db: Database, actor: Actor, purpose: str = "transition", leaving_year: int | None = None
) -> list[LearnerRow]:
    """The school's learners, by name, as the transition or the safeguarding team sees them.

    Raises:
        NotAllowed: the actor is in no such team.
    """
    opened = ledgers.open_ledger(db=db, actor=actor, team=actor.require(purpose))
    with db.read() as session:
        query = select(Record).where(Record.organisation_id == actor.organisation_id)
        if leaving_year is not None:
            query = query.where(Record.leaving_year == leaving_year)
        records = session.scalars(query).all()
        ids = select(Record.id).where(Record.organisation_id == actor.organisation_id)
        released = {
            (record_id, owner): number
            for record_id, owner, number in session.execute(
                select(Revision.record_id, Revision.owner, Revision.number)
                .where(Revision.record_id.in_(ids))
                .order_by(Revision.number)
            )
        }
        states: dict[UUID, list[str]] = {}
        for record_id, state in session.execute(
            select(Transfer.record_id, Transfer.state).where(
                Transfer.record_id.in_(ids), Transfer.state != "recalled"
            )
        ):
            states.setdefault(record_id, []).append(state)
        rows = [
            LearnerRow(
                record_id=record.id,
                leaving_year=record.leaving_year,
                content=opened[record.id, None].content,
                complete=record.complete,
                gaps=len(opened[record.id, None].content.get("gaps", ())),
                released=released.get((record.id, "transition"), 0),
                safeguarding_released=released.get((record.id, "safeguarding"), 0) > 0,
                transfers=tuple(sorted(states.get(record.id, ()))),
                changed_at=record.changed_at,
            )
            for record in records
            if (record.id, None) in opened
        ]
    return sorted(rows, key=lambda row: ledgers.name_order(row.content))


def name_of(*, db: Database, actor: Actor, record_id: UUID) -> str:
    """A learner's name as the page headings say it, from the card of any of the actor's teams.

    Raises:
        NotFound: the record is not on a list of the actor's teams.
    """
    for team in actor.teams:
        for (about, _), card in ledgers.open_ledger(db=db, actor=actor, team=team).items():
            if about == record_id:
                return ledgers.display_name(card.content)
    raise NotFound
