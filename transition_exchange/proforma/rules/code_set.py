"""What a code set is: the answers that a question is chosen from, in the order in which a page shows them.

Codes in capitals or digits are somebody else's (the census's, the ILR's, the CTF's) and are kept as they are written
there; codes in small letters are our own, where no published one is known. A set that changed between versions of the
form is there once for each, named by what differs; a version file picks.
"""

from __future__ import annotations

CodeSet = tuple[tuple[str, str], ...]
"""Code and plain-English label, in order."""
