"""The list of a school's learners, and adding one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import listed
from transition_exchange.exchange import states
from transition_exchange.exchange.agreed_versions import form_for
from transition_exchange.exchange.paging import Paging
from transition_exchange.exchange.queries import late_readers
from transition_exchange.exchange.records.names import display_name
from transition_exchange.exchange.records.searching import matching
from transition_exchange.exchange.renewing import after_others
from transition_exchange.exchange.renewing.missing_entries import missing_entries
from transition_exchange.exchange.school_calendar import leaving_year_on, today
from transition_exchange.exchange.states import Tag
from transition_exchange.exchange.writing import adding
from transition_exchange.exchange.writing.arguments import AddLearner, WantedLearners, WantedStep
from transition_exchange.exchange.writing.catching_up import catch_up
from transition_exchange.exchange.writing.late_teams import waiting
from transition_exchange.exchange.writing.learner_list import LearnerRow, learners
from transition_exchange.exchange.writing.needed import NEEDED
from transition_exchange.proforma import Page, UnknownName, forms, load
from transition_exchange.web.fieldsets import fieldsets
from transition_exchange.web.form_fields import summary
from transition_exchange.web.forms import sent, wanted
from transition_exchange.web.policy import may
from transition_exchange.web.problems import FormPage, Problems, form_page
from transition_exchange.web.school.blueprint import (
    blueprint,
    own_purposes,
    queries_waiting,
    still_due,
    transition,
    writers,
)
from transition_exchange.web.school.removing import tell_who_was_removed
from transition_exchange.web.searches import searchable
from transition_exchange.web.visits import current_actor, database

MOST_FOUND = 200
"""How many learners a search shows at most; another letter finds fewer."""
CARDS_A_STEP = 20

STATES = (
    ("", "All learners"),
    ("missing", "Something is missing"),
    ("not_saved", "Typed and not saved"),
    ("ready", "Complete, not sent yet"),
    ("sent", "Sent, not acknowledged by everybody"),
    ("changed", "Changed since it was sent"),
    ("held_back", "Held back"),
    ("acknowledged", "Acknowledged"),
    ("queried", "Question waiting"),
    ("gone", "Left or moved"),
)


def delivery(row: LearnerRow) -> str:
    """The most urgent state among a learner's transfers; empty if there are no transfers."""
    transfers = set(row.transfers)
    if states.DISPUTED in transfers:
        return states.DISPUTED
    if "queried" in transfers:
        return "queried"
    if not transfers:
        return ""
    if transfers <= states.TAKEN_ON:
        return "acknowledged"
    if transfers & {"received", "acknowledged"}:
        return "received"
    return "did_not_arrive" if "did_not_arrive" in transfers else "sent"


def delivery_tag(row: LearnerRow) -> Tag:
    """How far sending is, as a tag: first what the school has to do about it."""
    state = delivery(row)
    if state == states.DISPUTED:
        return states.NOT_CERTAIN
    if row.changed:
        return states.CHANGED
    if row.held_back and state != "queried":
        return states.HELD_BACK
    if not state:
        return states.FOR_SCHOOL["recalled"] if row.taken_back else states.NOT_SENT
    return _how_far(row)


def _how_far(row: LearnerRow) -> Tag:
    """How far the versions are that were sent: where only some providers have opened theirs, how many have."""
    tag = states.FOR_SCHOOL[delivery(row)]
    opened = sum(state in states.LOOKED_AT for state in row.transfers)
    if tag == states.FOR_SCHOOL["received"] and opened < len(row.transfers):
        return Tag(f"{tag.words} by {opened} of {len(row.transfers)}", tag.colour)
    return tag


def _delivered(row: LearnerRow) -> str:
    """What else is so: how far the version is that was sent, where the tag says that it is not the newest one."""
    tag = delivery_tag(row)
    if tag in (states.CHANGED, states.HELD_BACK):
        before = _how_far(row).words
        return f"Before that: {before[:1].lower()}{before[1:]}"
    return f"{states.HELD_BACK.words} from a provider" if row.held_back and delivery(row) == "queried" else ""


def form_tag(row: LearnerRow) -> Tag:
    """How far the form is, as a tag. What is typed and not saved comes first: somebody thinks that it is there."""
    if row.not_saved:
        return Tag(f"{row.not_saved} not saved", "red")
    return Tag(f"{row.gaps} missing", "yellow") if row.gaps else states.FORMS["complete"]


def _missing(row: LearnerRow) -> str:
    """What is missing, by name, and how many where the tag does not say it."""
    words = missing_words(row.content)
    return f"{row.gaps} missing: {words}" if row.not_saved and row.gaps else words


def is_in(row: LearnerRow, state: str) -> bool:
    """Whether a learner belongs under one of the list's filters."""
    match state:
        case "missing":
            return row.gaps > 0 and row.left is None
        case "ready":
            return row.gaps == 0 and not row.not_saved and not row.transfers
        case "not_saved":
            return row.not_saved > 0
        case "changed":
            return row.changed
        case "held_back":
            return row.held_back
        case "sent":
            return delivery(row) not in ("", "acknowledged", "queried")
        case "gone":
            return row.left is not None
        case "acknowledged":  # of what the form says now, not of a version before
            return delivery(row) == state and not row.changed and not row.held_back
        case "queried":
            return delivery(row) == state
        case _:
            return True


