"""A pack holds every answer of its audience and none from outside it, on paper and as data."""

from __future__ import annotations

import io
import json
import re

import pikepdf
import pytest
from pypdf import PdfReader

from tests.packs.marked_records import NOW, PURPOSES, VERSIONS, answers_of, marked, pack, sample
from tests.packs.reading import everything_in, text_of
from tests.proforma.records import ehc_plan, without_sen
from transition_exchange.packs.content import Attached
from transition_exchange.packs.markup import to_html
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma import Access, load, show

MARK = re.compile(r"Zq\d{3}wj")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_answer_of_the_audience_is_there_and_none_from_outside_it(
    renderer: Renderer, version: str, purpose: str
) -> None:
    record = marked(version)
    content = pack(record.version, record.answers, purposes=[purpose], attachments=record.attachments)
    pdf = renderer.render(content)
    sections = Access(record.version, frozenset({purpose})).sections
    allowed = record.of(sections)
    shown = set(MARK.findall(text_of(pdf)))
    attached = set(MARK.findall(content.record_json.decode()))
    assert attached <= allowed
    assert shown == attached
    assert set(MARK.findall(everything_in(pdf))) == attached
    # The record is a full one: next to nothing of its audience may be left over in questions no longer asked.
    assert len(attached) >= len(allowed) - 2


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_shown_is_printed(renderer: Renderer, version: str) -> None:
    record = marked(version)
    content = pack(record.version, record.answers, purposes=PURPOSES)
    printed = text_of(renderer.render(content))
    assert len([item for section in content.sections for item in section.items]) > 100
    for section in content.sections:
        for item in section.items:
            said = [item.text or "", item.missing or "", *item.paragraphs]
            said += [text for row in item.rows for _, text in row.items]
            for words in said:
                assert "".join(words.split()) in printed, (section.name, item.label)


def test_the_attached_record_is_what_the_pages_say(renderer: Renderer) -> None:
    record = marked("core/2027.1")
    content = pack(record.version, record.answers)
    with pikepdf.open(io.BytesIO(renderer.render(content))) as pdf:
        assert list(pdf.attachments) == ["record.json"]
        attached = json.loads(pdf.attachments["record.json"].get_file().read_bytes())
    assert attached["schema"] == "transition-exchange/record/1"
    assert attached["form"] == "core/2027.1"
    assert attached["for"] == ["learning_support"]
    shown = show(record.version, attached["answers"], list(attached["answers"]), released=True)
    assert [section.name for section in shown if section.items] == [
        section.name for section in content.sections
    ]


def test_each_owner_has_a_pack_of_its_own() -> None:
    record = marked("core/2027.1")
    both = ("learning_support", "safeguarding")
    transition = pack(record.version, record.answers, purposes=both, owner="transition")
    safeguarding = pack(record.version, record.answers, purposes=both, owner="school_safeguarding")
    assert {record.version.section(section.name).owner for section in transition.sections} == {"transition"}
    assert {record.version.section(section.name).owner for section in safeguarding.sections} == {
        "school_safeguarding"
    }


def test_what_is_withheld_is_neither_shown_nor_attached_nor_named_as_missing() -> None:
    record = marked("core/2027.1")
    name = next(
        section.name
        for section in record.version.sections
        if section.withholdable and record.of([section.name])
    )
    record.answers["sharing"] = {"agreed": "some", "withheld": [name], "withheld_why": "Asked not to"}
    content = pack(record.version, record.answers)
    assert name not in [section.name for section in content.sections]
    assert not record.of([name]) & set(MARK.findall(content.record_json.decode()))
    assert name not in json.loads(content.record_json)["answers"]


def test_a_gap_outside_the_audience_is_not_named(renderer: Renderer) -> None:
    record = marked("core/2027.1")
    del record.answers["enrolment"]["postcode"]
    del record.answers["attendance"]["sessions_possible"]
    support = pack(record.version, record.answers, purposes=["learning_support"])
    assert [(gap.section, gap.label) for gap in support.missing if gap.section != "Documents"] == [
        (record.version.section("attendance").title, "Sessions possible"),
    ]
    printed = text_of(renderer.render(support))
    assert "Attendance:Sessionspossible" in printed
    assert "Postcode" not in printed
    assert [gap["question"] for gap in json.loads(support.record_json)["missing"]] == [
        "attendance.sessions_possible",
        "ehc_plan.sections_attached",
    ]


def test_documents_that_are_not_there_are_named_to_whom_may_open_them(renderer: Renderer) -> None:
    version, answers = load("core/2027.1"), ehc_plan()
    support = pack(version, answers, attachments=[Attached("annual_review")])
    named = [gap.label for gap in support.missing if gap.section == "Documents"]
    assert "EHC plan" in named
    assert "Report of the annual review" not in named
    assert "EHCplan(notattached)" in text_of(renderer.render(support))
    assert {"kind": "ehc_plan", "label": "EHC plan"} in json.loads(support.record_json)["not_attached"]
    exams = pack(version, answers, purposes=["exams"])
    assert "EHC plan" not in [gap.label for gap in exams.missing]
    assert "ehc_plan" not in exams.record_json.decode()


