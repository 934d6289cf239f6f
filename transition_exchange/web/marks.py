"""The marks of the safeguarding team's list: kept from page to page until they are released, whatever the list shows.

They stand in the list's own form. What is sent with it, be it a search, a filter or "Continue", keeps them first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from flask import request
from flask import session as browser_session

from transition_exchange.exchange.sending import kept_marks
from transition_exchange.exchange.sending.arguments import MarkedLearners
from transition_exchange.exchange.sending.kept_marks import MOST
from transition_exchange.exchange.sending.safeguarding_releases import Mark
from transition_exchange.web.forms import sent
from transition_exchange.web.visits import session_cookie

_MARKS = "marks"
"""Under which name the browser's session keeps them, sealed."""

TOO_MANY = (
    f"You have marked more than {MOST:,} learners, and no more than that are kept while you search. Press Continue and "
    "release these first."
)


def kept(record_ids: Collection[UUID]) -> dict[UUID, Mark]:
    """The marks that are kept.

    Args:
        record_ids: the learners who can be marked now. What is kept of others does not count.
    """
    return kept_marks.unseal(
        cookie=session_cookie(), sealed=browser_session.get(_MARKS, ""), record_ids=record_ids
    )


def with_sent(before: Mapping[UUID, Mark]) -> dict[UUID, Mark]:
    """The kept marks with those that the form sends: of a learner whom it shows, what it says is so.

    Args:
        before: the marks that are kept.

    Raises:
        NotFound: an id or a mark in the form is unreadable.
    """
    marked = [value for name, values in request.form.lists() if name.startswith("mark-") for value in values]
    form = sent(MarkedLearners, mark=marked)
    shown, marks = set(form["record_ids"]), form["marks"]
    others = {record_id: mark for record_id, mark in before.items() if record_id not in shown}
    return others | {record_id: mark for record_id, mark in marks.items() if record_id in shown}


def keep(marks: Mapping[UUID, Mark]) -> bool:
    """Keep marks instead of those before.

    Returns:
        Whether they are kept; not if there are too many.
    """
    if len(marks) > MOST:
        return False
    sealed = kept_marks.seal(cookie=session_cookie(), marks=marks)
    if sealed:
        browser_session[_MARKS] = sealed
    else:
        forget()
    return True


def forget() -> None:
    """Forget all marks: somebody signs out, or nothing is marked any more."""
    browser_session.pop(_MARKS, None)
