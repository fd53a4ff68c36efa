"""The retail flows as plain Structured Streaming and Delta, without Millpond's engine."""
