"""A school sends its records: it plans, releases, delivers, follows and recalls them."""
