"""Access arrangements, grades and other qualifications."""

from __future__ import annotations

from typing import Any

from schemas.core import audiences, lawful_bases
from transition_exchange.proforma.conditions import ALWAYS, Is
from transition_exchange.proforma.fields import (
    RowSchema,
    SectionSchema,
    choice,
    choices,
    day,
    rows,
    text,
    yes_no,
)
from transition_exchange.proforma.model import AboutSection, Season
from transition_exchange.proforma.rules import exam_codes

JCQ = "JCQ access arrangements when a candidate changes centre (1 September 2025)"
ARRANGEMENTS = tuple(entry for entry in exam_codes.ACCESS_ARRANGEMENTS if entry[0] != "none")
APPROVED = Is("exams.approved", (True,), "access arrangements are approved")
OTHER_ARRANGEMENT = Is("exams.arrangements", ("other",), "there is another arrangement")
FORM_8 = Is("exams.evidence_route", ("form_8",), "the evidence is a Form 8")
GRADES = exam_codes.GCSE_GRADES
# Results come out in the third or fourth week of August; until then a prediction is what there is.
UNTIL_RESULTS = Season(ends=(8, 31))
AFTER_RESULTS = Season(starts=(9, 1))


class ExamsBase(SectionSchema):
    """What the college needs to apply again before the November resits."""

    about = AboutSection(
        name="exams",
        title="Access arrangements in exams",
        owner="transition",
        audience=audiences.SUPPORT_AND_EXAMS,
        lawful_basis=lawful_bases.EQUALITY,
        reader_order=200,
    )
    in_order = (("assessed_on", "part_2_signed_on", "Part 2 cannot be signed before the assessment"),)
    approved = yes_no(
        "Are there approved access arrangements?",
        hint="Such as extra time, a reader or a separate room",
        required=ALWAYS,
        year_group=True,
        card=frozenset({"exams"}),
        source=JCQ,
        pack_label="Access arrangements approved",
    )
    arrangements = choices(
        "Which access arrangements?",
        ARRANGEMENTS,
        asked=APPROVED,
        required=ALWAYS,
        card=frozenset({"exams"}),
        pack_label="Arrangements",
    )
    other_arrangement = text(
        "Which other arrangement?", asked=OTHER_ARRANGEMENT, required=ALWAYS, pack_label="Other arrangement"
    )
    evidence_route = choice(
        "Which evidence is there?",
        exam_codes.EVIDENCE_ROUTES,
        asked=APPROVED,
        required=ALWAYS,
        hint="Attach the whole signed form and the assessor's evidence: the college has little time to gather it again",
        source=JCQ,
        pack_label="Evidence",
    )
    normal_way_of_working = yes_no(
        "Are the arrangements the learner's normal way of working?",
        asked=APPROVED,
        required=ALWAYS,
        source=JCQ,
        pack_label="Normal way of working",
    )
    parts_complete = yes_no(
        "Are parts 1, 2 and 3 of Form 8 all complete?",
        asked=FORM_8,
        required=ALWAYS,
        source=JCQ,
        pack_label="Form 8: parts 1, 2 and 3 complete",
    )
    part_2_signed_on = day(
        "When was part 2 signed?",
        when="past",
        hint="The date beside the assessor's signature. Leave empty if it is not signed",
        asked=FORM_8,
        required=ALWAYS,
        source=JCQ,
        pack_label="Form 8: part 2 signed on",
    )
    part_3_signed_on = day(
        "When was part 3 signed?",
        when="past",
        asked=FORM_8,
        required=ALWAYS,
        source=JCQ,
        pack_label="Form 8: part 3 signed on",
    )
    assessed_on = day(
        "When was the learner assessed for part 2?",
        when="past",
        hint="A college can only use an assessment from Year 9 or later",
        asked=FORM_8,
        required=ALWAYS,
        source=JCQ,
        pack_label="Form 8: assessed on",
    )
    assessor_qualified = yes_no(
        "Do you hold evidence of the assessor's qualification?",
        hint="Level 7 or equivalent",
        asked=FORM_8,
        required=ALWAYS,
        source=JCQ,
        pack_label="Evidence of the assessor's qualification held",
    )


def _grade(label: str, **about: Any) -> Any:
    return choice(label, GRADES, may_not_apply=True, required=ALWAYS, card=frozenset(), **about)


class Results(SectionSchema):
    """English and maths: whether the learner goes on with them depends on these."""

    about = AboutSection(
        name="results",
        title="English and maths",
        owner="transition",
        audience=audiences.ADMISSIONS_AND_EXAMS,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=320,
    )
    predicted_english = _grade(
        "Predicted GCSE English grade",
        hint="Language or literature, whichever is higher",
        or_else="actual_english",
        season=UNTIL_RESULTS,
    )
    predicted_maths = _grade("Predicted GCSE maths grade", or_else="actual_maths", season=UNTIL_RESULTS)
    actual_english = _grade(
        "GCSE English grade", hint="After results day", season=AFTER_RESULTS, source="ILR EDF 2 and ECF"
    )
    actual_maths = _grade(
        "GCSE maths grade", hint="After results day", season=AFTER_RESULTS, source="ILR EDF 1 and MCF"
    )


class Qualification(RowSchema):
    """Another qualification."""

    title = text("Qualification and subject", required=ALWAYS, pack_label="Qualification")
    level = text("Level")
    predicted = text("Predicted grade")
    actual = text("Grade")


class OtherQualifications(SectionSchema):
    """Everything else the learner has or expects."""

    about = AboutSection(
        name="other_qualifications",
        title="Other qualifications",
        owner="transition",
        audience=audiences.ADMISSIONS,
        lawful_basis=lawful_bases.PUBLIC_TASK,
        reader_order=325,
    )
    qualifications = rows(
        "Other qualifications",
        Qualification,
        row_word="qualification",
        most=20,
        hint="GCSEs in other subjects, functional skills, awards",
        may_be_attached=True,
    )
