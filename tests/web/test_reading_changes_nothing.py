"""A walk through all routes that can be got: whoever looks at whatever, no row changes but those that `MAY` names.

The walk finds new routes by itself. It says so if a new parameter or table needs a word here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.routing import Rule

from tests.exchange.changing import propose
from tests.exchange.seconding import confirmer_team, named, require
from tests.exchange.sixth_forms import SCHOOL, add_hill_school, send_to_itself
from tests.exchange.typing_in import typed_since
from tests.exchange.world import World
from tests.web.accounts.people import Invited, join, link_of, set_up
from tests.web.known_addresses import Addresses
from tests.web.stored_rows import INSERTED, Change, Watch
from tests.web.visitor import Visitor
from transition_exchange.exchange.actor import Actor
from transition_exchange.exchange.joining import inviting
from transition_exchange.exchange.keys.key_rows import succession_of
from transition_exchange.exchange.queries import asking
from transition_exchange.exchange.receiving import exporting, receipts
from transition_exchange.exchange.renewing.duties import Duties, duties
from transition_exchange.exchange.signing_in import late_saves
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.exchange.writing.page_saving import save_page
from transition_exchange.proforma import load
from transition_exchange.purposes import SENDING
from transition_exchange.sealing.keys import KeyPair
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, Membership, SignInSession, TeamKey, Transfer
from transition_exchange.web import templating


@dataclass(frozen=True)
class May:
    """Something that looking may change.

    Attributes:
        table: the table.
        columns: the columns that may change; `INSERTED` for new rows.
        why: why that is harmless.
        at: the endpoint, or the blueprint with a dot, at which alone it may; empty for everywhere.
    """

    table: str
    columns: frozenset[str]
    why: str
    at: str = ""

    def covers(self, change: Change, endpoint: str) -> bool:
        """Whether a change is this one."""
        return change.table == self.table and change.columns <= self.columns and endpoint.startswith(self.at)


FIRST_LOOK = (
    "the team had no key when the learner was added: its empty draft is sealed when the team first looks, "
    "which tells nobody anything"
)
NEWCOMER = (
    "a newcomer's app needs a secret to be shown; it counts for nothing until a posted code confirms it"
)
MAY = (
    May("sign_in_sessions", frozenset({"last_seen_at"}), "a session that is used does not end"),
    May(
        "cards",
        frozenset({"state", "sealed", "team_key_id"}),
        "a posted card is sealed again under its team's ledger key, with the same content",
    ),
    *(
        May(table, INSERTED, FIRST_LOOK, at="school.")
        for table in ("revisions", "parts", "ciphertexts", "grants")
    ),
    May("principals", frozenset({"second_factor"}), NEWCOMER, at="accounts.set_up"),
    May("events", INSERTED, NEWCOMER, at="accounts.set_up"),
    May("chain_heads", frozenset({"seq", "hash"}), NEWCOMER, at="accounts.set_up"),
    May("chain_heads", INSERTED, NEWCOMER, at="accounts.set_up"),
)
"""All that a GET may change."""

WORDS = {
    "owner": SENDING,
    "name": tuple(page.name for page in load("core/2027.1").pages),
    "number": (1,),
    "year": (2026, 2027),
    "filename": ("app.css",),
    "token": ("link-of-somebody", "link-of-nobody"),
}
"""What the parameters may be that are no ids."""

KEPT_OUT = b"Your teams cannot use this page."
"""What the gate says to whoever may not use a route at all, whatever the address; it asks before any view does."""


@dataclass
class Area:
    """An area in which everything that a page can show is there, and everybody who can look at it."""

    world: World
    visitors: dict[str, Visitor]


@pytest.fixture
def area(app: Flask, world: World) -> Area:
    """The area: packs unopened, opened, changed, recalled and given out, questions, documents, invitations."""
    app.extensions["renderer"] = world.renderer
    add_hill_school(world)
    send_to_itself(world, SCHOOL, world.hill_senco)
    world.place("Empty School", kind="school", sends=True)  # nobody has joined it
    world.place("New School", kind="school", sends=True)
    world.team("New School", "Transition team", "transition")
    world.team("New School", "Safeguarding team", "school_safeguarding", confirmed=False)
    world.person("new_senco", "New School", "Transition team")
    world.person("new_lead", "New School", "Safeguarding team")
    world.add("First", "Look", actor=world.new_senco)
    _packs(world)
    propose(world, world.college.teams["Exams office"], name="Exams and entries")
    require(world, named(confirmer_team(world), date(2999, 1, 1)))
    for place, team in (
        ("Ashdown Council", "NEET group"),
        ("Ashdown School", "Transition team"),
        ("Northway College", "Admissions"),
    ):
        world.person(f"administrator of {place.lower()}", place, team, administrator=True, signs=True)
        world.person(f"administrator in no team of {place.lower()}", place, administrator=True)
    _new_keys(world)
    visitors = {
        name: Visitor(app, replace(actor, session_id=str(uuid4()))) for name, actor in world.people.items()
    }
    visitors["nobody"] = Visitor(app)
    visitors["newcomer"], visitors["signed in"] = _newcomer(app, world, "newcomer"), _signed_in(app, world)
    invited = _invite(world, "somebody")
    link_of(world.db, invited, "link-of-somebody")
    with world.db.write() as session:  # as if nobody had looked at a list yet
        assert session.scalars(select(Card.id).where(Card.state == "post")).all()
    return Area(world, visitors)


def _new_keys(world: World) -> None:
    """Somebody has left a school's team and the NEET group, and nobody has confirmed the new keys yet."""
    school, team = "Beech Lane School", "Transition team"
    person = PersonKeys(KeyPair.generate())
    maker = replace(world.person("maker", school, team, "Safeguarding team"), person=person)
    world.people["maker"] = maker
    before_id = world.places[school].teams[team].key_id
    world.new_key(school, team, removed=[world.other_senco.principal_id])
    with world.db.write() as session:
        key = session.get_one(TeamKey, world.places[school].teams[team].key_id)
        statement = succession_of(key, session.get_one(TeamKey, before_id))
        assert statement is not None
        key.created_by, key.maker_signature = maker.principal_id, statement.sign(person.signing)
        session.add(Membership(principal_id=maker.principal_id, team_id=key.team_id, team_key_id=key.id))
    world.new_key("Ashdown Council", "NEET group", removed=[uuid4()])


