"""Fetch jars with the Ivy that pyspark ships, the way `spark-submit --packages` does."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from millpond.codes import JARS_UNAVAILABLE
from millpond.errors import MillpondError
from millpond.runtime.java import Java
from millpond.runtime.settings import spark_home
from millpond.runtime.trust import PASSWORD, certificates, write_trust_store

_TIME_LIMIT = 600  # seconds; a slow line may need minutes for 10 MB

_DISTRUST = "PKIX path building failed"  # what Java says of an authority it does not know

# Everything these jars name as a dependency: pyspark ships it, or it is not used. An exclusion
# holds for the named jars too, so it must not match them.
_EXCLUDED = (
    "org.*:*,com.fasterxml*:*,com.google*:*,com.github*:*,io.unitycatalog:*,io.airlift:*,"
    "javax.*:*,commons-*:*,io.delta:delta-kernel*"
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What Ivy brought.

    Attributes:
        folder: where the jars are, named `group_artifact-version.jar`.
        output: all that Ivy printed.
    """

    folder: Path
    output: str


@contextmanager
def resolved(
    coordinates: Sequence[str], java: Java, beside: Path, excluded: str | None = None
) -> Iterator[Fetched]:
    """Fetch jars into a folder that lives as long as the block.

    The folder is made in `beside`, so that a jar can be moved from it to there in one step.
    Ivy talks about every host it tries; that is kept in `output` and not shown.

    Args:
        excluded: `group:artifact` patterns of dependencies to leave; by default, Delta's.

    Raises:
        MillpondError: JARS_UNAVAILABLE when Java did not start or took longer than ten minutes.
    """
    print(f"Fetching {len(coordinates)} jars (once) ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=beside) as scratch:
        left_out = excluded or _EXCLUDED
        output = _run(coordinates, java, Path(scratch), left_out)
        trusted = certificates() if _DISTRUST in output else []
        if trusted:
            # Java has its own list of authorities; the system's may know one more (a proxy's).
            store = Path(scratch) / "trusted.jks"
            write_trust_store(store, trusted)
            output = _run(coordinates, java, Path(scratch), left_out, trust_options(store))
        yield Fetched(Path(scratch) / "jars", output)


def trust_options(store: Path) -> tuple[str, ...]:
    """The properties that make Java trust a key store's certificates and no others."""
    return (
        f"-Djavax.net.ssl.trustStore={store}",
        "-Djavax.net.ssl.trustStoreType=JKS",
        f"-Djavax.net.ssl.trustStorePassword={PASSWORD}",
    )


def _run(
    coordinates: Sequence[str],
    java: Java,
    scratch: Path,
    excluded: str,
    options: Sequence[str] = (),
) -> str:
    try:
        done = subprocess.run(
            _command(coordinates, java, scratch, excluded, options),
            env=_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_TIME_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MillpondError(
            JARS_UNAVAILABLE, jars=", ".join(coordinates), reason=str(error)
        ) from error
    return done.stdout


def _command(
    coordinates: Sequence[str],
    java: Java,
    scratch: Path,
    excluded: str,
    options: Sequence[str],
) -> list[str]:
    settings = {
        "spark.jars.ivy": str(scratch),
        "spark.jars.packages": ",".join(coordinates),
        "spark.jars.excludes": excluded,
    }
    if file := os.environ.get("MILLPOND_IVY_SETTINGS"):
        settings["spark.jars.ivySettings"] = str(Path(file).expanduser().absolute())
    # spark-submit fetches before it runs anything, and a class that prints a version line is
    # the least there is to run: no session, 3 s in all.
    return [
        str(java.executable),
        "-Xmx256m",
        *proxy_options(),
        *options,
        *shlex.split(os.environ.get("SPARK_SUBMIT_OPTS", "")),
        "-cp",
        str(spark_home() / "jars" / "*"),
        "org.apache.spark.deploy.SparkSubmit",
        *(word for pair in settings.items() for word in ("--conf", "=".join(pair))),
        "--class",
        "org.apache.hadoop.util.VersionInfo",
        "spark-internal",
    ]


def proxy_options() -> list[str]:
    """The system's proxies as Java's properties, since Java does not read `https_proxy`."""
    options = []
    for scheme in ("http", "https"):
        proxy = urlsplit(getproxies().get(scheme, ""))
        if proxy.hostname:
            options.append(f"-D{scheme}.proxyHost={proxy.hostname}")
            options.append(f"-D{scheme}.proxyPort={proxy.port or 80}")
    return options


def _environment() -> dict[str, str]:
    """The environment without what would point Java at another Spark or its settings."""
    dropped = ("SPARK_CONF_DIR", "SPARK_HOME", "PYSPARK_SUBMIT_ARGS")
    return {key: value for key, value in os.environ.items() if key not in dropped}
