"""One record as a receiving team may read it: a cover until somebody opens it, then what is new and what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.english import day, plural
from transition_exchange.exchange import states
from transition_exchange.exchange.queries import threads
from transition_exchange.exchange.receiving import changes, opening
from transition_exchange.exchange.receiving.covers import Cover, cover
from transition_exchange.exchange.receiving.inbox import next_unopened
from transition_exchange.exchange.receiving.opening import Received
from transition_exchange.exchange.receiving.several_teams import open_for_all, teams_with
from transition_exchange.exchange.records.names import display_name, name_in_answers
from transition_exchange.exchange.records.transfers import reference_of
from transition_exchange.packs.words import ASK_SAFEGUARDING
from transition_exchange.proforma import Finding, ShownSection, show
from transition_exchange.proforma.findings import REASONS
from transition_exchange.proforma.safeguarding_answer import QUESTION
from transition_exchange.proforma.withdrawn import withdrawn_findings
from transition_exchange.web.policy import may
from transition_exchange.web.provider.blueprint import RECEIVES, blueprint
from transition_exchange.web.provider.inbox import chosen_team, unchanged_words
from transition_exchange.web.visits import current_actor, database


def read(transfer_id: UUID) -> Received:
    """What the chosen team has opened of a transfer.

    Raises:
        NotOpened: it has opened nothing; the visitor gets the cover.
    """
    return opening.read_transfer(
        db=database(), actor=current_actor(), transfer_id=transfer_id, team_id=chosen_team().id
    )


def cover_of(transfer_id: UUID) -> Cover:
    """The cover of a transfer for the chosen team."""
    return cover(db=database(), actor=current_actor(), transfer_id=transfer_id, team_id=chosen_team().id)


def shown(received: Received) -> tuple[ShownSection, ...]:
    """All the team may read, day-one needs first."""
    version = received.version
    names = sorted(received.answers, key=lambda name: version.section(name).reader_order)
    section, _, field = QUESTION.partition(".")
    unanswered = Finding(section, field, (section, field), f"{QUESTION}.missing", "")
    findings = [
        finding
        for opened in received.openings.values()
        if opened.withdraws is not None
        for finding in withdrawn_findings(version, opened.answers)
    ]
    findings += [unanswered] if received.part.unanswered else []
    for said in received.cannot_be_used:
        section, _, field = said["question"].partition(".")
        findings.append(Finding(section, field, (section, field), said["code"], said["message"]))
    return show(version, received.answers, names, findings=findings, released=True)


def read_first(received: Received) -> Sequence[tuple[str, str]]:
    """What must not be overlooked, as far as this team may read it: the sections with the words for them."""
    answers = received.answers
    told = [
        (name, received.version.section(name).title)
        for name in ("day_one_safety", "do_not_contact")
        if answers.get(name)
    ]
    if received.held_back:
        held = plural(received.held_back, "part")
        told.append(("sharing", f"Held back: {held}, which learner and family did not agree to pass on"))
    told += [(said["question"].partition(".")[0], said["message"]) for said in received.cannot_be_used]
    return told


def missing(received: Received) -> Sequence[tuple[str, str]]:
    """What is missing, as label and why."""
    why = dict(REASONS)
    answers: dict[str, tuple[str, str]] = {}
    for gap in received.missing:
        if gap["code"].startswith("attachment."):
            continue  # it is named as a document
        reason = why.get(str(gap.get("reason") or ""), "")
        expected = f"expected {day(gap['expected'])}" if gap.get("expected") else ""
        silent = "withdrawn" if received.part.withdrawn else "not answered yet"
        unanswered = silent if gap["question"] == QUESTION and received.part.unanswered else ""
        words = ", ".join(part for part in (unanswered, reason.lower(), expected) if part)
        answers.setdefault(gap["question"], (received.version.question(gap["question"]).heading, words))
    return tuple(answers.values())


def not_attached(received: Received) -> Sequence[str]:
    """What the documents are called that should be there and are not."""
    kinds = {kind.code: kind.label for kind in received.version.attachment_kinds}
    return tuple(kinds[code] for code in received.not_attached if code in kinds)


@blueprint.get("/<uuid:transfer_id>")
@may(RECEIVES)
def record(transfer_id: UUID) -> str:
    """One record, with what can be done about it; its cover while a version waits to be opened."""
    at_hand = cover_of(transfer_id)
    if not at_hand.waiting:
        return _page(read(transfer_id), at_hand)
    return render_template(
        "provider/cover.html",
        cover=at_hand,
        reference=reference_of(transfer_id),
        name=display_name(at_hand.content),
        team=at_hand.team,
        opens_for=[
            team.name for team in teams_with(db=database(), actor=current_actor(), transfer_id=transfer_id)
        ],
        not_certain=states.NOT_CERTAIN,
        answer_words=states.SAFEGUARDING,
        ask_safeguarding=ASK_SAFEGUARDING,
    )


@blueprint.post("/<uuid:transfer_id>")
@may(RECEIVES)
def open_record(transfer_id: UUID) -> AnyResponse:
    """Open what waits, for all of the person's teams, which the school is told. A second click changes nothing."""
    team = chosen_team()
    open_for_all(db=database(), actor=current_actor(), transfer_id=transfer_id, team_id=team.id)
    return redirect(url_for("provider.record", transfer_id=transfer_id, team=team.id), 303)


@blueprint.get("/<uuid:transfer_id>/opened-before")
@may(RECEIVES)
def earlier(transfer_id: UUID) -> str | AnyResponse:
    """The version that the team has opened, while a newer one waits."""
    received, at_hand = read(transfer_id), cover_of(transfer_id)
    if not at_hand.waiting:
        return redirect(url_for("provider.record", transfer_id=transfer_id, team=received.team.id), 303)
    return _page(received, at_hand)


def _page(received: Received, at_hand: Cover) -> str:
    db, actor = database(), current_actor()
    asked = threads.queries(db=db, actor=actor, transfer_id=received.transfer_id)
    following, unopened = next_unopened(
        db=db, actor=actor, team_id=received.team.id, besides=received.transfer_id
    )
    return render_template(
        "provider/record.html",
        received=received,
        name=name_in_answers(received.answers),
        reference=reference_of(received.transfer_id),
        about=received.answers.get("learner", {}),
        sections=shown(received),
        missing=missing(received),
        withdrawn_versions=at_hand.withdrawn,
        read_first=read_first(received),
        not_attached=not_attached(received),
        changes=changes.changes_since_last(db=db, actor=actor, received=received),
        kinds={kind.code: kind for kind in received.version.attachment_kinds},
        queries=[query for query in asked if query.transfer_id == received.transfer_id],
        team=received.team,
        others=[
            team
            for team in teams_with(db=db, actor=actor, transfer_id=received.transfer_id)
            if team.id != received.team.id
        ],
        versions=at_hand.read,
        waiting=at_hand.waiting,
        unchanged=unchanged_words(at_hand.unchanged) if at_hand.unchanged else "",
        done=received.acknowledged or at_hand.unchanged.state == "acknowledged",
        acknowledged=states.FOR_PROVIDER["acknowledged"],
        answer_words=states.SAFEGUARDING,
        ask_safeguarding=ASK_SAFEGUARDING,
        following=following,
        following_name=display_name(following.content) if following else "",
        unopened=unopened,
    )
