"""What a sending makes: a release, each provider's packs and sealed pieces, the grants, and their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from transition_exchange.exchange import notices, school_calendar
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.errors import NotFound, Refused
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import cards, grants, ledgers, parts
from transition_exchange.exchange.records.answers import Answers, plaintext, room
from transition_exchange.exchange.records.names import legal_name
from transition_exchange.exchange.records.revisions import latest
from transition_exchange.exchange.sending.planning import ProviderPlan, ReleasePlan, TeamPlan
from transition_exchange.exchange.sending.releases import NewRelease, Released, new_release, open_released
from transition_exchange.packs.content import Attached, PackContent, build
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma import destinations
from transition_exchange.proforma.cards import card as card_of
from transition_exchange.store import events
from transition_exchange.store.ciphertexts import DatabaseCiphertexts
from transition_exchange.store.database import Database
from transition_exchange.store.models import (
    Area,
    Card,
    Grant,
    Organisation,
    Principal,
    Receipt,
    Record,
    TeamKey,
    Transfer,
)

CHANGED_MEANWHILE = "Something changed since you looked at what will be sent. Look again, then send."


@dataclass
class Delivery:
    """One revision on its way to one provider: everything sealed, nothing stored yet."""

    provider: ProviderPlan
    transfer_id: UUID
    sealed: list[parts.SealedPart] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    cards: list[cards.PreparedCard] = field(default_factory=list)


@dataclass(frozen=True)
class Sender:
    db: Database
    actor: Actor
    planned: ReleasePlan
    team: OpenTeam
    today: date
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def release(self) -> tuple[NewRelease | None, Released]:
        """The new release, or the newest one again where nothing changed since."""
        draft = self.planned.draft
        with self.db.read() as session:
            before = latest(session, draft.record_id, draft.owner)
            if not self.planned.changed and before is not None:
                record = session.get_one(Record, draft.record_id)
                trust = trust_of(session, self.actor)
                return None, open_released(
                    session, actor=self.actor, trust=trust, record=record, revision=before
                )
            own_key = session.get_one(TeamKey, self.team.key_id)
        answers = self.signed_off()
        fresh = new_release(
            draft=draft,
            team=self.team,
            own_key=own_key,
            answers=answers,
            before=before,
            actor=self.actor,
            now=self.now,
        )
        return fresh, fresh.released

    def signed_off(self) -> Answers:
        """What a release made now would hold, with who completed it when."""
        with self.db.read() as session:
            completed_by = session.get_one(Principal, self.actor.principal_id).name
        answers = dict(self.planned.answers)
        if "assurance" in answers:
            answers["assurance"] = answers["assurance"] | {
                "completed_by": completed_by,
                "completed_on": self.today.isoformat(),
                "completed_role": self.team.name,
                "version": self.planned.draft.version.name,
            }
        return answers

    def preview(self, provider: ProviderPlan) -> dict[UUID, PackContent]:
        """The pack of each of a provider's teams, as it would be made now."""
        draft = self.planned.draft
        released = Released(
            record_id=draft.record_id,
            revision_id=draft.revision_id,
            owner=draft.owner,
            number=self.planned.number,
            version=draft.version.name,
            released_at=self.now,
            manifest_digest="",
            answers=self.signed_off(),
            keys={},
            digests={},
            attachments=draft.attachments,
        )
        answers = self._answers_for(provider, released)
        return {
            team.team_id: self._content(provider, teams, released, answers)
            for teams in _by_readers(provider.teams).values()
            for team in teams
        }

    def deliveries(
        self, renderer: Renderer, released: Released, going: Sequence[ProviderPlan]
    ) -> list[Delivery]:
        """Render every pack of every provider, then seal and grant."""
        wanted: list[tuple[Delivery, str, PackContent]] = []
        made: list[Delivery] = []
        for provider in going:
            delivery = Delivery(provider=provider, transfer_id=provider.transfer_id or uuid4())
            made.append(delivery)
            answers = self._answers_for(provider, released)
            for readers, teams in _by_readers(provider.teams).items():
                wanted.append((delivery, readers, self._content(provider, teams, released, answers)))
        pdfs = renderer.render_many([content for _, _, content in wanted])
        place = parts.Place(
            area=self.planned.draft.area_id,
            record=released.record_id,
            revision=released.revision_id,
            version=released.version,
        )
        for (delivery, readers, content), pdf in zip(wanted, pdfs, strict=True):
            for kind, body in (("pdf", pdf), ("data", content.record_json)):
                name, least = f"{kind}/{delivery.transfer_id}/{readers}", _least(kind, readers)
                delivery.sealed.append(parts.seal(place, name, body, least=least))
        with self.db.read() as session:
            for delivery in made:
                for section in self._per_transfer():
                    entry = self._answers_for(delivery.provider, released).get(section, {})
                    delivery.sealed.append(
                        parts.seal(
                            place,
                            f"{section}/{delivery.transfer_id}",
                            plaintext(entry),
                            least=room(self.planned.draft.version.section(section)),
                        )
                    )
                self._grant(session, delivery, released)
                if self.planned.draft.owner == "transition":
                    self._cards(session, delivery, released)
        return made

    def _per_transfer(self) -> tuple[str, ...]:
        sections = self.planned.draft.version.sections_of(self.planned.draft.owner)
        return tuple(section.name for section in sections if section.per_transfer)

    def _answers_for(self, provider: ProviderPlan, released: Released) -> Answers:
        """The whole record as it concerns one provider: its own destination, and the draft's where conditions read."""
        answers: Answers = {**self.planned.draft.answers, **released.answers}
        if self.planned.draft.owner == "transition":
            answers |= destinations.own(self.planned.draft.version, provider.destination)
        return answers

    def _content(
        self, provider: ProviderPlan, teams: Sequence[TeamPlan], released: Released, answers: Answers
    ) -> PackContent:
        with self.db.read() as session:
            school = session.get_one(Organisation, self.actor.organisation_id).name
        attached = [
            Attached(kind=each.kind, dated=each.dated, pages=each.pages)
            for each in released.attachments
            if each.id in teams[0].attachments
        ]
        return build(
            self.planned.draft.version,
            answers,
            purposes=teams[0].purposes,
            report=self.planned.report,
            learner_name=self._learner_name(),
            from_school=school,
            to_provider=provider.name,
            readers=[team.name for team in teams],
            version_number=released.number,
            sent_at=self.now,
            attachments=attached,
            owner=released.owner,
        )

    def _learner_name(self) -> str:
        learner: Mapping[str, Any] = self.planned.answers.get("learner", {})
        if not learner:
            opened = ledgers.open_ledger(db=self.db, actor=self.actor, team=self.team)
            card = opened.get((self.planned.draft.record_id, None))
            if card is None:
                raise NotFound
            learner = card.content
        return legal_name(learner)

    def _grant(self, session: Session, delivery: Delivery, released: Released) -> None:
        keys = {part.name: part.key for part in delivery.sealed}
        digests = {part.name: part.digest for part in delivery.sealed}
        own_key = session.get_one(TeamKey, self.team.key_id)
        for team in delivery.provider.teams:
            assert team.key is not None
            names = _names_for(team, delivery.transfer_id, released)
            self._add_grant(
                delivery,
                released,
                team.key,
                {**released.keys, **keys},
                {**released.digests, **digests},
                names,
            )
        # The school keeps a grant of its own, to see exactly what went out.
        self._add_grant(delivery, released, own_key, keys, digests, tuple(keys))

    def _add_grant(
        self,
        delivery: Delivery,
        released: Released,
        grantee: TeamKey,
        keys: Mapping[str, bytes],
        digests: Mapping[str, str],
        names: Sequence[str],
    ) -> None:
        delivery.grants.append(
            grants.make(
                grantor=self.team,
                grantee=grantee,
                record_id=released.record_id,
                revision_id=released.revision_id,
                transfer_id=delivery.transfer_id,
                keys={name: keys[name] for name in names},
                # Statements are plain. What the manifest names already stays out of them: which sections and documents
                # a team gets would say what a family holds back, and what a document is.
                digests={name: digests[name] for name in names if name not in released.digests},
                manifest_digest=released.manifest_digest,
                now=self.now,
            )
        )

    def _cards(self, session: Session, delivery: Delivery, released: Released) -> None:
        there = {
            row.team_id: row.id
            for row in session.query(Card).filter(Card.transfer_id == delivery.transfer_id)
        }
        answers = self._answers_for(delivery.provider, released)
        for team in delivery.provider.teams:
            content: dict[str, Any] = {}
            for purpose in sorted(team.purposes):
                content |= card_of(
                    self.planned.draft.version,
                    answers,
                    self.planned.report,
                    purpose=purpose,
                    today=self.today,
                )
            delivery.cards.append(
                cards.seal_card(
                    actor=self.actor,
                    recipient=cards.Recipient(team.team_id, "", team.key),
                    record_id=released.record_id,
                    transfer_id=delivery.transfer_id,
                    content=content,
                    now=self.now,
                    card_id=there.get(team.team_id),
                )
            )

    def store(
        self, session: Session, fresh: NewRelease | None, released: Released, deliveries: Sequence[Delivery]
    ) -> None:
        """Write the release and its deliveries, with notices to the teams and one event."""
        record = session.get_one(Record, released.record_id)
        area = session.get_one(Area, record.area_id)
        if fresh is not None:
            fresh.store(session)
        for delivery in deliveries:
            self._store_transfer(session, delivery, area)
            for part in delivery.sealed:
                part.store(
                    session,
                    DatabaseCiphertexts(),
                    record_id=released.record_id,
                    revision_id=released.revision_id,
                    transfer_id=delivery.transfer_id,
                )
            session.add_all(delivery.grants)
            cards.store(session, delivery.cards)
            template = "packs_changed" if delivery.provider.state == "again" else "packs_waiting"
            for team in delivery.provider.teams:
                session.add(
                    Receipt(
                        transfer_id=delivery.transfer_id,
                        team_id=team.team_id,
                        revision_id=released.revision_id,
                        granted_at=self.now,
                    )
                )
                notices.notify(session, team_id=team.team_id, template=template)
        about: dict[str, str | int | UUID | None] = {
            "record": released.record_id,
            "owner": released.owner,
            "number": released.number,
            "revision": released.revision_id,
            "providers": len(deliveries),
        }
        about |= {f"transfer{place}": each.transfer_id for place, each in enumerate(deliveries, 1)}
        events.append(
            session,
            organisation_id=self.actor.organisation_id,
            kind="record.sent" if deliveries else "record.released",
            principal_id=self.actor.principal_id,
            about=about,
        )

    def _store_transfer(self, session: Session, delivery: Delivery, area: Area) -> None:
        transfer = session.get(Transfer, delivery.transfer_id, with_for_update=True)
        if transfer is None:
            session.add(
                Transfer(
                    id=delivery.transfer_id,
                    record_id=self.planned.draft.record_id,
                    provider_id=delivery.provider.organisation_id,
                    sent_at=self.now,
                    sent_by=self.actor.principal_id,
                    state="sent",
                    safeguarding_due=school_calendar.safeguarding_due(self.today, area.term_starts),
                )
            )
            session.flush()
        elif transfer.state == "recalled":
            raise Refused(CHANGED_MEANWHILE)
        elif transfer.state == "acknowledged":
            # A new version has to be acknowledged anew.
            transfer.state, transfer.acknowledged_at = "received", None


def _by_readers(teams: Sequence[TeamPlan]) -> dict[str, list[TeamPlan]]:
    """A provider's teams by their set of purposes: teams with the same set share one PDF."""
    sets: dict[str, list[TeamPlan]] = {}
    for team in teams:
        sets.setdefault(team.readers, []).append(team)
    return sets


def _least(kind: str, readers: str) -> int:
    """How large a PDF or its data is at least when it is sealed, by who reads it and not by what it says.

    One page, four or six are 20, 40 and 50 kB: without this, the size would tell who has SEN support, and who a plan.
    """
    much = "learning_support" in readers.split("+")
    return 1024 * {"pdf": 64 if much else 32, "data": 16 if much else 4}[kind]


def _names_for(team: TeamPlan, transfer_id: UUID, released: Released) -> tuple[str, ...]:
    """The parts that a team is granted: its sections, attachments, its PDF and the data behind it."""
    names = [name if name in released.keys else f"{name}/{transfer_id}" for name in team.sections]
    for attachment in team.attachments:
        names += [name for name in released.keys if name.startswith(f"attachment/{attachment}/")]
    return (*names, f"pdf/{transfer_id}/{team.readers}", f"data/{transfer_id}/{team.readers}")
