"""How a value reads: dates, money, codes and yes/no as a person says them."""

from __future__ import annotations

from typing import Any

from transition_exchange.english import day as long_date
from transition_exchange.proforma.model import VERSION_NAME, Question
from transition_exchange.proforma.rules import local_authorities

__all__ = ["answer_text", "form_words", "heading", "long_date"]

_COUNCILS = dict((*local_authorities.ENGLAND, *local_authorities.INVENTED))

_CLEARER = {
    "assurance.completed_role": "Team",  # of whoever completed the form
    "learner.school_urn": "School’s URN",  # a page and a pack show both
    "destination.urn": "Provider’s URN",
    "destinations.destinations.urn": "Provider’s URN",
}
"""Headings that stand in the place of a version's own, which never change once it is final."""


def heading(question: Question) -> str:
    """What stands before the answer to a question where it is read."""
    return _CLEARER.get(question.path, question.heading)


def form_words(name: str) -> str:
    """A version of the form as pages and packs call it: `core/2027.1` is "Area form, 2027 version 1"."""
    parts = VERSION_NAME.fullmatch(name)
    return f"Area form, {parts['year']} version {parts['issue']}" if parts else name


def answer_text(question: Question, value: Any) -> str:
    """One answer as text; a table has none of its own."""
    match question.kind:
        case "yes_no":
            return "Yes" if value else "No"
        case "date":
            return long_date(str(value))
        case "choice":
            return dict(question.choices).get(str(value), str(value))
        case "choices":
            labels = dict(question.choices)
            return ", ".join(labels.get(str(code), str(code)) for code in value)
        case "money":
            return f"£{float(value):,.2f}".removesuffix(".00")
        case "hours":
            return f"{value:g}"
        case "la_code":
            council = _COUNCILS.get(str(value))
            return f"{council} ({value})" if council else f"Code {value}"
        case "uln":
            return f"{value[:4]} {value[4:7]} {value[7:]}" if len(str(value)) == 10 else str(value)
        case "text" if question.system:
            return form_words(str(value))
        case _:
            return str(value)
