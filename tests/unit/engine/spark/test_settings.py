"""What Spark's process is started with."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from millpond.engine.spark.settings import java_options
from millpond.runtime.java import find_java


def test_compiled_code_has_room(tmp_path: Path) -> None:
    """With one compiler alone Java reserves 48 MB, which one pipeline of twenty tables filled."""
    java = find_java().home / "bin" / "java"
    options = java_options([], tmp_path / "log4j2.properties").split()
    flags = subprocess.run(
        [java, *options, "-XX:+PrintFlagsFinal", "-version"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    reserved = re.search(r"ReservedCodeCacheSize\s*=\s*(\d+)", flags)
    assert reserved is not None
    assert int(reserved[1]) >= 256 * 1024**2
