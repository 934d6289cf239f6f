"""The test vectors of one record on its way from a school to a college."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.sealing.invented import (
    AREA,
    COLLEGE,
    NEET_GROUP,
    PRINCIPAL,
    RECORD,
    REVISION,
    SCHOOL,
    TRANSFER,
    VERSION,
    numbered,
    signed,
)
from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.queries.messages import seal_message
from transition_exchange.exchange.records.kept_keyrings import keeping_use
from transition_exchange.exchange.records.part_names import content_part, label_part
from transition_exchange.sealing import hpke, keyrings, ledger, parts
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.encoding import from_base64, to_base64
from transition_exchange.sealing.manifests import Grant, Manifest
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.transfers import RECALLED, SENT, TransferStatement
from transition_exchange.store.models import Query
from transition_exchange.store.models import Record as RecordRow

ATTACHMENT, DRAFT, GRANT = numbered("attachment"), numbered("draft"), numbered("grant")
FILE = "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
LABEL = {
    "document": ATTACHMENT,
    "kind": "strategies",
    "name": "Zoë’s strategies",
    "dated": "2027-05-12",
    "pages": 2,
    "size": len(FILE),
    "added": "2027-06-01",
    "removed": ["links", "scripts"],
}


@dataclass(frozen=True)
class Sealed:
    """A part of the vectors."""

    revision: str
    name: str
    text: str
    number: int
    """Of which its key is made."""

    @property
    def key(self) -> bytes:
        return bytes([self.number]) * 32

    def seal(self) -> dict[str, str]:
        place = parts.PartName(AREA, RECORD, self.revision, self.name, VERSION)
        return {
            "area": AREA,
            "record": RECORD,
            "revision": self.revision,
            "part": self.name,
            "version": VERSION,
            "key": self.key.hex(),
            "sealed": to_base64(parts.seal(self.key, place, self.text.encode())),
            "plaintext": self.text,
        }


SECTIONS = (
    Sealed(REVISION, "learner", '{"preferred_name":"Sam"}', 1),
    Sealed(REVISION, "support", "é" * 1500, 2),
)
DOCUMENT = (
    Sealed(ATTACHMENT, label_part(UUID(ATTACHMENT)), json.dumps(LABEL, ensure_ascii=False), 3),
    Sealed(ATTACHMENT, content_part(UUID(ATTACHMENT)), FILE, 4),
)
OF_TRANSFER = (
    Sealed(REVISION, f"destination/{TRANSFER}", '{"course":"Bricklaying","kind":"provider"}', 5),
    Sealed(
        REVISION, f"data/{TRANSFER}/exams+learning_support", '{"schema":"transition-exchange/record/1"}', 6
    ),
    Sealed(REVISION, f"pdf/{TRANSFER}/exams+learning_support", FILE, 7),
)


def _digests(sealed: list[dict[str, str]]) -> dict[str, str]:
    return {part["part"]: parts.digest(from_base64(part["sealed"])) for part in sealed}


def _given(
    to: HeldKey,
    keys: dict[str, bytes],
    *,
    subject: str,
    transfer: str | None,
    digests: dict[str, str],
    manifest: str,
    known_to: list[str] | None = None,
) -> dict[str, Any]:
    """A keyring and the grant that the school signs about it."""
    use = f"keyring {RECORD} {subject} {transfer or 'own'}"
    ring = keyrings.seal(to.secret.kem.public, keys, use=use)
    grant = Grant(
        grantor_team=SCHOOL.team.id,
        grantor_fingerprint=SCHOOL.secret.fingerprint.hex(),
        manifest_digest=manifest,
        record=RECORD,
        revision=subject,
        owner="transition",
        empty=False,
        transfer=transfer,
        recipient_team=to.team.id,
        recipient_fingerprint=to.secret.fingerprint.hex(),
        keyring_digest=parts.digest(ring),
        keys_digest=keyrings.digest_of(keys),
        granted_at="2027-06-03T09:30:01+00:00",
        known_to=known_to,
        parts=digests,
    )
    return {"keyring": {"use": use, "sealed": to_base64(ring)}, "grant": signed(grant, SCHOOL)}


def of_a_release() -> dict[str, Any]:
    """A released version with an attachment, what is made for the transfer, and what opens them."""
    sections, document, own = ([part.seal() for part in group] for group in (SECTIONS, DOCUMENT, OF_TRANSFER))
    manifest = Manifest(
        area=AREA,
        record=RECORD,
        revision=REVISION,
        owner="transition",
        number=1,
        version=VERSION,
        released_at="2027-06-03T09:30:00+00:00",
        parts=_digests([*sections, *document]),
    )
    keys = {part.name: part.key for part in (*SECTIONS, *DOCUMENT, *OF_TRANSFER)}
    attached = {part.name: part.key for part in DOCUMENT}
    given = _given(
        COLLEGE,
        keys,
        subject=REVISION,
        transfer=TRANSFER,
        digests=_digests(own),
        manifest=manifest.digest(),
    )
    made = given["grant"]
    said = Grant.verify(made["text"], bytes.fromhex(made["signature"]), SCHOOL.secret.signing.public)
    use = keeping_use(UUID(GRANT), said)
    return {
        "parts": [*sections, *document, *own],
        "manifest": signed(manifest, SCHOOL),
        **given,
        "kept": {
            "id": GRANT,
            "use": use,
            "sealed": to_base64(keyrings.keep(COLLEGE.secret.kept_key, keys, use=use)),
        },
        "attachment": {
            "id": ATTACHMENT,
            "label": LABEL,
            **_given(
                SCHOOL,
                attached,
                subject=ATTACHMENT,
                transfer=None,
                digests=_digests(document),
                manifest="",
            ),
        },
    }


def of_a_draft() -> dict[str, Any]:
    """The grant of a draft, whose keys the college's team knows too, as a second team of the school would."""
    known_to = [team.secret.fingerprint.hex() for team in (SCHOOL, COLLEGE)]
    keys = {part.name: part.key for part in SECTIONS}
    return {
        "draft": _given(
            SCHOOL, keys, subject=DRAFT, transfer=None, digests={}, manifest="", known_to=known_to
        )
    }


