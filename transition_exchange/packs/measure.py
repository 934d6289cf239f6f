"""How wide a text is in the pack's own type, so that labels get the room they need and tables are never overfull."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from transition_exchange.packs.files import read

_UNKNOWN = 1.0
"""Width, in ems, assumed for a character the bundled font lacks: an estimate on the safe side."""


@cache
def _advances(font: str) -> dict[int, float]:
    ttf = TTFont(BytesIO(read(f"fonts/{font}.ttf")))
    per_em = ttf["head"].unitsPerEm
    metrics = ttf["hmtx"].metrics
    return {code: metrics[name][0] / per_em for code, name in ttf.getBestCmap().items()}


def width(text: str, *, points: float, bold: bool = False) -> float:
    """Measure the width of a text on one line, in points.

    Args:
        text: the text.
        points: the size of the type.
        bold: whether the type is semi-bold.
    """
    advances = _advances("AtkinsonHyperlegibleNext-SemiBold" if bold else "AtkinsonHyperlegibleNext-Regular")
    return points * sum(advances.get(ord(character), _UNKNOWN) for character in text)


def lines(text: str, *, within: float, points: float, bold: bool = False) -> int:
    """Count the lines that a text takes in a column; a word wider than the column is broken.

    Args:
        text: the text.
        within: the width of the column in points.
        points: the size of the type.
        bold: whether the type is semi-bold.
    """
    space = width(" ", points=points, bold=bold)
    count, used = 1, 0.0
    for word in text.split():
        wide = width(word, points=points, bold=bold)
        if used and used + space + wide > within:
            count, used = count + 1, 0.0
        elif used:
            used += space
        if wide > within:
            count += int((used + wide) // within)
            wide %= within
        used += wide
    return count


def longest_word(text: str, *, points: float, bold: bool = False) -> float:
    """Measure the widest word of a text: the least width, in points, that breaks no word.

    Args:
        text: the text; 0 for an empty one.
        points: the size of the type.
        bold: whether the type is semi-bold.
    """
    return max((width(word, points=points, bold=bold) for word in text.split()), default=0.0)
