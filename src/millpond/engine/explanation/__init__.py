"""Follow rows of a table back to where they came from."""
