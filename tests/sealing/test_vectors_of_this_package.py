"""What an earlier release sealed opens in this one: the test vectors, with this package."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from tests.sealing.make_vectors import vectors
from tests.sealing.second_reader import VECTORS, raw, team_in_vectors
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.joining.made_by import digest_of
from transition_exchange.exchange.records.attachments import read_label
from transition_exchange.exchange.records.part_names import content_part, label_part
from transition_exchange.sealing import (
    hpke,
    keyrings,
    keys,
    late_saves,
    ledger,
    messages,
    parts,
    passphrases,
    personal,
    pins,
    second_factor,
    unlocks,
)
from transition_exchange.sealing.address_book import RememberedKey
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.cards import Place, SignedCard
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.encoding import to_base64
from transition_exchange.sealing.invitations import InvitationStatement
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.sealing.late_saves import LateKeys
from transition_exchange.sealing.manifests import Grant, Manifest
from transition_exchange.sealing.memberships import HeldKey
from transition_exchange.sealing.people import PersonKeys
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.sealing.statements import Statement
from transition_exchange.sealing.succession import Succession
from transition_exchange.sealing.transfers import RECALLED, SENT, TransferStatement
from transition_exchange.store import checkpoints, events
from transition_exchange.store.models import Invitation

PERSON = KeyPair.from_seed(bytes.fromhex(VECTORS["unlock"]["seed"]))
COLLEGE, SCHOOL, NEET_GROUP = (
    TeamSecret.from_bytes(bytes.fromhex(VECTORS[name]["secret"]))
    for name in ("team", "grantor", "neet_group")
)


Kind = TypeVar("Kind", bound=Statement)


def read(kind: type[Kind], name: str, by: TeamSecret) -> Kind:
    stored = VECTORS[name]
    return kind.verify(stored["text"], bytes.fromhex(stored["signature"]), by.signing.public)


def test_every_way_to_a_persons_key() -> None:
    unlock, recovery = VECTORS["unlock"], VECTORS["recovery"]
    assert unlocks.unwrap(unlock["text"], unlock["passphrase"], use=unlock["use"]) == PERSON.seed
    code = passphrases.normalise(recovery["typed"])
    assert unlocks.unwrap(recovery["text"], code, use=recovery["use"]) == PERSON.seed
    for name, use in (("session", "full"), ("half_session", "code")):
        token = SessionToken.from_cookie(VECTORS[name]["cookie"])
        use += f" {VECTORS[name]['began']}"
        assert token.id == VECTORS[name]["id"]
        assert token.unwrap(raw(VECTORS[name]["wrapped"]), use=use) == PERSON.seed


def test_a_membership_and_an_invitation_hold_the_team() -> None:
    membership, invitation = VECTORS["membership"], VECTORS["invitation"]
    held = HeldKey.from_bytes(personal.open(PERSON, raw(membership["sealed"]), use=membership["use"]))
    assert (held.team.plain(), held.secret) == (team_in_vectors(), COLLEGE)
    code = passphrases.normalise(invitation["spoken_code"])
    bundle = Bundle.from_bytes(unlocks.unwrap(invitation["text"], code, use=invitation["use"]))
    assert (list(bundle.held), str(bundle.organisation_id)) == (
        [held.for_others()],
        invitation["organisation"],
    )
    assert [keyless.plain() for keyless in bundle.keyless] == [invitation["keyless"]]
    council = RememberedKey(1, NEET_GROUP.fingerprint.hex(), root=True)
    assert bundle.councils == {UUID(VECTORS["neet_group"]["id"]): council}
    signed = invitation["statement"]
    said = InvitationStatement.verify(
        signed["text"], bytes.fromhex(signed["signature"]), PersonKeys(PERSON).signing.public
    )
    asked = Invitation(
        id=UUID(str(said.invitation)),
        organisation_id=UUID(str(said.organisation)),
        email=said.email,
        name=said.name,
        team_ids=[team.id for team in said.teams],
        administrator=said.administrator,
        statement=signed["text"],
    )
    assert digest_of(asked) == bundle.asked


def test_a_second_factor_takes_its_code() -> None:
    factor = VECTORS["second_factor"]
    opened = second_factor.Secret.from_bytes(personal.open(PERSON, raw(factor["sealed"]), use=factor["use"]))
    now = datetime.fromisoformat(factor["at"])
    assert second_factor.check_code(opened, factor["code"], now=now, last_step=None) == factor["step"]
    assert second_factor.check_backup(opened, factor["backup_codes"][0]) is not None


def test_the_statements_are_those_of_their_signers() -> None:
    confirmation = read(Confirmation, "confirmation", NEET_GROUP)
    assert (confirmation.identity.plain(), confirmation.fingerprint) == (
        team_in_vectors(),
        COLLEGE.fingerprint.hex(),
    )
    sent, recall = (read(TransferStatement, name, SCHOOL) for name in ("transfer", "recall"))
    assert (sent.state, recall.state, recall.previous) == (SENT, RECALLED, sent.digest())
    kept = read(TransferStatement, "transfer_kept", SCHOOL)
    assert (kept.state, kept.previous, len(kept.overrules)) == (SENT, sent.digest(), 1)
    assert read(AreaRules, "area_rules", NEET_GROUP).send_at == "conditional"
    pin, following = VECTORS["pin"], VECTORS["succession"]
    pins.verify(
        COLLEGE.signing.public,
        bytes.fromhex(pin["signature"]),
        team_id=pin["team"],
        fingerprint=NEET_GROUP.fingerprint,
    )
    said = Succession.verify(
        following["text"],
        bytes.fromhex(following["signature"]),
        bytes.fromhex(following["signing_public"]),
    )
    assert (said.team, said.fingerprint) == (VECTORS["team"]["id"], COLLEGE.fingerprint.hex())


def test_a_released_version_opens_with_its_attachment() -> None:
    grant, manifest = read(Grant, "grant", SCHOOL), read(Manifest, "manifest", SCHOOL)
    sealed_ring = raw(VECTORS["keyring"]["sealed"])
    assert (grant.keyring_digest, grant.manifest_digest) == (parts.digest(sealed_ring), manifest.digest())
    ring = keyrings.open(COLLEGE.kem, sealed_ring, use=VECTORS["keyring"]["use"])
    digests = {**grant.parts, **manifest.parts}
    opened = {}
    for part in VECTORS["parts"]:
        assert digests[part["part"]] == parts.digest(raw(part["sealed"]))
        name = parts.PartName(part["area"], part["record"], part["revision"], part["part"], part["version"])
        opened[part["part"]] = parts.open(ring[part["part"]], name, raw(part["sealed"]))
        assert opened[part["part"]].decode() == part["plaintext"]
    attachment = UUID(VECTORS["attachment"]["id"])
    label = read_label(
        attachment_id=attachment, plaintext=opened[label_part(attachment)], keys={}, digests={}
    )
    assert (label.name, label.size) == ("Zoë’s strategies", len(opened[content_part(attachment)]))
    own = VECTORS["attachment"]
    Grant.verify(own["grant"]["text"], bytes.fromhex(own["grant"]["signature"]), SCHOOL.signing.public)
    assert set(keyrings.open(SCHOOL.kem, raw(own["keyring"]["sealed"]), use=own["keyring"]["use"])) == {
        label_part(attachment),
        content_part(attachment),
    }


def test_a_card_opens_by_post_and_in_the_ledger() -> None:
    card = VECTORS["card"]
    place = Place(*(UUID(card[name]) for name in ("id", "record", "transfer", "recipient")))
    body = ledger.open(COLLEGE.ledger_key, place.use, raw(card["sealed"]))
    assert ledger.unpad(hpke.open(COLLEGE.kem, raw(card["posted"]), info=place.use)) == body
    signed_card = SignedCard.from_bytes(body)
    signed_card.check(SCHOOL.signing.public, place=place)
    assert signed_card.content == card["content"]


def test_a_question_is_its_teams() -> None:
    asked = VECTORS["message"]
    (key,) = keyrings.open(COLLEGE.kem, raw(asked["keyring"]["sealed"]), use=asked["keyring"]["use"]).values()
    name = parts.PartName(asked["area"], asked["record"], asked["id"], "message", asked["version"])
    signed = json.loads(parts.open(key, name, raw(asked["sealed"])))
    messages.verify(
        COLLEGE.signing.public,
        bytes.fromhex(signed["signature"]),
        query=asked["query"],
        message=asked["id"],
        body=signed["body"].encode(),
    )


def test_what_came_after_a_sessions_end_opens_and_could_be_sealed_again() -> None:
    late, session = VECTORS["late_save"], VECTORS["session"]
    principal = UUID(late["principal"])
    typed = late_saves.open(PERSON, raw(late["sealed"]), principal_id=principal, use=late["use"])
    assert json.loads(typed) == late["typed"]
    given = LateKeys.unwrap(SessionToken.from_cookie(session["cookie"]), raw(session["late_keys"]))
    assert (given.principal_id, given.public) == (principal, PERSON.public)
    again = given.seal(typed, use=late["use"])
    assert late_saves.open(PERSON, again, principal_id=principal, use=late["use"]) == typed


def test_a_chain_ends_at_its_signed_head() -> None:
    chain = VECTORS["chain"]
    public = bytes.fromhex(chain["public_key"])

    def verify(signature: bytes, message: bytes) -> bool:
        keys.verify(public, signature, message)
        return True

    assert [events.hash_of(event["body"]) for event in chain["events"]] == [
        event["hash"] for event in chain["events"]
    ]
    (head,) = checkpoints.verified(checkpoints.parse(chain["checkpoint"]), verify)
    assert (str(head.organisation_id), head.seq, head.hash) == (
        chain["organisation"],
        len(chain["events"]),
        chain["events"][-1]["hash"],
    )


def test_the_public_keys_are_those_of_the_secrets() -> None:
    for name, secret in (("team", COLLEGE), ("grantor", SCHOOL), ("neet_group", NEET_GROUP)):
        assert VECTORS[name]["kem_public"] == to_base64(secret.kem.public)
        assert VECTORS[name]["ledger_key"] == secret.ledger_key.hex()


def shape(value: object) -> object:
    """What a value is made of, without what differs at each run."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


def test_the_file_is_what_this_package_would_write_today() -> None:
    """Otherwise a format was changed, and the file not made anew."""
    assert shape(json.loads(json.dumps(vectors()))) == shape(VECTORS)
