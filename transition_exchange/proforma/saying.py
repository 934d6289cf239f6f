"""How a value reads: dates, money, codes and yes/no as a person says them."""

from __future__ import annotations

from typing import Any

from transition_exchange.english import day as long_date
from transition_exchange.proforma.model import Question
from transition_exchange.proforma.rules import local_authorities

__all__ = ["answer_text", "long_date"]

_COUNCILS = dict(local_authorities.ENGLAND)


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
            return f"{council} ({value})" if council else str(value)
        case "uln":
            return f"{value[:4]} {value[4:7]} {value[7:]}" if len(str(value)) == 10 else str(value)
        case _:
            return str(value)
