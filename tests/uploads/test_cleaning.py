"""Cleaning a PDF: what could do harm is gone for readers of another make, and the pages look the same."""

from __future__ import annotations

import io
import zlib
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pypdf.generic import DictionaryObject, IndirectObject, NameObject

from tests.uploads.reading import dictionaries, everything, pictures
from tests.uploads.samples import PAYLOAD, REFUSED, cleaned, drawn, harmless, refused
from transition_exchange.uploads import cleaning
from transition_exchange.uploads.answers import Answer, Removed, Verdict

cleaning.limit_memory()

NEVER = {"/AA", "/JS", "/EF", "/AF", "/XFA", "/PA", "/Encrypt", "/Perms", "/PieceInfo", "/Thumb"}
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Hide", "/Rendition"}


def harm_in(content: bytes) -> list[str]:
    """What pypdf finds in a file that must not be there."""
    harm = []
    for item in dictionaries(content):
        harm += [key for key, value in item.items() if key in NEVER and not _is_only_named_so(value)]
        action = _resolved(item.get("/S"))  # in a mangled file any object
        harm += [action] if isinstance(action, str) and action in ACTIONS and "/P" not in item else []
        address = item.get("/URI")
        if isinstance(address, str) and not address.lower().startswith(("http://", "https://")):
            harm.append(address)
    return harm


def _resolved(value: object) -> object:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _is_only_named_so(value: object) -> bool:
    """Whether a value does nothing under any key: a name, or a font to which a page gave the key as its name."""
    resolved = _resolved(value)
    return isinstance(resolved, NameObject) or (
        isinstance(resolved, DictionaryObject) and resolved.get("/Type") == "/Font"
    )


@pytest.mark.parametrize("what", sorted(cleaned()))
def test_what_could_do_harm_is_taken_out_and_the_pages_look_the_same(what: str) -> None:
    content, removed = cleaned()[what]
    answer = cleaning.clean(content)
    assert (answer.verdict, answer.removed) == (Verdict.ACCEPTED, removed)
    assert pictures(answer.content) == pictures(content)
    assert PAYLOAD not in everything(answer.content)
    assert harm_in(answer.content) == []
    assert cleaning.clean(answer.content).removed == Removed(0), "clean once is clean"


@pytest.mark.parametrize("what", sorted(harmless()))
def test_what_is_harmless_stays(what: str) -> None:
    content = harmless()[what]
    answer = cleaning.clean(content)
    assert (answer.verdict, answer.removed) == (Verdict.ACCEPTED, Removed(0))
    assert pictures(answer.content) == pictures(content)
    assert cleaning.clean(answer.content).content == answer.content, (
        "a file written once is written the same again"
    )
    before, after = (sorted(map(_kinds, dictionaries(pdf))) for pdf in (content, answer.content))
    assert [kinds for kinds in before if "/Root" not in kinds] == [
        kinds for kinds in after if "/Root" not in kinds
    ]


def _kinds(item: object) -> list[str]:
    return sorted(str(key) for key in item if key != "/Length")  # type: ignore[attr-defined]


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_what_cannot_be_cleaned_is_refused_and_told_apart(what: str) -> None:
    assert cleaning.clean(refused(what)) == Answer(REFUSED[what][1])


def test_the_samples_would_fail_uncleaned() -> None:
    """The readers of this test find what they look for where it is."""
    visible = [what for what, (content, _) in cleaned().items() if PAYLOAD in _try_everything(content)]
    assert len(visible) > len(cleaned()) / 2
    assert harm_in(cleaned()["a script on opening"][0]) != []
    assert harm_in(cleaned()["a link to a file"][0]) != []


def _try_everything(content: bytes) -> bytes:
    try:
        return everything(content)
    except Exception:
        return content  # what lies around a file is its bytes


