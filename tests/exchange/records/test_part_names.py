"""Which names of parts a grant may hold: the owner's own, each section once, and of its own transfer."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.sealing.signed import GRANT
from transition_exchange.exchange.records.part_names import RESTING, are_own, content_part, label_part
from transition_exchange.proforma import load

VERSION = load("core/2027.1")
T = "615b2897-cda1-4e34-80cc-3026da504c02"
DOCUMENT = UUID(int=7)
SENT = replace(GRANT, transfer=T)
LATER = f"{T}/0a1b2c3d"


@pytest.mark.parametrize("suffix", [T, LATER])
def test_a_teams_sections_documents_and_pack_are(suffix: str) -> None:
    names = ["learner", f"destination/{suffix}", f"application/{suffix}", f"pdf/{suffix}/admissions+exams"]
    names += [f"data/{suffix}/admissions+exams", label_part(DOCUMENT), content_part(DOCUMENT)]
    assert are_own(names, version=VERSION, statement=SENT)


@pytest.mark.parametrize(
    "name",
    [
        *("safeguarding", "unknown", "learner/x", "learner/", f"learner/{T}", "destination", "destination/x"),
        *(
            f"destination/{UUID(int=1)}",
            f"destination/{T}/zz",
            f"pdf/{T}/zz/admissions",
            f"pdf/{T}/transition",
        ),
        *(f"pdf/{T}/exams+admissions", f"data/{UUID(int=1)}/exams", "attachment/x/about", "attachment"),
        f"attachment/{DOCUMENT}/other",
    ],
)
def test_anything_else_is_not(name: str) -> None:
    assert not are_own(["learner", name], version=VERSION, statement=SENT)


def test_no_section_stands_there_twice() -> None:
    assert not are_own([f"destination/{T}", f"destination/{LATER}"], version=VERSION, statement=SENT)


def test_a_grant_without_a_transfer_holds_nothing_of_one_and_a_draft_no_document() -> None:
    assert not are_own(["destination/None"], version=VERSION, statement=GRANT)
    draft = replace(GRANT, manifest_digest="")
    assert not are_own([label_part(DOCUMENT)], version=VERSION, statement=draft)
    not_saved = replace(draft, known_to=["00" * 32])
    assert are_own(["learner", RESTING], version=VERSION, statement=not_saved)
    for statement in (replace(not_saved, transfer=T), replace(not_saved, known_to=None), SENT):
        assert not are_own([RESTING], version=VERSION, statement=statement)
    both = {label_part(DOCUMENT), content_part(DOCUMENT)}
    assert are_own(both, version=VERSION, statement=draft, attachment_id=DOCUMENT)
    assert not are_own({*both, "learner"}, version=VERSION, statement=draft, attachment_id=DOCUMENT)