def _packs(world: World) -> None:
    waiting, opened, changed, recalled = (
        world.sent(forename) for forename in ("Wai", "Opal", "Chang", "Recall")
    )
    for record in (opened, changed, recalled):
        for person in (world.college_support, world.college_admissions):
            world.open(record.transfer_id, person)
    question = asking.ask(
        db=world.db, actor=world.college_support, transfer_id=opened.transfer_id, text="Which bus?"
    )
    asking.reply(db=world.db, actor=world.senco, query_id=question, text="The 22.")
    asking.ask(db=world.db, actor=world.college_admissions, transfer_id=opened.transfer_id, text="Which day?")
    receipts.acknowledge(
        db=world.db, actor=world.college_admissions, transfer_ids=[opened.transfer_id], team_id=None
    )
    world.attach(changed.record_id)
    world.save(changed.record_id, {"known_as": {"preferred_name": "Mina"}})
    world.send(changed.record_id)
    world.send(waiting.record_id, owner="school_safeguarding")
    "".join(exporting.export_csv(db=world.db, actor=world.college_exams))
    with world.db.write() as session:
        session.get_one(Transfer, recalled.transfer_id).state = "recalled"
    world.save(opened.record_id, {"known_as": {"preferred_name": "Unsent"}})
    draft = open_draft(db=world.db, actor=world.senco, record_id=opened.record_id)
    save_page(
        db=world.db, actor=world.senco, draft=draft, typed=typed_since(draft, pupil_number={"upn": "wrong"})
    )


def _invite(world: World, name: str) -> UUID:
    return _invited(world, name)[0]


def _invited(world: World, name: str) -> tuple[UUID, str]:
    invited = inviting.invite_person(
        db=world.db,
        actor=world.people["administrator of northway college"],
        name=name.title(),
        email=f"{name.replace(' ', '.')}@northway.example",
        team_ids=[world.college.teams["Admissions"].row.id],
        administrator=False,
        memory_kib=64,
    )
    assert invited.spoken_code is not None
    return invited.invitation_id, invited.spoken_code


