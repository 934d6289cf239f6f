"""Organisations as their own people and the council see them."""
