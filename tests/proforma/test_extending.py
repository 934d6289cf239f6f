"""A version made out of another one: what is not named stays, and what does not fit is refused in words."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.core import audiences, lawful_bases
from schemas.core.sections import exams, numbers, sharing, waiting
from schemas.core.v2027_1 import VERSION as CORE
from tests.proforma.records import TODAY, without_sen
from transition_exchange.proforma import BadVersion, Upgraded, check
from transition_exchange.proforma.conditions import ALWAYS
from transition_exchange.proforma.extending import extend
from transition_exchange.proforma.fields import SectionSchema, changed, text, yes_no
from transition_exchange.proforma.model import AboutSection, Page, Statement, Version


def about(name: str, **more: Any) -> AboutSection:
    """What stands beside a section that learning support reads."""
    beside: dict[str, Any] = {
        "title": name.capitalize(),
        "owner": "transition",
        "audience": audiences.SUPPORT,
        "lawful_basis": lawful_bases.EQUALITY,
        "reader_order": 265,
    }
    return AboutSection(name=name, **{**beside, **more})


class Mentoring(SectionSchema):
    """A section of an area's own."""

    about = about("mentoring")
    mentor = text("Mentor")


class Clubs(SectionSchema):
    """Another one."""

    about = about("clubs")
    club = yes_no("Is there a club?", required=ALWAYS)


class Computed(SectionSchema):
    """A section that only the system writes."""

    about = about("computed")
    made = text("Made", system=True)


def area(**parts: Any) -> Version:
    """An area's version with these parts."""
    return extend(CORE, **{"name": "ourtown/2027.1", "year": 2027, **parts})


def newer(**parts: Any) -> Version:
    """Next year's version with these parts."""
    return extend(CORE, **{"name": "core/2028.1", "year": 2028, **parts})


def without_withheld(name: str) -> type[SectionSchema]:
    """The core's section on sharing without one of the sections that may be held back."""
    core: type[SectionSchema] = CORE.section("sharing").schema  # type: ignore[assignment]
    choices = tuple(choice for choice in CORE.question("sharing.withheld").choices if choice[0] != name)
    return type("Sharing", (core,), {"withheld": sharing.withheld(choices)})


def names(version: Version) -> list[str]:
    """The sections of a version, in order."""
    return [section.name for section in version.sections]


def test_what_is_not_named_stays_as_it_is() -> None:
    version = newer()
    assert (version.name, version.year, version.title) == ("core/2028.1", 2028, CORE.title)
    assert version.sections == CORE.sections
    assert version.pages == CORE.pages
    assert version.attachment_kinds == CORE.attachment_kinds
    assert version.statements == CORE.statements
    assert (version.error_rules, version.warning_rules) == (CORE.error_rules, CORE.warning_rules)
    assert (version.upgrades_from, version.upgrade) == (None, None)


def test_the_core_stays_as_it_is() -> None:
    before = names(CORE)
    version = area(add_after={"support": Mentoring})
    assert names(CORE) == before
    with pytest.raises(Exception, match="no section mentoring"):
        CORE.section("mentoring")
    assert version.section("mentoring").title == "Mentoring"


def test_sections_are_added_behind_the_one_they_follow_one_or_several() -> None:
    version = area(add_after={"support": (Mentoring, Clubs)})
    place = names(version).index("support")
    assert names(version)[place : place + 4] == ["support", "mentoring", "clubs", "services"]
    assert version.page("needs").sections[3:6] == ("support", "mentoring", "clubs")


def test_a_section_that_nobody_types_stands_on_no_page() -> None:
    version = area(add_after={"support": Computed})
    assert version.page_of("computed") is None


def test_a_dropped_section_takes_its_documents_and_statements_along() -> None:
    kept = tuple(name for name in CORE.page("needs").sections if name != "services")
    version = newer(drop=("services",), replace=(without_withheld("services"),))
    assert "services" not in names(version)
    assert version.page("needs").sections == kept
    assert "specialist_report" not in {kind.code for kind in version.attachment_kinds}
    assert check(version, {k: v for k, v in without_sen().items() if k != "services"}, today=TODAY).complete


