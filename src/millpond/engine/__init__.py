"""Run an update: plain Structured Streaming on Delta."""
