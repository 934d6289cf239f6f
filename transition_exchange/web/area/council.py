"""Organisations and how ready their teams are, the area's settings, and what the council's people did."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from transition_exchange.exchange.coordinating import not_ready, settings
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.organisations import activity as activity_deed
from transition_exchange.web.area import blueprint
from transition_exchange.web.policy import council, may
from transition_exchange.web.problems import Summary
from transition_exchange.web.visits import current_actor, database

KINDS = {
    "school": "School",
    "special_school": "Special school",
    "pupil_referral_unit": "Pupil referral unit",
    "school_with_sixth_form": "School with a sixth form",
    "home_education": "Home education team",
    "college_group": "College",
    "sixth_form_college": "Sixth form college",
    "training_provider": "Training provider",
    "community": "Community organisation",
    "council": "Council",
}


@blueprint.get("/organisations")
@may(council)
def organisations() -> str:
    """Every organisation of the area, those that need something first."""
    actor = current_actor()
    found = not_ready.organisations(db=database(), actor=actor)
    return render_template(
        "area/organisations.html",
        waiting=[each for each in found if not each.ready],
        ready=[each for each in found if each.ready],
        kinds=KINDS,
        may_confirm=actor.team_for("neet_group") is not None,
    )


@blueprint.route("/settings", methods=["GET", "POST"])
@may(council)
def area_settings() -> str | Response | tuple[str, int]:
    """When packs go out, how long records are kept, when term starts, which form is used.

    Administrators change it, members see it.
    """
    db, actor = database(), current_actor()
    now = settings.area_settings(db=db, actor=actor)
    typed = {
        "send_at": now.send_at,
        "keep_months": str(now.keep_months),
        **dict(zip(("day", "month", "year"), _parts(now.term_starts), strict=True)),
    }
    agreed = {f"form_{choice.leaving_year}": choice.agreed for choice in now.forms}
    messages: dict[str, str] = {}
    if request.method == "POST":
        typed = {name: request.form.get(name, "").strip() for name in typed}
        agreed = {name: request.form.get(name, before).strip() for name, before in agreed.items()}
        try:
            settings.change_settings(
                db=db,
                actor=actor,
                send_at=typed["send_at"],
                keep_months=int(typed["keep_months"]) if typed["keep_months"].isdecimal() else 0,
                term_starts=_day(typed["day"], typed["month"], typed["year"]),
                versions={choice.leaving_year: agreed[f"form_{choice.leaving_year}"] for choice in now.forms},
            )
        except Refused as refused:
            messages = dict(refused.fields)
        else:
            flash("The area’s settings are saved.")
            return redirect(url_for("area.area_settings"), 303)
    page = render_template(
        "area/settings.html",
        now=now,
        typed=typed | agreed,
        messages=messages,
        errors=[Summary(text, f"#{name}") for name, text in messages.items()],
        send_at=settings.SEND_AT,
        may_change=actor.administrator,
    )
    return (page, 400) if messages else page


@blueprint.get("/activity")
@may(council)
def activity() -> str:
    """What the council's people did, newest first."""
    found = activity_deed.activity(
        db=database(), actor=current_actor(), before=request.args.get("before", type=int)
    )
    return render_template("area/activity.html", found=found, before=request.args.get("before", type=int))


def _parts(day: date | None) -> tuple[str, str, str]:
    return (str(day.day), str(day.month), str(day.year)) if day else ("", "", "")


def _day(day: str, month: str, year: str) -> date | None:
    """A date typed in three fields; none of them filled in is no date.

    Raises:
        Refused: there is no such day.
    """
    if not (day or month or year):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        message = "Start of term must be a real date, such as 6 9 2027"
        raise Refused(message, {"term": message}) from None