def test_pages_may_be_given_anew() -> None:
    pages = (
        *(page for page in CORE.pages if page.name != "own_words"),
        Page("voice", "What they say", "transition", ("own_words", "mentoring")),
    )
    version = area(add_after={"own_words": Mentoring}, pages=pages)
    assert version.page_of("mentoring") == pages[-1]


def test_a_statement_of_a_core_statements_name_replaces_it() -> None:
    own = Statement("not_waiting", "Not waiting for anything", answers={"waiting.waiting": False})
    version = area(statements=(own,))
    assert [statement.name for statement in version.statements] == [s.name for s in CORE.statements]
    assert version.statements[-1] == own


def test_an_upgrade_makes_it_the_successor_of_its_core() -> None:
    def carry_over(answers: dict[str, Any]) -> Upgraded:
        return Upgraded(answers, (), ())

    version = newer(upgrade=carry_over)
    assert (version.upgrades_from, version.upgrade) == (CORE.name, carry_over)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"replace": (Mentoring,)}, "no section mentoring in core/2027.1 to replace"),
        ({"add_after": {"hobbies": Mentoring}}, "no section hobbies in core/2027.1 to add after"),
        ({"drop": ("hobbies",)}, "no section hobbies in core/2027.1 to drop"),
        ({"add_after": {"support": waiting.Waiting}}, "waiting is in core/2027.1 already; replace it"),
        ({"add_after": {"support": (Mentoring, Mentoring)}}, "two sections called mentoring"),
        ({"replace": (waiting.Waiting,), "drop": ("waiting",)}, "both replaced and dropped"),
        ({"add_after": {"destination": Mentoring}}, "mentoring must stand on one page"),
        ({"add_after": {"safeguarding": Mentoring}}, "page safeguarding mixes owners"),
        (
            {"drop": ("own_words",), "replace": (without_withheld("own_words"),)},
            "page own_words has no section",
        ),
        ({"drop": ("services",)}, "sharing.withheld offers services"),
        ({"pages": CORE.pages[1:]}, "learner must stand on one page"),
        ({"year": 2027}, "the name says 2028, and the year is 2027"),
        ({"name": "core/2028"}, "no name of a version"),
        ({"name": "Core/2028.1"}, "no name of a version"),
        ({"statements": (Statement("all", "All", answers={"sen.provision": "N"}),)}, "not marked"),
    ],
)
def test_what_does_not_fit_is_refused(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(BadVersion, match=words):
        newer(**parts)


class PupilNumber(numbers.PupilNumber):
    """Without a field that nobody else reads."""

    class Meta(numbers.PupilNumber.Meta):
        """Leave it out."""

        exclude = ("former_upn",)


def test_a_new_year_may_drop_a_field_that_nobody_reads() -> None:
    version = newer(replace=(PupilNumber,))
    assert [q.name for q in version.section("pupil_number").questions] == ["upn", "upn_missing_reason"]
    report = check(version, {"pupil_number": {"former_upn": "L372400114001"}}, today=TODAY)
    assert ("pupil_number", "not_asked") in {(error.section, error.code) for error in report.errors}


class Exams(exams.ExamsBase):
    """A field of a core section, changed."""

    approved = changed(exams.ExamsBase, "approved", hint="Ask the exams officer")


def test_a_changed_field_keeps_its_place_and_everything_else() -> None:
    version = area(replace=(Exams,))
    old, new = CORE.section("exams").questions, version.section("exams").questions
    assert [question.name for question in new] == [question.name for question in old]
    assert new[0].hint == "Ask the exams officer"
    assert (new[0].label, new[0].required, new[0].year_group) == (
        old[0].label,
        old[0].required,
        old[0].year_group,
    )
    assert old[0].hint != new[0].hint
