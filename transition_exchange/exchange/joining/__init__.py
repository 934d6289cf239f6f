"""How an area is founded, and how organisations and people join it."""
