"""One statement of each kind, for tests that look at what all of them share."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from transition_exchange.sealing import keyrings, parts
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.sealing.confirmation import Confirmation
from transition_exchange.sealing.identities import TeamIdentity
from transition_exchange.sealing.manifests import Grant, Manifest
from transition_exchange.sealing.statements import Statement
from transition_exchange.sealing.transfers import RECALLED, SENT, TransferStatement

MOMENT = datetime(2027, 6, 3, 9, 30, tzinfo=UTC)
TEAM = TeamIdentity(
    id=uuid4(),
    name="Learning support",
    organisation_id=uuid4(),
    organisation_name="Northway College",
    purposes=frozenset({"safeguarding", "learning_support"}),
)
MANIFEST = Manifest(
    area=uuid4(),
    record=uuid4(),
    revision=uuid4(),
    owner="transition",
    number=1,
    version="core/2027.1",
    released_at=MOMENT,
    parts={"learner": parts.digest(b"a ciphertext"), "sen": parts.digest(b"another")},
)
GRANT = Grant(
    grantor_team=uuid4(),
    grantor_fingerprint="cd" * 32,
    manifest_digest=MANIFEST.digest(),
    record=MANIFEST.record,
    revision=MANIFEST.revision,
    owner=MANIFEST.owner,
    empty=False,
    transfer=None,
    recipient_fingerprint="ab" * 32,
    recipient_team=uuid4(),
    keyring_digest=parts.digest(b"a keyring"),
    keys_digest=keyrings.digest_of({"destination": bytes(32)}),
    granted_at=MOMENT,
    parts={"destination": parts.digest(b"a ciphertext")},
)
CONFIRMATION = Confirmation(
    area=uuid4(), team=TEAM.plain(), version=1, fingerprint="ef" * 32, confirmed_at=MOMENT
)
TRANSFER = TransferStatement(
    area=uuid4(), record=MANIFEST.record, transfer=uuid4(), provider=uuid4(), state=SENT, at=MOMENT
)
RECALL = TransferStatement(
    area=TRANSFER.area,
    record=TRANSFER.record,
    transfer=TRANSFER.transfer,
    provider=TRANSFER.provider,
    state=RECALLED,
    at=MOMENT,
    previous=TRANSFER.digest(),
)
RULES = AreaRules(area=uuid4(), send_at="accepted", versions={"2027": "core/2027.1"}, signed_at=MOMENT)
STATEMENTS: tuple[Statement, ...] = (MANIFEST, GRANT, CONFIRMATION, TRANSFER, RULES)
