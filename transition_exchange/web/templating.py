"""What every template can use: the design system's macros, our own, dates and numbers in English, static addresses."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from flask import Flask, url_for
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from transition_exchange import english, places
from transition_exchange.config import SERVICE_NAME, Config
from transition_exchange.exchange.keys.lone_council import lacks_second_person
from transition_exchange.exchange.renewing.duties import duties
from transition_exchange.exchange.signing_in import late_saves
from transition_exchange.proforma import form_words
from transition_exchange.purposes import teams, work
from transition_exchange.store.unreadable import left_out
from transition_exchange.web import failures
from transition_exchange.web.kept_forms import MARK, kept_now, put_back
from transition_exchange.web.navigation import navigation
from transition_exchange.web.searches import list_address
from transition_exchange.web.telephone import with_numbers
from transition_exchange.web.visits import (
    Visit,
    cannot_tell,
    current_visit,
    database,
    reads_on,
    shows_anyway,
    stop_reading,
)

STATIC = Path(__file__).resolve().parent / "static"


class NoStaticFiles(Exception):
    """The styles were never copied; the message says how."""


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a static file with its digest, so that browsers may keep it for a year."""
    return url_for("static", filename=name, v=_digest(name))


def seconds_left(value: datetime | None) -> int:
    """How many seconds are left until a moment. Scripts count from this, because the clocks of people's machines are
    often wrong."""
    return max(0, int((value - datetime.now(UTC)).total_seconds())) if value else 0


def slug(value: object) -> str:
    """A name that can stand in an HTML id and in a link to it: every other character becomes a hyphen."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", str(value)).strip("-")


def prepare(app: Flask, config: Config) -> None:
    """Let templates find each other and use the above.

    Raises:
        NoStaticFiles: `make static` was never run in this checkout.
    """
    for name in ("govuk-frontend.css", "govuk-frontend.js", "app.css", "app.js"):
        if not (STATIC / name).is_file():
            raise NoStaticFiles(f"{name} is missing beside the pages. In a checkout, run: make static")
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader([str(folder) for folder in places.folders("templates")]),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(
        day=english.day,
        teams=teams,
        work=work,
        short_day=english.short_day,
        moment=english.moment,
        clock=english.clock,
        seconds_left=seconds_left,
        slug=slug,
        plural=english.plural,
        form_words=form_words,
        listed=english.listed,
        numbers=with_numbers,
    )
    env.globals.update(
        static_url=static_url,
        service_name=SERVICE_NAME,
        sample=config.sample,
        demo=config.demo,
        contact=config.contact,
        put_back=put_back,
        put_back_mark=MARK,
        list_address=list_address,
    )

    @app.context_processor
    def about_this_visit() -> dict[str, object]:
        visit = current_visit()
        return {
            "visit": visit,
            "cannot_tell": cannot_tell(),
            "navigation_items": navigation(visit),
            "left_out": left_out,
            **_beside(visit),
        }


def _beside(visit: Visit) -> dict[str, object]:
    """What the frame of a page says beside the page itself: what waits for the person."""
    headline, aside_for, waits, alone = "", None, False, False
    if visit.actor is not None and reads_on():
        try:
            duty = duties(db=database(), actor=visit.actor)
            headline, aside_for = duty.headline, duty.aside_for
            if visit.coordinates and visit.actor.team_for("neet_group") is not None:
                alone = lacks_second_person(db=database(), actor=visit.actor)
            waits = bool(late_saves.waiting(db=database(), actor=visit.actor))
        except Exception as error:
            if not shows_anyway():
                raise
            failures.note(error)
            stop_reading()
    kept = kept_now()
    return {
        "key_duties": headline,
        "aside_for": aside_for,
        "council_alone": alone,
        "not_saved": kept or waits,
        "not_kept": kept is False,
    }
