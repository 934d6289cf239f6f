"""The sample area: invented people, organisations and learners, and how they come into a fresh database."""
