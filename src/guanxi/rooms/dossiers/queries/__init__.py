"""What this room asks of its tables."""
