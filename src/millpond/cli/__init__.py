"""The millpond command: one module a subcommand, nothing heavy imported until it runs."""
