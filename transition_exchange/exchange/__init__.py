"""What people do: write, send, receive, answer, chase. One module for each action.

Functions are keyword-only and check for themselves that the actor may do what they do. Rendering, encrypting and
passphrase work happen outside write transactions. One of those only writes, and appends its one event last.

These arguments mean the same everywhere, so docstrings don't repeat them:

    db: the database. The function opens its own transactions.
    session: the caller's open transaction.
    actor: who acts, with the team keys that their session opened.
    trust: the team keys that the actor's session trusts.
    now, today: the time and the date in England; the real ones if left out. Tests and the sample area set them.
    memory_kib: the memory that Argon2id uses for one try at a secret, in KiB.
"""
