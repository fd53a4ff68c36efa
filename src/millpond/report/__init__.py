"""What people read: errors with their source line, live progress, the summary of an update."""
