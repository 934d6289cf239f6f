"""Inviting an organisation into the area."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from werkzeug.wrappers import Response

from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.joining.inviting import invite_organisation
from transition_exchange.exchange.joining.new_organisations import NewOrganisation, default_teams
from transition_exchange.proforma.rules import contact, identifiers
from transition_exchange.proforma.rules.wrong import Wrong
from transition_exchange.web.accounts.blueprint import NO_PROBLEMS, memory_kib, problems
from transition_exchange.web.area import blueprint
from transition_exchange.web.area.council import KINDS
from transition_exchange.web.policy import Rule, administrator, council, may
from transition_exchange.web.visits import current_actor, database

ADMINISTRATORS = Rule(
    "administrators of the council",
    "full",
    lambda visit: council.allows(visit) and administrator.allows(visit),
)
NUMBERS = {
    "urn": identifiers.urn,
    "ukprn": identifiers.ukprn,
    "laestab": identifiers.laestab,
    "phone": contact.phone,
}


@blueprint.route("/organisations/invite", methods=["GET", "POST"])
@may(ADMINISTRATORS)
def invite() -> str | Response | tuple[str, int]:
    """Make an organisation with its usual teams, and invite its first administrator."""
    errors, messages = NO_PROBLEMS
    if request.method == "POST":
        try:
            made = invite_organisation(
                db=database(),
                actor=current_actor(),
                organisation=organisation_from(request.form),
                name=request.form.get("name", ""),
                email=request.form.get("email", ""),
                memory_kib=memory_kib(),
            )
        except Refused as refused:
            errors, messages = problems(refused, field="organisation")
        else:
            return render_template(
                "area/invited.html",
                code=made.spoken_code,
                name=request.form.get("name", "").strip(),
                organisation=request.form.get("organisation", "").strip(),
            )
    page = render_template(
        "area/invite.html",
        kinds={code: words for code, words in KINDS.items() if code != "council"},
        form=request.form,
        errors=errors,
        messages=messages,
    )
    return (page, 400) if errors else page


def organisation_from(form: Mapping[str, str]) -> NewOrganisation:
    """The organisation that was typed, with the teams that one of its kind usually has.

    Raises:
        Refused: what was typed cannot be, with a message for each field.
    """

    def text(name: str) -> str:
        return " ".join(form.get(name, "").split())

    wrong = {}
    kind, sends, receives = text("kind"), form.get("sends") == "yes", form.get("receives") == "yes"
    if not text("organisation"):
        wrong["organisation"] = "Enter the organisation’s name"
    if kind not in KINDS or kind == "council":
        wrong["kind"] = "Choose what kind of organisation it is"
    if not (sends or receives):
        wrong["sends"] = "Choose whether it sends records, receives them, or both"
    numbers: dict[str, str | None] = {}
    for name, read in NUMBERS.items():
        try:
            numbers[name] = read(text(name)) if text(name) else None
        except Wrong as error:
            wrong[name] = error.message
    if wrong:
        raise Refused("Some of what you entered is not right.", wrong)
    return NewOrganisation(
        name=text("organisation"),
        kind=kind,
        sends=sends,
        receives=receives,
        contact_name=text("contact_name") or None,
        teams=default_teams(kind=kind, sends=sends, receives=receives),
        urn=numbers["urn"],
        ukprn=numbers["ukprn"],
        laestab=numbers["laestab"],
        phone=numbers["phone"],
    )
