"""A coordinator's list as a CSV file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from transition_exchange.exchange import states
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating.index import SORTS, coordinating_team, open_area
from transition_exchange.exchange.coordinating.lines import (
    ATTENDANCES,
    PROVISIONS,
    RISKS,
    STATES,
    Line,
    choice_words,
)
from transition_exchange.exchange.coordinating.listing import Wanted
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.records.left_out import Table, what_is_missing
from transition_exchange.formats.csv_out import csv_text
from transition_exchange.store.database import Database

COLUMNS = (
    "Last name",
    "First name",
    "Date of birth",
    "UPN",
    "ULN",
    "School",
    "Leaving year",
    "At the school",
    "Form",
    "Missing",
    "Number of other things missing",
    "Waiting for",
    "Who to ring",
    "Days waiting",
    "SEN provision",
    "Main need",
    "In care",
    "Attendance",
    "Risk of NEET",
    "Destinations",
    "Sent to",
    "Safeguarding overdue",
    "Address",
    "Parents",
)


def export_csv(*, db: Database, actor: Actor, wanted: Wanted, today: date | None = None) -> Table:
    """The whole of a filtered list, in its order, as a CSV file. An event says how many learners it had.

    If anything that may belong to the list was left out, the file says so.

    Raises:
        NotAllowed: the actor is in no coordinating team.
    """
    area = open_area(db=db, actor=actor, today=today)
    ordering = area.ordering(wanted.sort if wanted.sort in SORTS else "name")
    mask = ordering.matching(wanted.facets, wanted.search)
    with db.write() as session:
        actor.note(session, "learners.exported", team=coordinating_team(actor).id, records=mask.bit_count())
    missing = what_is_missing(unchecked=ledgers.unchecked(db=db, actor=actor))
    rows = (row(line, area.today) for line in ordering.lines_in(mask))
    return Table(csv_text(COLUMNS, rows, warnings=missing), whole=not missing)


def row(line: Line, today: date) -> dict[str, object]:
    """One learner's cells by column. After an objection the card holds little, and so does the row."""
    card = line.card
    cells: dict[str, object] = {
        "Last name": card.get("legal_surname", ""),
        "First name": card.get("legal_forename", ""),
        "Date of birth": card.get("date_of_birth", ""),
        "School": line.school,
        "Leaving year": line.leaving_year,
        "At the school": line.left.words if line.left else "",
        "Form": dict(STATES)[line.state],
        "Destinations": "; ".join(
            destination_words(str(card.get("version", "")), destination, other_name)
            for destination, other_name in zip(card.get("destinations") or (), line.other_names, strict=True)
        ),
    }
    if line.shares_less:
        address = (card.get(name) for name in ("address_line_1", "address_line_2", "town", "postcode"))
        cells["Address"] = ", ".join(str(part) for part in address if part)
        cells["Parents"] = "; ".join(card.get("parents") or ())
        return cells
    days = line.days_waiting(today)
    return cells | {
        "UPN": card.get("upn", ""),
        "ULN": card.get("uln", ""),
        "Missing": "; ".join(line.missing),
        "Number of other things missing": line.other_missing,
        "Waiting for": "; ".join(turn.in_full for turn in line.turns),
        "Who to ring": "; ".join(dict.fromkeys(one.words for turn in line.turns for one in turn.ring)),
        "Days waiting": "" if days is None else days,
        "SEN provision": dict(PROVISIONS).get(str(card.get("provision")), ""),
        "Main need": need_words(card),
        "In care": "Yes" if card.get("in_care") else "No" if card.get("in_care") is False else "",
        "Attendance": dict(ATTENDANCES).get(str(card.get("attendance_band")), ""),
        "Risk of NEET": dict(RISKS).get(str(card.get("band")), ""),
        "Sent to": "; ".join(
            f"{name}: {states.for_council(transfer.state, given_out=transfer.given_out).lower()}"
            for name, transfer in zip(line.sent_to, line.transfers, strict=True)
        ),
        "Safeguarding overdue": "Yes" if line.overdue else "",
    }


def need_words(card: Mapping[str, Any]) -> str:
    """The main need in the words of the form; empty if it is unknown."""
    need = card.get("primary_need")
    return choice_words(str(card.get("version", "")), "needs.needs", "type", str(need)) if need else ""


def destination_words(version: str, destination: Mapping[str, Any], other_name: str = "") -> str:
    """A destination in one line: where, which course, how far the application is."""
    return ", ".join(part for part in destination_parts(version, destination, other_name) if part)


def destination_parts(version: str, destination: Mapping[str, Any], other_name: str = "") -> tuple[str, str]:
    """Where somebody is heading, and what is known of the course and the application.

    After an objection only the status is known; it then comes first.

    Args:
        version: the version of the form.
        destination: one row of the card.
        other_name: one of `Line.other_names`.
    """

    def words(column: str) -> str:
        code = destination.get(column)
        return choice_words(version, "destinations.destinations", column, str(code)) if code else ""

    course, level = str(destination.get("course") or ""), words("level")
    if level.casefold() not in course.casefold():
        course = f"{course} {level}".strip()
    suitable = "offer not suitable" if destination.get("offer_suitable") is False else ""
    details = [detail for detail in (course or level, words("status"), suitable) if detail]
    where = str(destination.get("provider_name") or words("kind"))
    if other_name:
        where = f"{where} ({other_name})"
    return (where, ", ".join(details)) if where else (", ".join(details), "")
