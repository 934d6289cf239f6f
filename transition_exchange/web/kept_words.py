"""What was kept of a form, in words: which page, which learner, and what was typed. Only its writer reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from werkzeug.exceptions import HTTPException

from transition_exchange.exchange.errors import ExchangeError
from transition_exchange.exchange.signing_in.late_saves import Opened
from transition_exchange.exchange.writing.learner_name import learner_name
from transition_exchange.proforma import Question
from transition_exchange.web.school import typed as typing_in
from transition_exchange.web.school.pages import opened
from transition_exchange.web.visits import current_actor, database

_NO_WORDS = re.compile(r"[0-9a-f-]{16,}|yes|no|on|[a-z_]+\.[a-z_.0-9]+|[a-z_]*", re.ASCII)
"""Values that pages put into their own forms: ids, digests, codes."""


@dataclass(frozen=True)
class KeptWords:
    """What a kept form was about.

    Attributes:
        page: the page's title; empty if it has none of its own.
        learner: the learner's name; empty if it is about none, or the name cannot be read now.
        words: what was typed, each with the question; empty where there is no question to name.
    """

    page: str = ""
    learner: str = ""
    words: tuple[tuple[str, str], ...] = field(repr=False, default=())


def kept_words(kept: Opened) -> KeptWords:
    """What a kept form was about, as far as it can be read now."""
    endpoint, named = _view_of(kept.path)
    record_id = named.get("record_id")
    learner = ""
    if isinstance(record_id, UUID):
        with suppress(ExchangeError):
            learner = learner_name(db=database(), actor=current_actor(), record_id=record_id)
    if endpoint == "school.page" and isinstance(record_id, UUID):
        with suppress(ExchangeError):
            page, words = _of_page(record_id, str(named["name"]), kept.form)
            return KeptWords(page, learner, words)
    typed = (values for name, values in kept.form.items() if name not in (typing_in.WAS, typing_in.SHOWN))
    texts = (text.strip() for values in typed for text in values)
    return KeptWords("", learner, tuple(("", text) for text in texts if not _NO_WORDS.fullmatch(text)))


def _view_of(path: str) -> tuple[str, Mapping[str, Any]]:
    """Which view a form was sent to, and what its address names; nothing if there is none any more."""
    addresses = current_app.url_map.bind("localhost")
    try:
        endpoint, named = addresses.match(urlsplit(path).path, method="POST")
    except HTTPException:
        return "", {}
    return str(endpoint), named


def _of_page(
    record_id: UUID, name: str, form: Mapping[str, Sequence[str]]
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A page's title, and what was typed on it and is not saved there."""
    draft, page = opened(record_id, name)
    changed = typing_in.read(draft, page, form).changed
    questions = [question for question in draft.version.questions if question.path in changed]
    return page.title, tuple((question.heading, _typed(question, form)) for question in questions)


def _typed(question: Question, form: Mapping[str, Sequence[str]]) -> str:
    labels = {**dict(question.choices), "yes": "Yes", "no": "No"}
    texts = [
        labels.get(text, text)
        for name, values in form.items()
        if name == question.path or name.startswith((f"{question.path}-", f"{question.path}."))
        for text in values
        if text.strip()
    ]
    return ", ".join(texts) or "Nothing: it was emptied"
