"""What makes one value right or wrong, and the code sets values come from; knows nothing of forms or versions."""

from . import code_sets, contact, identifiers
from .wrong import Wrong

__all__ = ["Wrong", "code_sets", "contact", "identifiers"]
