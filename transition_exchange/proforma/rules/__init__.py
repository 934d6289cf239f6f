"""What makes one value right or wrong, and the code sets values come from; knows nothing of forms or versions."""

from __future__ import annotations

from transition_exchange.proforma.rules import contact, identifiers
from transition_exchange.proforma.rules.wrong import Wrong

__all__ = ["Wrong", "contact", "identifiers"]
