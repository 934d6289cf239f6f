"""Accepting an uploaded PDF: written anew and safe, or refused in words that say what to do."""

from __future__ import annotations

import pytest

from tests.exchange.documents import bomb, hostile_pdfs, locked_pdf, pdf, written_pdf
from tests.uploads.reading import everything, pictures
from tests.uploads.samples import PAYLOAD, REFUSED, cleaned, drawn, harmless, refused
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.writing import untrusted_pdf
from transition_exchange.exchange.writing.untrusted_pdf import MOST_BYTES, REMOVED, safe_copy
from transition_exchange.uploads import checking
from transition_exchange.uploads.answers import Answer, Removed, Verdict

CANNOT_BE_CLEANED = {
    "a film with a player",
    "a file pinned to a page, its type left out",
    "a form with a program of its own",
}


def test_a_pdf_comes_back_written_anew_with_its_number_of_pages() -> None:
    content = drawn(pages=7)
    safe = safe_copy(content)
    assert (safe.pages, safe.removed) == (7, ())
    assert pictures(safe.content) == pictures(content)
    assert "%PDF" not in repr(safe)


@pytest.mark.parametrize("what", ["a script on opening", "PDF/A-3 with its source", "a signature"])
def test_what_was_taken_out_is_told_in_codes_that_have_words(what: str) -> None:
    content, removed = cleaned()[what]
    safe = safe_copy(content)
    assert [Removed[code.upper()] for code in safe.removed] == [removed]
    assert all(REMOVED[code] for code in safe.removed)
    assert PAYLOAD not in everything(safe.content)


def test_everything_that_can_be_taken_out_has_words() -> None:
    assert set(REMOVED) == {str(kind.name).lower() for kind in Removed}


@pytest.mark.parametrize("what", sorted(hostile_pdfs()))
def test_what_hides_what_it_does_is_refused_or_comes_back_without_it(what: str) -> None:
    if what in CANNOT_BE_CLEANED:
        with pytest.raises(Refused) as refusal:
            safe_copy(hostile_pdfs()[what])
        assert "print it to a new pdf and choose that" in refusal.value.fields["file"].lower()
    else:
        inside = everything(safe_copy(hostile_pdfs()[what]).content)
        assert not [word for word in (b"MZ", b"OpenAction", b"EmbeddedFile") if word in inside]


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_a_refusal_says_what_is_wrong_and_what_to_do(what: str) -> None:
    with pytest.raises(Refused) as caught:
        safe_copy(refused(what))
    assert caught.value.message.startswith("The file ")
    assert any(word in caught.value.fields["file"] for word in ("hoose", "add them one by one"))


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.ACCEPTED])
def test_every_verdict_has_words_of_its_own(verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "check", lambda _content: Answer(verdict))
    with pytest.raises(Refused) as caught:
        safe_copy(pdf())
    others = [words for other, words in untrusted_pdf._REFUSALS.items() if other is not verdict]
    assert (caught.value.message, caught.value.fields["file"]) not in others


def test_a_document_nested_deeply_is_read_to_its_bottom() -> None:
    assert safe_copy(written_pdf(b"/X " + b"[" * 400 + b"]" * 400)).pages == 1
    deep = b"/PageLabels<</X " + b"[" * 400 + b"<</S/JavaScript/JS(x)>>" + b"]" * 400 + b">>"
    safe = safe_copy(written_pdf(deep))
    assert safe.removed == ("scripts",)
    assert b"JavaScript" not in everything(safe.content)


def test_what_is_no_pdf_or_too_large_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(checking, "check")
    with pytest.raises(Refused, match="must be a PDF"):
        safe_copy(b"Dear college")
    with pytest.raises(Refused, match="larger than 20 MB"):
        safe_copy(b"%PDF-1.7\n" + b"0" * MOST_BYTES)


def test_an_unused_bomb_is_left_out() -> None:
    content = bomb(600)
    safe = safe_copy(content)
    assert len(safe.content) < 10_000 < len(content)


def test_harmless_files_lose_nothing() -> None:
    for content in harmless().values():
        assert safe_copy(content).removed == ()


def test_a_locked_file_is_refused_by_name() -> None:
    with pytest.raises(Refused, match="locked with a password"):
        safe_copy(locked_pdf())
