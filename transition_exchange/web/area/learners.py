"""The list of learners that a coordinator filters, sorts, searches and downloads, and one learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from flask import Response, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.exchange import school_calendar, states
from transition_exchange.exchange.coordinating import export, lines, listing
from transition_exchange.exchange.coordinating.acting import WHO, Turn
from transition_exchange.exchange.coordinating.arguments import ANY_DELIVERY, WantedLearners
from transition_exchange.exchange.coordinating.listing import Page, Wanted
from transition_exchange.exchange.renewing.missing_entries import missing_entries
from transition_exchange.web import forms
from transition_exchange.web.area.blueprint import blueprint
from transition_exchange.web.area.overview import COORDINATES
from transition_exchange.web.csv_files import csv_file
from transition_exchange.web.policy import may
from transition_exchange.web.searches import searchable
from transition_exchange.web.visits import current_actor, database

SORTS = (
    ("name", "Name"),
    ("school", "School"),
    ("waiting", "Longest waiting"),
    ("missing", "Most missing"),
)
CHOICES: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "state": ("Form", lines.STATES),
    "turn": ("Whose turn it is", WHO),
    "delivery": ("Sent", ((ANY_DELIVERY, "Sent, in any state"), *lines.DELIVERIES)),
    "provision": ("SEN provision", lines.PROVISIONS),
    "attendance": ("Attendance", lines.ATTENDANCES),
    "risk": ("Risk of NEET", lines.RISKS),
}
"""The filters that take one of a few words: label and choices."""
TICKS = {
    "no_destination": "No destination",
    "no_offer": "No suitable offer",
    "overdue": "Safeguarding overdue",
    "waiting": "Somebody has something to do",
    "care": "In care",
}


@blueprint.route("/learners", methods=["GET", "POST"])
@may(COORDINATES, saves=False)
@searchable
def learners() -> str | AnyResponse:
    """A page of the list. A search comes by POST: it is somebody's name, and addresses are kept in logs."""
    wanted: Wanted = forms.wanted(WantedLearners)["wanted"]
    page = listing.learners(db=database(), actor=current_actor(), wanted=wanted)
    return render_template(
        "area/learners.html",
        page=page,
        wanted=wanted,
        here=here,
        years=[(str(year), str(year)) for year in page.years],
        page_href=lambda number: here(wanted, page=number),
        elsewhere=[(year, count, here(wanted, year=year)) for year, count in page.elsewhere],
        searched={"q": wanted.search} if wanted.search else {},
        chips=chips(page),
        choices=CHOICES,
        ticks=TICKS,
        sorts=SORTS,
        states=states.FORMS,
        delivery_words=states.for_council,
        destination_parts=export.destination_parts,
        missing=missing_entries(db=database(), actor=current_actor()),
    )


@blueprint.get("/learners/<uuid:record_id>")
@may(COORDINATES)
def learner(record_id: UUID) -> str:
    """One learner: what is missing, whose turn it is, where they are heading."""
    line = listing.one_learner(db=database(), actor=current_actor(), record_id=record_id)
    return render_template(
        "area/learner.html",
        line=line,
        facts=facts(line),
        today=school_calendar.today(),
        states=states.FORMS,
        delivery_words=states.for_council,
        page_of=page_of,
        destination_words=export.destination_words,
    )


def page_of(turn: Turn, line: lines.Line) -> tuple[str, str] | None:
    """The words and the address of the link to where the council does what is to be done, or has it done.

    Args:
        turn: what is to be done.
        line: for whom.

    Returns:
        None if no page helps.
    """
    if turn.page == "remind":
        return "Remind schools", url_for("area.chase", year=line.leaving_year)
    if turn.page == "invite" and current_actor().administrator:
        return "Invite an organisation", url_for("area.invite")
    if turn.page == "invite":
        return "Organisations of this exchange", url_for("area.organisations")
    if turn.organisation is None:
        return None
    if turn.who == "council":
        words = "Go to its teams"
    else:
        words = "All its teams" if any(one.known for one in turn.ring) else "Who to ring"
    return words, url_for("area.organisations", _anchor=f"organisation-{turn.organisation}")


@blueprint.post("/learners.csv")
@may(COORDINATES, saves=False)
def learners_csv() -> Response:
    """The whole list behind the filters as a table; that it was downloaded is written down."""
    table = export.export_csv(db=database(), actor=current_actor(), **forms.wanted(WantedLearners))
    return csv_file(table, "learners")


def here(wanted: Wanted, **changes: object) -> str:
    """The address of the same list with some things changed."""
    query = wanted.query(**changes)
    return url_for("area.learners") + (f"?{query}" if query else "")


def chips(page: Page) -> list[tuple[str, str]]:
    """What the list is narrowed to: words, and the address of the list without it."""
    wanted = page.wanted
    narrowed = [
        (dict(places).get(chosen, ""), name)
        for name, chosen, places in (
            ("school", wanted.school, page.schools),
            ("provider", wanted.provider, page.providers),
        )
        if chosen
    ]
    narrowed += [
        (f"{label}: {dict(choices)[value].lower() if name != 'provision' else dict(choices)[value]}", name)
        for name, (label, choices) in CHOICES.items()
        if (value := getattr(wanted, name))
    ]
    narrowed += [(words, name) for name, words in TICKS.items() if getattr(wanted, name)]
    return [(words, here(replace(wanted, search=""), **{name: None})) for words, name in narrowed]


def facts(line: lines.Line) -> list[tuple[str, str]]:
    """What the council may know of a learner, in the order of the page; what is not known is left out."""
    card = line.card
    known = [
        ("School", line.school),
        ("Ring", "; ".join(one.words for one in line.ring if one.known)),
        ("At the school", line.left.words if line.left else ""),
        ("Leaves school in", str(line.leaving_year)),
        ("UPN", str(card.get("upn", ""))),
        ("ULN", str(card.get("uln", ""))),
        ("SEN provision", dict(lines.PROVISIONS).get(str(card.get("provision")), "")),
        ("Main need", export.need_words(card)),
        ("In care", {"True": "Yes", "False": "No"}.get(str(card.get("in_care")), "")),
        ("Attendance", dict(lines.ATTENDANCES).get(str(card.get("attendance_band")), "")),
        ("Risk of NEET", dict(lines.RISKS).get(str(card.get("band")), "")),
    ]
    if line.shares_less:
        address = (card.get(name) for name in ("address_line_1", "address_line_2", "town", "postcode"))
        known += [
            ("Address", ", ".join(str(part) for part in address if part)),
            ("Parents", ", ".join(card.get("parents") or ())),
        ]
    return [(label, value) for label, value in known if value]
