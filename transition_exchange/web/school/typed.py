"""What somebody typed on a page of the form, and what of it they changed.

The form says which questions it showed, and by a digest what was saved in answer to each when it was opened. So what it
did not show stays as it is, and so does what the writer left alone, whoever changed it meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from transition_exchange.exchange.records.answers import Answers
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.page_saving import TypedPage, digest
from transition_exchange.exchange.writing.unsaved import Unsaved, put, typed_at
from transition_exchange.proforma import Page, ShownItem, forms, read_section, show
from transition_exchange.web.form_fields import Fieldset

WAS = "was"
"""The hidden field with the questions that the form shows, and a digest of what was saved in answer to each."""

SHOWN = "shown"
"""The hidden field with the questions of which the form shows something to drop, and a digest of it."""

Form = Mapping[str, Sequence[str]]


def shown_questions(fieldsets: Sequence[Fieldset]) -> tuple[str, ...]:
    """The questions (`section.field`) that a page shows."""
    return tuple(shown.name for fieldset in fieldsets for shown in fieldset.fields)


def as_saved(draft: Draft, questions: Sequence[str]) -> str:
    """What the hidden field says of some questions as they are saved in a draft."""
    return _written({path: _digest(draft.answers, path) for path in questions})


def as_resting(draft: Draft, page: Page) -> str:
    """What the hidden field says of what rests on a page."""
    return _written({path: rests.digest for path, rests in draft.resting.of(page.sections).items()})


def as_resting_since(draft: Draft, page: Page, form: Form, typed: TypedPage) -> str:
    """What the hidden field says once a page has saved itself: the page shows what it showed, and what it has typed."""
    rests = draft.resting.of(page.sections)
    before = _pairs(draft, page, form, SHOWN)
    return _written(
        {path: entry for path, entry in before.items() if path in rests and path not in typed.changed}
        | {path: rests[path].digest for path in rests if path in typed.changed}
    )


def to_drop(draft: Draft, page: Page, form: Form) -> dict[str, str]:
    """The questions of a page of which its form showed something to drop, each with the digest of it."""
    return _pairs(draft, page, form, SHOWN)


def read(draft: Draft, page: Page, form: Form) -> TypedPage:
    """Read what a page's form sent.

    A question counts as changed if its answer is another than was saved when the form was opened, or is wrong. One in
    which the form showed something that rests, and which says again what was saved, was given up.
    """
    was = _pairs(draft, page, form, WAS)
    raw = forms.from_form(draft.version, page, form)
    changed: set[str] = set()
    for name, typed in raw.items():
        result = read_section(draft.version, name, typed)
        wrong = {finding.question for finding in result.errors}
        changed |= {
            path
            for path, before in was.items()
            if path.startswith(f"{name}.")
            and (path in wrong or _digest({name: result.values}, path) != before)
        }
    seen = _pairs(draft, page, form, SHOWN)
    given_up = {path: rested for path, rested in seen.items() if path in was and path not in changed}
    return TypedPage(answers=raw, changed=frozenset(changed), was=was, given_up=given_up)


def _written(digests: Mapping[str, str]) -> str:
    return " ".join(f"{path}={digest}" for path, digest in digests.items())


def _pairs(draft: Draft, page: Page, form: Form, field: str) -> dict[str, str]:
    """What a hidden field says of the page's own questions; it cannot speak of any other."""
    asked = {
        question.path
        for name in page.sections
        for question in draft.version.section(name).questions
        if not question.system
    }
    pairs = (pair.partition("=") for pair in next(iter(form.get(field, ())), "").split())
    return {path: before for path, _, before in pairs if path in asked}


def _digest(answers: Answers, path: str) -> str:
    section, _, name = path.partition(".")
    return digest(answers.get(section, {}), name)


@dataclass(frozen=True)
class Difference:
    """One question on which two people differ: what is saved now, and what this writer typed.

    Attributes:
        wrong: whether something was typed that cannot be shown as an answer, because it is not right yet.
    """

    label: str
    theirs: ShownItem | None
    yours: ShownItem | None
    wrong: bool = False


def differences(draft: Draft, answers: Answers, met: Mapping[str, Unsaved]) -> tuple[Difference, ...]:
    """What is saved next to what was typed, for questions in which both met.

    Args:
        draft: the draft.
        answers: its answers, with what was typed in the place of what is saved.
        met: the questions, with what was typed.
    """
    theirs: dict[str, ShownItem] = {}
    yours: dict[str, ShownItem] = {}
    for section in dict.fromkeys(path.partition(".")[0] for path in met):
        theirs |= _items(draft, draft.answers, section)
        right = read_section(draft.version, section, answers[section]).values
        yours |= _items(draft, {**draft.answers, section: right}, section)
    return tuple(
        Difference(
            draft.version.question(path).heading,
            theirs.get(path),
            yours.get(path),
            wrong=path not in yours and any(unsaved.typed.values()),
        )
        for path, unsaved in met.items()
    )


def _items(draft: Draft, answers: Answers, section: str) -> dict[str, ShownItem]:
    [shown] = show(draft.version, answers, [section])
    return {item.question.path: item for item in shown.items}


def put_in(answers: Answers, typed: TypedPage, questions: Collection[str]) -> Answers:
    """Some answers with what was typed in answer to some questions in their place, as a page shows it again."""
    shown = {name: dict(values) for name, values in answers.items()}
    for path in questions:
        section, _, name = path.partition(".")
        put(shown[section], name, typed_at(typed.answers.get(section, {}), name))
    return shown