def test_an_earlier_state_of_a_file_goes() -> None:
    """A file that was changed by appending to it still holds what it was; the last state is what readers show."""
    first = drawn(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(io.BytesIO(first)) as document:
        number = document.pages[0].obj.Contents.objgen[0]
    words = b"BT /F1 18 Tf 20 150 Td (Another plan) Tj ET"
    place = len(first) + 1
    changed = first + b"\n%d 0 obj<</Length %d>>stream\n%s\nendstream endobj\n" % (number, len(words), words)
    start = int(first.rsplit(b"startxref\n", 1)[1].split()[0])
    changed += b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    with pikepdf.open(io.BytesIO(first)) as document:
        root, size = document.Root.objgen[0], int(document.trailer.Size)
    changed += b"trailer<</Root %d 0 R/Size %d/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (
        root,
        size,
        start,
        changed.rindex(b"xref\n"),
    )
    assert pictures(changed) != pictures(first)
    answer = cleaning.clean(changed)
    assert pictures(answer.content) == pictures(changed)
    assert b"Another plan" in everything(answer.content)
    assert b"Support plan" not in everything(answer.content)


def test_content_that_is_packed_wrongly_is_passed_on_as_it_is() -> None:
    """Some programs leave out the checksum. Readers show what they can unpack, before and after."""

    def change(document: pikepdf.Pdf) -> None:
        words = zlib.compress(b"0 0 1 rg 10 10 90 90 re f " * 40)
        page = document.pages[0].obj
        page.Contents = document.make_stream(words[:-6], Filter=pikepdf.Name.FlateDecode)

    content = drawn(change, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    answer = cleaning.clean(content)
    assert (answer.verdict, answer.removed) == (Verdict.ACCEPTED, Removed(0))
    assert pictures(answer.content) == pictures(content)


def test_a_file_that_forbids_changes_is_stored_open() -> None:
    content, _ = cleaned()["forbids changes (AES, 256 bits)"]
    with pikepdf.open(io.BytesIO(cleaning.clean(content).content)) as document:
        assert not document.is_encrypted
        assert document.allow.extract


def test_a_pack_of_our_own_is_recognised() -> None:
    from transition_exchange.packs.rendering import Renderer

    with Renderer(workers=1) as renderer:
        html = "<html lang=en-GB><title>Pack</title><h1>Support</h1><p>Give the words first.</p></html>"
        pack = renderer.render_html(html, b'{"secret": 1}', datetime(2027, 1, 1, tzinfo=UTC))
    answer = cleaning.clean(pack)
    assert answer.removed == Removed.PACK_DATA
    assert b'"secret"' not in everything(answer.content)
    assert pictures(answer.content) == pictures(pack)
    assert any(item.get("/Type") == "/StructTreeRoot" for item in dictionaries(answer.content))


def test_the_appearance_of_a_signature_becomes_a_stamp_that_nobody_calls_invalid() -> None:
    answer = cleaning.clean(cleaned()["a signature"][0])
    with pikepdf.open(io.BytesIO(answer.content)) as document:
        (stamp,) = document.pages[0].obj.Annots
        assert (stamp.Subtype, list(document.Root.AcroForm.Fields)) == (pikepdf.Name.Stamp, [])
        assert "/SigFlags" not in document.Root.AcroForm


_bases = st.sampled_from(
    [drawn(pages=2), drawn(pages=2, object_stream_mode=pikepdf.ObjectStreamMode.disable)]
    + [content for content, _ in cleaned().values()]
)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A PDF in which bytes were changed, cut out, doubled or put in."""
    content = bytearray(draw(_bases))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(content) - 1, 0)))
        length = draw(st.integers(0, 40))
        match draw(st.sampled_from(["change", "cut", "double", "insert"])):
            case "change":
                new = draw(st.binary(min_size=length, max_size=length))
                content[place : place + length] = new
            case "cut":
                del content[place : place + length * 20]
            case "double":
                content[place:place] = content[place : place + length * 20]
            case _:
                words = draw(st.sampled_from([b"<<", b">>", b"null", b"0 R", b"endobj", b"/AA", b"%", b"["]))
                content[place:place] = words
    return bytes(content)


@settings(deadline=None, max_examples=150)
@given(mangled())
def test_a_mangled_file_is_clean_or_refused(content: bytes) -> None:
    answer = cleaning.clean(content)
    event(answer.verdict.name)
    if answer.verdict is Verdict.ACCEPTED:
        document = pypdfium2.PdfDocument(answer.content)
        assert len(document) == answer.pages
        document.close()
        assert harm_in(answer.content) == []
    else:
        assert answer == Answer(answer.verdict)
