"""Draw the README's pictures anew: a sample area in a temporary folder, looked at as its people see it.

    python packaging/pictures.py [--url URL] [NAME ...]

Names are those of the files in docs/pictures, without ending; left out, all are drawn. `--url` looks at a sample
area that is served already, and builds none.
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
"""Of the page as drawn, in CSS pixels; a picture has half as many again, for sharp screens."""
SHARP = 1.5
PACK_WIDTH = 1200
MOST_BYTES = 300_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"]

Draw = Callable[["Visit"], bytes]


class CannotDraw(SystemExit):
    """A picture cannot be made; the message says why."""


class Visit:
    """A browser in the sample area, as whoever is needed."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url

    @contextmanager
    def somebody(self, organisation: str, does: str = "") -> Iterator[Page]:
        """A tab of the first account of an organisation whose job's name begins so."""
        account = next(
            each for each in accounts() if each.organisation == organisation and each.does.startswith(does)
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
    said = parser.parse_args(arguments)
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise CannotDraw("Chromium is needed to draw pictures: apt-get install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _served(said.url) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for name in said.names or PICTURES:
            picture = _small(PICTURES[name](Visit(browser, url)))
            if len(picture) > MOST_BYTES:
                raise CannotDraw(f"{name}.png would have {len(picture):,} bytes.")
            (FOLDER / f"{name}.png").write_bytes(picture)
            print(f"docs/pictures/{name}.png, {len(picture):,} bytes")
        browser.close()


@contextmanager
def _served(url: str | None) -> Iterator[str]:
    """The address of a sample area, built and served here unless there is one."""
    if url is not None:
        yield url
        return
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="transition-exchange-pictures-") as place:
        db = Database(f"sqlite:///{place}/sample.sqlite3")
        db.create()
        # Nobody guesses at this area's passphrases, so they cost next to nothing.
        build(db, memory_kib=64, progress=_say)
        with Renderer(workers=1) as renderer:
            app = create_app(Config(sample=True, secret_key=secrets.token_hex()), db)
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
    """The same picture in 128 colours: pages have few."""
    found = Image.open(io.BytesIO(png)).convert("RGB")
    small = io.BytesIO()
    found.quantize(128, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


# ---- the pictures ---------------------------------------------------------------------------------
def task_list(visit: Visit) -> bytes:
    """A learner with a plan, whose school is most of the way."""
    learner = _one(lambda each: each.provision == "E" and each.stage == "nearly")
    with visit.somebody(learner.school.name) as page:
        _open(page, learner)
        return page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT * 1.25}, full_page=True)


def preview(visit: Visit) -> bytes:
    """What a college's learning support would get of a record that is about to be sent."""
    chosen = [each for each in learners() if each.provision == "E" and each.stage != "started"]
    for learner in sorted(chosen, key=lambda each: each.stage != "complete"):
        with visit.somebody(learner.school.name) as page:
            _open(page, learner)
            page.get_by_role("link", name="See what each team will get, and send").click()
            team = page.get_by_text("Learning support: ")
            if page.get_by_text("Will be sent", exact=True).count() and team.count():
                team.first.click()
                page.mouse.click(WIDTH - 10, 400)  # out of the focus, which is yellow
                return page.screenshot(
                    clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT * 1.25}, full_page=True
                )
    raise CannotDraw("No learner of the sample has a pack that waits to be sent.")


def coordinator(visit: Visit) -> bytes:
    """Whose records are incomplete, and whose turn it is."""
    with visit.somebody(COUNCIL.name) as page:
        page.goto("/area/learners?state=incomplete")
        return page.screenshot(clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT * 1.25}, full_page=True)


def pack(visit: Visit) -> bytes:
    """The first page of what a college's learning support downloads of a learner with a plan."""
    college = next(each.organisation for each in accounts() if each.does == "Learning support")
    names = {each.name for each in learners() if each.provision == "E" and each.attachments}
    with visit.somebody(college, "Learning support") as page:
        page.goto("/received")
        listed = page.locator(".te-inbox tbody th a").all_inner_texts()
        chosen = next((name for name in listed if name.strip() in names), None)
        if chosen is None:
            raise CannotDraw("No learner with a plan was sent to the college.")
        page.get_by_role("link", name=chosen).first.click()
        with page.expect_download() as waiting:
            page.get_by_role("link", name="PDF").first.click()
        sheet = pypdfium2.PdfDocument(waiting.value.path())[0]
        drawn = io.BytesIO()
        sheet.render(scale=PACK_WIDTH / sheet.get_width()).to_pil().save(drawn, "PNG")
        return drawn.getvalue()


def _one(wanted: Callable[[SampleLearner], bool]) -> SampleLearner:
    return next(each for each in learners() if wanted(each))


def _open(page: Page, learner: SampleLearner) -> None:
    """Find a learner in their school's list."""
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
