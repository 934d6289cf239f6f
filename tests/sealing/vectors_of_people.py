"""The test vectors of what a person knows, keeps and carries: from the passphrase to the cookie."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.sealing.invented import (
    BEFORE,
    COLLEGE,
    KEYLESS,
    NEET_GROUP,
    PERSON,
    PRINCIPAL,
    SCHOOL,
    numbered,
    signed,
)
from transition_exchange.exchange.joining.bundles import Bundle
from transition_exchange.exchange.keys.personal import (
    invitation_use,
    late_save_use,
    membership_use,
    next_second_factor_use,
    second_factor_use,
    unlock_use,
)
from transition_exchange.exchange.signing_in.sessions import session_use
from transition_exchange.sealing import passphrases, personal, pins, unlocks
from transition_exchange.sealing.address_book import AddressBook, Colleague, RememberedKey
from transition_exchange.sealing.encoding import canonical, to_base64
from transition_exchange.sealing.handovers import hand_over
from transition_exchange.sealing.invitations import InvitationStatement, InvitedTeam
from transition_exchange.sealing.keys import KeyPair, TeamSecret
from transition_exchange.sealing.late_saves import LateKeys
from transition_exchange.sealing.people import Member, PersonKeys
from transition_exchange.sealing.second_confirmer import SecondConfirmer
from transition_exchange.sealing.second_factor import Secret
from transition_exchange.sealing.sessions import SessionToken
from transition_exchange.sealing.succession import Retirement, Succession, Voucher
from transition_exchange.store.tokens import token_digest

CHEAP = unlocks.Cost(memory_kib=8192, iterations=1, lanes=2)
BEGAN = datetime(2027, 6, 3, 9, 30, tzinfo=UTC)
LEAVER, TAKER = numbered("leaver"), numbered("taker")
COLLEAGUE = KeyPair.from_seed(bytes(range(7, 39)))
OTHER_TEAM = TeamSecret(bytes(range(40, 72)), bytes(range(72, 104)))
"""The key of the team that vouches."""
COUNCILS = {NEET_GROUP.team.id: RememberedKey(1, NEET_GROUP.secret.fingerprint.hex(), root=True)}
MEMBERSHIP = replace(COLLEGE, councils=COUNCILS, remembers=True)
TOKEN, HALF = SessionToken(bytes(range(5, 37))), SessionToken(bytes(range(6, 38)))
LINK = "Kd3vXx1qk6N0m0PzqS7f0y3bq1rUYyqYk1lq0t2aZ9g"  # pragma: allowlist secret


def of_unlocks() -> dict[str, Any]:
    """The same seed under a passphrase and under a recovery code."""
    principal = UUID(PRINCIPAL)
    passphrase, code = "lantern muddle quilt tractor ﬁnch", "k7m4-2rtp-9xhd-q3zn-8wcv-5jbs"
    return {
        "unlock": {
            "passphrase": passphrase,
            "use": unlock_use(principal),
            "text": unlocks.wrap(PERSON.seed, passphrase, cost=CHEAP, use=unlock_use(principal)),
            "seed": PERSON.seed.hex(),
        },
        "recovery": {
            "code": code,
            "typed": "K7M4 2RTP 9XHD Q3ZN 8WCV 5JBS",
            "use": unlock_use(principal),
            "text": unlocks.wrap(
                PERSON.seed, passphrases.normalise(code), cost=CHEAP, use=unlock_use(principal)
            ),
        },
    }


def of_what_is_kept() -> dict[str, Any]:
    """A membership, and the second factor with the one that is to replace it."""
    principal = UUID(PRINCIPAL)
    membership = membership_use(principal, COLLEGE.key_id)
    factor = Secret(bytes(range(20)), ("q7dks-2m9xw", "h4tbn-8zrvp"))
    following = Secret(bytes(range(20, 40)))
    now = datetime(2027, 6, 3, 9, 30, tzinfo=UTC)
    return {
        "membership": {
            "use": membership,
            "sealed": to_base64(personal.seal(PERSON, MEMBERSHIP.to_bytes(), use=membership)),
            "key": str(COLLEGE.key_id),
        },
        "second_factor": {
            "use": second_factor_use(principal),
            "sealed": to_base64(personal.seal(PERSON, factor.to_bytes(), use=second_factor_use(principal))),
            "secret": to_base64(factor.secret),
            "backup_codes": list(factor.backup_codes),
            "at": now.isoformat(),
            "step": int(now.timestamp()) // 30,
            "code": factor.code_at(now),
            "next": {
                "use": next_second_factor_use(principal),
                "sealed": to_base64(
                    personal.seal(PERSON, following.to_bytes(), use=next_second_factor_use(principal))
                ),
                "secret": to_base64(following.secret),
            },
        },
    }


def of_an_invitation() -> dict[str, Any]:
    """An invitation's bundle under the spoken code, and the digest of its link."""
    invitation, giver = UUID(numbered("invitation")), PersonKeys(PERSON)
    spoken = "amber-lantern-quilt-tractor-biscuit"
    statement = InvitationStatement(
        invitation=invitation,
        organisation=COLLEGE.team.organisation_id,
        email="zoe@college.example",
        name="Zoë Ziegler",
        teams=[InvitedTeam.of(KEYLESS), InvitedTeam.of(COLLEGE.team)],
        administrator=False,
        maker=PRINCIPAL,
        at=BEGAN,
    )
    asked = {
        name: getattr(statement, name) for name in ("organisation", "email", "name", "administrator")
    } | {
        "id": statement.invitation,
        "teams": [team.id for team in statement.teams],
        "statement": statement.text(),
    }
    bundle = Bundle(
        organisation_id=COLLEGE.team.organisation_id,
        held=[COLLEGE],
        keyless=[KEYLESS],
        councils=COUNCILS,
        asked=hashlib.sha256(canonical(asked).encode()).hexdigest(),
    )
    return {
        "statement": {
            "maker_public": giver.signing.public.hex(),
            "text": statement.text(),
            "signature": statement.sign(giver.signing).hex(),
            "digest": statement.digest(),
        },
        "spoken_code": spoken,
        "use": invitation_use(invitation),
        "text": unlocks.wrap(
            bundle.to_bytes(), passphrases.normalise(spoken), cost=CHEAP, use=invitation_use(invitation)
        ),
        "organisation": str(bundle.organisation_id),
        "keyless": KEYLESS.plain(),
        "councils": {str(team_id): key.plain() for team_id, key in COUNCILS.items()},
        "asked": bundle.asked,
        "link_token": LINK,
        "link_digest": token_digest(LINK),
    }


