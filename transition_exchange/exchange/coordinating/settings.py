"""What the council decides for the area: when packs go out, how long records are kept, the start of term, the form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.english import day_of
from transition_exchange.exchange import agreed_versions, school_calendar
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.agreed_versions import FormChoice
from transition_exchange.exchange.coordinating.doubtful_rules import READ_AGAIN, Doubt, doubt_about
from transition_exchange.exchange.errors import NotAllowed, Refused
from transition_exchange.exchange.keys.area_rules import known_rules, sign_rules
from transition_exchange.exchange.keys.remembering import remember_now
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records.term_starts import term_starts_of
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.proforma.destinations import STATUS_ORDER
from transition_exchange.store.base import utc_now
from transition_exchange.store.database import Database
from transition_exchange.store.models import Area, Organisation, Record, TermStart, Transfer

_WORDS = {
    "applied": "They have applied",
    "interviewed": "They have been interviewed",
    "conditional": "They have a conditional offer",
    "unconditional": "They have an unconditional offer",
    "allocated": "A place is allocated to them",
    "accepted": "They have accepted the offer",
    "enrolled": "They are enrolled",
}
SEND_AT = tuple((status, _WORDS[status]) for status in STATUS_ORDER)
"""The application statuses from which packs may go out, in their order, with the words for a page."""

KEPT_AT_LEAST, KEPT_AT_MOST = 1, 36
"""Months after the leaving year. Three years are enough, because a record here is a copy and not the school's file."""

WRONG_SEND_AT = "Choose when packs go out"
WRONG_TERM = "The autumn term of {year} must start between 15 August and 15 October {year}"
WRONG_MONTHS = f"Months must be a number from {KEPT_AT_LEAST} to {KEPT_AT_MOST}"


@dataclass(frozen=True)
class AreaSettings:
    """What is set for an area.

    Attributes:
        area: the name of the area.
        send_at: the application status from which on packs go out, for the NEET group by the newest rules that the
            actor has seen; empty if the rules cannot be checked.
        keep_months: for how many months after the leaving year a record is kept.
        terms: the first day of the autumn term after each leaving year that is open; None where it is not set.
        forms: the version of the form for each of the coming leaving years, and what could be chosen instead.
        can_check: whether the actor is in a team, whose key tells which NEET group it trusts. Nobody else can check
            who signed the rules.
        doubt: why the rules that stand there are not those that count, and what is signed in their place; None if they
            are, or the actor is not in the NEET group.
    """

    area: str
    send_at: str
    keep_months: int
    terms: Mapping[int, date | None]
    forms: tuple[FormChoice, ...] = ()
    can_check: bool = True
    doubt: Doubt | None = None


def area_settings(*, db: Database, actor: Actor, today: date | None = None) -> AreaSettings:
    """What is set for the actor's area.

    Raises:
        NotAllowed: the actor's organisation does not coordinate the area.
    """
    with db.read() as session:
        return _settings(session, actor, today)


def _settings(session: Session, actor: Actor, today: date | None) -> AreaSettings:
    year, area = leaving_year_on(today or school_calendar.today()), _area(session, actor)
    known = known_rules(session, actor=actor, area=area)
    rules = known.newest
    starts = term_starts_of(session, area.id)
    return AreaSettings(
        area=area.name,
        send_at=rules.send_at if rules else "",
        keep_months=area.keep_months,
        terms={year: starts.get(year) for year in _open_years(session, area, year)},
        forms=agreed_versions.choices(rules, (year, year + 1)),
        can_check=bool(trust_of(session, actor).roots),
        doubt=doubt_about(known, actor=actor),
    )


