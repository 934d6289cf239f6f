"""`transition-exchange pack FILE.json --purpose learning_support -o pack.pdf`: the pack of a record in a file."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from transition_exchange.commands.proforma import Unreadable, read_record
from transition_exchange.english import LONDON, day_of
from transition_exchange.exchange.records.names import legal_name
from transition_exchange.packs.content import Attached, PackContent, build
from transition_exchange.packs.files import PackFileMissing
from transition_exchange.packs.rendering import Renderer, RenderingFailed
from transition_exchange.places import NoSuchPlace
from transition_exchange.proforma import Access, ProformaError, check, destinations, load, read_section
from transition_exchange.purposes import PLACES, RECEIVING, SENDING, work


@click.command("pack")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--purpose",
    "purposes",
    type=click.Choice(RECEIVING),
    multiple=True,
    required=True,
    help="Whose pack it is; more than one for a team with several jobs.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, writable=True, allow_dash=True),
    required=True,
    help="The PDF to write, readable by you alone; - for standard output.",
)
@click.option("--owner", type=click.Choice(SENDING), help="Only this team's sections.")
@click.option(
    "--to", "to_provider", default="", help="The provider; the record's first destination if left out."
)
@click.option(
    "--at",
    "place",
    type=click.Choice(tuple(PLACES)),
    multiple=True,
    help="What the provider is: only then it gets a learner's numbers. More than once for both.",
)
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of sending; today if left out.")
def pack(
    file: Path,
    purposes: tuple[str, ...],
    output: Path,
    owner: str | None,
    to_provider: str,
    place: tuple[str, ...],
    day: datetime | None,
) -> None:
    """Print the pack that a provider's team would get of the record in FILE.

    The record is a JSON object as `proforma check` reads it. Exits 2 where the record has errors or no PDF can
    be made.
    """
    try:
        content = _content(
            read_record(file),
            purposes,
            owner=owner,
            to_provider=to_provider,
            place=frozenset(place),
            now=_noon(day),
        )
        with Renderer(workers=1) as renderer:
            pdf = renderer.render(content)
    except (ProformaError, NoSuchPlace, PackFileMissing, RenderingFailed) as error:
        raise Unreadable(str(error)) from None
    if str(output) == "-":
        sys.stdout.buffer.write(pdf)
        return
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        written.write(pdf)


def _content(
    record: dict[str, Any],
    purposes: tuple[str, ...],
    *,
    owner: str | None,
    to_provider: str,
    place: frozenset[str],
    now: datetime,
) -> PackContent:
    version, today = load(record["version"]), day_of(now)
    report = check(
        version,
        record["answers"],
        today=today,
        attachments=record["attachments"],
        leaving_year=record["leaving_year"],
    )
    if report.errors:
        count = "1 answer is" if len(report.errors) == 1 else f"{len(report.errors)} answers are"
        raise Unreadable(f"{count} wrong. See: transition-exchange proforma check FILE")
    answers: dict[str, Any] = {
        section: read_section(version, section, typed, today=today).values
        for section, typed in record["answers"].items()
    }
    rows = destinations.rows(answers)
    answers |= destinations.own(version, rows[0], answers) if rows else {}
    learner = answers.get("learner", {})
    return build(
        Access.to_record(version, answers, purposes, owner=owner, place=place),
        answers,
        report=report,
        learner_name=legal_name(learner) or "Learner without a name",
        from_school=learner.get("school_name") or "School not given",
        to_provider=to_provider or (rows[0].get("provider_name") if rows else "") or "Provider not given",
        readers=[work([purpose]).capitalize() for purpose in purposes],
        version_number=1,
        sent_at=now,
        attachments=[_attached(entry) for entry in record["attachments"]],
    )


def _noon(day: datetime | None) -> datetime:
    return day.replace(hour=12, tzinfo=LONDON) if day else datetime.now(tz=UTC)


def _attached(entry: dict[str, Any]) -> Attached:
    try:
        dated = date.fromisoformat(str(entry["dated"])) if entry.get("dated") else None
    except ValueError:
        raise Unreadable("An attachment's date is written like 2027-06-03.") from None
    pages = entry.get("pages")
    return Attached(str(entry.get("kind")), dated, pages if isinstance(pages, int) else None)
