"""PDFs that tests attach: a plain one, and those that are refused."""

from __future__ import annotations

import io

import pikepdf


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
    """A PDF of empty pages."""
    return _saved(_blank(pages))


def locked_pdf() -> bytes:
    """A PDF that asks for a password."""
    return _saved(_blank(), encryption=pikepdf.Encryption(user="secret", owner="secret"))


def pdf_with_script() -> bytes:
    """A PDF that runs a script when it is opened."""
    document = _blank()
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
    )
    return _saved(document)


def pdf_with_file() -> bytes:
    """A PDF that carries another file."""
    document = _blank()
    document.attachments["notes.txt"] = b"notes"
    return _saved(document)
