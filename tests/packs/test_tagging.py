"""The structure tree is whole, and the file says what PDF/UA-1 (ISO 14289-1) wants it to say."""

from __future__ import annotations

import io
import itertools
import re

import pikepdf
import pytest
from pikepdf import Name

from tests.packs.marked_records import VERSIONS, Marked, marked, pack
from tests.packs.structure import Element, Tagged, read
from transition_exchange.packs.rendering import Renderer


@pytest.fixture(scope="module", params=VERSIONS)
def record(request: pytest.FixtureRequest) -> Marked:
    return marked(request.param)


@pytest.fixture(scope="module")
def pdf(renderer: Renderer, record: Marked) -> bytes:
    purposes = ("learning_support", "safeguarding", "exams", "admissions")
    return renderer.render(
        pack(record.version, record.answers, purposes=purposes, attachments=record.attachments)
    )


@pytest.fixture(scope="module")
def tagged(pdf: bytes) -> Tagged:
    return read(pdf)


def elements(tagged: Tagged, *tags: str) -> list[Element]:
    return [element for element in tagged.root.walk() if element.tag in tags]


def test_the_file_says_that_it_is_tagged_in_which_language_and_what_it_is_called(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert bool(opened.Root.MarkInfo.Marked)
        assert str(opened.Root.Lang) == "en-GB"
        assert bool(opened.Root.ViewerPreferences.DisplayDocTitle)
        assert str(opened.docinfo.Title) == "Transition record: Amina Testlearner"
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert "Amina Testlearner" in str(metadata["dc:title"])
        assert all(page.obj.Tabs == Name.S for page in opened.pages)


def test_no_element_is_outside_the_tree(tagged: Tagged) -> None:
    assert tagged.objects == tagged.all_objects


def test_everything_marked_is_in_the_tree_once_or_is_an_artifact(tagged: Tagged) -> None:
    owned = [content for element in tagged.root.walk() for content in element.content]
    assert len(owned) == len(set(owned))
    drawn = [
        (page, mcid) for page, found in enumerate(tagged.marked) for _, mcid in found if mcid is not None
    ]
    assert set(drawn) == set(owned)
    assert {tag for found in tagged.marked for tag, mcid in found if mcid is None} == {"Artifact"}
    assert tagged.unmarked_text == []


def test_the_parent_tree_leads_from_every_mark_to_its_element(tagged: Tagged) -> None:
    marks = [
        (page, mcid) for page, found in enumerate(tagged.marked) for _, mcid in found if mcid is not None
    ]
    assert len(marks) > 100
    for page, mcid in marks:
        assert tagged.parent_tree[page][mcid] in tagged.objects


def test_running_feet_are_artifacts(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            feet = [
                instruction.operands[1]
                for instruction in pikepdf.parse_content_stream(page)
                if str(instruction.operator) == "BDC"
                and instruction.operands[1].get(Name.Type) == Name.Pagination
            ]
            assert feet
            assert all(foot.Subtype == Name.Footer for foot in feet)


def test_headings_descend_one_at_a_time_and_begin_with_the_name(tagged: Tagged) -> None:
    tags = [element.tag for element in tagged.root.walk()]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("H[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert levels.count(2) > 10


def test_every_data_cell_names_the_heads_of_its_column_and_row(tagged: Tagged) -> None:
    tables = elements(tagged, "Table")
    assert len(tables) >= 3
    for table in tables:
        heads = {cell.id: cell.attributes["Scope"] for cell in table.walk() if cell.tag == "TH"}
        assert None not in heads
        has_columns = "/Column" in heads.values()
        for cell in (element for element in table.walk() if element.tag == "TD"):
            scopes = sorted(heads[name] for name in cell.attributes["Headers"])
            assert scopes == (["/Column", "/Row"] if has_columns else ["/Row"])


def test_the_id_tree_leads_to_every_head(tagged: Tagged) -> None:
    assert tagged.ids == {cell.id for cell in elements(tagged, "TH")}


def test_every_row_of_a_table_has_as_many_cells(tagged: Tagged) -> None:
    tables = elements(tagged, "Table")
    assert len(tables) >= 3
    for table in tables:
        widths = {len(row.kids) for row in table.walk() if row.tag == "TR"}
        assert len(widths) == 1


def test_lists_are_made_of_items_with_label_and_body(tagged: Tagged) -> None:
    lists = elements(tagged, "L")
    assert lists
    for made in lists:
        assert {kid.tag for kid in made.kids} == {"LI"}
        for item in made.kids:
            assert {kid.tag for kid in item.kids} <= {"Lbl", "LBody"}
            assert "LBody" in {kid.tag for kid in item.kids}


def test_only_known_tags_are_used(tagged: Tagged) -> None:
    known = (
        "Document Sect H1 H2 H3 H4 P Span L LI Lbl LBody Table THead TBody TR TH TD BlockQuote NonStruct Div"
    )
    assert {element.tag for element in tagged.root.walk()} <= set(known.split())


def test_every_font_is_embedded_and_says_which_letters_it_draws(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fonts = {font.objgen: font for page in opened.pages for font in page.Resources.Font.values()}
        assert len(fonts) >= 2
        for font in fonts.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert Name.FontFile2 in descriptor or Name.FontFile3 in descriptor
            assert Name.ToUnicode in font
            assert "Pack" in str(font.BaseFont)


def test_the_outline_lists_the_sections(pdf: bytes, record: Marked) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_outline() as outline:
        (top,) = outline.root
        titles = {entry.title for entry in top.children}
    assert {"What is missing", record.version.section("attendance").title} <= titles


def test_the_attached_record_is_described(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (filespec,) = [opened.attachments["record.json"]]
        assert filespec.description
        assert filespec.filename == "record.json"
        assert filespec.get_file().mime_type == "application/json"
