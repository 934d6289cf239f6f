"""A four-page pack: against bare WeasyPrint, against Chromium, and by one and by two rendering processes.

`python -m tests.benchmarks.bench_packs`. All print the same HTML with the same style and fonts to a tagged PDF, in
turn, so that a busy machine slows all alike. Ours also attaches the record, completes the structure tree, and goes to
another process and back. Chromium is warm; it has one page to itself throughout ("same page") or, as keeping learners
apart would want, a fresh one for each pack ("new page").
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import weasyprint
from playwright.sync_api import Browser, Error, Page, sync_playwright
from pypdf import PdfReader

from transition_exchange.packs.content import Attached, PackContent, build
from transition_exchange.packs.files import path
from transition_exchange.packs.markup import to_html
from transition_exchange.packs.rendering import Renderer
from transition_exchange.proforma import Access, check, load
from transition_exchange.sample.young_people.learners import learners

ROUNDS, MANY = 15, 16
PAGES = 4
BARE, CHROMIUM, CHROMIUM_MOST, PROCESSES = 1.1, 1.0, 1.5, 1.9
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
NOW = datetime(2027, 6, 3, 13, 5, tzinfo=UTC)


def content() -> PackContent:
    """The pack of the first sample learner with SEN support whose pack takes four pages."""
    for learner in learners(today=NOW.date()):
        if learner.provision != "K" or learner.stage != "complete":
            continue
        version = load(learner.version)
        made = build(
            Access.to_record(version, learner.answers, {"learning_support"}),
            learner.answers,
            report=check(version, learner.answers, today=NOW.date(), leaving_year=learner.leaving_year),
            learner_name=learner.name,
            from_school=learner.school.name,
            to_provider="Rother Valley College",
            readers=["Learning support"],
            version_number=1,
            sent_at=NOW,
            attachments=[
                Attached(attachment.kind, attachment.dated, attachment.pages)
                for attachment in learner.attachments
            ],
        )
        if len(PdfReader(io.BytesIO(bare(to_html(made)))).pages) == PAGES:
            return made
    raise AssertionError(f"no sample learner has a pack of {PAGES} pages")


def bare(html: str) -> bytes:
    """The PDF as WeasyPrint alone makes it, in this process."""
    style = path("pack.css")
    pdf: bytes = weasyprint.HTML(string=html, base_url=str(style)).write_pdf(
        stylesheets=[str(style)], pdf_variant="pdf/ua-1"
    )
    return pdf


@contextmanager
def chromium() -> Iterator[Browser]:
    """A warm Chromium: the one the system has, or Playwright's own."""
    with sync_playwright() as playwright:
        found = playwright.chromium
        try:
            browser = found.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        except Error:
            browser = found.launch(args=FLAGS)
        yield browser
        browser.close()


def styled(html: str) -> str:
    """The page with its style inside, for a browser: fonts by address, as it would have them in its cache."""
    style = (
        path("pack.css").read_text().replace('url("fonts/', f'url("{path("pack.css").parent.as_uri()}/fonts/')
    )
    return html.replace("</head>", f"<style>{style}</style></head>")


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that one run takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def single(pack: PackContent) -> dict[str, float]:
    """Medians in milliseconds of one pack by each maker, taken in turn."""
    html = to_html(pack)
    for_browser = styled(html)
    taken: dict[str, list[float]] = {}
    with Renderer(workers=1) as renderer, chromium() as browser:
        renderer.warm()
        blank = path("pack.css").as_uri()  # a page that may load the bundled fonts
        kept = browser.new_page()
        kept.goto(blank)

        def print_on(page: Page) -> bytes:
            page.set_content(for_browser)
            page.evaluate("document.fonts.ready")
            return page.pdf(prefer_css_page_size=True, tagged=True, outline=True)

        def on_a_new_page() -> None:
            page = browser.new_page()
            page.goto(blank)
            print_on(page)
            page.close()

        makers: dict[str, Callable[[], object]] = {
            "ours": lambda: renderer.render(pack),
            "bare": lambda: bare(html),
            "same page": lambda: print_on(kept),
            "new page": on_a_new_page,
        }
        for turn in range(ROUNDS + 3):
            for name, make in makers.items():
                milliseconds = timed(make)
                if turn >= 3:
                    taken.setdefault(name, []).append(milliseconds)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def many(pack: PackContent) -> tuple[float, float]:
    """Packs a second by one process and by two: the best of three runs each, taken in turn."""
    best = {1: 0.0, 2: 0.0}
    with Renderer(workers=1) as one, Renderer(workers=2) as two:
        for renderer in (one, two):
            renderer.warm()
            list(renderer.render_many([pack] * 4))
        for _ in range(3):
            for workers, renderer in ((1, one), (2, two)):
                milliseconds = timed(partial(_all, renderer, [pack] * MANY))
                best[workers] = max(best[workers], MANY * 1000 / milliseconds)
    return best[1], best[2]


def _all(renderer: Renderer, packs: list[PackContent]) -> None:
    for _ in renderer.render_many(packs):
        pass


def main() -> None:
    """Print each figure and its ratio to its baseline."""
    pack = content()
    took = single(pack)
    print(f"A pack of {PAGES} pages, tagged, median of {ROUNDS}")
    print(f"  transition_exchange.packs, warm process {took['ours']:8.1f} ms")
    print(f"  bare WeasyPrint on the same HTML        {took['bare']:8.1f} ms")
    print(f"  Chromium, warm, the same page           {took['same page']:8.1f} ms")
    print(f"  Chromium, warm, a new page each         {took['new page']:8.1f} ms")
    ratio = took["ours"] / took["bare"]
    print(f"  ratio to bare WeasyPrint {ratio:.2f} (goal: under {BARE}) {_met(ratio < BARE)}")
    for kind in ("same page", "new page"):
        ratio = took["ours"] / took[kind]
        word = "met" if ratio <= CHROMIUM else "within" if ratio <= CHROMIUM_MOST else "MISSED"
        print(f"  ratio to Chromium, {kind}: {ratio:.2f} (goal: {CHROMIUM}, at most {CHROMIUM_MOST}) {word}")
    one, two = many(pack)
    print(f"{MANY} such packs")
    print(f"  one process   {one:6.1f} a second")
    print(f"  two processes {two:6.1f} a second")
    print(f"  ratio {two / one:.2f} (goal: {PROCESSES}) {_met(two / one >= PROCESSES)}")


def _met(good: bool) -> str:
    return "met" if good else "MISSED"


if __name__ == "__main__":
    main()
