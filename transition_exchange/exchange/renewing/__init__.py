"""Making anew what an older key of a team sealed or signed."""
