"""Who is looking at this page: from the session cookie to the actor with their teams' keys, once a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, g, request
from werkzeug.wrappers import Response as AnyResponse

from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.errors import NotAllowed
from transition_exchange.exchange.organisations.workplaces import Workplace, workplace
from transition_exchange.exchange.signing_in import sessions
from transition_exchange.store.database import Database
from transition_exchange.web import failures

Stage = Literal["anyone", "half", "full"]
STAGES: tuple[Stage, ...] = ("anyone", "half", "full")


@dataclass(frozen=True)
class Visit:
    """How far somebody has signed in.

    Attributes:
        stage: `anyone`, `half` (the passphrase was right, the code is still to come) or `full`.
        actor: who acts, with their open teams; None before they have fully signed in.
        ends_at: when the session ends if it is not used until then.
        ends_at_latest: when the session ends even if it is used.
    """

    stage: Stage = "anyone"
    principal_id: UUID | None = None
    actor: Actor | None = None
    workplace: Workplace | None = None
    ends_at: datetime | None = None
    ends_at_latest: datetime | None = None

    @property
    def coordinates(self) -> bool:
        """Whether this person works for an organisation that coordinates the area."""
        return self.workplace is not None and self.workplace.coordinates

    @property
    def confirms_teams(self) -> bool:
        """Whether this person is in the team that the area's rules name to confirm teams besides the council."""
        confirmer = self.workplace.second_confirmer if self.workplace else None
        return confirmer is not None and self.actor is not None and self.actor.team(confirmer) is not None


NOBODY = Visit()
Resume = Callable[[Database, str, datetime], Visit]
"""Gives who holds a session cookie; `NOBODY` if the cookie is unknown or its session has ended."""


def cookie_name(*, secure: bool) -> str:
    """`__Host-` keeps a cookie from being set by a neighbouring host; browsers take it over HTTPS only."""
    return "__Host-signed-in" if secure else "signed-in"


def current_visit() -> Visit:
    """Who is looking at this page; `NOBODY` on a page that shows anyway, if that cannot be told."""
    if "visit" not in g:
        try:
            g.visit = _resume()
        except Exception as error:
            g.visit = NOBODY  # whatever it was: the page that says so needs a visit too
            if not shows_anyway():
                raise
            failures.note(error)
            g.cannot_tell = True
    return cast(Visit, g.visit)


def show_anyway() -> None:
    """Show the page of this request also where its session, or what stands beside it, cannot be read.

    Pages that anybody may read and error pages need neither.
    """
    g.shows_anyway = True


def shows_anyway() -> bool:
    """Whether the page of this request needs neither its session nor what stands beside it."""
    return bool(g.get("shows_anyway", False))


def cannot_tell() -> bool:
    """Whether this page is shown as to nobody although somebody may be signed in, because that cannot be read."""
    return bool(g.get("cannot_tell", False))


def name_nobody() -> None:
    """Show the page of this request as to nobody, because who is looking at it cannot be asked."""
    g.visit = NOBODY


def stop_reading() -> None:
    """Let what is left of this request read nothing beyond the visit: something that is stored cannot be read."""
    g.reads_no_more = True


def reads_on() -> bool:
    """Whether the frame of the page may still read what it says beside the page itself."""
    return not g.get("reads_no_more", False)


def _resume() -> Visit:
    cookie = session_cookie()
    if not cookie:
        return NOBODY
    resume = cast(Resume, current_app.extensions["resume"])
    return resume(database(), cookie, datetime.now(UTC))


def current_actor() -> Actor:
    """Who is signed in, with their teams' keys.

    Raises:
        NotAllowed: nobody is. A view behind `@may` never sees it.
    """
    actor = current_visit().actor
    if actor is None:
        raise NotAllowed("Sign in to use this page.")
    return actor


def database() -> Database:
    """The database of this application."""
    return cast(Database, current_app.extensions["db"])


def set_cookie(response: AnyResponse, value: str) -> None:
    """Give the browser its session cookie, for as long as the browser stays open."""
    response.set_cookie(
        current_app.config["SIGN_IN_COOKIE"],
        value,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_cookie(response: AnyResponse) -> None:
    """Take the session cookie back."""
    response.delete_cookie(
        current_app.config["SIGN_IN_COOKIE"],
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def safe_next(target: str | None) -> str | None:
    """A place of our own to go on to, or None: never another site's address, and never a page that signs out.

    Browsers read a backslash as a slash and skip control characters, so neither may be in it.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(character) < 33 for character in target) or len(target) > 500:
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def onward_place() -> str | None:
    """Where this visitor was going before they signed in; None if the form and the address name no safe place."""
    return safe_next(request.values.get("next"))


def resume(db: Database, cookie: str, now: datetime) -> Visit:
    """Who holds a session cookie; `NOBODY` if it is unknown or its session has ended.

    Raises:
        Tampered: a membership is not what this person sealed for themselves.
    """
    session = sessions.resume(db=db, cookie=cookie, now=now)
    if session is None:
        return NOBODY
    return Visit(
        stage=session.stage,
        principal_id=session.principal_id,
        actor=session.actor,
        workplace=workplace(db=db, organisation_id=session.actor.organisation_id) if session.actor else None,
        ends_at=session.ends_at,
        ends_at_latest=session.ends_at_latest,
    )


def renew(cookie: str) -> None:
    """Go on with this request under the new cookie of its session. The browser gets it with the answer."""
    g.renewed_cookie = cookie
    g.pop("visit", None)


def session_cookie() -> str:
    """The value of the session cookie, for the actions that need the person's own key; empty if there is no cookie."""
    renewed: str | None = g.get("renewed_cookie")
    return renewed or request.cookies.get(current_app.config["SIGN_IN_COOKIE"], "")
