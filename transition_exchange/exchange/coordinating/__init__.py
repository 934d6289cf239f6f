"""What the council's NEET group and SEND team see and do: counts, lists, chasing, possible duplicates, settings.

Everything comes from the cards in their ledger and from plain rows; no section of a form is ever opened here.
"""
