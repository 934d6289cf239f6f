"""Turning a refusal into a page: an error summary, messages at the fields, and a status. Nothing else does this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template

from transition_exchange.exchange.errors import Refused
from transition_exchange.web.templating import slug

REFUSED = 422
"""The status of a form that is shown again with something to correct (RFC 9110, section 15.5.21)."""

FormPage = str | tuple[str, int]
"""What a view that shows a form returns."""


@dataclass(frozen=True)
class Summary:
    """An entry of the error summary: what is wrong, and where; no `href` if it is about no field of the page."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Problems:
    """What is wrong with a form: the entries of its error summary, and messages by field."""

    summary: Sequence[Summary] = ()
    messages: Mapping[str, str] = field(default_factory=dict)


NO_PROBLEMS = Problems()


def problems(refused: Refused, default_field: str) -> Problems:
    """What is wrong with a form, as pages show it.

    Args:
        refused: the refusal.
        default_field: the field that the message belongs to if the refusal names no field.
    """
    messages = dict(refused.fields) or {default_field: refused.message}
    return Problems([Summary(text, f"#{slug(name)}") for name, text in messages.items()], messages)


def form_page(template: str, wrong: Problems = NO_PROBLEMS, /, **context: Any) -> FormPage:
    """A page with a form, with status 422 if something is wrong.

    Args:
        template: the template; it gets `errors` and `messages` besides the context.
        wrong: what is wrong with what was sent.
        context: what else the template needs.
    """
    page = render_template(template, errors=wrong.summary, messages=wrong.messages, **context)
    return (page, REFUSED) if wrong.summary else page
