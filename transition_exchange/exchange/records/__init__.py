"""A record's sealed pieces as rows: parts, grants, revisions, cards, and the lists made of them."""
