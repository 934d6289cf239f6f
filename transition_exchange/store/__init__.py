"""The database: tables, migrations, ciphertexts and the chains of events. It knows rows only."""
