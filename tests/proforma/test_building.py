"""From the classes of a version file to a version: questions placed, ordered, joined with their section's condition."""

from __future__ import annotations

from typing import Any

from transition_exchange.proforma.building import build, questions_of, section_of
from transition_exchange.proforma.conditions import ALWAYS, AllOf, Is
from transition_exchange.proforma.fields import RowSchema, SectionSchema, choice, rows, text, yes_no
from transition_exchange.proforma.model import AboutSection, Page

READERS = frozenset({"learning_support"})
MENTORED = Is("mentoring.mentored", (True,), "there is a mentor")
ASKED = Is("mentoring.asked", (True,), "it is asked")


class Meeting(RowSchema):
    """A meeting with the mentor."""

    where = text("Where", required=ALWAYS)
    done = yes_no("Done?")


class Base(SectionSchema):
    """What every version asks about mentoring."""

    about = AboutSection(
        "mentoring", "Mentoring", "transition", READERS, "UK GDPR", 10, asked=ASKED, order=("how", "gone")
    )
    mentored = yes_no("Is there a mentor?", required=ALWAYS)
    meetings = rows("Meetings", Meeting, asked=MENTORED, most=4)


class Mentoring(Base):
    """A version adds how."""

    how = choice("How?", (("alone", "Alone"), ("group", "In a group")), asked=ALWAYS)


class Without(Mentoring):
    """A later version leaves a field out."""

    class Meta(Mentoring.Meta):
        """Leave it out."""

        exclude = ("mentored",)


def test_a_question_knows_its_section_its_table_and_its_name() -> None:
    mentored, meetings, how = questions_of(Mentoring, section="mentoring")
    assert [question.path for question in (mentored, meetings, how)] == [
        "mentoring.mentored",
        "mentoring.meetings",
        "mentoring.how",
    ]
    assert [column.path for column in meetings.rows] == [
        "mentoring.meetings.where",
        "mentoring.meetings.done",
    ]
    assert (meetings.most, how.choices[1]) == (4, ("group", "In a group"))


def test_the_order_of_the_section_puts_fields_first_and_leaves_the_others_as_declared() -> None:
    assert [question.name for question in section_of(Mentoring).questions] == ["how", "mentored", "meetings"]


def test_the_sections_condition_stands_before_each_questions_own() -> None:
    how, mentored, meetings = section_of(Mentoring).questions
    assert (how.asked, mentored.asked) == (ASKED, ASKED)
    assert meetings.asked == AllOf((ASKED, MENTORED))


def test_a_field_that_is_left_out_is_no_question() -> None:
    assert [question.name for question in section_of(Without).questions] == ["how", "meetings"]


def test_what_stands_beside_a_section_is_kept() -> None:
    section = section_of(Mentoring)
    beside = (section.name, section.title, section.owner, section.audience, section.reader_order)
    assert beside == ("mentoring", "Mentoring", "transition", READERS, 10)
    assert section.schema is Mentoring
    assert (section.in_pack, section.per_transfer, section.withholdable) == (True, False, False)


def test_a_version_keeps_what_it_is_given() -> None:
    class Asking(SectionSchema):
        """Whether it is asked."""

        about = AboutSection("mentoring", "Mentoring", "transition", READERS, "UK GDPR", 10)
        asked = yes_no("Asked?")

    def rule(case: Any) -> tuple[()]:
        return ()

    page = Page("first", "First", "transition", ("mentoring",))
    version = build(
        name="ourtown/2027.1",
        year=2027,
        title="Ours",
        schemas=(Asking,),
        pages=(page,),
        attachment_kinds=(),
        error_rules=(rule,),
    )
    assert (version.pages, version.error_rules, version.warning_rules) == ((page,), (rule,), ())
    assert version.section("mentoring").questions[0].label == "Asked?"