def of_signed_rows() -> dict[str, Any]:
    """What the NEET group and the school signed beside the record."""
    sent = TransferStatement(
        area=AREA,
        record=RECORD,
        transfer=TRANSFER,
        provider=COLLEGE.team.organisation_id,
        state=SENT,
        at="2027-06-03T09:30:01+00:00",
    )
    recall = replace(sent, state=RECALLED, at="2027-06-04T08:00:00+00:00", previous=sent.digest())
    invented = hashlib.sha256(b"an event that nobody caused").hexdigest()
    kept = replace(sent, at="2027-06-03T16:00:00+00:00", previous=sent.digest(), overrules=[invented])
    first = AreaRules(area=AREA, send_at="accepted", versions={}, signed_at="2027-01-04T09:00:00+00:00")
    rules = AreaRules(
        area=AREA,
        send_at="conditional",
        versions={"2027": VERSION},
        signed_at="2027-02-01T09:00:00+00:00",
        previous=first.digest(),
    )
    return {
        "confirmation": signed(_confirmed(COLLEGE), NEET_GROUP),
        "grantor_confirmation": signed(_confirmed(SCHOOL), NEET_GROUP),
        "transfer": signed(sent, SCHOOL),
        "recall": signed(recall, SCHOOL),
        "transfer_kept": signed(kept, SCHOOL),
        "area_rules": signed(rules, NEET_GROUP),
    }


def _confirmed(held: HeldKey) -> Confirmation:
    return Confirmation(
        area=AREA,
        team=held.team.plain(),
        version=held.version,
        fingerprint=held.secret.fingerprint.hex(),
        confirmed_at="2027-06-03T09:00:00+00:00",
    )


def of_a_card() -> dict[str, Any]:
    """A signed card, by post and in the ledger."""
    place = Place(UUID(numbered("card")), UUID(RECORD), UUID(TRANSFER), COLLEGE.team.id)
    card = SignedCard.sign(
        SCHOOL.secret.signing,
        place=place,
        school=SCHOOL.team.organisation_id,
        key=SCHOOL.key_id,
        content={"legal_surname": "Ångström", "gaps": ["sen.provision"], "objection": False},
        made_at=datetime(2027, 6, 3, 9, 30, 2, tzinfo=UTC),
    )
    body, own = card.to_bytes(), COLLEGE.secret
    return {
        "id": str(place.card),
        "record": RECORD,
        "transfer": TRANSFER,
        "recipient": str(place.recipient),
        "school": str(card.school),
        "key": str(card.key),
        "made_at": card.made_at,
        "content": card.content,
        "posted": to_base64(hpke.seal(own.kem.public, ledger.pad(body), info=place.use)),
        "sealed": to_base64(ledger.seal(own.ledger_key, place.use, body)),
    }


def of_a_question() -> dict[str, Any]:
    """The first message of a question, as the program seals it to the team that asks."""
    text, section = "Which bus does “É.” take?", "transport"
    team = OpenTeam(**vars(COLLEGE.team), key_id=COLLEGE.key_id, secret=COLLEGE.secret)
    query = Query(
        id=UUID(numbered("question")),
        transfer_id=UUID(TRANSFER),
        asking_team_id=team.id,
        owner="transition",
    )
    actor = Actor(
        principal_id=UUID(PRINCIPAL),
        organisation_id=team.organisation_id,
        name="",
        administrator=False,
        teams=(team,),
    )
    message, (ring,) = seal_message(
        record=RecordRow(
            id=UUID(RECORD),
            area_id=UUID(AREA),
            organisation_id=SCHOOL.team.organisation_id,
            version=VERSION,
        ),
        query=query,
        actor=actor,
        team=team,
        readers=[team.known],
        text=text,
        section=section,
        now=datetime(2027, 6, 4, 9, 30, tzinfo=UTC),
    )
    return {
        "id": str(message.id),
        "query": str(query.id),
        "area": AREA,
        "record": RECORD,
        "transfer": TRANSFER,
        "school": str(SCHOOL.team.organisation_id),
        "owner": query.owner,
        "version": VERSION,
        "sealed": to_base64(message.sealed),
        "keyring": {"use": f"query {query.id} {message.id}", "sealed": to_base64(ring.keyring)},
        "text": text,
        "section": section,
        "sent_at": "2027-06-04T09:30:00+00:00",
    }
