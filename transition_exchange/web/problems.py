"""Turning a refusal into a page: an error summary, messages at the fields, and a status. Nothing else does this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template

from transition_exchange.exchange.errors import Busy, Later, Refused
from transition_exchange.web.templating import slug

REFUSED = 422
"""The status of a form that is shown again with something to correct (RFC 9110, section 15.5.21)."""

CONFLICT = 409
"""The status of a form that is shown again because what it changes was saved in the meantime."""

TOO_MANY, BUSY = 429, 503
"""The statuses of a form that may be sent again later (RFC 6585, section 4; RFC 9110, section 15.6.4)."""

FormPage = str | tuple[str, int] | tuple[str, int, dict[str, str]]
"""What a view that shows a form returns."""


@dataclass(frozen=True)
class Summary:
    """An entry of the error summary: what is wrong, and where; no `href` if it is about no field of the page."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Problems:
    """What is wrong with a form: the entries of its error summary, and messages by field.

    Attributes:
        status: the status of the page that shows the form again.
        retry_after: the seconds after which the form may be sent again; None if it needs a correction.
    """

    summary: Sequence[Summary] = ()
    messages: Mapping[str, str] = field(default_factory=dict)
    status: int = REFUSED
    retry_after: int | None = None


NO_PROBLEMS = Problems()


def problems(refused: Refused, default_field: str) -> Problems:
    """What is wrong with a form, as pages show it.

    Args:
        refused: the refusal.
        default_field: the field that the message belongs to if the refusal names no field.
    """
    messages = dict(refused.fields) or {default_field: refused.message}
    summary = [Summary(text, f"#{slug(name)}") for name, text in messages.items()]
    if isinstance(refused, Later):
        return Problems(summary, messages, status_of(refused), refused.retry_after)
    return Problems(summary, messages)


def status_of(later: Later) -> int:
    """The status that says why something has to be tried again later."""
    return BUSY if isinstance(later, Busy) else TOO_MANY


def form_page(template: str, wrong: Problems = NO_PROBLEMS, /, **context: Any) -> FormPage:
    """A page with a form, with status 422 if something is wrong, or 429 or 503 if it was not judged.

    Args:
        template: the template; it gets `errors` and `messages` besides the context.
        wrong: what is wrong with what was sent.
        context: what else the template needs.
    """
    page = render_template(template, errors=wrong.summary, messages=wrong.messages, **context)
    if wrong.retry_after is not None:
        return page, wrong.status, {"Retry-After": str(wrong.retry_after)}
    return (page, wrong.status) if wrong.summary else page
