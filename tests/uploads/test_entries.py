"""What may stand at the top of a PDF; the whole of a document is looked at in `test_cleaning.py`."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.exchange.documents import written_pdf
from tests.uploads.samples import Change, drawn
from transition_exchange.uploads.answers import Removed, Verdict
from transition_exchange.uploads.cleaning import clean
from transition_exchange.uploads.entries import Refusal, cut_down, refuse_by_catalog


def _cut(change: Change) -> tuple[pikepdf.Pdf, Removed]:
    document = pikepdf.open(io.BytesIO(drawn(change)))
    with pikepdf.explicit_conversion():
        return document, cut_down(document)


def test_what_nobody_thought_of_goes_from_catalog_trailer_and_pages() -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.Requirements = document.Root.Threads = document.Root.Novelty = Array([])
        document.Root.Names = Dictionary(Dests=Dictionary(), Templates=Dictionary(), Novelty=Dictionary())
        document.Root.AcroForm = Dictionary(Fields=Array([]), CO=Array([]), Novelty=1)
        document.pages[0].obj.Novelty = document.pages[0].obj.Trans = document.pages[0].obj.Dur = 3
        document.Root.Pages.Novelty = 1
        document.trailer.Novelty = 1

    document, removed = _cut(change)
    assert removed == Removed(0)
    assert set(document.Root.keys()) == {"/Type", "/Pages", "/Names", "/AcroForm"}
    assert (set(document.Root.Names.keys()), set(document.Root.AcroForm.keys())) == ({"/Dests"}, {"/Fields"})
    assert set(document.pages[0].obj.keys()) == {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
    assert "/Novelty" not in document.Root.Pages
    assert set(document.trailer.keys()) <= {"/Root", "/Info", "/ID", "/Size"}


def test_title_and_author_stay() -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.docinfo.Title, document.docinfo.Odd = String("Plan"), Array([String("x")])

    document, _ = _cut(change)
    assert dict(document.docinfo.items()) == {"/Title": String("Plan")}


@pytest.mark.parametrize("entry", ["Names", "AcroForm"])
def test_an_entry_of_another_type_goes(entry: str) -> None:
    document, _ = _cut(lambda document: document.Root.__setitem__(f"/{entry}", Array([1])))
    assert f"/{entry}" not in document.Root


@pytest.mark.parametrize(
    ("entries", "verdict"),
    [
        ({"Collection": Dictionary()}, Verdict.PORTFOLIO),
        ({"NeedsRendering": True}, Verdict.XFA),
        ({"AcroForm": Dictionary(XFA=Array([]))}, Verdict.XFA),
    ],
    ids=str,
)
def test_a_document_that_is_more_than_its_pages_is_refused(entries: dict[str, Any], verdict: Verdict) -> None:
    with pikepdf.explicit_conversion(), pytest.raises(Refusal) as refusal:
        refuse_by_catalog(Dictionary(**entries))
    assert refusal.value.verdict is verdict


def test_a_page_whose_content_is_no_stream_is_refused() -> None:
    content = written_pdf().replace(b"/MediaBox", b"/Contents(words)/MediaBox")
    assert clean(content).verdict is Verdict.DAMAGED


def test_several_files_are_no_pack_of_ours() -> None:
    def change(document: pikepdf.Pdf) -> None:
        for name, words in (("record.json", "This record as data, for software"), ("b.txt", "notes")):
            document.attachments[name] = pikepdf.AttachedFileSpec(document, b"x", description=words)

    assert _cut(change)[1] == Removed.FILES


def test_a_tree_of_pages_that_runs_in_a_circle_comes_to_an_end() -> None:
    content = written_pdf().replace(b"/Kids[3 0 R]", b"/Kids[3 0 R 2 0 R]")
    assert clean(content).verdict in set(Verdict)


def test_places_in_the_document_stay() -> None:
    def change(document: pikepdf.Pdf) -> None:
        place = Array([document.pages[0].obj, Name.Fit])
        document.Root.Dests = Dictionary({"/AA": place})
        document.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r)]))

    with pikepdf.open(io.BytesIO(clean(drawn(change)).content)) as document:
        assert set(document.Root.Dests.keys()) == {"/AA"}
        assert Name.r == document.Root.PageLabels.Nums[1].S
