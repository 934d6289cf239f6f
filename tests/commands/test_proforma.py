"""`transition-exchange proforma …` as people and scripts use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.proforma.records import PLAN, V2026, V2027, Answers, as_2026, ehc_plan, merged, without_sen
from transition_exchange.commands.proforma import group

ON = ["--on", "2027-06-15"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, arguments)


def written(folder: Path, answers: Answers, **more: Any) -> str:
    path = folder / "record.json"
    path.write_text(json.dumps({"version": V2027, "leaving_year": 2027, "answers": answers, **more}))
    return str(path)


def test_list_names_both_versions() -> None:
    found = run("list")
    assert found.exit_code == 0
    assert [line.split("\t")[0] for line in found.output.splitlines()] == [V2026, V2027]


def test_show_names_pages_sections_and_readers() -> None:
    found = run("show", V2027)
    assert found.exit_code == 0
    assert "In their own words" in found.output
    assert "read by safeguarding" in found.output
    assert run("show", V2027, "--markdown").output.startswith("# Transition pro-forma 2027")


def test_an_unknown_version_is_an_error_with_a_message() -> None:
    for command in ("show", "json-schema"):
        found = run(command, "core/1999.1")
        assert found.exit_code == 2
        assert "There is no version" in found.output


def test_json_schema_is_json() -> None:
    assert json.loads(run("json-schema", V2026).output)["x-version"] == V2026


def test_check_exits_0_for_complete(tmp_path: Path) -> None:
    found = run("check", written(tmp_path, without_sen()), *ON)
    assert found.exit_code == 0
    assert found.output.splitlines()[-1] == "complete"


def test_check_exits_1_for_gaps_and_names_each(tmp_path: Path) -> None:
    record = without_sen()
    del record["learner"]["legal_surname"]
    found = run("check", written(tmp_path, record), *ON)
    assert found.exit_code == 1
    assert "missing\tlearner.legal_surname.missing\tlearner.legal_surname\tLegal surname" in found.output
    assert found.output.splitlines()[-1] == "0 wrong, 1 missing"


def test_check_exits_2_for_errors_and_does_not_repeat_values(tmp_path: Path) -> None:
    record = merged(without_sen(), {"pupil_number": {"upn": "A801200005001"}})
    found = run("check", written(tmp_path, record), *ON)
    assert found.exit_code == 2
    assert "error\tupn_check_letter\tpupil_number.upn" in found.output
    assert "A801200005001" not in found.output


def test_check_of_one_owner(tmp_path: Path) -> None:
    record = without_sen()
    del record["safeguarding"]
    path = written(tmp_path, record)
    assert run("check", path, *ON, "--owner", "transition").exit_code == 0
    assert run("check", path, *ON).exit_code == 1


def test_check_for_machines(tmp_path: Path) -> None:
    attached = [*PLAN, {"id": "2", "kind": "form_8"}]
    found = run("check", written(tmp_path, ehc_plan(), attachments=attached), *ON, "--json")
    report = json.loads(found.output)
    assert (report["complete"], report["errors"], report["version"]) == (True, [], V2027)
    assert "attachment.form_8.missing" not in {warning["code"] for warning in report["warnings"]}


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        '{"answers": []}',
        '{"answers": {"learner": 1}}',
        '{"version": "core/1.1", "answers": {}}',
        '{"leaving_year": "soon", "answers": {}}',
        '{"attachments": 1, "answers": {}}',
        "\udcff",
    ],
)
def test_a_file_that_holds_no_record_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    for command in ("check", "upgrade"):
        found = run(command, str(path))
        assert found.exit_code == 2
        assert found.output.startswith("Error: ")


def test_upgrade_prints_the_record_and_says_what_changed(tmp_path: Path) -> None:
    path = written(tmp_path, as_2026(ehc_plan()), version=V2026)
    found = run("upgrade", path)
    assert found.exit_code == 0
    record = json.loads(found.stdout)
    assert record["version"] == V2027
    assert record["answers"]["enrolment"]["sex"] == "F"
    assert "ask again: adulthood.outcomes" in found.stderr
    assert "changed: " in found.stderr


def test_there_is_no_upgrade_backwards(tmp_path: Path) -> None:
    found = run("upgrade", written(tmp_path, without_sen()), "--to", V2026)
    assert found.exit_code == 2


def test_an_areas_version_is_taken_only_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ourtown").mkdir()
    (tmp_path / "ourtown" / "v2027_1.py").write_text(
        "from schemas.core.v2027_1 import VERSION as CORE\n"
        "from transition_exchange.proforma.extending import extend\n"
        'VERSION = extend(CORE, name="ourtown/2027.1", year=2027)\n'
    )
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(tmp_path))
    bare = tmp_path / "bare.json"
    bare.write_text(json.dumps({"answers": without_sen()}))
    assert json.loads(run("upgrade", str(bare)).stdout)["version"] == "core/2027.1"
    carried = json.loads(run("upgrade", str(bare), "--to", "ourtown/2027.1").stdout)
    assert carried["version"] == "ourtown/2027.1"
    assert carried["answers"] == without_sen()
