"""The examples of `docs/a-new-form.md` run as an operator would run them: written into a folder, loaded and used."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from tests.packs.marked_records import pack
from tests.proforma.records import TODAY, V2027, merged, without_sen
from transition_exchange.cli import main
from transition_exchange.packs.markup import to_html
from transition_exchange.proforma import (
    Version,
    check,
    document,
    json_schema,
    load,
    show,
    upgrade,
    version_for,
    versions,
)

PAGE = Path(__file__).parents[2] / "docs" / "a-new-form.md"
EXAMPLE = re.compile(r"^`(?P<path>[a-z0-9_/]+\.py)`\n```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
AREA, NEXT_YEAR = "ourtown/2027.1", "core/2028.1"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the page's examples, named as an operator names it."""
    examples = {found["path"]: found["code"] for found in EXAMPLE.finditer(PAGE.read_text(encoding="utf-8"))}
    assert set(examples) == {"ourtown/v2027_1.py", "core/v2028_1.py"}
    for path, code in examples.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(code, encoding="utf-8")
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(tmp_path))
    return tmp_path


@pytest.fixture
def area(folder: Path) -> Version:
    """The area's version of the page."""
    return load(AREA)


@pytest.fixture
def next_year(folder: Path) -> Version:
    """Next year's version of the page."""
    return load(NEXT_YEAR)


def test_both_are_installed_and_the_next_leavers_get_the_newest(folder: Path) -> None:
    assert versions() == ("core/2026.1", V2027, AREA, NEXT_YEAR)
    assert (version_for(2027), version_for(2028)) == (V2027, NEXT_YEAR)
    assert version_for(2028, family="ourtown") == AREA


class TestAnAreasVersion:
    def test_it_adds_a_section_on_the_page_of_the_one_it_follows(self, area: Version) -> None:
        core = load(V2027)
        assert {section.name for section in area.sections} - {section.name for section in core.sections} == {
            "mentoring"
        }
        expected = list(core.page("next").sections)
        expected.insert(expected.index("neet_risk") + 1, "mentoring")
        assert area.page("next").sections == tuple(expected)
        assert [page.name for page in area.pages] == [page.name for page in core.pages]
        assert area.title == "Ourtown transition form 2027"

    def test_it_asks_for_more_of_a_record_that_was_complete_in_the_core(self, area: Version) -> None:
        record = without_sen()
        assert check(load(V2027), record, today=TODAY).complete
        report = check(area, record, today=TODAY)
        assert [gap.question for gap in report.counting_gaps] == [
            "neet_risk.careers_adviser",
            "mentoring.mentored",
        ]
        assert all(gap.everybody for gap in report.counting_gaps)
        answered = merged(record, {"neet_risk": {"careers_adviser": "Sam"}, "mentoring": {"mentored": True}})
        assert [gap.question for gap in check(area, answered, today=TODAY).counting_gaps] == [
            "mentoring.mentor"
        ]
        answered["mentoring"]["mentor"] = "Robin"
        assert check(area, answered, today=TODAY).complete

    def test_wrong_answers_in_what_is_new_are_refused(self, area: Version) -> None:
        report = check(
            area, merged(without_sen(), {"mentoring": {"mentored": "perhaps", "robin": 1}}), today=TODAY
        )
        assert {(error.section, error.code) for error in report.errors} == {
            ("mentoring", "yes_no.kind"),
            ("mentoring", "not_asked"),
        }

    def test_the_teams_it_names_read_what_is_new_in_their_pack_and_no_others(self, area: Version) -> None:
        record = merged(
            without_sen(),
            {
                "neet_risk": {"careers_adviser": "Sam"},
                "mentoring": {"mentored": True, "mentor": "Robin Mentor"},
            },
        )
        (shown,) = show(area, record, ["mentoring"])
        assert [(item.label, item.text) for item in shown.items] == [
            ("Has a mentor", "Yes"),
            ("Mentor", "Robin Mentor"),
        ]
        support = to_html(pack(area, record, purposes=["learning_support"]))
        assert "Robin Mentor" in support
        for purpose in ("admissions", "exams", "safeguarding"):
            assert "Robin Mentor" not in to_html(pack(area, record, purposes=[purpose]))

    def test_it_is_published_like_any_other(self, area: Version) -> None:
        published = json_schema(area)
        jsonschema.Draft202012Validator.check_schema(published)
        record = merged(without_sen(), {"mentoring": {"mentored": True, "mentor": "Robin"}})
        jsonschema.validate(record, published)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(merged(record, {"mentoring": {"mentor": 7}}), published)
        assert published["x-version"] == AREA
        assert "### Mentoring (`mentoring`)" in document(area)

    def test_its_own_statement_stands_behind_those_of_the_core(self, area: Version) -> None:
        assert area.statements[:-1] == load(V2027).statements
        assert area.statements[-1].words == "They have no mentors"

    def test_a_record_of_the_core_is_carried_over_as_it_is(self, area: Version) -> None:
        carried = upgrade(without_sen(), to=AREA, from_=V2027)
        assert carried.answers == without_sen()
        assert carried.changes == ("New: Has a mentor",)
        assert carried.ask_again == ("mentoring.mentored",)


