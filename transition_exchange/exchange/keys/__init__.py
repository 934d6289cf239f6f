"""Whose key may be believed, and the way from a person to their teams' keys."""
