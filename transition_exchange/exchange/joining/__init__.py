"""How an area, its organisations and their people come in."""
