"""Names that are not text: old programs wrote umlauts and accents in the code page of their machine."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Name

from tests.exchange.documents import written_pdf
from tests.uploads.reading import pictures
from transition_exchange.uploads.answers import Removed, Verdict
from transition_exchange.uploads.cleaning import clean
from transition_exchange.uploads.names import is_one_of, names, remove

OLD = written_pdf(
    b"/Pr\xe9f 4 0 R/PageMode/Pr\xe9f", b"4 0 obj<</T\xfcr 1/Subtype/Gr\xfcn/Type/\xff/S/\xfe>>endobj\n"
)


def test_entries_are_removed_whatever_their_names_are_made_of() -> None:
    with pikepdf.open(io.BytesIO(OLD)) as document:
        old = next(item for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item)
        for key in list(old.keys()):
            remove(old, key)
        assert not old.keys()


def test_names_are_compared_without_being_read() -> None:
    with pikepdf.open(io.BytesIO(OLD)) as document:
        assert not is_one_of(document.Root.PageMode, names(("UseAttachments",)))
        assert is_one_of(document.Root.Type, {Name.Catalog})
        assert not is_one_of(document.Root, {Name.Catalog})


def test_a_document_with_such_names_is_cleaned_like_any_other() -> None:
    answer = clean(OLD)
    assert (answer.verdict, answer.removed) == (Verdict.ACCEPTED, Removed(0))
    assert b"Gr" not in answer.content
    used = OLD.replace(b"/MediaBox", b"/Resources<</Properties<</P\xe9 4 0 R>>>>/MediaBox")
    kept = clean(used)
    assert kept.verdict is Verdict.ACCEPTED
    assert pictures(kept.content) == pictures(used)
