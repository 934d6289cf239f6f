"""What everybody does after each write: they look at their pages, and go on with their work.

Each person begins with their session's cookie, as a request does.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.exchange.people import MEMORY_KIB, PASSPHRASE
from tests.exchange.walks.writer.area import INVITED, WRITER, WritersArea
from tests.exchange.walks.writer.seen import Crash, Reader, Refusal, Shown, View
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.coordinating import chasing, listing, not_ready, overview, settings
from transition_exchange.exchange.errors import ExchangeError, NotAllowed
from transition_exchange.exchange.joining import accepting, invitations, inviting
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import activity, providers, teams, workplaces
from transition_exchange.exchange.queries import asking, threads
from transition_exchange.exchange.receiving import changes, covers, downloading, inbox, opening
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.sending import safeguarding_releases, tracking
from transition_exchange.exchange.signing_in import browsers, codes, credentials, late_saves, sessions
from transition_exchange.exchange.writing import catching_up, late_teams, learner_list, opening as drafts
from transition_exchange.store.models import OutboxMail

LEADS = "school_safeguarding"
STEPS = ("sign in", "join", "send", "release", "open", "ask", "look")
"""How far the journeys may get. The others than signing in and joining are those of docs/trust.md."""
_PROVIDERS = ("college_support", "college_admissions", "college_safeguarding")


@dataclass
class Journey:
    """The journeys after one write.

    Attributes:
        views: what came of each page and each action, by name.
        skipping: the actions that are left out, because after the write that this one is compared with they were
            refused.
    """

    area: WritersArea
    reader: Reader
    skipping: Collection[str] = ()
    views: dict[str, View] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def go(self, tables: Collection[str] | None = None) -> None:
        """Everybody looks, acts, and looks again.

        Args:
            tables: the tables that were written into. What reads none of them is left out, because it can only go as
                it always does. None for everything.
        """
        reads = self.area.reads

        def differs(*names: str) -> bool:
            return tables is None or any(reads[name] & set(tables) for name in names)

        self.area.forget_sessions()
        for name, page in pages(self.area).items():
            if differs(f"first {name}"):
                self._try(f"first {name}", page)
        steps = actions(self.area)
        if not differs(*steps):
            return
        for name, action in steps.items():
            self.area.forget_sessions()
            if name in self.skipping or not self._try(name, action):
                self.refused.add(name)
        self.area.forget_sessions()
        for name in LOOKED_AT_AGAIN:
            self._try(f"then {name}", pages(self.area)[name])
        self._try("mail", lambda: _mail(self.area))

    def _try(self, name: str, act: Callable[[], Any]) -> bool:
        with self.area.noting(name):
            try:
                self.views[name] = self.reader.shown(act())
            except ExchangeError as error:
                self.views[name] = Refusal(type(error).__name__, str(self.reader.plain(error.message)))
            except Exception as error:  # whatever else is raised would be a 500
                self.views[name] = _crash(error)
        return isinstance(self.views[name], Shown)

    @property
    def acted(self) -> bool:
        """Whether anybody did something. Otherwise nothing of what they do reads what was written."""
        return "mail" in self.views

    @property
    def reached(self) -> frozenset[str]:
        """The steps that were reached."""
        done = {step for step, names in _STEP_NAMES.items() if not names & self.refused}
        looks = [view for name, view in self.views.items() if name.startswith("first council")]
        if not any(isinstance(view, (Refusal, Crash)) for view in looks):
            done.add("look")
        return frozenset(done)


_STEP_NAMES = {
    "sign in": {"senco signs in"},
    "join": {"newcomer joins"},
    "send": {"senco sends what is ready", "senco sends what was sent again"},
    "release": {"lead releases what is ready"},
    "open": {"college_support opens", "college_admissions opens"},
    "ask": {"college asks"},
}
LOOKED_AT_AGAIN = (
    "school track", "school questions", "school list", "college_support list", "college_support questions",
    "college_safeguarding list", "writer list", "council list", "council overview",
)


def _crash(error: Exception) -> Crash:
    ours = [
        frame for frame in traceback.extract_tb(error.__traceback__) if "/transition_exchange/" in frame.filename
    ]
    frame = ours[-1] if ours else traceback.extract_tb(error.__traceback__)[-1]
    where = frame.filename.rpartition("/transition_exchange/")[2].removesuffix(".py").replace("/", ".")
    last = str(error).splitlines()[0][:200] if str(error) else ""
    return Crash(type(error).__name__, f"{where}.{frame.name}", f"{type(error).__name__}: {last}")


def _actor(area: WritersArea, name: str) -> Actor:
    """Somebody as their session's cookie opens them. Pages that are looked at one after the other share it.

    Raises:
        NotAllowed: the session has ended, so that a page asks them to sign in.
        Tampered: as `sessions.resume`.
    """
    if name not in area.open_actors:
        resumed = sessions.resume(db=area.world.db, cookie=area.accounts[name].cookie, now=area.now)
        if resumed is None or resumed.actor is None:
            raise NotAllowed("Sign in.")
        area.open_actors[name] = resumed.actor
    return area.open_actors[name]


def pages(area: WritersArea) -> dict[str, Callable[[], Any]]:
    """What everybody looks at, by whose page it is and its name."""
    db, world = area.world.db, area.world
    sent, ready, recalled = (area.records[name] for name in ("sent", "ready", "recalled"))

    def listed(name: str, page: Callable[..., Any], **more: Any) -> Callable[[], Any]:
        """A list says how many entries could not be checked."""
        return lambda: {
            "failed": ledgers.unchecked(db=db, actor=_actor(area, name)),
            "listed": page(db=db, actor=_actor(area, name), **more),
        }

    def of(name: str, page: Callable[..., Any], **more: Any) -> Callable[[], Any]:
        return lambda: page(db=db, actor=_actor(area, name), **more)

    found: dict[str, Callable[[], Any]] = {
        "school list": listed("senco", learner_list.learners),
        "school due": of("senco", lambda **asked: {"due": catching_up.catch_up(**asked, limit=0)}),
        "school waiting": of("senco", lambda **asked: {"problem": late_teams.waiting(**asked)}),
        "school draft": of("senco", drafts.open_draft, record_id=sent),
        "school plan": lambda: world.plan(sent, actor=_actor(area, "senco")),
        "school plan of what is ready": lambda: world.plan(ready, actor=_actor(area, "senco")),
        "school plan of what was recalled": lambda: world.plan(recalled, actor=_actor(area, "senco")),
        "school track": of("senco", tracking.track, record_id=sent),
        "school track of what was recalled": of("senco", tracking.track, record_id=recalled),
        "school questions": of("senco", threads.queries),
        "school teams": of("senco", teams.own_teams),
        "school people": of("senco", teams.colleagues),
        "school invitations": of("senco", invitations.open_invitations, now=area.now),
        "school activity": of("senco", activity.activity),
        "school providers": of("senco", providers.providers),
        "school facts": of("senco", providers.school_facts),
        "school browsers": of("senco", browsers.own_browsers, now=area.now),
        "school late saves": of("senco", late_saves.waiting, now=area.now),
        "leads list": listed("safeguarding_lead", learner_list.learners, purpose=LEADS),
        "leads due": of("safeguarding_lead", lambda **asked: {"due": catching_up.catch_up(**asked, limit=0)}),
        "leads track": of("safeguarding_lead", tracking.track, record_id=sent),
        "leads draft": of("safeguarding_lead", drafts.open_draft, record_id=sent, owner=LEADS),
        "leads plan": lambda: world.plan(sent, owner=LEADS, actor=_actor(area, "safeguarding_lead")),
        "leads to follow": of("safeguarding_lead", safeguarding_releases.to_follow),
        "other_school list": listed("other_senco", learner_list.learners),
        "newcomer welcome": lambda: accepting.look_up(db=db, token=INVITED, now=area.now),
        "council list": listed("coordinator", listing.learners, wanted=listing.Wanted(), today=world.today),
        "council overview": listed("coordinator", overview.overview, today=world.today),
        "council organisations": of("coordinator", not_ready.organisations),
        "council chasing": listed("coordinator", chasing.to_chase, today=world.today),
        "council settings": of("coordinator", settings.area_settings, today=world.today),
        "council activity": of("coordinator", activity.activity),
        "council number": of("coordinator", confirming.number_of, team_id=world.school.teams["Transition team"].row.id),
        "writer list": listed(WRITER, inbox.inbox),
        "writer read": of(WRITER, opening.read_newest, transfer_id=area.transfers["writers"]),
    }
    for name in _PROVIDERS:
        found[f"{name} list"] = listed(name, inbox.inbox)
        found[f"{name} cover"] = listed(name, covers.cover, transfer_id=area.transfers["sent"])
        found[f"{name} questions"] = of(name, threads.queries)
    found["college_support read"] = of("college_support", opening.read_transfer, transfer_id=area.transfers["sent"])
    for name in ("senco", "college_support", "coordinator"):
        found[f"{name} workplace"] = partial(
            workplaces.workplace, db=db, organisation_id=world.people[name].organisation_id
        )
    return found


def actions(area: WritersArea) -> Mapping[str, Callable[[], Any]]:
    """What everybody does, in turn."""
    return dict(_actions(area))


def _actions(area: WritersArea) -> Iterator[tuple[str, Callable[[], Any]]]:
    db, world = area.world.db, area.world
    sent, ready, recalled = (area.records[name] for name in ("sent", "ready", "recalled"))

    def sends(record_id: UUID, owner: str = "transition") -> Any:
        return world.send(record_id, owner=owner, actor=_actor(area, "senco" if owner == "transition" else "safeguarding_lead"))

    def saves(record_id: UUID, owner: str, answers: Mapping[str, Mapping[str, Any]]) -> None:
        name = "senco" if owner == "transition" else "safeguarding_lead"
        world.save(record_id, answers, owner=owner, actor=_actor(area, name))

    yield "senco signs in", lambda: _sign_in(area)
    yield "late save", lambda: _late_save(area)
    yield "newcomer joins", lambda: _join(area)
    yield "senco catches up", lambda: catching_up.catch_up(db=db, actor=_actor(area, "senco"))
    yield "lead catches up", lambda: catching_up.catch_up(db=db, actor=_actor(area, "safeguarding_lead"))
    yield "senco saves", lambda: saves(sent, "transition", {"known_as": {"preferred_name": "Minnie"}})
    yield "senco adds", lambda: [world.add("Eli", "Moss", actor=_actor(area, "senco"))]
    yield "senco sends what was sent again", lambda: sends(sent)
    yield "senco sends what is ready", lambda: sends(ready)
    yield "senco sends what was recalled", lambda: sends(recalled)
    yield "lead writes", lambda: saves(ready, LEADS, {"safeguarding": {"file_exists": "no"}})
    yield "lead releases what is ready", lambda: sends(ready, LEADS)
    yield "lead releases what was recalled", lambda: sends(recalled, LEADS)
    yield "lead lets it follow", lambda: _follow(area)
    for name in _PROVIDERS:
        yield f"{name} opens", partial(_open, area, name)
    yield "college downloads", lambda: json.loads(downloading.download_data(
        db=db, actor=_actor(area, "college_support"), transfer_id=area.transfers["sent"]
    ))
    yield "college sees changes", lambda: changes.changes_since_last(
        db=db,
        actor=(reader := _actor(area, "college_support")),
        received=opening.read_transfer(db=db, actor=reader, transfer_id=area.transfers["sent"]),
    )
    yield "college asks", lambda: asking.ask(
        db=db, actor=_actor(area, "college_support"), transfer_id=area.transfers["sent"], text="Which day?"
    )
    yield "school answers", lambda: _answer(area)
    yield "senco invites", lambda: _invite(area)
    yield "writer opens", lambda: _open(area, WRITER)


def _sign_in(area: WritersArea) -> Any:
    account = area.accounts["senco"]
    half = credentials.give_passphrase(
        db=area.world.db, email="senco@example.org", passphrase=PASSPHRASE, address="192.0.2.1", now=area.now, memory_kib=MEMORY_KIB
    )
    whole = codes.give_code(db=area.world.db, cookie=half.cookie, code=account.app.code_at(area.now), now=area.now)
    resumed = sessions.resume(db=area.world.db, cookie=whole.cookie, now=area.now)
    assert resumed is not None
    assert resumed.actor is not None
    return {"teams": resumed.actor.teams, "name": resumed.actor.name, "choose": whole.choose_passphrase}


def _late_save(area: WritersArea) -> Any:
    account = area.accounts["senco"]
    kept = late_saves.keep(
        db=area.world.db, cookie=account.expired, path="/school", form={"name": ["Late"]}, now=area.now
    )
    actor = _actor(area, "senco")
    waiting = late_saves.waiting(db=area.world.db, actor=actor, now=area.now)
    opened = [
        late_saves.open_late_save(db=area.world.db, cookie=account.cookie, late_save_id=one.id, now=area.now)
        for one in waiting
    ]
    return {"kept": kept, "opened": opened, "problem": "" if kept else "not kept"}


def _join(area: WritersArea) -> Any:
    signed_in = accepting.accept(
        db=area.world.db,
        token=INVITED,
        spoken_code=area.spoken_code,
        name="Nia New",
        passphrase=PASSPHRASE,
        demo=True,
        now=area.now,
        memory_kib=MEMORY_KIB,
    )
    resumed = sessions.resume(db=area.world.db, cookie=signed_in.cookie, now=area.now)
    return {"stage": signed_in.stage, "teams": resumed.actor.teams if resumed and resumed.actor else ()}


def _invite(area: WritersArea) -> Any:
    actor = replace(_actor(area, "senco"), proven_until=area.now.replace(year=9999))
    invited = inviting.invite_person(
        db=area.world.db,
        actor=actor,
        name="Otto Other",
        email="otto@example.org",
        team_ids=[area.world.school.teams["Transition team"].row.id],
        now=area.now,
        memory_kib=MEMORY_KIB,
    )
    return {"problem": "" if invited.spoken_code else "somebody else has to complete it"}


def _follow(area: WritersArea) -> Any:
    actor = _actor(area, "safeguarding_lead")
    waiting = safeguarding_releases.to_follow(db=area.world.db, actor=actor)
    return safeguarding_releases.step(
        db=area.world.db,
        actor=actor,
        renderer=area.world.renderer,
        work="follow",
        record_ids=waiting,
        today=area.world.today,
    )


def _open(area: WritersArea, name: str) -> Any:
    """Open everything in the list, and read it."""
    actor = _actor(area, name)
    listed = sorted(inbox.inbox(db=area.world.db, actor=actor), key=lambda row: str(row.record_id))
    return {
        "failed": ledgers.unchecked(db=area.world.db, actor=actor),
        "opened": {
            str(row.record_id): opening.open_transfer(
                db=area.world.db, actor=actor, transfer_id=row.transfer_id
            )
            for row in listed
        },
    }


def _answer(area: WritersArea) -> Any:
    assert area.question is not None
    asking.reply(db=area.world.db, actor=_actor(area, "senco"), query_id=area.question, text="At nine.")


def _mail(area: WritersArea) -> Any:
    """The e-mails that wait to be sent: to whom and what about."""
    with area.world.db.read() as session:
        waiting = session.execute(select(OutboxMail.to_address, OutboxMail.template).order_by(OutboxMail.created_at))
        return sorted(f"{template} to {address}" for address, template in waiting)
