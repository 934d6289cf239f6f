"""A record for machines: the JSON attached to a PDF, and one row of a CSV.

Both take answers already narrowed to their audience. The names are the pro-forma's own (`section.field`), which
never change within a version and are never reused in a later one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from transition_exchange.proforma import Access, Finding, Question, Version
from transition_exchange.proforma.reading import RESERVED

APART = "school_safeguarding"
"""The sending purpose whose sections are sent by themselves, with versions and times of their own."""

SCHEMA = "transition-exchange/record/1"
"""Names the shape of the attached JSON; it changes when the shape does."""

ABOUT = (
    "form",
    "reference",
    "version_sent",
    "sent_at",
    "from",
    "to",
    "missing",
    "not_attached",
    "cannot_be_used",
    "held_back",
)
"""The columns that every row of the CSV begins with."""

OF_SAFEGUARDING = ("withdrawn", "safeguarding_version_sent", "safeguarding_sent_at")
"""The columns after those where the readers get a part that the school's safeguarding team sends by itself."""


def record_json(
    version: Version,
    answers: Mapping[str, Any],
    *,
    purposes: Iterable[str],
    from_school: str,
    to_provider: str,
    version_number: int,
    sent_at: datetime,
    gaps: Sequence[Finding] = (),
    withdrawn: str = "",
    not_attached: Sequence[str] = (),
    cannot_be_used: Sequence[Finding] = (),
    held_back: int = 0,
    safeguarding: str = "",
    reference: str = "",
    ring: str = "",
) -> bytes:
    """Write a record as UTF-8 JSON.

    Args:
        version: the version of the form.
        answers: the answers, by section; only those that the audience may read.
        purposes: the purposes of the audience.
        from_school: the name of the school that sends it.
        to_provider: the name of the provider that it goes to.
        version_number: 1 for the first time that the record is sent, 2 for the second.
        sent_at: when it is sent; an aware time.
        gaps: what the minimum standard asks for and the record lacks.
        withdrawn: that an earlier answer was taken back, and whom to ring; empty if none was.
        not_attached: the kinds of document that should be there and are not.
        cannot_be_used: what was found of answers that cannot be used.
        held_back: how many parts are held back.
        safeguarding: where the audience learns about safeguarding; empty if that is in it.
        reference: what the transfer is called by; empty until it is sent.
        ring: whom to ring at the team that sends it; empty if it has not said so.
    """
    record = {
        "schema": SCHEMA,
        "reference": reference,
        "form": version.name,
        "from": from_school,
        "to": to_provider,
        **({"whom_to_ring": ring} if ring else {}),
        "for": sorted(purposes),
        "version_sent": version_number,
        "sent_at": sent_at.isoformat(),
        "answers": answers,
        **({"withdrawn": withdrawn} if withdrawn else {}),
        **({"safeguarding": safeguarding} if safeguarding else {}),
        "missing": [
            {
                "question": gap.question,
                "code": gap.code,
                **({"reason": gap.reason} if gap.reason else {}),
                **({"expected": gap.expected.isoformat()} if gap.expected else {}),
            }
            for gap in gaps
        ],
        "not_attached": [
            {"kind": kind, "label": version.attachment_kind(kind).label} for kind in not_attached
        ],
        "cannot_be_used": [
            {"question": found.question, "code": found.code, "message": found.message}
            for found in cannot_be_used
        ],
        "held_back": held_back,
    }
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=False).encode()


def csv_columns(accesses: Iterable[Access]) -> tuple[str, ...]:
    """Name the columns of a CSV of records.

    They depend on nothing that anybody answered, so that a sheet made today fits one made in September.

    Args:
        accesses: what the readers of the CSV get by each version of the form that the records are in, newest first.
    """
    columns = dict.fromkeys(ABOUT)
    accesses = tuple(accesses)
    if any(access.version.section(name).owner == APART for access in accesses for name in access.sections):
        columns.update(dict.fromkeys(OF_SAFEGUARDING))
    for access in accesses:
        for name in access.sections:
            columns.update(
                dict.fromkeys(question.path for question in access.version.section(name).questions)
            )
    return tuple(columns)


def csv_row(
    version: Version,
    answers: Mapping[str, Any],
    *,
    from_school: str,
    to_provider: str,
    version_number: int,
    sent_at: datetime,
    gaps: Sequence[Finding] = (),
    not_attached: Sequence[str] = (),
    cannot_be_used: Sequence[str] = (),
    held_back: int = 0,
    reference: str = "",
) -> dict[str, str]:
    """Write one record as a row, by column name; `csv_columns` orders the columns.

    Args:
        version: the version of the form.
        answers: the answers, by section; only those that the audience may read.
        from_school: the name of the school that sends it.
        to_provider: the name of the provider that it goes to.
        version_number: 1 for the first time that the record is sent, 2 for the second.
        sent_at: when it is sent; an aware time.
        gaps: what the minimum standard asks for and the record lacks.
        not_attached: the kinds of document that should be there and are not.
        cannot_be_used: what is said of answers that cannot be used.
        held_back: how many parts are held back.
        reference: what the transfer is called by.
    """
    row = {
        "reference": reference,
        "form": version.name,
        "version_sent": str(version_number),
        "sent_at": sent_at.isoformat(timespec="seconds"),
        "from": from_school,
        "to": to_provider,
        "missing": "; ".join(dict.fromkeys(gap.question for gap in gaps)),
        "not_attached": "; ".join(not_attached),
        "cannot_be_used": "; ".join(cannot_be_used),
        "held_back": str(held_back) if held_back else "",
    }
    for name, fields in answers.items():
        section = version.section(name)
        for question in section.questions:
            if question.name in fields:
                row[question.path] = cell(question, fields[question.name])
    return row


def cell(question: Question, value: Any) -> str:
    """Write one answer as the text of a cell: codes, ISO dates, `yes` and `no`; rows joined by `; `."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(
            f"{name}={cell(question, inner)}"
            for name, inner in value.items()
            if name not in RESERVED and inner not in (None, "")
        )
    if isinstance(value, (list, tuple)):
        return "; ".join(cell(question, inner) for inner in value)
    return str(value)
