"""The sample area in a database: its people join, its schools write and send, its providers open and ask."""
