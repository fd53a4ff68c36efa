"""What an update runs on, in words."""

from __future__ import annotations

from importlib.metadata import version

from millpond import __version__


def runtime_version() -> str:
    """Versions of Millpond, Spark and Delta, as in `millpond 1.0 (Spark 4.2.0, Delta 4.4.0)`."""
    return f"millpond {__version__} (Spark {version('pyspark')}, Delta {version('delta-spark')})"
