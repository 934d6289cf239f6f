"""Draw the README's pictures from a sample area in a temporary folder, as its people see it.

    python packaging/pictures.py [--url URL] [NAME ...]

NAME is the name of a file in docs/pictures without its ending; without any, all pictures are drawn. `--url` uses a
sample area that is already served instead of building one.
"""

from __future__ import annotations

import argparse
import io
import logging
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from transition_exchange.config import Config
from transition_exchange.packs.rendering import Renderer
from transition_exchange.sample.area.accounts import PASSPHRASE, accounts
from transition_exchange.sample.area.area import build
from transition_exchange.sample.organisations import COUNCIL
from transition_exchange.sample.young_people.learners import SampleLearner, learners
from transition_exchange.store.database import Database
from transition_exchange.web import create_app

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
WIDTH, HEIGHT = 960, 1000
"""The size of a page in CSS pixels."""
SHARP = 1.5
"""Pixels of a picture for each CSS pixel, for sharp screens."""
PACK_WIDTH = 1200
MOST_BYTES = 300_000
BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]

Draw = Callable[["Visit"], bytes]


class CannotDraw(SystemExit):
    """A picture cannot be drawn; the message says why."""


class Visit:
    """A browser in the sample area that signs in as the people that a picture needs."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url

    @contextmanager
    def somebody(self, organisation: str, does: str = "") -> Iterator[Page]:
        """A tab of the first account of an organisation whose job begins with `does`."""
        account = next(
            account
            for account in accounts()
            if account.organisation == organisation and account.does.startswith(does)
        )
        context = self._browser.new_context(
            base_url=self._url,
            viewport={"width": WIDTH, "height": HEIGHT},
            device_scale_factor=SHARP,
            locale="en-GB",
        )
        page = context.new_page()
        page.goto("/account/sign-in")
        page.get_by_label("E-mail address").fill(account.email)
        page.get_by_label("Passphrase", exact=True).fill(account.passphrase or PASSPHRASE)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for(state="attached")
        yield page
        context.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the pictures that the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", help="a sample area that is served already")
    parser.add_argument("names", nargs="*", metavar="NAME", help="task-list, preview, coordinator, pack")
    options = parser.parse_args(arguments)
    path = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if path is None:
        raise CannotDraw("Chromium is needed to draw pictures: apt-get install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _served(options.url) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for name in options.names or PICTURES:
            picture = _small(PICTURES[name](Visit(browser, url)))
            if len(picture) > MOST_BYTES:
                raise CannotDraw(f"{name}.png would have {len(picture):,} bytes.")
            (FOLDER / f"{name}.png").write_bytes(picture)
            print(f"docs/pictures/{name}.png, {len(picture):,} bytes")
        browser.close()


@contextmanager
def _served(url: str | None) -> Iterator[str]:
    """The address of a sample area. Without `url`, it is built and served here."""
    if url is not None:
        yield url
        return
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="transition-exchange-pictures-") as folder:
        db = Database(f"sqlite:///{folder}/sample.sqlite3")
        db.create()
        # Nobody attacks this area's passphrases, so a guess may be cheap.
        build(db, memory_kib=64, progress=_say)
        with Renderer(workers=1) as renderer:
            app = create_app(Config(sample=True, demo=True, secret_key=secrets.token_hex()), db)
            app.extensions["renderer"] = renderer
            server = make_server("localhost", 0, app, threaded=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://localhost:{server.port}"
            server.shutdown()
            server.server_close()
        db.dispose()


def _say(what: str, done: int, total: int) -> None:
    if done == total:
        print(f"{what}: {total}")


def _small(png: bytes) -> bytes:
    """The same picture in 128 colours, because pages have few."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    small = io.BytesIO()
    picture.quantize(128, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


# ---- the pictures ---------------------------------------------------------------------------------
def task_list(visit: Visit) -> bytes:
    """The task list of a learner with a plan whose record is nearly complete."""
    learner = _one(lambda learner: learner.provision == "E" and learner.stage == "nearly")
    with visit.somebody(learner.school.name) as page:
        _open(page, learner)
        return page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT * 1.25}, full_page=True)


def preview(visit: Visit) -> bytes:
    """The preview of what a college's learning support will get."""
    chosen = [learner for learner in learners() if learner.provision == "E" and learner.stage != "started"]
    for learner in sorted(chosen, key=lambda learner: learner.stage != "complete"):
        with visit.somebody(learner.school.name) as page:
            _open(page, learner)
            page.get_by_role("link", name="See what each team will get, and send").click()
            team = page.get_by_text("Learning support: ")
            if page.get_by_text("Will be sent", exact=True).count() and team.count():
                team.first.click()
                page.mouse.click(WIDTH - 10, 400)  # takes the focus away, which is yellow
                return page.screenshot(
                    clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT * 1.25}, full_page=True
                )
    raise CannotDraw("No learner of the sample has a pack that is ready to be sent.")


def coordinator(visit: Visit) -> bytes:
    """The council's list of incomplete records, with whose turn it is."""
    with visit.somebody(COUNCIL.name) as page:
        page.goto("/area/learners?state=incomplete")
        return page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT * 1.25}, full_page=True)


def pack(visit: Visit) -> bytes:
    """The first page of the PDF that a college's learning support downloads for a learner with a plan."""
    college = next(account.organisation for account in accounts() if account.does == "Learning support")
    names = {learner.name for learner in learners() if learner.provision == "E" and learner.attachments}
    with visit.somebody(college, "Learning support") as page:
        page.goto("/received")
        listed = page.locator(".te-inbox tbody th a").all_inner_texts()
        chosen = next((name for name in listed if name.strip() in names), None)
        if chosen is None:
            raise CannotDraw("No learner with a plan was sent to the college.")
        page.get_by_role("link", name=chosen).first.click()
        if (cover := page.get_by_role("button", name="Open", exact=True)).count():
            cover.click()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="PDF").first.click()
        sheet = pypdfium2.PdfDocument(waiting.value.path())[0]
        drawn = io.BytesIO()
        sheet.render(scale=PACK_WIDTH / sheet.get_width()).to_pil().save(drawn, "PNG")
        return drawn.getvalue()


def _one(wanted: Callable[[SampleLearner], bool]) -> SampleLearner:
    return next(learner for learner in learners() if wanted(learner))


def _open(page: Page, learner: SampleLearner) -> None:
    """Open a learner from their school's list."""
    page.goto("/learners")
    surname = learner.answers["learner"]["legal_surname"]
    page.get_by_label("Find by name").fill(f"{learner.answers['learner']['legal_forename']} {surname}")
    page.get_by_role("button", name="Show").click()
    page.locator(".te-table tbody th a").first.click()


PICTURES: dict[str, Draw] = {
    "task-list": task_list,
    "preview": preview,
    "coordinator": coordinator,
    "pack": pack,
}

if __name__ == "__main__":
    main()
