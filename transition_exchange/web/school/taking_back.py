"""Taking back what the safeguarding team has answered for one learner."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.english import listed
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.sending.arguments import TakeBack
from transition_exchange.exchange.sending.safeguarding_releases import LEAD
from transition_exchange.exchange.sending.standing_answers import answer_of
from transition_exchange.exchange.sending.taking_back import TakenBack, take_back
from transition_exchange.web.forms import sent
from transition_exchange.web.policy import may
from transition_exchange.web.problems import NO_PROBLEMS, FormPage, Problems, Summary, form_page, problems
from transition_exchange.web.school.blueprint import blueprint, lead_of_team, learner_name, renderer
from transition_exchange.web.school.blueprint import safeguarding as safeguarding_team
from transition_exchange.web.visits import current_actor, database


@blueprint.route("/<uuid:record_id>/take-back", methods=["GET", "POST"])
@may(safeguarding_team)
def take_back_answer(record_id: UUID) -> FormPage | Response:
    """Ask once more, with what it means and whom to ring; then take the answer back and say who is told."""
    db, actor = database(), current_actor()
    wrong, lead, answer = NO_PROBLEMS, None, None
    if request.method == "POST":
        asked = sent(TakeBack)
        lead = asked["lead"]
        try:
            done = take_back(
                db=db, actor=actor, renderer=renderer(), record_id=record_id, lead=lead, seen=asked["seen"]
            )
        except Refused as refused:
            wrong = problems(refused, "take-back")
        else:
            flash(_told(done))
            return redirect(url_for("school.safeguarding"), 303)
    try:
        answer = answer_of(db=db, actor=actor, record_id=record_id)
    except Refused as refused:
        wrong = Problems([Summary(refused.message)])
    _, contact = lead_of_team()
    named = {name: answer.lead.get(name, "") for name in LEAD} if answer else {}
    return form_page(
        "school/take_back.html",
        wrong,
        record_id=record_id,
        name=learner_name(record_id),
        answer=answer,
        lead=lead or contact or named,
        other=", ".join(filter(None, (named.get("lead_name"), named.get("lead_phone"))))
        if answer and contact and contact["lead_phone"] != named.get("lead_phone")
        else "",
    )


def _told(done: TakenBack) -> str:
    """What came of it, in the words of the page."""
    if not (done.anywhere or done.told or done.untold):
        return "Taken back. No place has this learner’s record, so nobody reads the answer."
    words = ["Taken back. The next place’s safeguarding team reads that your answer was withdrawn."]
    words.append(
        f"{listed(done.told)} had opened or downloaded it and will read whom to ring."
        if done.told
        else "Nobody is told of it, because nobody who can be told had opened it."
        if done.untold
        else "Nobody had opened or downloaded it, and nobody can any more. The safeguarding team there may have read "
        "in its list whether there is a file."
    )
    if done.untold:
        words.append(f"Ring {listed(done.untold)}: they had opened it, and cannot be told here now.")
    return " ".join(words)