def of_a_session() -> dict[str, Any]:
    """A session, the half-session before it, and a form that came after its end."""
    principal, late_save = UUID(PRINCIPAL), UUID(numbered("late save"))
    keys, use = LateKeys.new(principal, PERSON), late_save_use(principal, late_save)
    typed = {
        "path": "/school/learners/1/learner",
        "form": {"preferred_name": ["Zoë"], "languages": ["FR", "DE"]},
    }
    return {
        "session": {
            "cookie": TOKEN.cookie,
            "id": TOKEN.id,
            "began": BEGAN.isoformat(),
            "wrapped": to_base64(TOKEN.wrap(PERSON.seed, use=session_use("full", BEGAN))),
            "late_keys": to_base64(keys.wrap(TOKEN)),
        },
        "half_session": {
            "cookie": HALF.cookie,
            "id": HALF.id,
            "began": BEGAN.isoformat(),
            "wrapped": to_base64(HALF.wrap(PERSON.seed, use=session_use("code", BEGAN))),
        },
        "late_save": {
            "principal": PRINCIPAL,
            "use": use,
            "sealed": to_base64(keys.seal(json.dumps(typed, ensure_ascii=False).encode(), use=use)),
            "typed": typed,
        },
    }


def of_belief() -> dict[str, Any]:
    """What a team's keys sign about keys: the one after them, and the NEET group's."""
    neet, own = NEET_GROUP.secret.fingerprint, COLLEGE.secret
    following = Succession(
        team=COLLEGE.team.id,
        version=2,
        fingerprint=own.fingerprint.hex(),
        previous=BEFORE.fingerprint.hex(),
        removed=[LEAVER],
        at=BEGAN,
    )
    retirement = Retirement(
        team=COLLEGE.team.id,
        fingerprint=own.fingerprint.hex(),
        retired=BEFORE.fingerprint.hex(),
        at=BEGAN,
    )
    voucher = Voucher(
        team=COLLEGE.team.id,
        fingerprint=own.fingerprint.hex(),
        removed=[LEAVER],
        by_team=KEYLESS.id,
        at=BEGAN,
    )
    return {
        "succession": {
            "signing_public": BEFORE.signing.public.hex(),
            "previous": BEFORE.fingerprint.hex(),
            "maker_public": PersonKeys(PERSON).signing.public.hex(),
            "maker_signature": following.sign(PersonKeys(PERSON).signing).hex(),
            "removed": [LEAVER],
            "text": following.text(),
            "signature": following.sign(BEFORE.signing).hex(),
        },
        "retirement": signed(retirement, COLLEGE),
        "voucher": {
            "by_team": str(KEYLESS.id),
            "signing_public": OTHER_TEAM.signing.public.hex(),
            "text": voucher.text(),
            "signature": voucher.sign(OTHER_TEAM.signing).hex(),
            "digest": voucher.digest(),
        },
        "pin": {
            "team": str(NEET_GROUP.team.id),
            "fingerprint": neet.hex(),
            "signature": pins.sign(own.signing, team_id=NEET_GROUP.team.id, fingerprint=neet).hex(),
        },
    }


