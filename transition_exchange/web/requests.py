"""Requests whose files never touch the disk, and whose size depends on the view they are for."""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, ClientDisconnected
from werkzeug.formparser import FormDataParser

from transition_exchange.web.policy import DEFAULT_LIMIT, declared

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MAX_FORM_PARTS = 5_000
"""A page of many rows has many fields; Werkzeug's own limit of 1,000 refuses such a page."""
DRAIN_LIMIT = 64 * 1024 * 1024


class UnreadableForm(BadRequest):
    """A form that cannot be read, because the head of a part is no text: the name of a file, as a rule."""


class ExchangeRequest(Request):
    """Werkzeug puts uploads over 500 kB into temporary files. Here they stay in memory, under the view's limit."""

    max_form_parts = MAX_FORM_PARTS

    def __init__(self, environ: WSGIEnvironment, *args: Any, **kwargs: Any) -> None:
        """As Werkzeug's, with the name of the host as we know it."""
        _name_host_plainly(environ)
        super().__init__(environ, *args, **kwargs)

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()

    def make_form_data_parser(self) -> FormDataParser:
        """A parser that says so when it cannot read a body. Werkzeug's own would give an empty form."""
        parser = super().make_form_data_parser()
        parser.silent = False
        return parser

    def _load_form_data(self) -> None:
        """Read the body, and refuse a part without a name: no form sends one, and field names are taken to be text.

        Raises:
            BadRequest: a part of a multipart body has no name.
            UnreadableForm: the body cannot be read.
            ClientDisconnected: the rest of the body did not arrive, or not in time.
        """
        loaded = self.__dict__
        try:
            super()._load_form_data()
        except ValueError:
            self._leave_empty()
            raise UnreadableForm from None
        except ClientDisconnected:
            self._leave_empty()
            raise
        if any(None in loaded[part] for part in ("form", "files")):
            self._leave_empty()
            raise BadRequest

    def _leave_empty(self) -> None:
        """Leave what the error page may look into."""
        self.__dict__["form"] = self.__dict__["files"] = ImmutableMultiDict()


def _name_host_plainly(environ: WSGIEnvironment) -> None:
    """Name the host in small letters and without the dot of the root: neither makes it another (RFC 9110, 4.2.3).

    Where the request says which page of ours it comes from, it names the host in the same way.
    """
    sent = environ.get("HTTP_HOST", "")
    name, colon, port = sent.lower().rpartition(":") if re.search(r":\d*$", sent) else (sent.lower(), "", "")
    plain = f"{name.removesuffix('.')}{colon}{port}"
    if plain == sent:
        return
    environ["HTTP_HOST"] = plain
    for header in ("HTTP_REFERER", "HTTP_ORIGIN"):
        if header in environ:
            environ[header] = re.sub(
                rf"^(https?://){re.escape(sent)}", lambda start: start[1] + plain, environ[header], flags=re.I
            )


def limit_each(app: Flask) -> None:
    """Give each request the limit that its view declares, before anything reads the body."""

    @app.before_request
    def set_limit() -> None:
        declaration = declared(app, request.endpoint)
        request.max_content_length = declaration.limit if declaration else DEFAULT_LIMIT
        request.max_form_memory_size = DEFAULT_LIMIT


def drain() -> None:
    """Read on what the browser is still sending, within bounds.

    A server that answers and hangs up in the middle of an upload makes browsers show their own error instead of
    ours, which says what the matter is.
    """
    stream, left = request.environ["wsgi.input"], min(request.content_length or 0, DRAIN_LIMIT)
    while left > 0:
        try:
            chunk = stream.read(min(left, 1024 * 1024))
        except OSError:
            return  # it stopped, or took too long
        if not chunk:
            return
        left -= len(chunk)
