"""A team's inbox: what is new, changed, asked about and taken on; found by name; acknowledged many at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.english import day, listed, plural, short_day
from transition_exchange.exchange import states
from transition_exchange.exchange.actor import OpenTeam
from transition_exchange.exchange.paging import Paging
from transition_exchange.exchange.queries.on_lists import Questions, answers_told_apart, open_questions
from transition_exchange.exchange.queries.threads import OpenQuery
from transition_exchange.exchange.receiving import exporting, receipts
from transition_exchange.exchange.receiving.arguments import (
    TakeNote,
    WantedRecords,
    WantedTeam,
)
from transition_exchange.exchange.receiving.inbox import InboxRow
from transition_exchange.exchange.receiving.inbox import inbox as rows_of_inbox
from transition_exchange.exchange.receiving.safeguarding_part import is_told
from transition_exchange.exchange.receiving.several_teams import one_list
from transition_exchange.exchange.receiving.taken_back import confirm_deleted, deleted_here, taken_back
from transition_exchange.exchange.receiving.taking_note import take_note
from transition_exchange.exchange.receiving.unchanged import Unchanged
from transition_exchange.exchange.records import searching
from transition_exchange.exchange.records.names import display_name, legal_name
from transition_exchange.exchange.records.transfers import reference_of
from transition_exchange.exchange.renewing.missing_entries import missing_entries
from transition_exchange.packs.words import ASK_SAFEGUARDING
from transition_exchange.web.csv_files import csv_file
from transition_exchange.web.forms import sent, wanted
from transition_exchange.web.policy import may
from transition_exchange.web.provider.blueprint import RECEIVES, blueprint
from transition_exchange.web.searches import searchable
from transition_exchange.web.visits import current_actor, database


@blueprint.route("", methods=["GET", "POST"])
@may(RECEIVES, saves=False)
@searchable
def inbox() -> str:
    """A team's records, or those of all the person's teams, narrowed by state and by name."""
    actor, teams = current_actor(), listed_teams()
    team_id = teams[0].id if wanted(WantedTeam)["team"] else None
    if len(teams) > 1:
        rows = one_list(db=database(), actor=actor)
    else:
        rows = rows_of_inbox(db=database(), actor=actor, team_id=teams[0].id)
    questions: Questions = {}
    if any(row.queried for row in rows):
        questions = open_questions(db=database(), actor=actor, teams=teams)
        rows = answers_told_apart(rows, questions)
    counts = Counter(mark for row in rows for mark in row.marks)
    answers = Counter(row.answer for row in rows)
    asked = wanted(WantedRecords)
    query, state, answer = asked["q"].strip(), asked["state"], asked["answer"]
    matching = [
        row
        for row in searching.matching(rows, query, reference=lambda row: reference_of(row.transfer_id))
        if state in ("", *row.marks) and answer in ("", row.answer)
    ]
    paging = Paging(total=len(matching), wanted=asked["page"])
    shown = paging.cut(matching)
    return render_template(
        "provider/inbox.html",
        team_id=team_id,
        listed=teams,
        teams=receipts.receiving_teams(actor),
        rows=shown,
        cells=[cells(row, questions.get(row.transfer_id, ())) for row in shown],
        total=len(rows),
        unchanged=sum(bool(row.unchanged) for row in rows),
        counts=counts,
        states=states.FOR_PROVIDER,
        state=state,
        told=any(is_told(team) for team in teams),
        answers=answers,
        answer=answer,
        answer_words=states.SAFEGUARDING,
        ask_safeguarding=ASK_SAFEGUARDING,
        query=query,
        found_by=_found_by(rows),
        paging=paging,
        page_href=_page_href(team_id, state, answer),
        taken_back=[
            (one, display_name(one.content), team)
            for team in teams
            for one in taken_back(db=database(), actor=actor, team_id=team.id)
        ],
        deleted=[
            (one, reference_of(one.transfer_id), team)
            for team in teams
            for one in deleted_here(db=database(), actor=actor, team_id=team.id)
        ],
        missing=missing_entries(db=database(), actor=current_actor()),
    )


@blueprint.post("/take-note")
@may(RECEIVES)
def note() -> AnyResponse:
    """Take note of newer versions in which nothing changed: of one record's, or of all on the list."""
    transfer_id, team_id = sent(TakeNote)["transfer"], wanted(WantedTeam)["team"]
    noted = take_note(
        db=database(),
        actor=current_actor(),
        transfer_ids=None if transfer_id is None else [transfer_id],
        team_id=team_id,
    )
    flash(
        f"Noted for {plural(noted, 'record')}. The schools can see it."
        if noted
        else "Nothing was noted: there is no newer version any more in which nothing changed for your team."
    )
    if transfer_id is None:
        return redirect(url_for("provider.inbox", team=team_id), 303)
    return redirect(url_for("provider.record", transfer_id=transfer_id, team=team_id), 303)


