"""One learner's task list: pages with their state and who writes them, documents, sending, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, url_for

from transition_exchange.english import day, listed, plural
from transition_exchange.exchange.queries import threads
from transition_exchange.exchange.records.left_school import left_school
from transition_exchange.exchange.school_calendar import today
from transition_exchange.exchange.sending.standing_answers import recent
from transition_exchange.exchange.sending.tracking import Delivered, ReleasedVersion, Track, track
from transition_exchange.exchange.states import (
    CHANGED,
    CHANGED_RELEASE,
    FOR_SCHOOL,
    HELD_BACK,
    NOT_CERTAIN,
    TAKEN_ON,
)
from transition_exchange.exchange.writing.draft import Draft
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.proforma import Page, Report, asked, load
from transition_exchange.purposes import SENDING, teams
from transition_exchange.web.policy import may
from transition_exchange.web.school.blueprint import (
    blueprint,
    learner_name,
    own_purposes,
    writers,
)
from transition_exchange.web.visits import current_actor, database

DESTINATIONS = "destinations"
"""The section that has a page of its own."""

LEAVING = "leaving"
"""The section in which the school says that the learner is not there any more."""


@dataclass(frozen=True)
class Task:
    """An entry of the task list. `colour` is empty for what needs nothing more."""

    title: str
    href: str | None
    status: str
    colour: str
    hint: str = ""


def page_state(draft: Draft, page: Page, *, report: Report, paths: frozenset[str]) -> tuple[str, str]:
    """How far a page is, in words, and the colour of its tag."""
    sections = {name for name in page.sections if name != DESTINATIONS}
    put = [
        question
        for name in sections
        for question in draft.version.section(name).questions
        if question.path in paths and not question.system
    ]
    if not put:
        return "Not needed", ""
    if unsaved := len(draft.resting.of(sections)):
        return f"{unsaved} not saved", "red"
    of_page = report.among(sections)
    started = any(draft.answers.get(name) for name in sections)
    if of_page.errors:
        return f"{len(of_page.errors)} to correct", "red"
    missing = len(of_page.counting_gaps)
    if not started:
        return ("Not started", "blue") if missing else ("Optional", "grey")
    return (f"{missing} missing", "yellow") if missing else ("Complete", "")


def page_tasks(draft: Draft, report: Report, *, who: bool) -> list[Task]:
    """The pages of a draft's owner as tasks."""
    paths = asked(draft.version, draft.answers)
    tasks = []
    for page in draft.version.pages_of(draft.owner):
        status, colour = page_state(draft, page, report=report, paths=paths)
        tasks.append(
            Task(
                page.title,
                url_for("school.page", record_id=draft.record_id, name=page.name),
                status,
                colour,
                f"Written by {teams([draft.owner])}" if who else "",
            )
        )
    return tasks


def destinations_task(draft: Draft, report: Report) -> Task:
    """Where the learner is going, as a task."""
    rows = draft.answers.get(DESTINATIONS, {}).get("destinations", [])
    missing = len(report.of(DESTINATIONS).counting_gaps)
    names = [str(row.get("provider_name") or "") for row in rows]
    status, colour = ("Complete", "") if rows and not missing else (f"{missing} missing", "yellow")
    if not rows:
        status, colour = "Not started", "blue"
    if draft.resting.of([DESTINATIONS]):
        status, colour = "Not all saved", "red"
    return Task(
        "Destinations",
        url_for("school.destinations", record_id=draft.record_id),
        status,
        colour,
        ", ".join(name for name in names if name),
    )


def documents_task(draft: Draft, report: Report) -> Task:
    """The attached documents, as a task."""
    number = len(draft.attachments)
    expected = report.missing_documents
    status, colour = (plural(number, "document"), "") if number else ("Optional", "grey")
    if expected:
        status, colour = f"{len(expected)} expected", "yellow"
    if draft.uncertain_attachments:
        status, colour = NOT_CERTAIN
    return Task(
        "Documents", url_for("school.attachments", record_id=draft.record_id), status.capitalize(), colour
    )


def _send_task(draft: Draft, followed: Track) -> Task:
    """Looking at what each team will get, and sending it, as a task."""
    transition = draft.owner == "transition"
    status, colour = _own_version(draft.owner, followed.versions)
    holding = {
        transfer.provider_id: transfer.provider
        for transfer in _current(followed)
        if transfer.provider_id is not None
    }
    hint, since = "", draft.since_sent
    changed = since.lack(holding)
    held = [holding[id] for id in since.held_back if id in holding]
    if colour != NOT_CERTAIN.colour and (changed or held):
        hint = f"{'Sent' if transition else 'Released'} before: {status[0].lower()}{status[1:]}"
        status, colour = (CHANGED if transition else CHANGED_RELEASE) if changed else HELD_BACK
    if held:
        hint = f"{hint}. " if hint else ""
        hint += f"Held back from {listed(sorted(held))}"
    return Task(
        f"See what each team will get, and {'send' if transition else 'release'}",
        url_for("school.send", record_id=draft.record_id, owner=draft.owner),
        status,
        colour,
        hint,
    )


def _current(followed: Track) -> list[Delivered]:
    """The transfers by which providers have the record, or may have it."""
    return [
        transfer
        for transfer in followed.delivered
        if transfer.state != "recalled" and transfer.follows != "replaced"
    ]


