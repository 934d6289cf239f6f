"""This year's answers as last year's form asks for them: what core/2026.1 does not ask is left out or rewritten."""

from __future__ import annotations

from datetime import date
from typing import Final

from transition_exchange.sample.young_people.sketch import Answers, SectionAnswers

_AREAS: Final = ("employment", "independent_living", "community", "health")


def as_of_2026(answers: Answers) -> Answers:
    """Answers of core/2027.1 in the form of core/2026.1; the original stays as it is."""
    last_year = {
        name: dict(section) for name, section in answers.items() if name not in ("waiting", "contributions")
    }
    # Languages and the UPN stand in sections of their own since.
    for name, before in (("language", "known_as"), ("pupil_number", "enrolment")):
        if name in last_year:
            last_year[before] = last_year.get(before, {}) | last_year.pop(name)
    enrolment = last_year["enrolment"]
    enrolment["gender"] = enrolment.pop("sex")
    if last_year["exams"]["approved"]:
        last_year["exams"]["jcq_consent"] = True
    if "needs" in last_year and "needs" in last_year["needs"]:
        # The college of last summer still recorded Asperger's; its category closed later.
        last_year["needs"]["needs"] = [
            {**row, "ilr_category": "15"} if row.get("ilr_category") == "14" and row["rank"] == 1 else row
            for row in last_year["needs"]["needs"]
        ]
    if "adulthood" in last_year:
        last_year["adulthood"] = _texts(last_year["adulthood"])
    rows = [dict(row) for row in last_year.get("destinations", {}).get("destinations", [])]
    if rows:
        last_year["destinations"]["destinations"] = rows
    for row in rows:
        start = row.pop("start_date", None)
        if start and "visits" in last_year:
            last_year["visits"].setdefault("start_date", start)
        if row.get("status") == "allocated":
            row["status"] = "unconditional"
    return last_year


def _texts(adulthood: SectionAnswers) -> SectionAnswers:
    """Rows of outcomes as the four texts of last year's form."""
    texts = {name: text for name, text in adulthood.items() if name != "outcomes"}
    by_area: dict[str, list[str]] = {}
    for row in adulthood.get("outcomes", []):
        words = row["outcome"] + "."
        if "steps" in row:
            words += f" Steps: {row['steps']}."
        if "who" in row:
            words += f" Who helps: {row['who']}."
        if "by_when" in row:
            words += f" By {date.fromisoformat(row['by_when']):%B %Y}."
        by_area.setdefault(row["area"], []).append(words)
    for area in _AREAS:
        if area in by_area:
            texts[f"outcome_{area}"] = "\n".join(by_area[area])
    return texts
