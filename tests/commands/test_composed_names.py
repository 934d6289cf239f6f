"""A record in a file goes through the same reading as a form: a name that was not composed is composed in its pack."""

from __future__ import annotations

import io
import json
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from tests.proforma.records import TODAY, V2027, ehc_plan
from transition_exchange.cli import main

pytestmark = pytest.mark.xdist_group("pack")


def test_a_pack_is_titled_with_the_composed_name(tmp_path: Path) -> None:
    answers = ehc_plan()
    answers["learner"]["legal_surname"] = unicodedata.normalize("NFD", "Nguyễn")
    file = tmp_path / "record.json"
    file.write_text(json.dumps({"version": V2027, "answers": answers}))
    done = CliRunner().invoke(main, ["pack", str(file), "--on", str(TODAY), "--purpose", "exams", "-o", "-"])
    assert done.exit_code == 0, done.output
    about = PdfReader(io.BytesIO(done.stdout_bytes)).metadata
    assert about is not None
    assert about.title == "Transition record: Amina Nguyễn"
