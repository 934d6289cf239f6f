"""The list of a school's learners, and adding one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import listed
from transition_exchange.exchange.organisations.providers import school_facts
from transition_exchange.exchange.records.names import display_name
from transition_exchange.exchange.school_calendar import leaving_year_on, today
from transition_exchange.exchange.writing import adding, due_cards
from transition_exchange.exchange.writing.learner_list import LearnerRow, learners
from transition_exchange.proforma import Page, UnknownName, forms, load, read_section, version_for
from transition_exchange.web.form_fields import fieldsets, summary
from transition_exchange.web.policy import may
from transition_exchange.web.school.blueprint import (
    blueprint,
    own_purposes,
    questions_waiting,
    transition,
    writers,
)
from transition_exchange.web.visits import current_actor, database

A_PAGE = 50
MOST_FOUND = 200
"""How many a search shows; whoever looks for one of more types another letter."""
CARDS_A_STEP = 20

STATES = (
    ("", "All learners"),
    ("missing", "Something is missing"),
    ("ready", "Complete, not sent yet"),
    ("sent", "Sent, not acknowledged by everybody"),
    ("acknowledged", "Acknowledged"),
    ("queried", "Question waiting"),
)
NAMES = ("learner.legal_forename", "learner.legal_surname", "learner.date_of_birth")


@dataclass(frozen=True)
class Delivery:
    """How far sending is, as a tag."""

    code: str
    text: str
    colour: str


def delivery(row: LearnerRow) -> Delivery:
    """How a learner's transfers stand, the most urgent first."""
    states = set(row.transfers)
    if "queried" in states:
        return Delivery("queried", "Question waiting", "orange")
    if not states:
        return Delivery("", "Not sent", "grey")
    if states <= {"acknowledged", "enrolled"}:
        return Delivery("acknowledged", "Acknowledged", "green")
    if states & {"received", "acknowledged"}:
        return Delivery("sent", "Received", "blue")
    if "did_not_arrive" in states:
        return Delivery("sent", "Did not arrive", "red")
    return Delivery("sent", "Sent", "light-blue")


def is_in(row: LearnerRow, state: str) -> bool:
    """Whether a learner belongs under one of the list's filters."""
    match state:
        case "missing":
            return row.gaps > 0
        case "ready":
            return row.gaps == 0 and not row.transfers
        case "sent" | "acknowledged" | "queried":
            return delivery(row).code == state
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


def found(rows: Sequence[LearnerRow], query: str) -> list[LearnerRow]:
    """The learners in whose names every word of the query begins a word."""
    words = query.casefold().split()

    def matches(row: LearnerRow) -> bool:
        names = " ".join(
            str(row.content.get(name, "")) for name in ("legal_forename", "legal_surname", "preferred_name")
        )
        parts = names.casefold().replace("-", " ").split()
        return all(any(part.startswith(word) for part in parts) for word in words)

    return [row for row in rows if matches(row)]


@blueprint.route("", methods=["GET", "POST"], endpoint="learners")
@may(writers)
def learner_list() -> str | Response:
    """The learners of the school with what is missing for each; POST carries the name searched for."""
    actor = current_actor()
    if actor.team_for("transition") is None:
        return redirect(url_for("school.safeguarding"))
    query = request.form.get("q", "").strip()
    state = request.values.get("state", "")
    if request.method == "POST" and not query:
        return redirect(
            url_for("school.learners", state=state or None, year=request.form.get("year") or None), 303
        )
    everybody = learners(db=database(), actor=actor)
    years = sorted({row.leaving_year for row in everybody}, reverse=True)
    year = request.values.get("year", type=int)
    rows = [row for row in everybody if year is None or row.leaving_year == year]
    counts = {code: sum(is_in(row, code) for row in rows) for code, _ in STATES}
    rows = [row for row in found(rows, query) if is_in(row, state)]
    size = MOST_FOUND if query else A_PAGE
    pages = max(1, -(-len(rows) // size))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "school/learners.html",
        rows=[
            (row, delivery(row), missing_words(row.content)) for row in rows[(page - 1) * size : page * size]
        ],
        total=len(rows),
        everybody=len(everybody),
        counts=counts,
        states=STATES,
        state=state,
        year=year,
        years=years,
        query=query,
        page=page,
        pages=1 if query else pages,
        most=MOST_FOUND,
        display_name=display_name,
        due=due_cards.write_due(db=database(), actor=actor, limit=0),
        purposes=own_purposes(actor),
        waiting=questions_waiting(),
    )


@blueprint.post("/lists")
@may(transition)
def write_lists() -> Response:
    """Write the next few cards that the council's and the school's own lists lack."""
    left = due_cards.write_due(db=database(), actor=current_actor(), limit=CARDS_A_STEP)
    if not left:
        flash("The lists are up to date.")
    return redirect(url_for("school.learners"), 303)


@blueprint.route("/add", methods=["GET", "POST"])
@may(transition)
def add() -> str | Response:
    """Add a learner: names and date of birth are enough; one who looks the same is pointed out first."""
    actor, year = current_actor(), leaving_year_on(today())
    version = load(version_for(year))
    page = Page("add", "Add a learner", "transition", ("learner",))
    answers: dict[str, Any] = {}
    findings: tuple[Any, ...] = ()
    twins: list[tuple[Any, str]] = []
    if request.method == "POST":
        answers = forms.from_form(version, page, request.form.to_dict(flat=False))
        typed = {
            name: value for name, value in answers.get("learner", {}).items() if f"learner.{name}" in NAMES
        }
        known = {**school_facts(db=database(), actor=actor).learner, "year_group": 11}
        added = adding.add_learner(
            db=database(),
            actor=actor,
            answers={"learner": {**read_section(version, "learner", known).values, **typed}},
            although_twins=request.form.get("although") == "yes",
        )
        if added.record_id is not None:
            flash("Learner added. The council’s NEET group now has them on its list, by name only.")
            return redirect(url_for("school.record", record_id=added.record_id), 303)
        findings = added.errors
        names = {row.record_id: row for row in learners(db=database(), actor=actor)}
        twins = [(each, display_name(names[each].content)) for each in added.twins if each in names]
    others = frozenset(q.path for q in version.section("learner").questions if q.path not in NAMES)
    sets = fieldsets(version, page, answers, errors=findings, leave_out=others)
    # Without these nobody could find the learner again, so here they take no reason instead.
    sets = tuple(
        replace(each, fields=tuple(replace(one, instead=None) for one in each.fields)) for each in sets
    )
    return render_template(
        "school/add.html", fieldsets=sets, errors=summary(sets, findings), twins=twins, year=year
    )
