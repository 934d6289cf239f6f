"""This year's answers as last year's form asked for them: what core/2026.1 lacks is left out or told in its way."""

from __future__ import annotations

from datetime import date
from typing import Any

Answers = dict[str, dict[str, Any]]

_AREAS = ("employment", "independent_living", "community", "health")


def as_of_2026(answers: Answers) -> Answers:
    """Answers of core/2027.1 in the form of core/2026.1; the original stays as it is."""
    found = {
        name: dict(section) for name, section in answers.items() if name not in ("waiting", ("contributions"))
    }
    enrolment = found["enrolment"]
    enrolment["gender"] = enrolment.pop("sex")
    if found["exams"]["approved"]:
        found["exams"]["jcq_consent"] = True
    if "needs" in found and "needs" in found["needs"]:
        # The college of last summer still recorded Asperger's; its category closed later.
        found["needs"]["needs"] = [
            {**row, "ilr_category": "15"} if row.get("ilr_category") == "14" and row["rank"] == 1 else row
            for row in found["needs"]["needs"]
        ]
    if "adulthood" in found:
        found["adulthood"] = _texts(found["adulthood"])
    for row in found.get("destinations", {}).get("destinations", []):
        if row.get("status") == "allocated":
            row["status"] = "unconditional"
    return found


def _texts(adulthood: dict[str, Any]) -> dict[str, Any]:
    """Rows of outcomes as the four texts of last year."""
    told = {name: text for name, text in adulthood.items() if name != "outcomes"}
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
            told[f"outcome_{area}"] = "\n".join(by_area[area])
    return told
