"""The figures that `docs/` names for sessions, guesses and files are those of the code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from transition_exchange.exchange.data_protection import retention
from transition_exchange.exchange.joining import accepting, invitations
from transition_exchange.exchange.signing_in import devices, late_saves, sessions, throttling
from transition_exchange.exchange.writing import untrusted_pdf
from transition_exchange.packs import rendering
from transition_exchange.sealing import passphrases, unlocks
from transition_exchange.uploads import checking, cleaning
from transition_exchange.web import policy, requests

DOCS = Path(__file__).parents[2] / "docs"
KEYS, RULES = "keys-and-sessions.md", "security-rules.md"


def minutes(duration: timedelta) -> int:
    return int(duration.total_seconds() // 60)


def hours(duration: timedelta) -> int:
    return minutes(duration) // 60


FIGURES = [
    (KEYS, f"ends without a request | after {minutes(sessions.IDLE)} minutes"),
    (KEYS, f"ends in any case | after {hours(sessions.LONGEST)} hours"),
    (KEYS, f"between passphrase and code | {minutes(sessions.HALF)} minutes"),
    (KEYS, f"after the next sign-in, for {hours(late_saves.KEPT_FOR)} hours"),
    (KEYS, f"needs no code on that browser for {devices.REMEMBERED_FOR.days} days"),
    (KEYS, f"may be up to {devices.REMEMBERED_FOR.days} days old"),
    (KEYS, f"valid for {invitations.VALID_FOR.days} days and once"),
    (KEYS, f"{throttling.FREE_TRIES} wrong tries are free. After the next one it waits: 2 seconds"),
    (KEYS, f"After {throttling.LOCK_AFTER} it is locked for {minutes(throttling.LOCKED_FOR)} minutes"),
    (KEYS, f"forgotten every {minutes(throttling.LOCKED_FOR)} minutes without"),
    (
        KEYS,
        f"{throttling.FREE_TRIES_OF_AN_ADDRESS} wrong tries are free. After the next one it waits: 1 second, "
        f"then a second longer each time, {throttling.LONGEST_WAIT_OF_AN_ADDRESS.seconds} seconds at most",
    ),
    (KEYS, f"forgotten after {minutes(throttling.ADDRESS_FORGOTTEN_AFTER)} minutes"),
    (KEYS, f"After {accepting.MOST_WRONG_CODES} wrong tries at its spoken words"),
    (KEYS, f"Argon2id, {unlocks.STANDARD.memory_kib // 1024} MiB, three passes, one lane"),
    (KEYS, f"8 to {passphrases.LONGEST} characters"),
    (RULES, f"{untrusted_pdf.MOST_BYTES // 1024**2} MB at most"),
    (RULES, f"each stream {cleaning.UNPACKED_STREAM // 1024**2} MB at most"),
    (RULES, f"all but pictures {cleaning.UNPACKED // 1024**2} MB together"),
    (RULES, f"killed after {checking.TIME_LIMIT:.0f} seconds"),
    (RULES, f"two processes, {rendering.TIME_LIMIT:.0f} seconds each"),
    (
        RULES,
        f"A request may have {policy.DEFAULT_LIMIT // 1024**2} MiB and {requests.MAX_FORM_PARTS:,} fields",
    ),
    (RULES, f"one with a document {policy.UPLOAD_LIMIT // 1024**2} MiB"),
    (RULES, f"{retention.KEPT_AFTER.days} days for ended invitations and sent e-mails"),
    (RULES, f"{hours(late_saves.KEPT_FOR)} hours for late saves"),
]


@pytest.mark.parametrize(("page", "words"), FIGURES, ids=[words for _, words in FIGURES])
def test_a_page_says_what_the_code_does(page: str, words: str) -> None:
    text = " ".join((DOCS / page).read_text(encoding="utf-8").split())
    assert words in text
