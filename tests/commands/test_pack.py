"""`transition-exchange pack` prints what one team would get, and refuses what is wrong."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from tests.proforma.records import TODAY, V2026, V2027, as_2026, ehc_plan
from transition_exchange.cli import main

pytestmark = pytest.mark.xdist_group("pack")


def run(tmp_path: Path, record: dict[str, Any], *words: str) -> Result:
    file = tmp_path / "record.json"
    file.write_text(json.dumps(record))
    return CliRunner().invoke(main, ["pack", str(file), "--on", str(TODAY), *words])


def text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("version", [V2026, V2027])
def test_it_writes_the_pdf_of_one_purpose_for_its_owner_alone(tmp_path: Path, version: str) -> None:
    answers = as_2026(ehc_plan()) if version == V2026 else ehc_plan()
    out = tmp_path / "pack.pdf"
    done = run(
        tmp_path, {"version": version, "answers": answers}, "--purpose", "learning_support", "-o", str(out)
    )
    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    printed = text(out.read_bytes())
    assert "Amina Testlearner" in printed
    assert "Thornfield Academy" in printed
    assert "L372400114001" not in printed


def test_another_purpose_gets_other_sections(tmp_path: Path) -> None:
    done = run(tmp_path, {"version": V2027, "answers": ehc_plan()}, "--purpose", "admissions", "-o", "-")
    assert done.exit_code == 0
    printed = text(done.stdout_bytes)
    assert "S60 1AA" in printed
    assert "EHC plan" in printed  # the value of SEN provision
    assert "Preparing for adulthood" not in printed


def test_a_record_with_errors_is_refused(tmp_path: Path) -> None:
    answers = ehc_plan()
    answers["learner"]["date_of_birth"] = "yesterday"
    done = run(tmp_path, {"answers": answers}, "--purpose", "exams", "-o", str(tmp_path / "pack.pdf"))
    assert done.exit_code == 2
    assert "1 answer is wrong" in done.output
    assert not (tmp_path / "pack.pdf").exists()


def test_coordinators_get_no_pack(tmp_path: Path) -> None:
    done = run(tmp_path, {"answers": ehc_plan()}, "--purpose", "neet_group", "-o", "-")
    assert done.exit_code == 2


def test_an_unknown_version_and_an_unknown_kind_of_document_are_said(tmp_path: Path) -> None:
    done = run(tmp_path, {"version": "core/1999.1", "answers": {}}, "--purpose", "exams", "-o", "-")
    assert done.exit_code == 2
    assert "core/1999.1" in done.output
    record = {"answers": ehc_plan(), "attachments": [{"id": "1", "kind": "shopping_list"}]}
    assert run(tmp_path, record, "--purpose", "exams", "-o", "-").exit_code == 2


@pytest.mark.parametrize("place", [(), ("with_ukprn",), ("school",), ("with_ukprn", "school")])
def test_what_the_place_is_decides_about_the_learners_numbers(tmp_path: Path, place: tuple[str, ...]) -> None:
    at = [word for code in place for word in ("--at", code)]
    done = run(tmp_path, {"version": V2027, "answers": ehc_plan()}, "--purpose", "exams", *at, "-o", "-")
    assert done.exit_code == 0, done.output
    printed = text(done.stdout_bytes).replace(" ", "")
    assert (ehc_plan()["numbers"]["uln"] in printed) is ("with_ukprn" in place)
    assert (ehc_plan()["pupil_number"]["upn"] in printed) is ("school" in place)
