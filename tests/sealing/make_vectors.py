"""Write docs/sealing-vectors.json anew: `python -m tests.sealing.make_vectors`.

Only to be run for a new version of the formats; what an earlier release sealed must open for ever.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from transition_exchange.exchange.actor import Actor, OpenTeam
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.queries.messages import seal_message
from transition_exchange.sealing import (
    hpke,
    keyrings,
    ledger,
    parts,
    passphrases,
    personal,
    pins,
    unlocks,
)
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.encoding import to_base64
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.keys import KeyPair, TeamSecret, spoken_fingerprint
from transition_exchange.sealing.late_saves import LateKeys
from transition_exchange.sealing.manifests import Grant, Manifest
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.sealing.statements import Statement
from transition_exchange.sealing.transfers import RECALLED, SENT, TransferStatement
from transition_exchange.store.models import Query, Record

PATH = Path(__file__).parents[2] / "docs" / "sealing-vectors.json"


def numbered(name: str) -> str:
    """An invented id, the same at every run."""
    return str(UUID(bytes=(name.encode() * 16)[:16], version=4))


def signed(statement: Statement, by: TeamSecret) -> dict[str, str]:
    """A statement as it is stored, with its digest."""
    text, signature = statement.text(), statement.sign(by.signing).hex()
    return {"text": text, "signature": signature, "digest": statement.digest()}


def card_of(
    school: TeamSecret, college: TeamSecret, *, record: str, transfer: str, recipient: str, card: str
) -> dict[str, str | dict[str, Any]]:
    """A signed card, by post and in the ledger."""
    place = Place(UUID(card), UUID(record), UUID(transfer), UUID(recipient))
    content: dict[str, Any] = {"legal_surname": "Ångström", "gaps": ["sen.provision"], "objection": False}
    signed_card = SignedCard.sign(
        school.signing,
        place=place,
        school=UUID(numbered("school")),
        key=UUID(numbered("school key")),
        content=content,
        made_at=datetime(2027, 6, 3, 9, 30, 2, tzinfo=UTC),
    )
    body = signed_card.to_bytes()
    return {
        "id": card,
        "record": record,
        "transfer": transfer,
        "recipient": recipient,
        "school": str(signed_card.school),
        "key": str(signed_card.key),
        "made_at": signed_card.made_at,
        "content": content,
        "posted": to_base64(hpke.seal(college.kem.public, ledger.pad(body), info=place.use)),
        "sealed": to_base64(ledger.seal(college.ledger_key, place.use, body)),
    }


def asked(held: HeldKey, *, area: str, record: str, transfer: str, principal: str) -> dict[str, Any]:
    """The first message of a question, as the program seals it to the team that asks.

    Args:
        held: the asking team's key.
    """
    about = Record(id=UUID(record), area_id=UUID(area), version="core/2027.1")
    team = OpenTeam(**vars(held.team), key_id=held.key_id, secret=held.secret)
    query = Query(
        id=UUID(numbered("question")),
        transfer_id=UUID(transfer),
        asking_team_id=team.id,
        owner="transition",
    )
    actor = Actor(
        principal_id=UUID(principal),
        organisation_id=team.organisation_id,
        name="",
        administrator=False,
        teams=(team,),
    )
    message, (ring,) = seal_message(
        record=about,
        query=query,
        actor=actor,
        team=team,
        readers=[team.known],
        text="Which bus does “É.” take?",
        section="transport",
        now=datetime(2027, 6, 4, 9, 30, tzinfo=UTC),
    )
    return {
        "id": str(message.id),
        "query": str(query.id),
        "area": area,
        "record": record,
        "transfer": transfer,
        "owner": query.owner,
        "version": about.version,
        "sealed": to_base64(message.sealed),
        "keyring": {"use": f"query {query.id} {message.id}", "sealed": to_base64(ring.keyring)},
        "text": "Which bus does “É.” take?",
        "section": "transport",
        "sent_at": "2027-06-04T09:30:00+00:00",
    }


def vectors() -> dict[str, object]:
    """A record with two parts on its way from a school to a college, and everything that opens it."""
    person = KeyPair.from_seed(bytes(range(32)))
    school = TeamSecret(bytes(range(32, 64)), bytes(range(64, 96)))
    college = TeamSecret(bytes(range(96, 128)), bytes(range(128, 160)))
    area, record, revision, transfer, school_team, team, team_key, principal, card, invitation = map(
        numbered,
        (
            "area",
            "record",
            "revision",
            "transfer",
            "school team",
            "team",
            "key",
            "principal",
            "card",
            "invitation",
        ),
    )
    identity = TeamIdentity(
        id=UUID(team),
        name="Learning support",
        organisation_id=UUID(numbered("college")),
        organisation_name="Northway College",
        purposes=frozenset({"learning_support", "exams"}),
    )
    keyless = TeamIdentity(
        id=UUID(numbered("second team")),
        name="Équipe d’accueil",
        organisation_id=identity.organisation_id,
        organisation_name=identity.organisation_name,
        purposes=frozenset({"admissions"}),
    )
    held = HeldKey(identity, UUID(team_key), college)
    passphrase = "lantern muddle quilt tractor biscuit"
    texts = {"learner": '{"preferred_name":"Sam"}', "support": "é" * 1500}
    place = (area, record, revision)
    keys = {name: bytes([number]) * 32 for number, name in enumerate(texts, start=1)}
    sealed = {
        name: parts.seal(keys[name], parts.PartName(*place, name, "core/2027.1"), text.encode())
        for name, text in texts.items()
    }
    manifest = Manifest(
        area=area,
        record=record,
        revision=revision,
        owner="transition",
        number=1,
        version="core/2027.1",
        released_at="2027-06-03T09:30:00+00:00",
        parts={name: parts.digest(body) for name, body in sealed.items()},
    )
    keyring_use = f"keyring {record} {revision} {transfer}"
    keyring = keyrings.seal(college.kem.public, keys, use=keyring_use)
    grant = Grant(
        grantor_team=school_team,
        grantor_fingerprint=school.fingerprint.hex(),
        manifest_digest=manifest.digest(),
        record=record,
        revision=revision,
        transfer=transfer,
        recipient_fingerprint=college.fingerprint.hex(),
        recipient_team=team,
        keyring_digest=parts.digest(keyring),
        granted_at="2027-06-03T09:30:01+00:00",
    )
    confirmation = Confirmation(
        area=area,
        team=identity.plain(),
        fingerprint=college.fingerprint.hex(),
        confirmed_at="2027-06-03T09:00:00+00:00",
    )
    sent = TransferStatement(
        area=area,
        record=record,
        transfer=transfer,
        provider=identity.organisation_id,
        state=SENT,
        at="2027-06-03T09:30:01+00:00",
    )
    recall = replace(sent, state=RECALLED, at="2027-06-04T08:00:00+00:00", previous=sent.digest())
    first_rules = AreaRules(area=area, send_at="accepted", versions={}, signed_at="2027-01-04T09:00:00+00:00")
    rules = AreaRules(
        area=area,
        send_at="conditional",
        versions={"2027": "core/2027.1"},
        signed_at="2027-02-01T09:00:00+00:00",
        previous=first_rules.digest(),
    )
    spoken_code = "amber-lantern-quilt-tractor-biscuit"
    bundle = Bundle(
        organisation_id=identity.organisation_id,
        held=[held],
        keyless=[keyless],
        pins={UUID(numbered("neet group")): school.fingerprint},
    )
    membership_use = f"membership {principal} {team_key}"
    token = SessionToken(bytes(range(160, 192)))
    about: dict[str, Any] = {"team_id": team, "fingerprint": college.fingerprint}
    return {
        "format": 1,
        "unlock": {
            "passphrase": passphrase,
            "use": f"unlock {principal}",
            "text": unlocks.wrap(
                person.seed,
                passphrase,
                cost=unlocks.Cost(memory_kib=8192, iterations=1, lanes=2),
                use=f"unlock {principal}",
            ),
            "seed": person.seed.hex(),
        },
        "membership": {
            "use": membership_use,
            "sealed": to_base64(personal.seal(person, held.to_bytes(), use=membership_use)),
            "key": team_key,
        },
        "invitation": {
            "spoken_code": spoken_code,
            "use": f"invitation {invitation}",
            "text": unlocks.wrap(
                bundle.to_bytes(),
                passphrases.normalise(spoken_code),
                cost=unlocks.Cost(memory_kib=8192, iterations=1, lanes=2),
                use=f"invitation {invitation}",
            ),
            "organisation": str(identity.organisation_id),
            "keyless": keyless.plain(),
            "pins": {numbered("neet group"): school.fingerprint.hex()},
        },
        "team": {
            "id": team,
            "name": identity.name,
            "organisation": str(identity.organisation_id),
            "organisation_name": identity.organisation_name,
            "purposes": sorted(identity.purposes),
            "secret": college.to_bytes().hex(),
            "kem_public": to_base64(college.kem.public),
            "signing_public": college.signing.public.hex(),
            "fingerprint": college.fingerprint.hex(),
            "spoken_fingerprint": spoken_fingerprint(college.fingerprint),
            "ledger_key": college.ledger_key.hex(),
        },
        "grantor": {
            "team": school_team,
            "signing_public": school.signing.public.hex(),
            "fingerprint": school.fingerprint.hex(),
        },
        "keyring": {"use": keyring_use, "sealed": to_base64(keyring)},
        "grant": signed(grant, school),
        "manifest": signed(manifest, school),
        "confirmation": signed(confirmation, school),
        "transfer": signed(sent, school),
        "recall": signed(recall, school),
        "area_rules": signed(rules, school),
        "parts": [
            {
                "area": area,
                "record": record,
                "revision": revision,
                "part": name,
                "version": "core/2027.1",
                "key": keys[name].hex(),
                "sealed": to_base64(sealed[name]),
                "plaintext": texts[name],
            }
            for name in texts
        ],
        "card": card_of(school, college, record=record, transfer=transfer, recipient=team, card=card),
        "message": asked(held, area=area, record=record, transfer=transfer, principal=principal),
        "late_save": {
            "principal": principal,
            "use": f"late save {principal} {card}",
            "sealed": to_base64(
                LateKeys.new(UUID(principal), person).seal(b"typed", use=f"late save {principal} {card}")
            ),
            "plaintext": "typed",
        },
        "session": {"cookie": token.cookie, "id": token.id, "wrapped": to_base64(token.wrap(person.seed))},
        "statements": {
            "pin": pins.sign(school.signing, **about).hex(),
        },
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(vectors(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
