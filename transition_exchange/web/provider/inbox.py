"""A team's inbox: what is new, changed, asked about and taken on; found by name; acknowledged many at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.english import day, plural, short_day
from transition_exchange.exchange import school_calendar
from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.receiving import exporting, receipts
from transition_exchange.exchange.receiving.inbox import InboxRow
from transition_exchange.exchange.receiving.inbox import inbox as rows_of_inbox
from transition_exchange.exchange.records.names import display_name
from transition_exchange.web.policy import may, member
from transition_exchange.web.provider import blueprint
from transition_exchange.web.visits import current_actor, database

RECEIVES = member("admissions", "learning_support", "safeguarding", "exams")
A_PAGE = 50
STATES = {
    "new": ("New", "blue"),
    "changed": ("Changed", "purple"),
    "queried": ("Question open", "yellow"),
    "opened": ("Opened", "light-blue"),
    "acknowledged": ("Acknowledged", "green"),
}


@blueprint.route("", methods=["GET", "POST"])
@may(RECEIVES)
def inbox() -> str:
    actor = current_actor()
    team = chosen_team()
    rows = rows_of_inbox(db=database(), actor=actor, team_id=team.id)
    counts = {state: sum(row.state == state for row in rows) for state in STATES}
    # A search comes by POST: it is somebody's name, and addresses are kept in histories and logs.
    query, state = request.form.get("q", "").strip(), request.values.get("state", "")
    found = [row for row in rows if matches(row, query) and state in ("", row.state)]
    page = max(1, request.values.get("page", 1, type=int))
    pages = max(1, -(-len(found) // A_PAGE))
    shown = found[(page - 1) * A_PAGE : page * A_PAGE]
    return render_template(
        "provider/inbox.html",
        team=team,
        teams=receipts.receiving_teams(actor),
        rows=shown,
        cells=[cells(row, team) for row in shown],
        total=len(rows),
        found=len(found),
        counts=counts,
        states=STATES,
        state=state,
        query=query,
        page=min(page, pages),
        pages=pages,
        page_href=_page_href(team, state),
    )


@blueprint.post("/acknowledge")
@may(RECEIVES)
def acknowledge_many() -> AnyResponse:
    team = chosen_team()
    ids = [UUID(each) for each in request.form.getlist("transfer") if _is_id(each)]
    here = redirect(url_for("provider.inbox", team=team.id), 303)
    if not ids:
        flash("Nothing was ticked, so nothing changed.")
        return here
    done = receipts.acknowledge(db=database(), actor=current_actor(), transfer_ids=ids, team_id=team.id)
    unopened = len(ids) - done
    left = f" {plural(unopened, 'record')} not opened yet: open and read first." if unopened else ""
    flash(f"{plural(done, 'record').capitalize()} acknowledged.{left}")
    return here


@blueprint.get("/export.csv")
@may(RECEIVES)
def export() -> Response:
    lines = exporting.export_csv(db=database(), actor=current_actor(), team_id=chosen_team().id)
    return Response(
        stream_with_context(lines),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="records-{school_calendar.today().isoformat()}.csv"'
        },
    )


def chosen_team() -> OpenTeam:
    """The team whose inbox is looked at: the one in the address, else the person's first."""
    wanted = request.values.get("team", "")
    return receipts.receiving_team(current_actor(), UUID(wanted) if _is_id(wanted) else None)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def matches(row: InboxRow, query: str) -> bool:
    """Whether every word typed begins a word of the learner's names, or the whole is their UPN or ULN."""
    names = [
        str(row.content.get(name) or "") for name in ("legal_forename", "legal_surname", "preferred_name")
    ]
    words = " ".join(names).casefold().split()
    typed = query.casefold().split()
    identifiers = {str(row.content.get(name) or "").casefold() for name in ("upn", "uln")} - {""}
    return query.casefold() in identifiers or all(
        any(word.startswith(each) for word in words) for each in typed
    )


def cells(row: InboxRow, team: OpenTeam) -> Sequence[object]:
    """One line of the inbox, in the order of its columns."""
    words, colour = STATES[row.state]
    born = row.content.get("date_of_birth")
    return (
        {
            "text": display_name(row.content),
            "href": url_for("provider.record", transfer_id=row.transfer_id, team=team.id),
            "hint": f"Born {day(born)}" if born else "",
        },
        row.school,
        row.content.get("course") or "",
        {"text": short_day(row.sent_at), "hint": f"Version {row.number}" if row.number > 1 else ""},
        {"text": words, "tag": colour},
    )


def _page_href(team: OpenTeam, state: str) -> Callable[[int], str]:
    def href(page: int) -> str:
        return url_for("provider.inbox", team=team.id, state=state or None, page=page)

    return href
