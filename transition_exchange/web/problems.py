"""The one place where a refusal becomes a page: an error summary, messages at the fields, and a status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template

from transition_exchange.exchange.errors import Refused
from transition_exchange.web.templating import slug

REFUSED = 422
"""The status of a form that is shown again because something in it has to be corrected (RFC 9110, 15.5.21)."""

FormPage = str | tuple[str, int]
"""What a view answers that shows a form."""


@dataclass(frozen=True)
class Summary:
    """An entry of the error summary: what is wrong, and where."""

    text: str
    href: str


@dataclass(frozen=True)
class Problems:
    """What is wrong with a form: the entries of its error summary, and messages by field."""

    summary: Sequence[Summary] = ()
    messages: Mapping[str, str] = field(default_factory=dict)


NO_PROBLEMS = Problems()


def problems(refused: Refused, default_field: str) -> Problems:
    """What is wrong, as a page says it.

    Args:
        refused: the refusal.
        default_field: the field that the message belongs to where the refusal names none.
    """
    messages = dict(refused.fields) or {default_field: refused.message}
    return Problems([Summary(text, f"#{slug(name)}") for name, text in messages.items()], messages)


def form_page(template: str, wrong: Problems = NO_PROBLEMS, /, **context: Any) -> FormPage:
    """A page with a form; refused where something is wrong.

    Args:
        template: the template; it gets `errors` and `messages` beside the context.
        wrong: what is wrong with what was sent.
        context: what else the template needs.
    """
    page = render_template(template, errors=wrong.summary, messages=wrong.messages, **context)
    return (page, REFUSED) if wrong.summary else page
