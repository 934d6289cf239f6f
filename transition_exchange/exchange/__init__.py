"""What people do: draft, release, receive, answer, chase. One module a deed.

Every function is keyword-only and takes the database and, where somebody acts, the actor with the
keys they opened by signing in. Rendering, encrypting and passphrase work happen outside transactions;
a write transaction only writes, and appends its one event last.
"""
