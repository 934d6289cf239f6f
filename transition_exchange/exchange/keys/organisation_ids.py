"""The id of an organisation, which follows from its area and the name under which it was invited.

Callers compare names over the telephone, and what is signed holds ids. So an id tells by itself under which name its
organisation was founded, and no row has to be believed for that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import count
from uuid import UUID

from transition_exchange.sealing.encoding import canonical

ALIKE = 50
"""How many organisations of an area may have been founded under one name, one after the other."""


def new_organisation_id(area_id: UUID, name: str, *, taken: Callable[[UUID], bool] = lambda _: False) -> UUID:
    """The id of an organisation that is founded under a name.

    Args:
        area_id: its area.
        name: the name, composed as it is stored.
        taken: whether there is an organisation with an id already: one that was called so and is called otherwise now.
    """
    return next(found for number in count() if not taken(found := _id_of(area_id, name, number)))


def is_founded_as(organisation_id: UUID, *, area_id: UUID, name: str) -> bool:
    """Whether an organisation of an area was founded under a name. Nobody can find another name for an id."""
    return any(organisation_id == _id_of(area_id, name, number) for number in range(ALIKE))


def _id_of(area_id: UUID, name: str, number: int) -> UUID:
    digest = hashlib.sha256(
        canonical({"area": str(area_id), "founded_as": name, "number": number}).encode()
    ).digest()
    return UUID(bytes=digest[:16], version=5)