def change_settings(
    *,
    db: Database,
    actor: Actor,
    send_at: str,
    keep_months: int,
    term_starts: Mapping[int, date | None] | None = None,
    versions: Mapping[int, str] | None = None,
    instead: str = "",
    today: date | None = None,
) -> AreaSettings:
    """Change what is set for the area.

    The version of the form, and how long records are kept, hold for learners added from now on: a record stays in the
    version in which it was begun, and its day of deletion was promised. The start of term changes the day by which
    safeguarding sections of that year's transfers are due.

    The second confirmer stays what it is: only `second_confirmer.choose_second` makes it another or none. Where the
    rules cannot be read, or older ones were put back, those that the actor has seen last are carried on.

    Args:
        db: the database.
        actor: who changes it.
        send_at: the application status from which on packs go out.
        keep_months: for how many months after the leaving year a record is kept.
        term_starts: the first day of the autumn term by leaving year; None where it is not known yet, so that
            1 September counts. A year that is missing stays as it is.
        versions: the version of the form by leaving year, empty for the newest core version. A year that is missing
            stays as it is.
        instead: where the rules are in doubt, `Doubt.seen` of the page that said what is signed in their place.
        today: the day that decides which leaving years come next; None for the real one.

    Raises:
        NotAllowed: the actor is not an administrator of the council, or not in its NEET group, which signs the rules.
        Refused: a value is not one of those allowed, or the rules are in doubt and the page did not say what is signed
            in their place; `fields` says which.
    """
    if not actor.administrator:
        raise NotAllowed("Only an administrator of the council can change this.")
    signer = actor.team_for("neet_group")
    if signer is None:
        raise NotAllowed(
            "Only an administrator who is in the NEET group can change this, because it signs the rules."
        )
    wrong: dict[str, str] = {}
    if send_at not in STATUS_ORDER:
        wrong["send_at"] = WRONG_SEND_AT
    if not KEPT_AT_LEAST <= keep_months <= KEPT_AT_MOST:
        wrong["keep_months"] = WRONG_MONTHS
    now = area_settings(db=db, actor=actor, today=today)
    wrong |= _wrong_forms(now, versions or {}) | _wrong_terms(now, term_starts or {})
    if now.doubt is not None:
        wrong |= now.doubt.problem(instead)
    if wrong:
        raise Refused("Some of what you entered is not right.", wrong)
    with db.write() as session:
        area = _area(session, actor)
        known = known_rules(session, actor=actor, area=area)
        doubt, rules = doubt_about(known, actor=actor), known.newest
        if doubt != now.doubt:
            raise Refused(READ_AGAIN, {"instead": READ_AGAIN})
        agreed = {int(year): name for year, name in rules.versions.items()} if rules else {}
        chosen = {year: name for year, name in (agreed | dict(versions or {})).items() if name}
        new_rules = rules is None or doubt is not None or rules.send_at != send_at or agreed != chosen
        if new_rules:
            sign_rules(
                area,
                held=signer.held,
                send_at=send_at,
                versions=chosen,
                signed_at=utc_now(),
                second=rules.second if rules else signer.second,
                after=rules,
            )
            remember_now(session, actor=actor, now=utc_now())
        before = term_starts_of(session, area.id)
        other = {year: day for year, day in (term_starts or {}).items() if day != before.get(year)}
        if new_rules or other or area.keep_months != keep_months:
            area.keep_months = keep_months
            if other:
                _set_terms(session, area, other)
                _move_safeguarding_due(session, area, other)
            actor.note(
                session,
                "area.changed",
                send_at=send_at,
                keep_months=keep_months,
                **{f"term_{year}": day.isoformat() if day else None for year, day in other.items()},
                **{f"form_{year}": name or None for year, name in (versions or {}).items()},
            )
            session.flush()
        return _settings(session, actor, today)


def _wrong_forms(now: AreaSettings, versions: Mapping[int, str]) -> dict[str, str]:
    """What is wrong with the versions chosen, by the name of the field on the page."""
    choices = {choice.leaving_year: choice for choice in now.forms}
    wrong: dict[str, str] = {}
    for year, name in versions.items():
        if year not in choices:
            wrong[f"form_{year}"] = f"The form for {year} cannot be chosen now"
        elif not choices[year].takes(name):
            wrong[f"form_{year}"] = f"Choose one of the forms for {year} that are installed"
    return wrong


def _wrong_terms(now: AreaSettings, term_starts: Mapping[int, date | None]) -> dict[str, str]:
    """What is wrong with the first days of term, by the name of the field on the page."""
    wrong: dict[str, str] = {}
    for year, day in term_starts.items():
        if year not in now.terms:
            wrong[f"term_starts_{year}"] = (
                f"The start of term of {year} cannot be set: no leaving year is open then"
            )
        elif day is not None and not school_calendar.can_start(day, year):
            wrong[f"term_starts_{year}"] = WRONG_TERM.format(year=year)
    return wrong


def _open_years(session: Session, area: Area, current: int) -> tuple[int, ...]:
    """The leaving years whose start of term still matters: the current one, and those with learners not closed yet."""
    years = {
        current,
        *session.scalars(select(Record.leaving_year).where(Record.area_id == area.id).distinct()),
    }
    return tuple(sorted(year for year in years if area.closed_year is None or year > area.closed_year))


def _area(session: Session, actor: Actor) -> Area:
    own = session.get_one(Organisation, actor.organisation_id)
    if not own.coordinates:
        raise NotAllowed
    return session.get_one(Area, own.area_id)


def _set_terms(session: Session, area: Area, days: Mapping[int, date | None]) -> None:
    """Write the first days of term of some years, in place of those that stand there."""
    for row in session.scalars(select(TermStart).where(TermStart.area_id == area.id)):
        if row.first_day.year in days:
            session.delete(row)
    session.flush()
    session.add_all(TermStart(area_id=area.id, first_day=day) for day in days.values() if day is not None)
    session.flush()


def _move_safeguarding_due(session: Session, area: Area, years: Collection[int]) -> None:
    """Count the days anew from the start of term, for the transfers of the leaving years for which it is another."""
    starts = term_starts_of(session, area.id)
    for transfer, year in session.execute(
        select(Transfer, Record.leaving_year)
        .join(Record, Record.id == Transfer.record_id)
        .where(Record.area_id == area.id, Record.leaving_year.in_(years), Transfer.state != "recalled")
    ):
        sent = day_of(transfer.sent_at)
        transfer.safeguarding_due = school_calendar.safeguarding_due(
            sent, leaving_year=year, term_starts=starts
        )
