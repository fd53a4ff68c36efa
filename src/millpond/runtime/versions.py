"""What an update runs on, in words."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from millpond import __version__


def runtime_version(spark: str) -> str:
    """Versions of Millpond, Spark and Delta, as in `millpond 1.0 (Spark 4.2.0, Delta 4.4.0)`.

    Args:
        spark: the version of Spark that does the work. Delta's is not known to a client alone.
    """
    try:
        delta = f", Delta {version('delta-spark')}"
    except PackageNotFoundError:
        delta = ""
    return f"millpond {__version__} (Spark {spark}{delta})"