def test_a_pack_says_nothing_about_safeguarding_but_where_to_learn_of_it(renderer: Renderer) -> None:
    version, answers = load("core/2027.1"), without_sen()
    for purposes, owner, sentence in (
        (
            ["learning_support"],
            "transition",
            "Safeguarding: ask your safeguarding team. What it says for the first day, if anything, is not in this "
            "PDF: see the record’s page.",
        ),
        (["learning_support"], "school_safeguarding", "Safeguarding: ask your safeguarding team."),
        (["exams"], "transition", "Safeguarding: ask your safeguarding team."),
        (["safeguarding"], "transition", "Safeguarding is not in this PDF: see the record’s page."),
        (["safeguarding"], "school_safeguarding", ""),
        (["safeguarding"], None, ""),
    ):
        content = pack(version, answers, purposes=purposes, owner=owner)
        assert content.safeguarding == sentence
        assert json.loads(content.record_json).get("safeguarding", "") == sentence.replace("PDF", "data")
        assert ("".join(sentence.split()) in text_of(renderer.render(content))) == bool(
            sentence
        ) or not sentence


def test_a_reason_and_a_date_stand_beside_a_gap(renderer: Renderer) -> None:
    record = marked("core/2027.1")
    values = record.answers["attendance"]
    del values["sessions_possible"]
    values["_reasons"] = {"sessions_possible": {"reason": "waiting", "expected": "2027-07-01"}}
    printed = text_of(renderer.render(pack(record.version, record.answers)))
    assert printed.count("expected1July2027") == 2  # on the cover, and where the answer would stand


def test_the_cover_says_who_from_where_for_whom_and_when(renderer: Renderer) -> None:
    record = marked("core/2027.1")
    pdf = renderer.render(pack(record.version, record.answers, readers=["Learning support", "Exams office"]))
    first = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    for words in (
        "Amina Testlearner",
        "Thornfield Academy",
        "Rother Valley College",
        "Learning support and Exams office",
    ):
        assert words in first
    assert "Sent 3 June 2027 at 2:05pm. Area form, 2027 version 1" in first  # British Summer Time
    assert "core/2027.1" not in first


def test_documents_are_listed_with_their_dates_and_old_ones_are_marked(renderer: Renderer) -> None:
    version = load("core/2027.1")
    answers = marked("core/2027.1").answers
    kind = version.attachment_kind("ehc_plan")
    attachments = [Attached("ehc_plan", NOW.date().replace(year=2025), 34), Attached("form_9", NOW.date(), 4)]
    content = pack(version, answers, attachments=attachments)
    assert (content.attachments[0].kind, content.attachments[0].old) == (kind.label, True)
    printed = text_of(renderer.render(content))
    assert "3June2025,overayearold" in printed
    assert "3June2027,overayearold" not in printed


def test_documents_go_only_to_those_who_read_their_section() -> None:
    version = load("core/2027.1")
    answers = marked("core/2027.1").answers
    content = pack(
        version, answers, purposes=["admissions"], attachments=[Attached("ehc_plan", NOW.date(), 34)]
    )
    assert content.attachments == ()


@pytest.mark.parametrize(("provision", "fewest", "most"), [("K", 3, 5), ("E", 4, 6)], ids=["support", "plan"])
def test_a_pack_has_the_length_its_learner_needs(
    renderer: Renderer, provision: str, fewest: int, most: int
) -> None:
    learner = sample("core/2027.1", provision)
    pdf = renderer.render(pack(load(learner.version), answers_of(learner), owner="transition"))
    assert fewest <= len(PdfReader(io.BytesIO(pdf)).pages) <= most


def test_a_learner_with_little_takes_one_page(renderer: Renderer) -> None:
    pdf = renderer.render(pack(load("core/2027.1"), without_sen()))
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_what_does_not_count_any_more_is_told_as_far_as_its_readers_had_it() -> None:
    version = load("core/2027.1")
    lead = {"lead_name": "Sam Lead", "lead_phone": "01709 382121"}
    answers = {"safeguarding": lead, "day_one_safety": {"ring": "Sam Lead, 01709 382121"}}
    owner = "school_safeguarding"
    support = pack(version, answers, owner=owner, withdraws=1)
    safeguarding = pack(version, answers, purposes=["safeguarding"], owner=owner, withdraws=1)
    assert support.gone == "What was written for the first day does not count any more."
    assert "safeguarding team had answered" in safeguarding.gone
    for content in (support, safeguarding):
        assert content.gone in to_html(content)
        assert "Nothing that the minimum standard asks for" not in to_html(content)
        assert "<i>Withdrawn</i>" in to_html(content)
    assert "had answered" not in to_html(support)
    assert pack(version, answers, owner=owner).gone == ""


def test_what_is_held_back_or_cannot_be_used_is_named_before_what_is_missing() -> None:
    record = marked("core/2027.1")
    exams = {
        **record.answers["exams"],
        "evidence_route": "form_8",
        "parts_complete": False,
        "normal_way_of_working": False,
    }
    record.answers |= {
        "exams": exams,
        "sharing": {"agreed": "some", "withheld": ["attendance"], "withheld_why": "Asked not to"},
    }
    content = pack(record.version, record.answers)
    told = (
        "The college cannot reuse this Form 8: parts 1, 2 and 3 must all be complete",
        "The college cannot reuse this Form 8: the arrangements must be the normal way of working",
    )
    assert (content.held_back, content.cannot_be_used) == (1, told)
    html = to_html(content)
    box = html[html.index("What is missing") :]
    assert box.index("<b>Held back:</b> 1 part") < box.index(told[0])
    assert "Nothing that the minimum" not in html
    data = json.loads(content.record_json)
    assert data["held_back"] == 1
    assert [said["message"] for said in data["cannot_be_used"]] == list(told)
    assert data["cannot_be_used"][0]["question"] == "exams.parts_complete"
    admissions = pack(record.version, record.answers, purposes=["admissions"])
    assert (admissions.held_back, admissions.cannot_be_used) == (0, ()), "neither is for it to know"
    assert "Nothing that the minimum" in to_html(admissions)
