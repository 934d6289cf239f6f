"""Confirmations, successions and pins: one key speaking about another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from uuid import uuid4

import pytest

from transition_exchange.sealing import confirmation, pins, succession
from transition_exchange.sealing.confirmation import Confirmed
from transition_exchange.sealing.keys import BadSignature, SigningKey, TeamSecret

Sign = Callable[..., bytes]


class Confirming(ModuleType):
    """Confirmations with the signature of the other kinds: the rest of what they are about stays the same."""

    ORGANISATION = uuid4()

    @classmethod
    def about(cls, team_id: object, fingerprint: bytes) -> Confirmed:
        return Confirmed(str(team_id), cls.ORGANISATION, "Northway College", ["exams"], fingerprint)

    @classmethod
    def sign(cls, key: SigningKey, *, team_id: object, fingerprint: bytes) -> bytes:
        return confirmation.sign(key, cls.about(team_id, fingerprint))

    @classmethod
    def verify(cls, public: bytes, signature: bytes, *, team_id: object, fingerprint: bytes) -> None:
        confirmation.verify(public, signature, cls.about(team_id, fingerprint))


CONFIRMING = Confirming("confirming")
KINDS: list[tuple[ModuleType, Sign]] = [
    (CONFIRMING, CONFIRMING.sign),
    (succession, succession.sign_next),
    (pins, pins.sign),
]
EACH = pytest.mark.parametrize(("kind", "sign"), KINDS, ids=["confirmation", "succession", "pin"])
KEY, OTHER = SigningKey.generate(), SigningKey.generate()
TEAM, PRINT = uuid4(), TeamSecret.generate().fingerprint


@EACH
def test_it_holds_for_its_team_its_key_and_its_signer(kind: ModuleType, sign: Sign) -> None:
    signature = sign(KEY, team_id=TEAM, fingerprint=PRINT)
    kind.verify(KEY.public, signature, team_id=str(TEAM), fingerprint=PRINT)
    for public, team, fingerprint in [
        (OTHER.public, TEAM, PRINT),
        (KEY.public, uuid4(), PRINT),
        (KEY.public, TEAM, TeamSecret.generate().fingerprint),
    ]:
        with pytest.raises(BadSignature):
            kind.verify(public, signature, team_id=team, fingerprint=fingerprint)


@EACH
def test_no_kind_passes_for_another(kind: ModuleType, sign: Sign) -> None:
    signature = sign(KEY, team_id=TEAM, fingerprint=PRINT)
    for other, _ in KINDS:
        if other is not kind:
            with pytest.raises(BadSignature):
                other.verify(KEY.public, signature, team_id=TEAM, fingerprint=PRINT)


@pytest.mark.parametrize(
    "changed",
    [
        {"organisation": uuid4()},
        {"organisation_name": "Southway College"},
        {"purposes": ["exams", "safeguarding"]},
        {"purposes": []},
    ],
)
def test_a_confirmation_says_whose_team_it_is_and_what_for(changed: dict[str, object]) -> None:
    about = Confirmed(TEAM, uuid4(), "Northway College", ["safeguarding", "learning_support"], PRINT)
    signature = confirmation.sign(KEY, about)
    confirmation.verify(KEY.public, signature, replace(about, purposes=["learning_support", "safeguarding"]))
    with pytest.raises(BadSignature):
        confirmation.verify(KEY.public, signature, replace(about, **changed))  # type: ignore[arg-type]
