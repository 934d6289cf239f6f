"""Requests: how large they may be, and that no file touches the disk."""

from __future__ import annotations

import tempfile
from typing import Any

import pytest
from flask import Flask, request

from tests.web.visitor import Visitor
from transition_exchange.web.policy import UPLOAD_LIMIT, may, public


def test_a_body_over_the_limit_is_refused_and_drained(app: Flask) -> None:
    body = {"email": "x" * 3_000_000}
    page = Visitor(app).post("/account/sign-in", body)
    assert page.status == 413
    assert "2 MB of text" in page.text
    assert "file" not in page.text
    assert "was not kept" in page.text


def test_a_form_may_have_thousands_of_fields(app: Flask) -> None:
    @may(public)
    def many() -> str:
        return f"<!doctype html><html lang=en><title>x</title><h1>{len(request.form)}</h1></html>"

    app.add_url_rule("/many", "many", many, methods=["POST"])
    fields = {f"field.{number}": "x" for number in range(3_000)}
    answer = Visitor(app).post("/many", fields, content_type="multipart/form-data")
    assert answer.h1 == "3001"


def multipart(visitor: Visitor, size: int) -> dict[str, Any]:
    """A form with a file, put together by hand: the test client would use temporary files itself."""
    fields = f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{visitor.token}\r\n'
    file = '--x\r\nContent-Disposition: form-data; name="document"; filename="plan.pdf"\r\n\r\n'
    body = (fields + file).encode() + bytes(size) + b"\r\n--x--\r\n"
    return {
        "data": body,
        "content_type": "multipart/form-data; boundary=x",
        "base_url": visitor.base,
        "headers": {"Referer": visitor.base},
    }


@pytest.fixture
def uploading(app: Flask) -> Flask:
    """An application with a view that takes a file and says how large it is and where it lies."""

    @may(public, limit=UPLOAD_LIMIT)
    def upload() -> str:
        file = request.files["document"]
        return f"{len(file.read())} bytes in {type(file.stream).__name__}"

    app.add_url_rule("/upload", "upload", upload, methods=["POST"])
    return app


def test_an_upload_never_touches_the_disk(uploading: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(uploading)

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("a temporary file was opened")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    answer = visitor.client.post("/upload", **multipart(visitor, 5_000_000))
    assert answer.get_data(as_text=True) == "5000000 bytes in BytesIO"


def test_a_file_over_twenty_megabytes_is_refused(uploading: Flask) -> None:
    visitor = Visitor(uploading)
    assert visitor.client.post("/upload", **multipart(visitor, 20 * 1024 * 1024)).status_code == 200
    refused = visitor.client.post("/upload", **multipart(visitor, 22 * 1024 * 1024))
    assert refused.status_code == 413
    page = refused.get_data(as_text=True)
    assert "A file may be up to 20 MB" in page
    assert "it was not kept" in page
    assert "still there" not in page


@pytest.mark.parametrize("file", ['; filename="plan.pdf"', ""])
def test_a_part_without_a_name_is_refused(app: Flask, file: str) -> None:
    body = f"--x\r\nContent-Disposition: form-data{file}\r\n\r\nvalue\r\n--x--\r\n"
    visitor = Visitor(app)
    answer = visitor.client.post(
        "/account/sign-in",
        data=body.encode(),
        content_type="multipart/form-data; boundary=x",
        base_url=visitor.base,
        headers={"Referer": visitor.base},
    )
    assert answer.status_code == 400
    assert "We could not use what you sent" in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", [b"a\0\xff.pdf", b"plan\xff\xfe.pdf", b"\x85.pdf"])
def test_a_file_whose_name_cannot_be_read_is_refused_in_words_that_say_so(
    uploading: Flask, name: bytes
) -> None:
    visitor = Visitor(uploading)
    sent = multipart(visitor, 5_000_000)
    sent["data"] = sent["data"].replace(b"plan.pdf", name)
    answer = visitor.client.post("/upload", **sent)
    assert answer.status_code == 400
    text = answer.get_data(as_text=True)
    assert "We could not read what your browser sent" in text
    assert "its name may hold characters that cannot be read" in text
    assert "open for too long" not in text
