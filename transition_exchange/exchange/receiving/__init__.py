"""A provider's teams receive packs: listed, opened, downloaded, acknowledged."""
