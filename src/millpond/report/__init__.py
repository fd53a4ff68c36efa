"""What a person reads after an update."""
