"""The inside of a rendering process: WeasyPrint, the bundled files, and nothing that it could write to or fetch.

Only `processes` starts it. It is told the HTML over a pipe and answers with the PDF over a pipe.
"""

from __future__ import annotations

import gc
import logging
import tempfile
from datetime import UTC, datetime
from typing import Any

from transition_exchange.packs.files import FETCHED, read

_BASE = "https://pack.invalid/"
"""An address that leads nowhere, so that a name which is not bundled cannot be found anywhere else either."""
_MEMORY = 2 * 1024**3
"""Address space of a rendering process: far above a pack's need, far below what would hurt the machine."""

_NEW_OBJECTS = 5_000
"""After a page that leaves more objects than this the collector runs. A pack leaves 12,000 to 25,000, which it clears
away in 2 to 3 milliseconds. Doing so once in ten packs took 7 milliseconds a pack."""

_ready: dict[str, Any] = {}


def start(folder: str) -> None:
    """Make this process ready: fonts registered, style parsed, a first page rendered, then the doors shut.

    Afterwards the process can write no file at all (RLIMIT_FSIZE), not even a core dump, so nothing of a record can
    reach a disk.

    Args:
        folder: where WeasyPrint may put its copies of the bundled fonts; its owner deletes it.
    """
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class BundledFiles(URLFetcher):  # type: ignore[misc]
        """Answers for the bundled files by name and refuses everything else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            name = url.removeprefix(_BASE)
            if not url.startswith(_BASE) or name not in FETCHED:
                raise ValueError("A pack may use nothing but the bundled files.")
            kind = "text/css" if name.endswith(".css") else "font/ttf"
            return URLFetcherResponse(url, read(name), {"Content-Type": kind})

    # What WeasyPrint logs can quote the document, and a log is a file.
    for name in ("weasyprint", "fontTools"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
    tempfile.tempdir = folder
    fetcher, fonts = BundledFiles(), FontConfiguration()
    style = CSS(string=read("pack.css").decode(), base_url=_BASE, url_fetcher=fetcher, font_config=fonts)
    _ready.update(fetcher=fetcher, fonts=fonts, style=style)
    render("<html lang=en-GB><title>Ready</title><p>Ready <b>now</b>", b"{}", datetime.now(UTC))
    _shut_doors()
    gc.collect()
    gc.freeze()
    gc.disable()


def _shut_doors() -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the time limit alone has to do
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def render(html: str, record: bytes, sent_at: datetime) -> bytes:
    """Make a tagged PDF/UA-1, in a process that `start` made ready.

    Args:
        html: the page.
        record: the data to attach to it.
        sent_at: the aware time that the attachment bears.

    Raises:
        Exception: the PDF cannot be made; what it says may quote the record.
    """
    from weasyprint import HTML, Attachment

    from transition_exchange.packs.tagging import finish

    try:
        document = HTML(
            string=html, base_url=_BASE, url_fetcher=_ready["fetcher"], media_type="print"
        ).render(stylesheets=[_ready["style"]], font_config=_ready["fonts"])
        attachment = Attachment(
            string=record,
            name="record.json",
            description="This record as data, for software",
            created=sent_at,
            modified=sent_at,
            relationship="Data",
        )
        pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", attachments=[attachment], finisher=finish)
        return pdf
    finally:
        # The objects of a document refer to one another in cycles, so only the collector frees them. It is off while
        # a page is made, which is faster; then the count of generation 0 alone goes up.
        if gc.get_count()[0] > _NEW_OBJECTS:
            gc.collect()
