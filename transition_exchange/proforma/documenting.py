"""A version as a document people can agree on: Markdown, generated, one table for each section."""

from __future__ import annotations

from transition_exchange import purposes
from transition_exchange.proforma.conditions import ALWAYS, Condition
from transition_exchange.proforma.model import Question, Season, Section, Version
from transition_exchange.proforma.saying import long_date

_KINDS = {
    "text": "text",
    "long_text": "longer text",
    "date": "date",
    "yes_no": "yes or no",
    "choice": "one of",
    "choices": "any of",
    "number": "whole number",
    "hours": "hours",
    "money": "pounds",
    "upn": "UPN",
    "uln": "ULN",
    "postcode": "postcode",
    "email": "e-mail address",
    "phone": "phone number",
    "ukprn": "UKPRN",
    "urn": "URN",
    "laestab": "DfE number",
    "la_code": "council code",
    "rows": "table",
}
_MANY_CODES = 14


def document(version: Version) -> str:
    """The version in Markdown: pages, sections with owner and readers, every question with its rule."""
    lines = [
        f"# {version.title} (`{version.name}`)",
        "",
        "Generated from the version itself by `transition-exchange proforma show "
        f"{version.name} --markdown`; a test keeps it current. Do not edit it.",
        "",
        "**Asked for** says when the minimum standard asks for an answer. An empty cell means never; the question "
        "may still be answered. An answer is right, wrong (refused) or missing (allowed, and listed).",
        "",
        "## Pages",
        "",
        "| page | who fills it in | sections |",
        "|---|---|---|",
    ]
    for page in version.pages:
        titles = ", ".join(version.section(name).title for name in page.sections)
        lines.append(f"| {page.title} | {purposes.team(page.owner)} | {titles} |")
    lines += ["", "## Sections", ""]
    for section in version.sections:
        lines += _section(section)
    lines += [
        "## Documents that may be attached",
        "",
        "| code | document | read with | expected |",
        "|---|---|---|---|",
    ]
    for kind in version.attachment_kinds:
        title = version.section(kind.section).title
        lines.append(f"| `{kind.code}` | {kind.label} | {title} | {_when(kind.expected)} |")
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section) -> list[str]:
    readers = section.readers or "nobody at a provider"
    facts = [
        f"Written by {purposes.teams([section.owner])}. Read at the next place by {readers}.",
        f"Lawful basis: {section.lawful_basis}.",
    ]
    if section.withholdable:
        facts.append("Learner and family may hold it back.")
    if section.per_transfer:
        facts.append("Made for each transfer out of the list of destinations; never typed.")
    if not section.in_pack:
        facts.append("No provider gets it as it stands.")
    lines = [f"### {section.title} (`{section.name}`)", "", " ".join(facts), ""]
    lines += ["| field | question | answer | asked for | on cards of | source |", "|---|---|---|---|---|---|"]
    for question in section.questions:
        lines.append(_row(question))
        lines += [_row(column) for column in question.rows]
    return [*lines, ""]


def _row(question: Question) -> str:
    name = f"{question.table}.{question.name}" if question.table else question.name
    shown = question.label + (f"<br>{question.hint}" if question.hint else "")
    cards = purposes.teams(question.card & {*purposes.COORDINATING, *purposes.RECEIVING})
    kept = purposes.teams(question.objection_card)
    cards += f"{'; ' if cards else ''}after an objection: {kept}" if kept else ""
    cells = (f"`{name}`", shown, _answer(question), _asked_for(question), cards, question.source)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _answer(question: Question) -> str:
    parts = [_KINDS[question.kind]]
    if question.choices and len(question.choices) <= _MANY_CODES:
        parts = [f"{parts[0]}: " + "; ".join(f"`{code}` {label}" for code, label in question.choices)]
    elif question.choices:
        parts = [f"{parts[0]} {len(question.choices)} codes"]
    if question.from_ctf:
        parts.append("from CTF")
    if question.year_group:
        parts.append("for a whole year group at once")
    if question.system:
        parts.append("written by the system")
    if question.may_be_attached:
        parts.append("may be attached")
    if question.may_not_apply:
        parts.append("may not apply")
    return ", ".join(parts)


def _asked_for(question: Question) -> str:
    if question.required is None:
        return f"(put only if {question.asked.words})" if question.asked else ""
    # A condition of its own is narrower than the one under which the question is put at all.
    narrowest = question.asked if question.required == ALWAYS else question.required
    words = f"if {narrowest.words}" if narrowest and narrowest != ALWAYS else "always"
    if question.or_else:
        words += f", or `{question.or_else}`"
    return words + (f", {_season(question.season)}" if question.season else "")


def _season(season: Season) -> str:
    if season.starts:
        return f"from {_day(season.starts)}"
    return f"until {_day(season.ends)}" if season.ends else ""


def _day(day: tuple[int, int]) -> str:
    # A leap year, so that every day of the year can be named.
    return long_date(f"2028-{day[0]:02d}-{day[1]:02d}").removesuffix(" 2028")


def _when(condition: Condition | None) -> str:
    return f"if {condition.words}" if condition else ""