def _newcomer(app: Flask, world: World, name: str) -> Visitor:
    """Somebody who has just joined and is about to set up the second step."""
    invitation_id, words = _invited(world, name)
    link = link_of(world.db, invitation_id, f"link-of-{name.replace(' ', '-')}")
    visitor = Visitor(app)
    assert join(visitor, Invited(link, words, "")).status == 303
    return visitor


def _signed_in(app: Flask, world: World) -> Visitor:
    """Somebody with a session of their own that was idle for a while, and something that came too late."""
    visitor = _newcomer(app, world, "signed in")
    set_up(visitor)
    assert visitor.post("/account/new-app").location == "/account/new-app/confirm"
    cookie = visitor.cookie(app.config["SIGN_IN_COOKIE"])
    assert cookie
    later = datetime.now(UTC) + timedelta(minutes=45)
    assert late_saves.keep(
        db=world.db, cookie=cookie, path="/received", form={"text": ["Which bus?"]}, now=later
    )
    with world.db.write() as session:
        before = datetime.now(UTC) - timedelta(minutes=10)
        session.execute(
            update(SignInSession).where(SignInSession.stage == "full").values(last_seen_at=before)
        )
    return visitor


@pytest.fixture
def watch(web_db: Database, area: Area) -> Iterator[Watch]:
    watching = Watch(web_db)
    yield watching
    watching.close()


@pytest.fixture
def frame_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the frame of every page says of somebody's duties is worked out once for each person, not 8,000 times."""
    known: dict[UUID, Duties] = {}

    def once(*, db: Database, actor: Actor) -> Duties:
        if actor.principal_id not in known:
            known[actor.principal_id] = duties(db=db, actor=actor)
        return known[actor.principal_id]

    monkeypatch.setattr(templating, "duties", once)


def _routes(app: Flask) -> list[Rule]:
    return sorted(
        (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())),
        key=lambda rule: rule.endpoint,
    )


@pytest.mark.usefixtures("frame_asked_once")
def test_whoever_gets_whatever_address_changes_nothing(app: Flask, area: Area, watch: Watch) -> None:
    addresses = Addresses(area.world.db, WORDS)
    shown: dict[str, set[int]] = defaultdict(set)
    wrong: list[str] = []
    used: set[May] = set()
    for rule in _routes(app):
        kept_out: set[str] = set()
        for path, (name, visitor) in product(addresses.of(rule), area.visitors.items()):
            if name in kept_out:
                continue
            with visitor.client.get(path, base_url=visitor.base) as response:
                body = response.get_data()  # what is streamed may write too
            if response.status_code == 200 and 200 not in shown[rule.endpoint]:
                # A scanner or a proxy asks for the headers alone, with a body even: that is reading too.
                with visitor.client.head(path, base_url=visitor.base, data={"then": "next"}) as heading:
                    assert heading.status_code == 200, f"HEAD {rule.endpoint}: {heading.status}"
            shown[rule.endpoint].add(response.status_code)
            if (response.location or "").startswith("/account/sign-in") or KEPT_OUT in body:
                kept_out.add(name)
            for change in watch.changes():
                reasons = {may for may in MAY if may.covers(change, rule.endpoint)}
                used |= reasons
                if not reasons:
                    what = ", ".join(sorted(change.columns))
                    wrong.append(f"{name} at {rule.endpoint}: {change.table}, {what}")
    assert not wrong, "\n".join(dict.fromkeys(wrong))
    # Here no `work` has ever run, which is what a monitor is told.
    assert 503 in shown.pop("health.health")
    unseen = {endpoint for endpoint, statuses in shown.items() if not statuses & {200, 302}}
    assert not unseen, f"nobody was shown anything at {unseen}: the walk says nothing about them"
    idle = {may for may in set(MAY) - used if may.table != "chain_heads"}
    assert not idle, f"take these off the list: {idle}"


def test_a_receipt_that_looking_writes_would_be_noticed(area: Area, watch: Watch) -> None:
    with area.world.db.read() as session:
        college = Transfer.provider_id == area.world.college.id
        transfer_id = session.scalars(select(Transfer.id).where(Transfer.state == "sent", college)).one()
    area.world.open(transfer_id)
    changes = watch.changes()
    assert {change.table for change in changes} == {"receipts", "transfers", "events", "chain_heads"}
    assert not [change for change in changes for may in MAY if may.covers(change, "provider.record")]
