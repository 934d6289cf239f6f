"""Time-based codes and backup codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from transition_exchange.sealing import CannotOpen, UnknownFormat, second_factor
from transition_exchange.sealing.second_factor import Secret, check_backup, check_code

NOW = datetime(2027, 6, 3, 9, 30, 10, tzinfo=UTC)
SECRET = Secret.new()


def test_the_first_test_value_of_rfc_6238() -> None:
    """Appendix B, SHA-1, at 59 seconds: 94287082, of which six digits are shown."""
    assert Secret(b"12345678901234567890").code_at(datetime.fromtimestamp(59, UTC)) == "287082"


def test_a_code_counts_once() -> None:
    code = SECRET.code_at(NOW)
    step = check_code(SECRET, code, now=NOW, last_step=None)
    assert step is not None
    assert check_code(SECRET, code, now=NOW, last_step=step) is None
    assert check_code(SECRET, code, now=NOW + timedelta(seconds=30), last_step=step) is None


def test_an_older_code_than_the_last_one_never_counts() -> None:
    step = check_code(SECRET, SECRET.code_at(NOW), now=NOW, last_step=None)
    assert check_code(SECRET, SECRET.code_at(NOW - timedelta(seconds=30)), now=NOW, last_step=step) is None


@pytest.mark.parametrize(("late", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clocks_may_differ_by_one_step(late: int, taken: bool) -> None:
    code = SECRET.code_at(NOW + timedelta(seconds=late))
    assert (check_code(SECRET, code, now=NOW, last_step=None) is not None) == taken


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "é"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert check_code(SECRET, typed, now=NOW, last_step=None) is None


def test_spaces_in_a_code_do_not_matter() -> None:
    code = SECRET.code_at(NOW)
    assert check_code(SECRET, f"{code[:3]} {code[3:]} ", now=NOW, last_step=None) is not None


def test_each_of_ten_backup_codes_counts_once() -> None:
    left: Secret | None = SECRET
    assert len(SECRET.backup_codes) == len(set(SECRET.backup_codes)) == second_factor.BACKUP_CODES == 10
    for code in SECRET.backup_codes:
        assert left is not None
        before, left = left, check_backup(left, code.upper().replace("-", " "))
        assert left is not None
        assert len(left.backup_codes) == len(before.backup_codes) - 1
        assert check_backup(left, code) is None
    assert check_backup(SECRET, "") is None


def test_a_secret_comes_back_from_its_bytes() -> None:
    assert Secret.from_bytes(SECRET.to_bytes()) == SECRET
    assert repr(SECRET) == "Secret()"


@pytest.mark.parametrize(
    "raw", [b"", b"\xff", b"not JSON", b'{"format":1}', b'{"format":1,"backup_codes":[]}']
)
def test_what_is_no_secret_is_refused(raw: bytes) -> None:
    with pytest.raises(CannotOpen):
        Secret.from_bytes(raw)


def test_a_secret_of_an_unknown_version_is_refused_by_name() -> None:
    with pytest.raises(UnknownFormat, match="second factor: 2"):
        Secret.from_bytes(b'{"format":2}')


def test_an_authenticator_app_can_read_it() -> None:
    uri = SECRET.uri("amina@elmbrook.example", "Transition Exchange")
    assert uri.startswith("otpauth://totp/Transition%20Exchange:amina%40elmbrook.example?")
    assert "digits=6" in uri
    assert SECRET.typed.replace(" ", "") in uri
