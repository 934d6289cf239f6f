"""Places for passphrase work: whoever asks gets one at once or is told to try again, and each has a share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID

from transition_exchange import security_log
from transition_exchange.exchange.errors import Busy
from transition_exchange.sealing import NoPlace, work_places
from transition_exchange.sealing.work_places import Pool


@contextmanager
def place_for_stranger(source: str, *, kib: int) -> Iterator[None]:
    """Hold a place for somebody whose browser is new here.

    Args:
        source: the network address, as `throttling.source_of` gives it. It holds a small share of the places at most.
        kib: the memory that the work needs.

    Raises:
        Busy: every place is taken, or the source holds its share already.
    """
    with _place("strangers", source, kib):
        yield


@contextmanager
def place_for(person_id: UUID, *, kib: int = 0) -> Iterator[None]:
    """Hold a place for somebody who is signed in, who was invited, or whose browser is known.

    Args:
        person_id: the person or the invitation. Each holds one place at most.
        kib: the memory that the work needs, if it may be more than that of one place.

    Raises:
        Busy: every place is taken, or this person holds one already.
    """
    with _place("own", str(person_id), kib):
        yield


@contextmanager
def _place(pool: Pool, source: str, kib: int) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(work_places.holding(pool=pool, source=source, kib=kib))
        except NoPlace:
            security_log.note_flood("sign_in.refused", reason="busy")
            raise Busy from None
        yield
