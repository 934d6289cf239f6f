"""PDFs made for tests: harmless ones that look dangerous, hostile ones that can be cleaned, and ones that cannot.

Each shows something on its page, so that a picture of the page tells whether cleaning changed it. What must not stay
holds `PAYLOAD`, so that a reader can look for it.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from tests.exchange.documents import bomb, locked_pdf, written_pdf
from tests.uploads import swollen
from transition_exchange.uploads.answers import Removed, Verdict

PAYLOAD = b"PAYLOAD-7f3a"
_TEXT = PAYLOAD.decode()

Change = Callable[[pikepdf.Pdf], None]


def drawn(change: Change | None = None, *, pages: int = 1, **options: Any) -> bytes:
    """A PDF with words and a box on each page, changed before it is saved."""
    document = pikepdf.new()
    for number in range(pages):
        document.add_blank_page(page_size=(300, 200))
        page = document.pages[-1].obj
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        words = b"BT /F1 18 Tf 20 150 Td (Support plan %d) Tj ET 0.2 0.4 0.8 rg 20 20 120 60 re f" % (
            number + 1
        )
        page.Contents = document.make_stream(words)
    if change:
        change(document)
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore", category=pikepdf.PageCopyWarning):
        document.save(buffer, **options)
    return buffer.getvalue()


def _catalog(**entries: Any) -> Change:
    return lambda document: _put(document.Root, entries)


def _put(holder: Any, entries: dict[str, Any]) -> None:
    for key, value in entries.items():
        holder[f"/{key}"] = value


def action(kind: str, **entries: Any) -> Dictionary:
    """An action of a kind."""
    made = Dictionary(Type=Name.Action, S=Name(f"/{kind}"))
    _put(made, entries)
    return made


def looks(document: pikepdf.Pdf) -> Any:
    """What an annotation shows: a red box."""
    stream = Stream(document, b"0.8 0.1 0.1 rg 0 0 60 30 re f")
    _put(stream, {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, 60, 30])})
    return document.make_indirect(stream)


def annotated(subtype: str = "Link", **entries: Any) -> Change:
    """Put an annotation on the first page that shows a red box."""

    def change(document: pikepdf.Pdf) -> None:
        annotation = Dictionary(
            Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array([200, 20, 260, 50]), F=4
        )
        annotation.AP = Dictionary(N=looks(document))
        _put(annotation, entries)
        document.pages[0].obj.Annots = Array([document.make_indirect(annotation)])

    return change


def _link(kind: str, **entries: Any) -> Change:
    return annotated(A=action(kind, **entries))


def _uri(address: str) -> Change:
    return _link("URI", URI=String(address))


def _field(kind: str, **entries: Any) -> Change:
    """A field of a form, which is also the annotation that shows it."""

    def change(document: pikepdf.Pdf) -> None:
        annotated("Widget", FT=Name(f"/{kind}"), T=String("field"), **entries)(document)
        field = document.pages[0].obj.Annots[0]
        document.Root.AcroForm = Dictionary(Fields=Array([field]))

    return change


def _with_file(document: pikepdf.Pdf) -> None:
    document.attachments["accounts.xml"] = PAYLOAD


def _pdf_a_3(document: pikepdf.Pdf) -> None:
    _with_file(document)
    document.Root.AF = Array([document.attachments["accounts.xml"].obj])
    document.Root.PageMode = Name.UseAttachments
    with document.open_metadata() as metadata:
        metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "3", "B"


def _signed(document: pikepdf.Pdf) -> None:
    signature = Dictionary(
        Type=Name.Sig,
        Filter=Name("/Adobe.PPKLite"),
        SubFilter=Name("/adbe.pkcs7.detached"),
        ByteRange=Array([0, 10, 20, 10]),
        Contents=String(_TEXT),
    )
    _field("Sig", V=document.make_indirect(signature))(document)
    document.Root.AcroForm.SigFlags = 3
    document.Root.Perms = Dictionary(DocMDP=signature)


def _picture_from_elsewhere(document: pikepdf.Pdf) -> None:
    stream = looks(document)
    file = Dictionary(Type=Name.Filespec, F=String(rf"\\server\share\{_TEXT}.pdf"))
    stream.Ref, stream.OPI = Dictionary(F=file, Page=0), Dictionary(F=file)
    page = document.pages[0].obj
    page.Resources.XObject = Dictionary(X1=stream)
    page.Contents = document.make_stream(b"/X1 Do")


def _bookmark(document: pikepdf.Pdf) -> None:
    outlines = document.make_indirect(Dictionary(Type=Name.Outlines))
    item = document.make_indirect(Dictionary(Title=String("Open"), Parent=outlines))
    item.A = action("Launch", F=String(_TEXT))
    outlines.First = outlines.Last = item
    document.Root.Outlines = outlines


def _hidden(document: pikepdf.Pdf) -> None:
    document.Root.Hidden = document.make_indirect(Stream(document, PAYLOAD))
    page = document.pages[0].obj
    page.PieceInfo = Dictionary(Draw=Dictionary(Private=Stream(document, PAYLOAD)))
    page.Thumb = Stream(document, PAYLOAD)
    document.trailer.Extra = document.make_indirect(Stream(document, PAYLOAD))
    document.docinfo.Payload = Array([String(_TEXT)])
    file = Stream(document, PAYLOAD)
    file.Type = Name.EmbeddedFile
    page.Resources.Private = document.make_indirect(file)


def _script_among_scripts(document: pikepdf.Pdf) -> None:
    script = action("JavaScript", JS=String(_TEXT))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("run"), script])))
    _put(document.pages[0].obj, {"AA": Dictionary(O=script)})


@cache
def cleaned() -> dict[str, tuple[bytes, Removed]]:
    """PDFs that are accepted after cleaning, with what is taken out, by what they are."""
    script = action("JavaScript", JS=String(_TEXT))
    scripts, links, none = Removed.SCRIPTS, Removed.LINKS, Removed(0)
    plain = drawn()
    made: dict[str, tuple[bytes | Change, Removed]] = {
        "a script on opening": (_catalog(OpenAction=script), scripts),
        "printing on opening": (_catalog(OpenAction=action("Named", N=Name.Print)), scripts),
        "a web page on opening": (
            _catalog(OpenAction=action("URI", URI=String("https://a.example"))),
            scripts,
        ),
        "a program on opening": (_catalog(OpenAction=action("Launch", F=String(_TEXT))), scripts),
        "a place on opening, then a script": (
            _catalog(OpenAction=action("GoTo", D=Array([0, Name.Fit]), Next=Array([script]))),
            scripts,
        ),
        "scripts by name and for a page": (_script_among_scripts, scripts),
        "a page that runs a script": (
            lambda document: _put(document.pages[0].obj, {"AA": Dictionary(O=script)}),
            scripts,
        ),
        "a page with a file": (
            lambda document: _put(document.pages[0].obj, {"AF": Array([Stream(document, PAYLOAD)])}),
            Removed.FILES,
        ),
        "a field that calculates": (_field("Tx", V=String("7"), AA=Dictionary(C=script)), scripts),
        "a button that submits": (_field("Btn", Ff=65536, A=action("SubmitForm", F=String(_TEXT))), scripts),
        "a button that imports": (_field("Btn", Ff=65536, A=action("ImportData", F=String(_TEXT))), scripts),
        "a button that hides": (_field("Btn", Ff=65536, A=action("Hide", T=String(_TEXT))), scripts),
        "a link that prints": (_link("Named", N=Name.Print), scripts),
        "a link that starts a program": (_link("Launch", F=String(_TEXT)), links),
        "a link to a share": (_link("GoToR", F=String(rf"\\server\{_TEXT}\a.pdf"), D=Array([0])), links),
        "a link into a file inside": (_link("GoToE", F=String(_TEXT), D=Array([0])), links),
        "a link to a file": (_uri(f"file:///etc/{_TEXT}"), links),
        "a link to a share as an address": (_uri(rf"\\server\{_TEXT}"), links),
        "a web address with a share's spelling": (_uri(rf"https:\\server\{_TEXT}"), links),
        "a link with a script": (_uri(f"javascript:{_TEXT}"), links),
        "a link to a mailbox": (_uri(f"mailto:{_TEXT}@example.org"), links),
        "a relative link": (_uri(f"{_TEXT}.pdf"), links),
        "a web link, then a script": (
            _link("URI", URI=String("https://a.example/"), Next=script),
            scripts,
        ),
        "a web link that was a file": (
            annotated(
                A=action("URI", URI=String("https://a.example/")),
                PA=action("URI", URI=String(f"file:{_TEXT}")),
            ),
            links,
        ),
        "a base for relative links": (_catalog(URI=Dictionary(Base=String(f"file:///{_TEXT}"))), none),
        "a kind of action nobody knows": (_link("Teleport", To=String(_TEXT)), scripts),
        "an action where none belongs": (
            lambda document: _put(document.pages[0].obj.Resources, {"Odd": Array([script])}),
            scripts,
        ),
        "a bookmark that starts a program": (_bookmark, links),
        "a file inside": (_with_file, Removed.FILES),
        "PDF/A-3 with its source": (_pdf_a_3, Removed.FILES),
        "a signature": (_signed, Removed.SIGNATURE),
        "a picture that may come from elsewhere": (_picture_from_elsewhere, none),
        "what no page shows": (_hidden, Removed.FILES),
        "a program behind it": (plain + b"PK\x03\x04" + PAYLOAD, none),
        "objects behind it": (
            plain + b"\n90 0 obj<</S/JavaScript/JS(" + PAYLOAD + b")>>endobj\n%%EOF\n",
            none,
        ),
        "a web page before it": (b"<script>" + PAYLOAD + b"</script>\n" + plain, none),
        "names spelt with numbers": (
            written_pdf(b"/OpenAction<</S/J#61vaScript/J#53(" + PAYLOAD + b")>>"),
            scripts,
        ),
    }
    for name, encryption in {
        "RC4, 40 bits": pikepdf.Encryption(owner="o", R=2, metadata=False, aes=False),
        "RC4, 128 bits": pikepdf.Encryption(owner="o", R=3, metadata=False, aes=False),
        "AES, 128 bits": pikepdf.Encryption(owner="o", R=4),
        "AES, 256 bits": pikepdf.Encryption(owner="o", R=6, allow=pikepdf.Permissions(extract=False)),
    }.items():
        made[f"forbids changes ({name})"] = (drawn(encryption=encryption), Removed.RESTRICTIONS)
    return {
        name: (content if isinstance(content, bytes) else drawn(content), removed)
        for name, (content, removed) in made.items()
    }


def _named_like_danger(document: pikepdf.Pdf) -> None:
    """Names that a document chooses freely, and that mean something else elsewhere."""
    page = document.pages[0].obj
    page.Resources.Font = Dictionary({"/AA": page.Resources.Font.F1, "/JS": page.Resources.Font.F1})
    page.Contents = document.make_stream(b"BT /AA 18 Tf 20 150 Td (A) Tj /JS 9 Tf (B) Tj ET")
    _field("Btn", AS=Name.JS)(document)
    page.Annots[0].AP = Dictionary(N=Dictionary({"/JS": looks(document), "/EF": looks(document)}))


def _structured(document: pikepdf.Pdf) -> None:
    root = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    element = Dictionary(Type=Name.StructElem, S=Name.Sound, P=root, K=0, Pg=document.pages[0].obj)
    element.A = Array([Dictionary(O=Name.Layout, Placement=Name.Block), 0])
    root.K = document.make_indirect(element)
    root.RoleMap = Dictionary({"/Sound": Name.P, "/AA": Name.P})
    _put(
        document.Root, {"StructTreeRoot": root, "MarkInfo": Dictionary(Marked=True), "Lang": String("en-GB")}
    )


@cache
def harmless() -> dict[str, bytes]:
    """PDFs from which nothing is taken out, by what they are."""
    return {
        "plain": drawn(pages=3),
        "opens at a place": drawn(_catalog(OpenAction=Array([0, Name.Fit]))),
        "goes to a place on opening": drawn(_catalog(OpenAction=action("GoTo", D=Array([0, Name.Fit])))),
        "a web link": drawn(_uri("https://example.org/a?b=c#d")),
        "a web link in capitals": drawn(_uri("HTTP://EXAMPLE.ORG")),
        "a link to the next page": drawn(_link("Named", N=Name.NextPage)),
        "a link to a place": drawn(_link("GoTo", D=Array([0, Name.Fit]))),
        "a filled field": drawn(_field("Tx", V=String("7"))),
        "an unsigned signature field": drawn(_field("Sig")),
        "names like dangers": drawn(_named_like_danger),
        "a structure": drawn(_structured),
    }


def _outside(document: pikepdf.Pdf) -> None:
    page = document.pages[0].obj
    page.Contents.F = Dictionary(Type=Name.Filespec, F=String(rf"\\server\{_TEXT}"))


def _outside_picture(document: pikepdf.Pdf) -> None:
    picture = Stream(document, b"")
    _put(picture, {"Type": Name.XObject, "Subtype": Name.Image, "Width": 1, "Height": 1, "F": String(_TEXT)})
    document.pages[0].obj.Resources.XObject = Dictionary(X1=picture)


def _portfolio(document: pikepdf.Pdf) -> None:
    _with_file(document)
    document.Root.Collection = Dictionary(Type=Name.Collection)


def _xfa(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(document, b"<xdp/>"))


_SWOLLEN_SAMPLES: dict[str, Callable[[], bytes]] = {
    **{name: partial(make, drawn) for name, make in swollen.DOCUMENTS.items()},
    "objects that unpack to very much": partial(bomb, 300, used=True),
}


def _torn() -> bytes:
    packed, marker = bomb(1, used=True), b"/FlateDecode>>stream\n"
    place = packed.index(marker) + len(marker)
    return packed[:place] + b"\xff" * 40 + packed[place + 40 :]


def _cut_off() -> bytes:
    whole = drawn(pages=6, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return whole[: len(whole) // 2]


def _locked_for_certain_people() -> bytes:
    certificates = b"/Encrypt<</Filter/Adobe.PubSec/V 4/SubFilter/adbe.pkcs7.s5>>"
    return written_pdf().replace(b"trailer<<", b"trailer<<" + certificates)


_CANNOT_BE_CLEANED: dict[str, tuple[Change, Verdict]] = {
    "a film": (annotated("Movie", Movie=Dictionary(F=String(_TEXT))), Verdict.MEDIA),
    "a sound": (annotated("Sound"), Verdict.MEDIA),
    "a film on a screen": (annotated("Screen", A=action("Rendition")), Verdict.MEDIA),
    "a model": (annotated("3D"), Verdict.MEDIA),
    "a film with a player": (annotated("RichMedia", RichMediaContent=Dictionary()), Verdict.MEDIA),
    "a pinned file": (annotated("FileAttachment", FS=Dictionary(F=String(_TEXT))), Verdict.MEDIA),
    "a portfolio": (_portfolio, Verdict.PORTFOLIO),
    "a form with a program of its own": (_xfa, Verdict.XFA),
    "pages made on opening": (_catalog(NeedsRendering=True), Verdict.XFA),
    "a page kept elsewhere": (_outside, Verdict.EXTERNAL),
    "a picture kept elsewhere": (_outside_picture, Verdict.EXTERNAL),
}

REFUSED: dict[str, tuple[Callable[[], bytes], Verdict]] = {
    **{name: (partial(drawn, change), verdict) for name, (change, verdict) in _CANNOT_BE_CLEANED.items()},
    **{name: (make, Verdict.SWOLLEN) for name, make in _SWOLLEN_SAMPLES.items()},
    "locked": (locked_pdf, Verdict.LOCKED),
    "locked for certain people": (_locked_for_certain_people, Verdict.LOCKED),
    "no pages": (partial(drawn, pages=0), Verdict.EMPTY),
    "objects that do not unpack": (_torn, Verdict.DAMAGED),
    "cut off": (_cut_off, Verdict.DAMAGED),
    "empty": (bytes, Verdict.DAMAGED),
    "a heading only": (lambda: b"%PDF-1.7\nbroken", Verdict.DAMAGED),
}
"""PDFs that are refused, with the verdict, by what they are. Some take seconds to make, so `refused` makes them."""


@cache
def refused(what: str) -> bytes:
    """One of the PDFs that are refused."""
    make, _ = REFUSED[what]
    return make()
