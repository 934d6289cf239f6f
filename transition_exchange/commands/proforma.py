"""`transition-exchange proforma …`: versions of the form, and checks of records in files.

A record in a file is JSON: `{"version": "core/2027.1", "leaving_year": 2027, "answers": {section: {field: value}},
"attachments": [{"id": "…", "kind": "ehc_plan"}]}`.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from transition_exchange.places import NoSuchPlace
from transition_exchange.proforma import ProformaError, Report, check, load, newest, version_for, versions
from transition_exchange.proforma.documenting import document
from transition_exchange.proforma.publishing import json_schema
from transition_exchange.proforma.upgrading import upgrade as carry_over
from transition_exchange.purposes import PLACES, SENDING

COMPLETE, GAPS, ERRORS = 0, 1, 2


class Unreadable(click.ClickException):
    """The file holds no record. The command exits as for a record with errors."""

    exit_code = ERRORS


@click.group("proforma")
def group() -> None:
    """Versions of the form: list, show, check a record, carry one over."""


@group.command("list")
def list_() -> None:
    """List the installed versions, oldest first."""
    with _refusals_in_words():
        for name in versions():
            version = load(name)
            click.echo(
                f"{name}\t{version.title}\t{len(version.questions)} questions on {len(version.pages)} pages"
            )


@group.command()
@click.argument("version")
@click.option("--markdown", is_flag=True, help="The whole form as a Markdown document.")
def show(version: str, markdown: bool) -> None:
    """Show the pages and sections of VERSION, who writes and who reads them."""
    with _refusals_in_words():
        form = load(version)
    if markdown:
        click.echo(document(form), nl=False)
        return
    click.echo(f"{form.title} ({form.name})")
    for page in form.pages:
        click.echo(f"\n{page.title}  [{page.name}, written by {page.owner}]")
        for name in page.sections:
            section = form.section(name)
            readers = ", ".join(sorted(section.audience)) or "nobody at a provider"
            readers += f" of {PLACES[section.only_at]}" if section.only_at else ""
            click.echo(f"  {section.title}  [{name}]  read by {readers}")
            for question in section.questions:
                needed = " *" if question.required else ""
                click.echo(f"    {question.name}: {question.label}{needed}")
    click.echo("\n* asked for by the minimum standard, of everybody or under a condition")


@group.command("json-schema")
@click.argument("version")
def json_schema_(version: str) -> None:
    """Print VERSION as JSON Schema."""
    with _refusals_in_words():
        click.echo(json.dumps(json_schema(load(version)), indent=2, ensure_ascii=False))


@group.command("check")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option("--owner", type=click.Choice(SENDING), help="Only this team's sections.")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the check; today if left out."
)
@click.pass_context
def check_(
    context: click.Context, file: Path, as_json: bool, owner: str | None, day: datetime.datetime | None
) -> None:
    """Check the record in FILE: exit 0 for complete, 1 for gaps, 2 for errors."""
    record = read_record(file)
    with _refusals_in_words():
        version = load(record["version"])
    report = check(
        version,
        record["answers"],
        today=day.date() if day else datetime.datetime.now(tz=datetime.UTC).astimezone().date(),
        owner=owner,
        attachments=record["attachments"],
        leaving_year=record["leaving_year"],
    )
    if as_json:
        click.echo(json.dumps({"version": version.name, **report.json()}, indent=2, ensure_ascii=False))
    else:
        _print(report)
    context.exit(ERRORS if report.errors else GAPS if report.counting_gaps else COMPLETE)


@group.command("upgrade")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option("--to", help="The version to carry it over to; the newest of its family if left out.")
def upgrade_(file: Path, to: str | None) -> None:
    """Print the record in FILE as a newer version has it; what changed goes to standard error."""
    record = read_record(file)
    with _refusals_in_words():
        target = to or newest(family=record["version"].partition("/")[0])
        carried = carry_over(record["answers"], to=target, from_=record["version"])
    for change in carried.changes:
        click.echo(f"changed: {change}", err=True)
    for path in carried.ask_again:
        click.echo(f"ask again: {path}", err=True)
    click.echo(
        json.dumps({**record, "version": target, "answers": carried.answers}, indent=2, ensure_ascii=False)
    )


@contextmanager
def _refusals_in_words() -> Iterator[None]:
    """Turn a refusal of the pro-forma into a message and exit code 2."""
    try:
        yield
    except (ProformaError, NoSuchPlace) as error:
        raise Unreadable(str(error)) from error


def read_record(file: Path) -> dict[str, Any]:
    """Read the record in a file. A file of answers alone is read as the newest core version.

    Returns:
        The record with all of its keys: `version`, `leaving_year`, `answers` and `attachments`.

    Raises:
        Unreadable: the file holds no record, or its version is unknown.
    """
    try:
        with click.open_file(str(file), encoding="utf-8") as opened:
            read = json.load(opened)
    except (ValueError, OSError, RecursionError) as error:
        raise Unreadable(f"This file cannot be read as JSON: {type(error).__name__}") from error
    if not isinstance(read, dict):
        raise Unreadable("A record is a JSON object with version and answers.")
    answers = read.get("answers", {key: value for key, value in read.items() if isinstance(value, dict)})
    if not isinstance(answers, dict) or not all(isinstance(values, dict) for values in answers.values()):
        raise Unreadable("The answers are a JSON object: section, then field, then value.")
    year = read.get("leaving_year")
    if year is not None and (not isinstance(year, int) or isinstance(year, bool) or not 2000 <= year <= 2100):
        raise Unreadable("The leaving year is a number such as 2027.")
    attachments = read.get("attachments", [])
    if not isinstance(attachments, list) or not all(isinstance(entry, dict) for entry in attachments):
        raise Unreadable("The attachments are a list of objects with id and kind.")
    with _refusals_in_words():
        version = read.get("version") or (version_for(year) if year else newest())
    return {"version": str(version), "leaving_year": year, "answers": answers, "attachments": attachments}


def _print(report: Report) -> None:
    """Print each finding on a line of its own: its kind, its code, its field and the message."""
    for word, findings in (("error", report.errors), ("missing", report.counting_gaps)):
        for finding in findings:
            click.echo(f"{word}\t{finding.code}\t{finding.form_name}\t{finding.message}")
    for finding in report.gaps:
        if finding.counts_from:
            click.echo(f"later\t{finding.code}\t{finding.form_name}\t{finding.message}")
    for finding in report.warnings:
        click.echo(f"warning\t{finding.code}\t{finding.form_name}\t{finding.message}")
    errors, gaps = len(report.errors), len(report.counting_gaps)
    click.echo("complete" if report.complete else f"{errors} wrong, {gaps} missing")
