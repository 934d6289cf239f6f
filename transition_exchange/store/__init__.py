"""The database: tables, migrations, where ciphertexts lie, and the chain of events. It knows rows only."""