class TestNextYearsVersion:
    def test_the_section_that_differs_takes_the_place_of_the_old_one(self, next_year: Version) -> None:
        before = load(V2027)
        assert [section.name for section in next_year.sections] == [
            section.name for section in before.sections
        ]
        assert next_year.pages == before.pages
        names = [question.name for question in next_year.section("language").questions]
        assert names == [
            *(question.name for question in before.section("language").questions if question.name != "eal"),
            "english",
        ]

    def test_answers_are_checked_by_what_is_asked_now(self, next_year: Version) -> None:
        assert check(
            next_year, merged(without_sen(), {"language": {"english": "fluent"}}), today=TODAY
        ).complete
        old = check(next_year, merged(without_sen(), {"language": {"eal": True}}), today=TODAY)
        assert [(error.section, error.code) for error in old.errors] == [("language", "not_asked")]

    @pytest.mark.parametrize(("eal", "english"), [(False, {"english": "first"}), (True, {}), (None, {})])
    def test_old_answers_are_carried_over(
        self, folder: Path, eal: bool | None, english: dict[str, str]
    ) -> None:
        old = merged(
            without_sen(), {"language": {"first_language": "ENG"} | ({} if eal is None else {"eal": eal})}
        )
        carried = upgrade(old, to=NEXT_YEAR, from_=V2027)
        assert carried.answers["language"] == {"first_language": "ENG", **english}
        assert carried.ask_again == ("language.english",)
        assert not check(load(NEXT_YEAR), carried.answers, today=TODAY).errors
        assert old["language"].get("eal") == eal, "the old answers stay as they are"

    def test_it_is_published_with_what_it_follows(self, next_year: Version) -> None:
        published = json_schema(next_year)
        jsonschema.Draft202012Validator.check_schema(published)
        assert published["x-upgrades-from"] == V2027
        jsonschema.validate(merged(without_sen(), {"language": {"english": "learning"}}), published)

    def test_a_reader_sees_the_new_words(self, next_year: Version) -> None:
        shown = to_html(
            pack(
                next_year,
                merged(without_sen(), {"language": {"english": "learning"}}),
                purposes=["admissions"],
            )
        )
        assert "Additional, learning it" in shown


@pytest.mark.parametrize("name", [AREA, NEXT_YEAR])
def test_the_commands_of_the_page_know_the_version(folder: Path, name: str) -> None:
    for command in (["show", name, "--markdown"], ["json-schema", name]):
        assert name in CliRunner().invoke(main, ["proforma", *command], catch_exceptions=False).output
    assert name in CliRunner().invoke(main, ["proforma", "list"]).output


def test_the_examples_are_as_short_as_the_page_says() -> None:
    for example in EXAMPLE.finditer(PAGE.read_text(encoding="utf-8")):
        said = [
            line for line in example["code"].splitlines() if line and not line.startswith(("from", "import"))
        ]
        assert len(said) <= 30, example["path"]
