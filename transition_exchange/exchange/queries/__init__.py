"""Questions about a pack, between the team that received it and the one that wrote it."""
