"""A provider's teams receive packs: they list, open, download and acknowledge them."""
