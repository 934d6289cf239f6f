"""PDFs that tests attach: a plain one, and those that are refused."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf

from transition_exchange.uploads.cleaning import clean


def _saved(document: pikepdf.Pdf, **options: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def _blank(pages: int = 1) -> pikepdf.Pdf:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    return document


def pdf(pages: int = 1) -> bytes:
    """A PDF of empty pages, written as the exchange writes what is attached, so that it comes back byte for byte."""
    return clean(_saved(_blank(pages))).content


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    return _saved(_blank(), encryption=pikepdf.Encryption(user="secret", owner="secret"))


def hostile_pdfs() -> dict[str, bytes]:
    """PDFs that hide from a careless look what they do, by what it is."""
    made: dict[str, bytes] = {}
    named, text, listed, table = pikepdf.Name, pikepdf.String, pikepdf.Array, pikepdf.Dictionary

    def annotated(**entries: Any) -> bytes:
        document = _blank()
        stream = pikepdf.Stream(document, b"MZ")
        entries = {
            name: table(F=text("a.exe"), EF=table(F=stream)) if value == "file" else value
            for name, value in entries.items()
        }
        document.pages[0].Annots = listed([table(Type=named.Annot, Rect=[0, 0, 9, 9], **entries)])
        return _saved(document)

    made["a film with a player"] = annotated(Subtype=named.RichMedia, RichMediaContent=table())
    made["a file pinned to a page, its type left out"] = annotated(Subtype=named.FileAttachment, FS="file")
    for action in ("SubmitForm", "ImportData", "GoToE", "GoToR", "Launch"):
        document = _blank()
        document.Root.OpenAction = table(S=named(f"/{action}"), F=text("x"))
        made[f"the action {action}"] = _saved(document)
    document = _blank()
    stream = pikepdf.Stream(document, b"MZ")
    stream.Type, stream.S = named.EmbeddedFile, named.P
    document.Root.X = document.make_indirect(stream)
    made["a file that calls itself a paragraph"] = _saved(document)
    document = _blank()
    document.Root.AcroForm = table(Fields=listed([]), XFA=pikepdf.Stream(document, b"<xdp><script/></xdp>"))
    made["a form with a program of its own"] = _saved(document)
    return made


def written_pdf(catalog: bytes = b"", objects: bytes = b"") -> bytes:
    """A PDF of one page written by hand, without a table of its objects."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R "
        + catalog
        + b">>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        + b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
        + objects
        + b"trailer<</Root 1 0 R/Size 9>>\n%%EOF"
    )


def bomb(megabytes: int, *, used: bool = False) -> bytes:
    """A small PDF that unpacks to very much: an object stream of one object, which the page uses or not, and spaces."""
    table, content, offsets = b"", written_pdf(), []
    if used:
        content = content.replace(b"/MediaBox", b"/Resources 9 0 R/MediaBox")
    packer = zlib.compressobj(9)
    packed = packer.compress(b"9 0 <<>>")
    for _ in range(megabytes):
        packed += packer.compress(b" " * 1024 * 1024)
    packed += packer.flush()
    content = content[: content.index(b"trailer")]
    for number in (1, 2, 3):
        offsets.append(content.index(b"%d 0 obj" % number))
    offsets.append(len(content))
    content += b"4 0 obj<</Type/ObjStm/N 1/First 4/Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    content += packed + b"\nendstream endobj\n"
    offsets.append(len(content))
    table = (
        bytes(5) + b"\xff\xff" + b"".join(b"\1" + place.to_bytes(4, "big") + bytes(2) for place in offsets)
    )
    table += bytes(7 * 3) + b"\2" + (4).to_bytes(4, "big") + bytes(2)
    content += b"5 0 obj<</Type/XRef/Size 10/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return content + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % offsets[-1]
