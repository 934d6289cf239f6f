"""What browser it is, in a few fixed words: enough to tell one's own computer from a stranger's, and no more.

What a browser says about itself (RFC 9110, section 10.1.5) holds versions and models that single people out. None of
that is kept: the words below are all there are.
"""

from __future__ import annotations

# The order matters: browsers name those that they want to be taken for as well.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def in_words(user_agent: str) -> str:
    """A browser and its system in words, such as "Firefox on Windows"; "Another browser" if neither is known.

    Args:
        user_agent: the header `User-Agent`; empty if there is none.
    """
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "Another browser")
    system = next((words for mark, words in _SYSTEMS if mark in user_agent), "")
    return f"{browser} on {system}" if system else browser