def missing_words(content: Any, most: int = 3) -> str:
    """What is missing, by name: the first few, and how many more."""
    paths: Sequence[str] = content.get("gaps", ())
    version = load(content["version"])
    labels: list[str] = []
    for path in dict.fromkeys(paths):
        try:
            labels.append(version.question(path).heading)
        except UnknownName:
            continue
    more = len(labels) - most
    return f"{', '.join(labels[:most])} and {more} more" if more > 0 else listed(labels)


@blueprint.route("", methods=["GET", "POST"], endpoint="learners")
@may(writers, saves=False)
@searchable
def learner_list() -> str | Response:
    """The learners of the school with what is missing for each; POST carries the name searched for."""
    actor = current_actor()
    if actor.team_for("transition") is None:
        return redirect(url_for("school.safeguarding"))
    tell_who_was_removed()
    asked = wanted(WantedLearners)
    query, state, year = asked["q"].strip(), asked["state"], asked["year"]
    everybody = learners(db=database(), actor=actor)
    years = sorted({row.leaving_year for row in everybody}, reverse=True)
    rows = [row for row in everybody if year is None or row.leaving_year == year]
    counts = {code: sum(is_in(row, code) for row in rows) for code, _ in STATES}
    rows = [row for row in matching(rows, query) if is_in(row, state)]
    # What a search shows is one page: whoever found too many types more of the name.
    paging = Paging(len(rows[:MOST_FOUND]), size=MOST_FOUND) if query else Paging(len(rows), asked["page"])
    return render_template(
        "school/learners.html",
        rows=[
            (row, form_tag(row), _missing(row), delivery_tag(row), _delivered(row))
            for row in paging.cut(rows)
        ],
        total=len(rows),
        everybody=len(everybody),
        counts=counts,
        states=STATES,
        not_certain=states.NOT_CERTAIN,
        state=state,
        year=year,
        years=years,
        query=query,
        paging=paging,
        most=MOST_FOUND,
        display_name=display_name,
        due=still_due(),
        failed=wanted(WantedStep)["failed"],
        purposes=own_purposes(actor),
        missing=missing_entries(db=database(), actor=actor),
        late=waiting(db=database(), actor=actor),
        waiting=queries_waiting(),
    )


@blueprint.post("/lists")
@may(writers)
def write_lists() -> Response:
    """Write the next few cards that lists lack, the next few grants for teams that became ready later, and the next
    few things that have to be made anew because another team changed."""
    actor = current_actor()
    failed: list[UUID] = []
    left = catch_up(db=database(), actor=actor, limit=CARDS_A_STEP, failed=failed)
    left += late_readers.pass_on(db=database(), actor=actor, limit=CARDS_A_STEP, failed=failed)
    renewed = after_others.carry_on(db=database(), actor=actor)
    left, wrong = left + renewed.left, len(failed) + renewed.failed
    if not left:
        flash("Everything is up to date.")
    here = "school.learners" if actor.team_for("transition") else "school.safeguarding"
    return redirect(url_for(here, failed=wrong or None), 303)


@blueprint.route("/add", methods=["GET", "POST"])
@may(transition)
def add() -> FormPage | Response:
    """Add a learner: names and date of birth are enough; one who looks the same is pointed out first."""
    actor, year = current_actor(), leaving_year_on(today())
    version = form_for(db=database(), actor=actor, leaving_year=year)
    page = Page("add", "Add a learner", "transition", ("learner",))
    answers: dict[str, Any] = {}
    findings: tuple[Any, ...] = ()
    possible_duplicates: list[tuple[Any, str]] = []
    if request.method == "POST":
        answers = forms.from_form(version, page, request.form.to_dict(flat=False))
        typed = {
            name: value for name, value in answers.get("learner", {}).items() if f"learner.{name}" in NEEDED
        }
        added = adding.add_learner(
            db=database(),
            actor=actor,
            answers={"learner": typed},
            although_duplicate=sent(AddLearner)["although"],
        )
        if added.record_id is not None:
            flash("Learner added. The council’s NEET group now has them on its list, by name only.")
            return redirect(url_for("school.record", record_id=added.record_id), 303)
        findings = added.errors
        names = {row.record_id: row for row in learners(db=database(), actor=actor)}
        possible_duplicates = [
            (record_id, display_name(names[record_id].content))
            for record_id in added.possible_duplicates
            if record_id in names
        ]
    others = frozenset(
        question.path for question in version.section("learner").questions if question.path not in NEEDED
    )
    sets = fieldsets(version, page, answers, errors=findings, leave_out=others)
    wrong = Problems(summary(sets, findings))
    return form_page(
        "school/add.html", wrong, fieldsets=sets, possible_duplicates=possible_duplicates, year=year
    )
