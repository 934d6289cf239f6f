"""Write docs/sealing-vectors.json anew: `python -m tests.sealing.make_vectors`.

Only to be run for a new version of the formats; what an earlier release sealed must open for ever.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.sealing import vectors_of_events, vectors_of_people, vectors_of_records, vectors_of_team_changes
from tests.sealing.invented import COLLEGE, NEET_GROUP, SCHOOL, described

PATH = Path(__file__).parents[2] / "docs" / "sealing-vectors.json"


def vectors() -> dict[str, object]:
    """A record on its way from a school to a college, and everything that opens it, from a passphrase on."""
    return {
        "format": 1,
        **vectors_of_people.of_unlocks(),
        **vectors_of_people.of_what_is_kept(),
        "invitation": vectors_of_people.of_an_invitation(),
        "team": described(COLLEGE),
        "grantor": described(SCHOOL),
        "neet_group": described(NEET_GROUP),
        **vectors_of_people.of_belief(),
        **vectors_of_people.of_colleagues(),
        **vectors_of_records.of_signed_rows(),
        **vectors_of_team_changes.of_a_change(),
        **vectors_of_records.of_a_release(),
        **vectors_of_records.of_a_draft(),
        "card": vectors_of_records.of_a_card(),
        "message": vectors_of_records.of_a_question(),
        **vectors_of_people.of_a_session(),
        "chain": vectors_of_events.of_a_chain(),
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(vectors(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