def _own_version(owner: str, versions: Sequence[ReleasedVersion]) -> tuple[str, str]:
    """What a team reads of its own newest version, in words, and the colour of its tag.

    While there is a row that none of the school's teams signed, nothing can be sent. So a newest one that is not signed
    is named as that, even if an earlier version is signed.
    """
    newest = max(
        (version for version in versions if version.owner == owner),
        key=lambda version: version.number,
        default=None,
    )
    if newest is None:
        return "Not sent" if owner == "transition" else "Not released", "grey"
    if not newest.signed and not newest.waits:
        return NOT_CERTAIN
    if newest.withdraws:
        return f"Taken back on {day(newest.released_at)}, not answered", "yellow"
    return f"Version {newest.number} on {day(newest.released_at)}", ""


def _sent_task(record_id: UUID, followed: Track) -> Task:
    current, address = _current(followed), url_for("school.sent", record_id=record_id)
    if not current and not followed.delivered:
        return Task("What was sent, and who has it", None, "Nothing sent yet", "grey")
    if not current:
        kept = sum(receipt.deleted_at is None for one in followed.delivered for receipt in one.reached)
        hint = f"Not said to be deleted: {plural(kept, 'team')}" if kept else "Nobody can open it any more"
        return Task("What was sent, and who has it", address, *FOR_SCHOOL["recalled"], hint)
    unsigned = any(not transfer.genuine and not transfer.waits for transfer in current)
    if unsigned or any(transfer.dispute or transfer.doubtful for transfer in current):
        return Task(
            "What was sent, and who has it",
            address,
            NOT_CERTAIN.words,
            NOT_CERTAIN.colour,
            "Something that is stored contradicts what was signed. Look and decide.",
        )
    acknowledged = sum(transfer.state in TAKEN_ON for transfer in current)
    status = f"{acknowledged} of {len(current)} acknowledged"
    return Task(
        "What was sent, and who has it",
        address,
        FOR_SCHOOL["acknowledged"].words if acknowledged == len(current) else status,
        "" if acknowledged == len(current) else "blue",
        ", ".join(transfer.provider for transfer in current),
    )


@blueprint.get("/<uuid:record_id>")
@may(writers)
def record(record_id: UUID) -> str:
    """The task list of one learner."""
    db, actor = database(), current_actor()
    followed = track(db=db, actor=actor, record_id=record_id)
    own = own_purposes(actor)
    drafts = {owner: open_draft(db=db, actor=actor, record_id=record_id, owner=owner) for owner in own}
    reports = {owner: draft.report(today()) for owner, draft in drafts.items()}
    newest = next(iter(drafts.values()))
    # The newest that was signed. One that was not counts only where there is none that was.
    newest_last = followed.versions[::-1]
    released = {version.owner: version for version in newest_last if not version.signed}
    released |= {version.owner: version for version in newest_last if version.signed}
    others = [
        Task(page.title, None, _theirs(owner, released), "")
        for owner in SENDING
        if owner not in own
        for page in load(newest.version.name).pages_of(owner)
    ]
    waiting = threads.waiting(threads.queries(db=db, actor=actor, record_id=record_id))
    return render_template(
        "school/record.html",
        record_id=record_id,
        name=learner_name(record_id),
        drafts=drafts,
        reports=reports,
        unsaved_of={owner: len(draft.resting.answers) for owner, draft in drafts.items()},
        page_tasks={
            owner: page_tasks(draft, reports[owner], who=len(own) > 1) for owner, draft in drafts.items()
        },
        destinations=destinations_task(drafts["transition"], reports["transition"])
        if "transition" in drafts
        else None,
        documents=documents_task(drafts["transition"], reports["transition"])
        if "transition" in drafts
        else None,
        sent_task=_sent_task(record_id, followed),
        others=others,
        send_tasks={owner: _send_task(draft, followed) for owner, draft in drafts.items()},
        waiting=len(waiting),
        own=own,
        taken_back={owner: version.released_at for owner, version in released.items() if version.withdraws},
        can_take_back="school_safeguarding" in own
        and record_id in recent(db=db, actor=actor)
        and not released["school_safeguarding"].withdraws,
        delete_on=newest.delete_on,
        left=left_school(drafts["transition"].answers.get(LEAVING, {})) if "transition" in drafts else None,
        leaving=leaving_address(record_id, newest.version.name) if "transition" in drafts else "",
        removable="transition" in drafts
        and not followed.delivered
        and all(version.owner == "school_safeguarding" for version in followed.versions),
    )


def leaving_address(record_id: UUID, form: str) -> str:
    """Where the school says that a learner has left or moved; empty if the form does not ask, as earlier ones do not.

    Args:
        record_id: the record.
        form: the name of the version of its form.
    """
    page = next((page for page in load(form).pages if LEAVING in page.sections), None)
    address = url_for("school.page", record_id=record_id, name=page.name) if page else ""
    return f"{address}#section-{LEAVING}" if address else ""


def _theirs(owner: str, released: Mapping[str, ReleasedVersion]) -> str:
    """All that one team may know of the other's pages: whether a version was released, by what a team of it signed."""
    version = released.get(owner)
    if version is not None and not version.signed and not version.waits:
        return NOT_CERTAIN.words
    if version is not None and version.withdraws:
        return f"Taken back {day(version.released_at)}"
    return f"Released {day(version.released_at)}" if version else "Not released yet"
