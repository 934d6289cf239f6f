"""A school writes its records: drafts opened, saved, checked, and listed."""
