"""A school sends its records: planned, released, delivered, followed, taken back."""
