"""A school writes its records: it adds learners, and opens, saves and lists drafts."""
