"""Adding a learner to a school's list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from transition_exchange.exchange import agreed_versions, school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotFound
from transition_exchange.exchange.keys.area_rules import rules_for
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import cards, ledgers
from transition_exchange.exchange.records.answers import OwnerAnswers, written_sections
from transition_exchange.exchange.records.names import same_name
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.school_calendar import deleted_on, leaving_year_on
from transition_exchange.exchange.writing import needed, school_cards
from transition_exchange.exchange.writing.new_drafts import NewDraft, new_draft
from transition_exchange.proforma import Finding, read_section
from transition_exchange.purposes import SENDING
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation, Record


@dataclass(frozen=True)
class Added:
    """What came of adding a learner.

    Attributes:
        record_id: the new record; None if no learner was added.
        errors: what is wrong in what was typed.
        possible_duplicates: the records of learners on the school's list with the same name and date of birth, or the
            same UPN.
    """

    record_id: UUID | None
    errors: tuple[Finding, ...] = ()
    possible_duplicates: tuple[UUID, ...] = ()


def add_learner(
    *,
    db: Database,
    actor: Actor,
    answers: Mapping[str, Mapping[str, Any]],
    leaving_year: int | None = None,
    although_duplicate: bool = False,
    today: date | None = None,
) -> Added:
    """Add a learner to the actor's school, with whatever is known of them already.

    A sealed part is made for every section of both owners, even if it is empty, and a card for each coordinator.

    Args:
        db: the database.
        actor: who adds the learner.
        answers: what was typed, by section of the transition team. The learner's legal names and date of birth are
            needed.
        leaving_year: the year in which the learner leaves; None for this school year's.
        although_duplicate: add the learner even if one on the list may be the same.
        today: the day that decides the school year; None for the real one.

    Raises:
        NotAllowed: the actor is not in a transition team.
        NotFound: the form has no such section, or another team writes it.
        NotReady: the area's rules cannot be checked, or the version of the form that they name cannot be used.
    """
    team = actor.require("transition")
    today = today or school_calendar.today()
    year = leaving_year or leaving_year_on(today)
    values: dict[str, dict[str, Any]] = {}
    errors: list[Finding] = []
    with db.read() as session:
        organisation = session.get_one(Organisation, actor.organisation_id)
        version = agreed_versions.agreed_version(rules_for(session, actor), year)
    typed_answers = {
        **answers,
        "learner": {**_of_school(organisation, team.organisation_name), **answers.get("learner", {})},
    }
    own_sections = {section.name for section in written_sections(version, "transition")}
    for section, typed in typed_answers.items():
        if section not in own_sections:
            raise NotFound
        read = read_section(version, section, typed, today=today)
        values[section] = read.values
        errors += read.errors
    errors += needed.missing(values.get(needed.SECTION, {}), errors)
    if errors:
        return Added(record_id=None, errors=tuple(errors))
    duplicates = possible_duplicates(db=db, actor=actor, answers=values)
    if duplicates and not although_duplicate:
        return Added(record_id=None, possible_duplicates=duplicates)
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
            started=any(answered for section, answered in values.items() if section != "learner"),
        )
        drafts: list[NewDraft] = []
        trust = trust_of(session, actor)
        for owner in SENDING:
            grantees = owner_teams(session, actor=actor, trust=trust, owner=owner)
            if grantees:
                drafts.append(
                    new_draft(
                        record=record,
                        version=version,
                        owner=owner,
                        grantor=min((team, actor.team_for(owner) or team), key=lambda maker: maker.rank),
                        grantees=grantees,
                        now=now,
                        answers=values,
                    )
                )
        written = OwnerAnswers(
            record_id=record.id,
            area_id=area.id,
            organisation_id=organisation.id,
            leaving_year=year,
            owner="transition",
            version=version,
            answers={section: values.get(section, {}) for section in own_sections},
        )
        report = written.report(today)
        prepared = school_cards.prepare(
            session, actor=actor, answers=written, report=report, today=today, now=now
        )
    record.complete, record.everybody_gaps = report.complete, len(report.everybody_gaps)
    with db.write() as session:
        session.add(record)
        session.flush()
        for draft in drafts:
            draft.store(session)
        cards.store(session, prepared)
        actor.note(session, "learner.added", record=record.id)
        record_id = record.id
    return Added(record_id=record_id, possible_duplicates=duplicates)


def _of_school(organisation: Organisation, name: str) -> dict[str, Any]:
    """What the school does not have to type: its own name and numbers, and the year group that leaves.

    The name is the one that the session holds, and not that of the row. An organisation that has no such
    numbers, for instance a home education team, is not asked for them each time.
    """
    numbers = {"school_laestab": organisation.laestab, "school_urn": organisation.urn}
    known: dict[str, Any] = {"year_group": 11, "school_name": name}
    known |= {name: number for name, number in numbers.items() if number}
    lacking = {name: {"reason": "does_not_apply"} for name, number in numbers.items() if not number}
    return known | ({"_reasons": lacking} if lacking else {})


def possible_duplicates(
    *, db: Database, actor: Actor, answers: Mapping[str, Mapping[str, Any]]
) -> tuple[UUID, ...]:
    """The records of learners at the actor's school who may be the same as a new one.

    They have the same UPN, or the same date of birth and a name that folds alike.

    Raises:
        NotAllowed: the actor is not in a transition team.
    """
    typed = {name: value for values in answers.values() for name, value in values.items()}

    def same(content: Mapping[str, Any]) -> bool:
        if typed.get("upn") and content.get("upn") == typed["upn"]:
            return True
        same_birthday = content.get("date_of_birth") == typed.get("date_of_birth")
        return same_birthday and same_name(content) == same_name(typed)

    opened = ledgers.open_ledger(db=db, actor=actor, team=actor.require("transition"))
    return tuple(card.record_id for card in opened.values() if same(card.content))
