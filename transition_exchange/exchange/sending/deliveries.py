"""Rendering the packs of a released version, sealing them and granting them to the teams that read them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from transition_exchange.exchange.actor import Actor, KnownTeam
from transition_exchange.exchange.keys.trust import trust_of
from transition_exchange.exchange.records import cards, grants, parts, transfers
from transition_exchange.exchange.records.answers import plaintext, room
from transition_exchange.exchange.records.ownership import owner_teams
from transition_exchange.exchange.records.revisions import OpenRevision
from transition_exchange.exchange.sending.plans import ProviderPlan, ReleasePlan, TeamPlan
from transition_exchange.exchange.sending.team_packs import TeamPacks
from transition_exchange.packs.content import PackContent
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma.cards import card as card_of
from transition_exchange.store.database import Database
from transition_exchange.store.models import Card, Grant, Record, Transfer


@dataclass(frozen=True)
class Delivery:
    """One revision for one provider, with everything sealed and nothing stored yet.

    Attributes:
        transfer: the new transfer, signed; None if the provider holds an earlier version.
        sealed: the parts that are made for this transfer alone.
        grants: those to the provider's teams, and to the school's own.
        cards: those of the provider's teams; none for safeguarding sections.
    """

    provider: ProviderPlan
    transfer_id: UUID
    transfer: Transfer | None
    sealed: Sequence[parts.SealedPart] = field(repr=False)
    grants: Sequence[Grant] = field(repr=False)
    cards: Sequence[cards.PreparedCard] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Sealer:
    """Seals one released version for its providers.

    Attributes:
        released: the version, opened by its owner.
        packs: what each team gets of it.
    """

    db: Database
    actor: Actor
    planned: ReleasePlan
    released: OpenRevision
    packs: TeamPacks
    today: date
    now: datetime

    def deliveries(self, renderer: Renderer, providers: Sequence[ProviderPlan]) -> list[Delivery]:
        """Render every pack of every provider, seal it and grant it.

        Args:
            renderer: makes the PDFs.
            providers: the providers that get the version.

        Raises:
            RenderingFailed: a PDF could not be made.
            NotFound: the safeguarding team has no card with the learner's name.
        """
        # A new transfer gets its id before its PDFs are made, because they bear its reference.
        transfer_ids = [provider.transfer_id or uuid4() for provider in providers]
        packs = [
            self.packs.by_readers(provider, transfer_id)
            for provider, transfer_id in zip(providers, transfer_ids, strict=True)
        ]
        pdfs = renderer.render_many([content for by_readers in packs for content in by_readers.values()])
        rendered = [
            {readers: (next(pdfs), content) for readers, content in by_readers.items()}
            for by_readers in packs
        ]
        with self.db.read() as session:
            owners = owner_teams(
                session,
                actor=self.actor,
                trust=trust_of(session, self.actor),
                owner=self.planned.draft.owner,
            )
            return [
                self._delivery(
                    session, provider=provider, transfer_id=transfer_id, rendered=by_readers, owners=owners
                )
                for provider, transfer_id, by_readers in zip(providers, transfer_ids, rendered, strict=True)
            ]

    def _delivery(
        self,
        session: Session,
        *,
        provider: ProviderPlan,
        transfer_id: UUID,
        rendered: Mapping[str, tuple[bytes, PackContent]],
        owners: Sequence[KnownTeam],
    ) -> Delivery:
        suffix = _suffix(transfer_id, provider)
        sealed = [*self._sealed_packs(suffix, rendered), *self._sealed_sections(suffix, provider)]
        draft = self.planned.draft
        transition = draft.owner == "transition"
        transfer = None
        if provider.transfer_id is None:
            transfer = transfers.sign_sent(
                team=self.planned.team,
                record=session.get_one(Record, draft.record_id),
                transfer_id=transfer_id,
                provider_id=provider.organisation_id,
                at=self.now,
            )
        return Delivery(
            provider=provider,
            transfer_id=transfer_id,
            transfer=transfer,
            sealed=sealed,
            grants=self._grants(
                provider=provider, transfer_id=transfer_id, suffix=suffix, sealed=sealed, owners=owners
            ),
            cards=self._cards(session, provider, transfer_id) if transition else (),
        )

    @property
    def _binding(self) -> parts.Binding:
        draft = self.planned.draft
        return parts.Binding(
            area=draft.area_id,
            record=draft.record_id,
            revision=self.released.revision.id,
            version=draft.version.name,
        )

    def _sealed_packs(
        self, suffix: str, rendered: Mapping[str, tuple[bytes, PackContent]]
    ) -> Iterator[parts.SealedPart]:
        """Each PDF, and the data that it was made of."""
        for readers, (pdf, content) in rendered.items():
            for kind, body in (("pdf", pdf), ("data", content.record_json)):
                name = f"{kind}/{suffix}/{readers}"
                least = _least_size(kind, readers)
                yield parts.seal(binding=self._binding, name=name, plaintext=body, least=least)

    def _sealed_sections(self, suffix: str, provider: ProviderPlan) -> Iterator[parts.SealedPart]:
        """The sections that are made for this transfer alone, such as the learner's destination at this provider."""
        draft = self.planned.draft
        answers = self.packs.answers_for(provider)
        for section in draft.version.sections_of(draft.owner):
            if section.per_transfer:
                values = plaintext(answers.get(section.name, {}))
                name = f"{section.name}/{suffix}"
                yield parts.seal(binding=self._binding, name=name, plaintext=values, least=room(section))

    def _grants(
        self,
        *,
        provider: ProviderPlan,
        transfer_id: UUID,
        suffix: str,
        sealed: Sequence[parts.SealedPart],
        owners: Sequence[KnownTeam],
    ) -> list[Grant]:
        own_keys = parts.keys_of(sealed)
        keys = {**self.released.keys, **own_keys}
        digests = {part.name: part.digest for part in sealed}
        team_grants = []
        for team in provider.teams:
            assert team.team is not None  # nothing is sent to a provider with a team that has no key
            names = _granted_parts(team, suffix, self.released)
            granted_keys = {name: keys[name] for name in names}
            team_grants.append(
                self._grant(transfer_id=transfer_id, grantee=team.team, keys=granted_keys, digests=digests)
            )
        # The school's own teams get grants too, so that they can see exactly what was sent.
        own_grants = [
            self._grant(transfer_id=transfer_id, grantee=owner, keys=own_keys, digests=digests)
            for owner in owners
        ]
        return [*team_grants, *own_grants]

    def _grant(
        self,
        *,
        transfer_id: UUID,
        grantee: KnownTeam,
        keys: Mapping[str, bytes],
        digests: Mapping[str, str],
    ) -> Grant:
        """One grant. `digests` are those of the parts that were sealed for this transfer.

        The statement of a grant is not encrypted, so it leaves out the digests that the manifest holds. The sections
        and documents that a team gets would tell what a family holds back, and what kind a document is.
        """
        return grants.make(
            grantor=self.planned.team,
            grantee=grantee,
            record_id=self.planned.draft.record_id,
            owner=self.planned.draft.owner,
            revision_id=self.released.revision.id,
            transfer_id=transfer_id,
            keys=keys,
            digests={name: digests[name] for name in keys if name in digests},
            manifest_digest=self.released.manifest_digest,
            now=self.now,
        )

    def _cards(self, session: Session, provider: ProviderPlan, transfer_id: UUID) -> list[cards.PreparedCard]:
        earlier = session.execute(select(Card.team_id, Card.id).where(Card.transfer_id == transfer_id))
        card_ids = {card.team_id: card.id for card in earlier}
        answers = self.packs.answers_for(provider)
        prepared = []
        for team in provider.teams:
            prepared.append(
                cards.seal_card(
                    actor=self.actor,
                    recipient=cards.Recipient(team.team_id, "", team.team),
                    record_id=self.planned.draft.record_id,
                    transfer_id=transfer_id,
                    content=card_of(team.access, answers, self.planned.report, today=self.today),
                    now=self.now,
                    card_id=card_ids.get(team.team_id),
                    signer=self.planned.team,
                )
            )
        return prepared


