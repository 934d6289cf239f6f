"""The second factor: a time-based code (RFC 6238) and ten backup codes, sealed to the person."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from transition_exchange.sealing.encoding import FORMAT, canonical, from_base64, to_base64
from transition_exchange.sealing.errors import CannotOpen, UnknownFormat
from transition_exchange.sealing.passphrases import normalise, readable
from transition_exchange.stored_text import UnreadableText, read_object

BACKUP_CODES = 10
_STEP_SECONDS = 30
_DIGITS = 6
_DRIFT = 1  # one step either way: the clocks of telephones differ, and people type slowly


@dataclass(frozen=True)
class Secret:
    """The secret that an authenticator app and this service share, with the unused backup codes."""

    secret: bytes = field(repr=False)
    backup_codes: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def new(cls) -> Secret:
        """A fresh secret of 160 bits (RFC 4226 section 4) and ten backup codes of 48 bits."""
        return cls(secrets.token_bytes(20), tuple(readable(2, 5) for _ in range(BACKUP_CODES)))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Secret:
        """Read what `to_bytes` wrote.

        Raises:
            UnknownFormat: another version of the format wrote it.
            CannotOpen: it cannot be read.
        """
        try:
            read = read_object(raw)
        except UnreadableText:
            raise CannotOpen from None
        if read.get("format") != FORMAT:
            raise UnknownFormat("second factor", read.get("format"))
        codes = read.get("backup_codes")
        if not isinstance(codes, list):
            raise CannotOpen
        return cls(from_base64(read.get("secret")), tuple(str(code) for code in codes))

    def to_bytes(self) -> bytes:
        """The secret as JSON, for sealing to the person."""
        return canonical(
            {"format": FORMAT, "secret": to_base64(self.secret), "backup_codes": list(self.backup_codes)}
        ).encode()

    def uri(self, name: str, issuer: str) -> str:
        """The otpauth URI that an authenticator app reads from a QR code."""
        return _totp(self.secret).get_provisioning_uri(name, issuer)

    @property
    def typed(self) -> str:
        """The secret in base32, in groups of four, for typing where there is no camera."""
        encoded = self.uri("x", "x").split("secret=")[1].split("&")[0]
        return " ".join(encoded[start : start + 4] for start in range(0, len(encoded), 4))

    def code_at(self, now: datetime) -> str:
        """The code that an authenticator app shows at `now`."""
        return _totp(self.secret).generate(int(now.timestamp())).decode()

    def without(self, code: str) -> Secret:
        """The secret without a backup code that was used."""
        return replace(self, backup_codes=tuple(left for left in self.backup_codes if left != code))


def check_code(secret: Secret, code: str, *, now: datetime, last_step: int | None) -> int | None:
    """Check a code from an authenticator app.

    Args:
        secret: the person's second factor.
        code: what the person typed; only its digits count.
        now: the present moment.
        last_step: the time step of the last accepted code. Codes of that step and earlier ones are refused.

    Returns:
        The time step to remember, or None where the code is wrong or was used before.
    """
    typed = "".join(character for character in code if character.isdigit()).encode()
    totp, current = _totp(secret.secret), int(now.timestamp()) // _STEP_SECONDS
    accepted = None
    for step in range(current - _DRIFT, current + _DRIFT + 1):
        right = hmac.compare_digest(totp.generate(step * _STEP_SECONDS), typed)
        if right and (last_step is None or step > last_step):
            accepted = step
    return accepted


def check_backup(secret: Secret, code: str) -> Secret | None:
    """Check a backup code.

    Returns:
        The secret without the code, to be stored instead; None where no unused backup code matches.
    """
    used = _matching(secret.backup_codes, normalise(code))
    return secret.without(used) if used else None


def _matching(codes: Sequence[str], typed: str) -> str | None:
    # Every code is compared, so the time taken does not tell which one matched.
    matching = None
    for code in codes:
        if hmac.compare_digest(normalise(code).encode(), typed.encode()):
            matching = code
    return matching


def _totp(secret: bytes) -> TOTP:
    # SHA-1, six digits, thirty seconds: the one combination that every authenticator app understands.
    return TOTP(secret, _DIGITS, SHA1(), _STEP_SECONDS)  # noqa: S303 - as an HMAC, SHA-1 still holds
