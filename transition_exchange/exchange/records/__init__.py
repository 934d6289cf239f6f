"""A record's sealed pieces as rows: parts, grants, revisions and cards, and the ledgers that lists are made from."""
