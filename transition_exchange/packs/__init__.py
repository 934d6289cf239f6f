"""The pack: what a provider's team downloads about one learner, as a PDF and as data.

`content` decides what goes in (by the pro-forma's one function and nothing else), `data` writes it for machines,
`markup` makes the page out of it, and `rendering` turns the page into a PDF in a process that can be killed.

Nothing is imported here: a rendering process imports `worker` alone and stays small.
"""

from __future__ import annotations
