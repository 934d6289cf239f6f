"""What every template can use: the design system's macros, our own, dates as people write them, static addresses."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, url_for
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from transition_exchange import places
from transition_exchange.config import SERVICE_NAME, Config
from transition_exchange.web.navigation import navigation
from transition_exchange.web.visits import current_visit

STATIC = Path(__file__).resolve().parent / "static"
LONDON = ZoneInfo("Europe/London")


class NoStaticFiles(Exception):
    """The styles were never copied; the message says how."""


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a static file with its digest, so that browsers may keep it for a year."""
    return url_for("static", filename=name, v=_digest(name))


def day(value: date | datetime | str | None) -> str:
    """A date as people write it: 3 June 2027. ISO text is taken too; nothing for None."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(LONDON)
    return f"{value.day} {value:%B %Y}"


def short_day(value: date | datetime | str | None) -> str:
    """A date for narrow columns: 3 Jun 2027."""
    number, _, rest = day(value).partition(" ")
    month, _, year = rest.partition(" ")
    return f"{number} {month[:3]} {year}" if number else ""


def moment(value: datetime | None) -> str:
    """A time in England: 3 June 2027, 2:35pm."""
    return f"{day(value)}, {clock(value)}" if value else ""


def clock(value: datetime | None) -> str:
    """The time of day in England: 2:35pm."""
    if value is None:
        return ""
    here = value.astimezone(LONDON)
    return f"{here.hour % 12 or 12}:{here:%M}{'am' if here.hour < 12 else 'pm'}"


def seconds_left(value: datetime | None) -> int:
    """How long it is until a moment: scripts count from this, for the clocks of people's machines are often wrong."""
    return max(0, int((value - datetime.now(UTC)).total_seconds())) if value else 0


def slug(value: object) -> str:
    """A name that can stand in an HTML id and in a link to it: every other character becomes a hyphen."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", str(value)).strip("-")


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 learner`, `2 learners`, `no learners`."""
    word = one if number == 1 else (many or f"{one}s")
    return f"{number or 'no'} {word}" if number < 1000 else f"{number:,} {word}"


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
        day=day,
        short_day=short_day,
        moment=moment,
        clock=clock,
        seconds_left=seconds_left,
        slug=slug,
        plural=plural,
    )
    env.globals.update(
        static_url=static_url, service_name=SERVICE_NAME, sample=config.sample, contact=config.contact
    )

    @app.context_processor
    def about_this_visit() -> dict[str, object]:
        visit = current_visit()
        return {"visit": visit, "navigation_items": navigation(visit)}
