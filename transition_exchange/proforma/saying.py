"""How a value reads: dates, money, codes and yes/no as a person says them."""

from typing import Any

from transition_exchange.english import day as long_date

from .model import Question
from .rules import code_sets

__all__ = ["long_date", "said"]

_COUNCILS = dict(code_sets.LOCAL_AUTHORITIES)


def said(question: Question, value: Any) -> str:
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
