"""The millpond command."""


def main() -> None:
    """Start the command line."""
