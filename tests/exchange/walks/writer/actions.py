"""What everybody does: sign in, join, send, release, open, ask, answer. Each begins with their session's cookie."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from tests.exchange.people import MEMORY_KIB, PASSPHRASE
from tests.exchange.walks.writer.area import INVITED, LEADS, PROVIDERS, WRITER, WritersArea
from transition_exchange.exchange.joining import accepting, inviting
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving import changes, downloading, inbox, opening
from transition_exchange.exchange.records import ledgers
from transition_exchange.exchange.renewing import after_others
from transition_exchange.exchange.sending import safeguarding_releases
from transition_exchange.exchange.signing_in import codes, credentials, late_saves, sessions
from transition_exchange.exchange.writing import catching_up


def actions(area: WritersArea) -> Mapping[str, Callable[[], Any]]:
    """What everybody does, in turn."""
    return dict(_actions(area))


def _actions(area: WritersArea) -> Iterator[tuple[str, Callable[[], Any]]]:
    db, world = area.world.db, area.world
    sent, ready, recalled = (area.records[name] for name in ("sent", "ready", "recalled"))

    def sends(record_id: UUID, owner: str = "transition") -> Any:
        return world.send(
            record_id,
            owner=owner,
            actor=area.actor("senco" if owner == "transition" else "safeguarding_lead"),
        )

    def saves(record_id: UUID, owner: str, answers: Mapping[str, Mapping[str, Any]]) -> None:
        name = "senco" if owner == "transition" else "safeguarding_lead"
        world.save(record_id, answers, owner=owner, actor=area.actor(name))

    yield "senco signs in", lambda: _sign_in(area)
    yield "late save", lambda: _late_save(area)
    yield "newcomer joins", lambda: _join(area)
    yield "senco catches up", lambda: catching_up.catch_up(db=db, actor=area.actor("senco"))
    yield "lead catches up", lambda: catching_up.catch_up(db=db, actor=area.actor("safeguarding_lead"))
    yield "senco makes anew", lambda: after_others.carry_on(db=db, actor=area.actor("senco"))
    yield "lead makes anew", lambda: after_others.carry_on(db=db, actor=area.actor("safeguarding_lead"))
    yield "senco saves", lambda: saves(sent, "transition", {"known_as": {"preferred_name": "Minnie"}})
    yield "senco adds", lambda: [world.add("Eli", "Moss", actor=area.actor("senco"))]
    yield "senco sends what was sent again", lambda: sends(sent)
    yield "senco sends what is ready", lambda: sends(ready)
    yield "senco sends what was recalled", lambda: sends(recalled)
    yield "lead writes", lambda: saves(ready, LEADS, {"safeguarding": {"file_exists": "no"}})
    yield "lead releases what is ready", lambda: sends(ready, LEADS)
    yield "lead releases what was recalled", lambda: sends(recalled, LEADS)
    yield "lead lets it follow", lambda: _follow(area)
    for name in PROVIDERS:
        yield f"{name} opens", partial(_open, area, name)
    yield (
        "college downloads",
        lambda: json.loads(
            downloading.download_data(
                db=db, actor=area.actor("college_support"), transfer_id=area.transfers["sent"]
            )
        ),
    )
    yield (
        "college sees changes",
        lambda: changes.changes_since_last(
            db=db,
            actor=(reader := area.actor("college_support")),
            received=opening.read_transfer(db=db, actor=reader, transfer_id=area.transfers["sent"]),
        ),
    )
    yield (
        "college asks",
        lambda: asking.ask(
            db=db,
            actor=area.actor("college_support"),
            transfer_id=area.transfers["sent"],
            text="Which day?",
        ),
    )
    yield "school answers", lambda: _answer(area)
    yield "senco invites", lambda: _invite(area)
    yield "writer opens", lambda: _open(area, WRITER)


def _sign_in(area: WritersArea) -> Any:
    account = area.accounts["senco"]
    half = credentials.give_passphrase(
        db=area.world.db,
        email="senco@example.org",
        passphrase=PASSPHRASE,
        address="192.0.2.1",
        now=area.now,
        memory_kib=MEMORY_KIB,
    )
    whole = codes.give_code(
        db=area.world.db, cookie=half.cookie, code=account.app.code_at(area.now), now=area.now
    )
    resumed = sessions.resume(db=area.world.db, cookie=whole.cookie, now=area.now)
    assert resumed is not None
    assert resumed.actor is not None
    return {"teams": resumed.actor.teams, "name": resumed.actor.name, "choose": whole.choose_passphrase}


def _late_save(area: WritersArea) -> Any:
    account = area.accounts["senco"]
    kept = late_saves.keep(
        db=area.world.db, cookie=account.expired, path="/school", form={"name": ["Late"]}, now=area.now
    )
    actor = area.actor("senco")
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
    actor = replace(area.actor("senco"), proven_until=area.now.replace(year=9999))
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
    actor = area.actor("safeguarding_lead")
    waiting = safeguarding_releases.to_follow(db=area.world.db, actor=actor)
    return safeguarding_releases.follow(
        db=area.world.db,
        actor=actor,
        renderer=area.world.renderer,
        record_ids=waiting,
        today=area.world.today,
    )


def _open(area: WritersArea, name: str) -> Any:
    """Open everything in the list, and read it."""
    actor = area.actor(name)
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
    asking.reply(db=area.world.db, actor=area.actor("senco"), query_id=area.question, text="At nine.")
