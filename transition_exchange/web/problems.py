"""What is wrong with what was typed, as a page's error summary and as messages at the fields."""

from __future__ import annotations

from dataclasses import dataclass

from transition_exchange.exchange.errors import Refused
from transition_exchange.web.templating import slug


@dataclass(frozen=True)
class Summary:
    """An entry of the error summary: what is wrong, and where."""

    text: str
    href: str


def problems(refused: Refused, field: str) -> tuple[list[Summary], dict[str, str]]:
    """A refusal as an error summary and as messages at fields; `field` takes what names none."""
    messages = dict(refused.fields) or {field: refused.message}
    return [Summary(text, f"#{slug(name)}") for name, text in messages.items()], messages