def of_colleagues() -> dict[str, Any]:
    """How a team's members know each other, and how one gives another the team's new key."""
    me, taker = UUID(PRINCIPAL), UUID(TAKER)
    giver, colleague = PersonKeys(PERSON), PersonKeys(COLLEAGUE)
    member = Member.of(
        team=COLLEGE.team.id, principal=me, name="Alex Ámbar", public=giver.public, joined_at=BEGAN
    )
    book = AddressBook(
        {
            taker: Colleague(
                colleague.public,
                "Zoë Ziegler",
                BEGAN.isoformat(),
                {COLLEGE.team.id: BEGAN.isoformat()},
                frozenset({KEYLESS.id}),
                {COLLEGE.team.id: 2},
                frozenset({KEYLESS.id}),
            )
        },
        {
            COLLEGE.team.id: RememberedKey(
                2,
                COLLEGE.secret.fingerprint.hex(),
                counts_from=2,
                before=((1, BEFORE.fingerprint.hex()),),
            )
        },
        SecondConfirmer(SCHOOL.team, SCHOOL.secret.fingerprint.hex(), BEGAN.date()),
        RememberedKey(1, SCHOOL.secret.fingerprint.hex()),
    )
    held = replace(COLLEGE, version=2)
    return {
        "member": signed(member, COLLEGE)
        | {
            "kem": to_base64(giver.public.kem),
            "signing": giver.public.signing.hex(),
            "fingerprint": giver.public.fingerprint,
        },
        "address_book": {
            "use": f"address book {PRINCIPAL}",
            "sealed": to_base64(book.seal(PERSON, principal_id=me)),
            "colleague": TAKER,
        },
        "handover": {
            "use": f"handover {TAKER}",
            "giver": PRINCIPAL,
            "taker": TAKER,
            "taker_seed": COLLEAGUE.seed.hex(),
            "sealed": to_base64(
                hand_over(
                    held,
                    giver=giver,
                    giver_id=me,
                    taker=colleague.public,
                    taker_id=taker,
                    at=BEGAN,
                )
            ),
        },
    }
