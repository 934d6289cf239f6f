"""What everybody looks at: the pages of the school, of the college, of the council and of the writer, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import select

from tests.exchange.walks.writer.area import INVITED, LEADS, PROVIDERS, WRITER, WritersArea
from transition_exchange.exchange.coordinating import chasing, listing, not_ready, overview, settings
from transition_exchange.exchange.joining import accepting, invitations
from transition_exchange.exchange.keys import confirming
from transition_exchange.exchange.organisations import activity, providers, teams, workplaces
from transition_exchange.exchange.queries import threads
from transition_exchange.exchange.receiving import covers, inbox, opening
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.renewing import after_others
from transition_exchange.exchange.sending import safeguarding_releases, tracking
from transition_exchange.exchange.signing_in import browsers, late_saves
from transition_exchange.exchange.writing import catching_up, late_teams, learner_list
from transition_exchange.exchange.writing import opening as drafts
from transition_exchange.exchange.writing.lost_pieces import lost_documents
from transition_exchange.store.models import OutboxMail

LOOKED_AT_AGAIN = (
    "school track",
    "school questions",
    "school list",
    "college_support list",
    "college_support questions",
    "college_safeguarding list",
    "writer list",
    "council list",
    "council overview",
)
"""The pages at which everybody looks once more when all have acted."""


def _lost_documents(**asked: Any) -> dict[str, Any]:
    """What the pages of documents and of sending say."""
    return {"missing": lost_documents(**asked)}


def _due(**asked: Any) -> Mapping[str, int]:
    """What a list says is still to be brought up to date."""
    return {"due": catching_up.catch_up(**asked, limit=0) + after_others.progress(**asked).left}


def pages(area: WritersArea) -> dict[str, Callable[[], Any]]:
    """What everybody looks at, by whose page it is and its name."""
    db, world = area.world.db, area.world
    sent, ready, recalled = (area.records[name] for name in ("sent", "ready", "recalled"))

    def listed(name: str, page: Callable[..., Any], **more: Any) -> Callable[[], Any]:
        """A list says how many entries could not be checked."""
        return lambda: {
            "failed": ledgers.unchecked(db=db, actor=area.actor(name)),
            "listed": page(db=db, actor=area.actor(name), **more),
        }

    def of(name: str, page: Callable[..., Any], **more: Any) -> Callable[[], Any]:
        return lambda: page(db=db, actor=area.actor(name), **more)

    found: dict[str, Callable[[], Any]] = {
        "school list": listed("senco", learner_list.learners),
        "school due": of("senco", _due),
        "school waiting": of("senco", lambda **asked: {"problem": late_teams.waiting(**asked)}),
        "school draft": of("senco", drafts.open_draft, record_id=sent),
        "school lost documents": of("senco", _lost_documents, record_id=sent),
        "school plan": lambda: world.plan(sent, actor=area.actor("senco")),
        "school plan of what is ready": lambda: world.plan(ready, actor=area.actor("senco")),
        "school plan of what was recalled": lambda: world.plan(recalled, actor=area.actor("senco")),
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
        "leads due": of("safeguarding_lead", _due),
        "leads track": of("safeguarding_lead", tracking.track, record_id=sent),
        "leads draft": of("safeguarding_lead", drafts.open_draft, record_id=sent, owner=LEADS),
        "leads plan": lambda: world.plan(sent, owner=LEADS, actor=area.actor("safeguarding_lead")),
        "leads to follow": of("safeguarding_lead", safeguarding_releases.to_follow),
        "other_school list": listed("other_senco", learner_list.learners),
        "newcomer welcome": lambda: accepting.look_up(db=db, token=INVITED, now=area.now),
        "council list": listed("coordinator", listing.learners, wanted=listing.Wanted(), today=world.today),
        "council overview": listed("coordinator", overview.overview, today=world.today),
        "council organisations": of("coordinator", not_ready.organisations),
        "council chasing": listed("coordinator", chasing.to_chase, today=world.today),
        "council chasing safeguarding": listed(
            "coordinator", chasing.to_chase, today=world.today, work=chasing.SAFEGUARDING
        ),
        "council settings": of("coordinator", settings.area_settings, today=world.today),
        "council activity": of("coordinator", activity.activity),
        "council number": of(
            "coordinator", confirming.number_of, team_id=world.school.teams["Transition team"].row.id
        ),
        "writer list": listed(WRITER, inbox.inbox),
        "writer read": of(WRITER, opening.read_newest, transfer_id=area.transfers["writers"]),
    }
    for name in PROVIDERS:
        found[f"{name} list"] = listed(name, inbox.inbox)
        found[f"{name} cover"] = listed(name, covers.cover, transfer_id=area.transfers["sent"])
        found[f"{name} questions"] = of(name, threads.queries)
    found["college_support read"] = of(
        "college_support", opening.read_transfer, transfer_id=area.transfers["sent"]
    )
    for name in ("senco", "college_support", "coordinator"):
        found[f"{name} workplace"] = partial(
            workplaces.workplace, db=db, organisation_id=world.people[name].organisation_id
        )
    return found


def mail(area: WritersArea) -> Any:
    """The e-mails that wait to be sent: to whom and what about."""
    with area.world.db.read() as session:
        waiting = session.execute(
            select(OutboxMail.to_address, OutboxMail.template).order_by(OutboxMail.created_at)
        )
        return sorted(f"{template} to {address}" for address, template in waiting)
