"""What a version made out of another one may not take away, from anybody or in an area of its own."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

import pytest

from schemas.core import audiences, conditions
from schemas.core.sections import (
    attendance,
    circumstances,
    destinations,
    learner,
    needs,
    numbers,
    safeguarding,
    support,
)
from schemas.core.v2026_1 import VERSION as LAST_YEAR
from schemas.core.v2027_1 import VERSION as CORE
from tests.proforma.test_extending import about
from transition_exchange.proforma import BadVersion, ProformaError, Version
from transition_exchange.proforma.conditions import ALWAYS, AllOf, AnyOf
from transition_exchange.proforma.extending import extend
from transition_exchange.proforma.fields import SectionSchema, changed, text, yes_no
from transition_exchange.proforma.keeping import READ_BY_NAME, refuse_losses
from transition_exchange.proforma.model import Season


def area(*replace: type[SectionSchema], **parts: Any) -> Version:
    """An area's version with these sections in place of the core's."""
    return extend(CORE, name="ourtown/2027.1", year=2027, replace=replace, **parts)


def newer(*replace: type[SectionSchema], **parts: Any) -> Version:
    """Next year's version with these sections in place of the core's."""
    return extend(CORE, name="core/2028.1", year=2028, replace=replace, **parts)


def with_field(schema: type[SectionSchema], name: str, **about: Any) -> type[SectionSchema]:
    """The section with something about one field changed."""
    return type(schema.__name__, (schema,), {name: changed(schema, name, **about)})


def without_field(schema: type[SectionSchema], *names: str) -> type[SectionSchema]:
    """The section without some fields."""
    meta = type("Meta", (schema.Meta,), {"exclude": names})
    return type(schema.__name__, (schema,), {"Meta": meta})


def renamed(schema: type[SectionSchema], old: str, new: str) -> type[SectionSchema]:
    """The section with a field under another name."""
    return type(schema.__name__, (without_field(schema, old),), {new: changed(schema, old)})


@pytest.mark.parametrize("path", sorted(READ_BY_NAME))
@pytest.mark.parametrize("version", [LAST_YEAR, CORE], ids=lambda version: version.name)
def test_what_the_exchange_reads_by_name_is_in_every_version(version: Version, path: str) -> None:
    assert version.question(path).path == path


class TestAnyVersion:
    @pytest.mark.parametrize(
        ("section", "words"),
        [
            (renamed(needs.Sen, "provision", "sen_provision"), "sen.provision is gone, and .* needs it"),
            (renamed(learner.Learner, "legal_surname", "surname"), "the card of .*neet_group.* needs it"),
            (renamed(learner.Learner, "year_group", "year"), "the exchange itself needs it"),
            (without_field(safeguarding.Safeguarding, "lead_phone"), "the exchange itself needs it"),
            (without_field(circumstances.Care, "education_plan"), "the document education_plan needs it"),
            (without_field(attendance.Suspensions, "suspension_count"), "suspensions.* needs it"),
        ],
    )
    def test_what_others_need_is_neither_renamed_nor_dropped(
        self, section: type[SectionSchema], words: str
    ) -> None:
        for make in (area, newer):
            with pytest.raises(BadVersion, match=words):
                make(section)

    def test_a_section_that_others_need_is_not_dropped(self) -> None:
        with pytest.raises(BadVersion, match=r"sen.provision is gone, and .* needs it"):
            newer(drop=("sen",))
        with pytest.raises(BadVersion, match=r"destinations.destinations is gone"):
            newer(drop=("destinations",))

    def test_another_kind_of_answer_is_another_field(self) -> None:
        section = type(
            "Sen", (without_field(needs.Sen),), {"provision": text("SEN provision", required=ALWAYS)}
        )
        with pytest.raises(BadVersion, match=r"sen.provision is no longer a choice"):
            newer(section)


class TestAnAreasVersion:
    def test_it_keeps_even_what_nobody_else_reads(self) -> None:
        section = without_field(numbers.PupilNumber, "former_upn")
        assert newer(section).question("numbers.uln").card
        with pytest.raises(BadVersion, match=r"an area’s version keeps every field of core/2027.1"):
            area(section)

    @pytest.mark.parametrize(
        "required", [ALWAYS, AnyOf((conditions.AT_RISK, destinations.WORKED_ON)), destinations.WORKED_ON]
    )
    def test_it_may_ask_for_an_answer_in_more_cases(self, required: Any) -> None:
        version = area(with_field(destinations.NeetRisk, "careers_adviser", required=required))
        assert version.question("neet_risk.careers_adviser").required == required

    @pytest.mark.parametrize(
        ("field", "changes", "words"),
        [
            ("careers_adviser", {"required": None}, "asked for in fewer cases"),
            ("careers_adviser", {"required": conditions.AT_RISK}, "asked for in fewer cases"),
            (
                "careers_adviser",
                {"required": AllOf((conditions.SEN, destinations.WORKED_ON))},
                "asked for in fewer cases",
            ),
            ("careers_adviser", {"asked": conditions.SEN}, "put in fewer cases"),
            ("careers_adviser", {"may_be_attached": True}, "answered by an attachment"),
            ("careers_adviser", {"season": Season(starts=(9, 1))}, "a part of the year only"),
            ("careers_adviser", {"or_else": "transition_worker"}, "answered by another field"),
            ("action_plan", {"may_not_apply": True}, "said not to apply"),
            ("band", {"card": audiences.SENDING_TEAM}, "on other cards"),
            ("careers_adviser", {"card": audiences.COORDINATORS}, "on other cards"),
        ],
    )
    def test_it_asks_for_no_less_and_tells_nobody_else(
        self, field: str, changes: dict[str, Any], words: str
    ) -> None:
        with pytest.raises(BadVersion, match=words):
            area(with_field(destinations.NeetRisk, field, **changes))
        newer(with_field(destinations.NeetRisk, field, **changes))  # all areas together may agree on it

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"audience": audiences.EVERY_TEAM}, "open to more readers than in the core: admissions, exams"),
            ({"in_pack": False}, "sent otherwise"),
        ],
    )
    def test_it_opens_no_section_to_others(self, changes: dict[str, Any], words: str) -> None:
        section = type("Support", (support.Support,), {"about": _changed_about(support.Support, **changes)})
        with pytest.raises(BadVersion, match=words):
            area(section)

    def test_it_may_close_a_section_to_a_team(self) -> None:
        narrower = _changed_about(attendance.Suspensions, audience=audiences.SUPPORT)
        version = area(type("Suspensions", (attendance.Suspensions,), {"about": narrower}))
        assert version.section("suspensions").audience == {"learning_support"}

    def test_nothing_of_its_own_goes_on_the_councils_cards(self) -> None:
        class Own(SectionSchema):
            """A section of the area's own."""

            about = about("own")
            known = yes_no("Known to the team?", card=audiences.NEET_GROUP)

        with pytest.raises(BadVersion, match=r"own.known would go on the council’s cards"):
            area(add_after={"support": Own})

    def test_it_drops_no_section(self) -> None:
        with pytest.raises(ProformaError, match=r"services.services is gone; an area’s version keeps"):
            area(drop=("services",))


def test_a_version_loses_nothing_against_itself() -> None:
    refuse_losses(CORE, CORE)


def _changed_about(schema: type[SectionSchema], **changes: Any) -> Any:
    return dataclasses.replace(schema.about, **changes)


def test_an_area_opens_no_learners_number_to_other_places() -> None:
    section = type("Numbers", (numbers.Numbers,), {"about": replace(numbers.Numbers.about, only_at="")})
    with pytest.raises(
        BadVersion, match="other places than in the core: it is for a provider with a UKPRN only"
    ):
        area(section)
