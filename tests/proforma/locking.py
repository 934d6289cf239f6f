"""Digests of what a version publishes and of what it finds in golden records.

`python -m tests.proforma.locking` adds the versions and records that `schemas/lock.json` does not have yet. It never
changes an entry: an agreed version does not change, and a correction is a new version.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from transition_exchange.proforma import check, load, versions
from transition_exchange.proforma.publishing import json_schema

LOCK = Path(__file__).parents[2] / "schemas" / "lock.json"
GOLDEN = Path(__file__).parent / "golden"


def digest(value: Any) -> str:
    """SHA-256 of the value's canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def golden(version: str) -> dict[str, dict[str, Any]]:
    """The golden records of a version by name: `today`, `leaving_year`, `answers`, `attachments`."""
    folder = GOLDEN / version.replace("/", "-")
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def found_in(version: str, record: dict[str, Any]) -> dict[str, Any]:
    """What the version finds in a golden record."""
    return check(
        load(version),
        record["answers"],
        today=date.fromisoformat(record["today"]),
        leaving_year=record["leaving_year"],
        attachments=record["attachments"],
    ).json()


def digests(version: str) -> dict[str, Any]:
    """What the lock file holds for a version."""
    return {
        "json_schema": digest(json_schema(load(version))),
        "checks": {name: digest(found_in(version, record)) for name, record in golden(version).items()},
    }


def locked() -> dict[str, Any]:
    """The lock file."""
    return dict(json.loads(LOCK.read_text(encoding="utf-8"))) if LOCK.exists() else {}


def add_missing() -> None:
    """Write entries for what the lock file does not know; leave every other as it is."""
    held = locked()
    for version in versions():
        made = digests(version)
        entry = held.setdefault(version, {"json_schema": made["json_schema"], "checks": {}})
        for name, found in made["checks"].items():
            entry["checks"].setdefault(name, found)
    LOCK.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    add_missing()
