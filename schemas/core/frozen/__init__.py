"""Sections that core/2026.1 and core/2027.1 have in common.

Both versions are agreed, so nothing here changes any more: what a later version does differently it declares in a
file of its own. `schemas/lock.json` holds what these files publish, and a test compares.
"""
