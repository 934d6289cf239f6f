"""What the service deletes, and when."""