@blueprint.post("/<uuid:transfer_id>/deleted")
@may(RECEIVES)
def deleted(transfer_id: UUID) -> AnyResponse:
    """Tell the school that the team has deleted what it kept of a record that was taken back."""
    team = chosen_team()
    confirm_deleted(db=database(), actor=current_actor(), transfer_id=transfer_id, team_id=team.id)
    flash("The school can see that your team has deleted it.")
    return redirect(url_for("provider.inbox", team=team.id), 303)


@blueprint.post("/export.csv")
@may(RECEIVES, saves=False)
def export() -> Response:
    """Every record of the team as a table; that they were given out is written down, and none counts as opened."""
    table = exporting.export_csv(db=database(), actor=current_actor(), team_id=chosen_team().id)
    return csv_file(table, "records")


def listed_teams() -> tuple[OpenTeam, ...]:
    """The teams of which the list is looked at: the one in the address, else all of the person's."""
    one = chosen_team()
    return (one,) if wanted(WantedTeam)["team"] else receipts.receiving_teams(current_actor())


def chosen_team() -> OpenTeam:
    """The team whose inbox is looked at: the one in the address, else the person's first."""
    return receipts.receiving_team(current_actor(), wanted(WantedTeam)["team"])


def _found_by(rows: Sequence[InboxRow]) -> str:
    """By what a team can find its learners: by a number of theirs only where its list holds one."""
    numbers = [name.upper() for name in ("upn", "uln") if any(row.content.get(name) for row in rows)]
    return f"{', '.join(['name', *numbers])} or transfer reference"


def cells(row: InboxRow, questions: Sequence[OpenQuery] = ()) -> Sequence[object]:
    """One line of the inbox, in the order of its columns."""
    words, colour = states.FOR_PROVIDER[row.state]
    beside = [states.FOR_PROVIDER[mark] for mark in row.marks if mark != row.state]
    born, name, legal = row.content.get("date_of_birth"), display_name(row.content), legal_name(row.content)
    about = [f"Legal name {legal}"] if legal not in ("", name) else []
    about += [f"{'born' if about else 'Born'} {day(born)}"] if born else []
    return (
        {
            "text": name,
            "href": url_for("provider.record", transfer_id=row.transfer_id, team=row.team_ids[0]),
            "hint": ", ".join(about),
        },
        row.school,
        {"text": row.content.get("course") or "", "hint": _where_and_when(row)},
        {"text": short_day(row.sent_at), "hint": f"Version {row.number}" if row.number > 1 else ""},
        {"text": words, "tag": colour, "tags": beside, "hint": _beside_state(row, questions)},
    )


def _where_and_when(row: InboxRow) -> str:
    """The site at which the learner is to start, and the day, as far as the card has them."""
    starts = row.content.get("start_date")
    return ", ".join(
        filter(None, [row.content.get("campus"), f"starts {short_day(starts)}" if starts else ""])
    )


def _beside_state(row: InboxRow, questions: Sequence[OpenQuery]) -> str:
    """What its questions are about and whether they are answered, and that something of a record is not certain."""
    words = [
        f"Question{f' about {asked.section_title}' if asked.section_title else ''}: "
        f"{'answered' if asked.answered else 'waits for the school'}"
        for asked in questions
        if asked.certain
    ]
    if row.unchanged and row.state not in ("new", "changed"):
        words.insert(0, unchanged_words(row.unchanged))
    if row.doubtful:
        words.insert(0, "Something of it is not certain: its page says why")
    return ". ".join(words)


def unchanged_words(unchanged: Unchanged) -> str:
    """That nothing changed for the team in some newer versions."""
    numbers = listed(str(number) for number in dict.fromkeys(one.number for one in unchanged.versions))
    return f"Version{'s' if ' ' in numbers else ''} {numbers} changed nothing for your team"


def _page_href(team_id: UUID | None, state: str, answer: str) -> Callable[[int], str]:
    def href(page: int) -> str:
        return url_for("provider.inbox", team=team_id, state=state or None, answer=answer or None, page=page)

    return href