def _suffix(transfer_id: UUID, provider: ProviderPlan) -> str:
    """What the names of the parts that are made for a transfer have in common.

    Teams that were added later get parts of their own, beside those of the same version for the earlier teams.
    """
    return f"{transfer_id}/{secrets.token_hex(4)}" if provider.state == "added" else str(transfer_id)


def _least_size(kind: str, readers: str) -> int:
    """The least size in bytes to which a PDF or its data is padded. It depends on the readers, not on the content.

    PDFs of one, four and six pages have 20, 40 and 50 kB. Without padding, the size would tell which learner has SEN
    support and which has a plan.
    """
    detailed = "learning_support" in readers.split("+")
    return 1024 * {"pdf": 64 if detailed else 32, "data": 16 if detailed else 4}[kind]


def _granted_parts(team: TeamPlan, suffix: str, released: OpenRevision) -> tuple[str, ...]:
    """The parts that a team is granted: its sections, its attachments, its PDF and the data of the PDF."""
    names = [name if name in released.keys else f"{name}/{suffix}" for name in team.access.sections]
    for attachment in team.attachments:
        names += [name for name in released.keys if name.startswith(f"attachment/{attachment}/")]
    return (*names, f"pdf/{suffix}/{team.readers}", f"data/{suffix}/{team.readers}")
