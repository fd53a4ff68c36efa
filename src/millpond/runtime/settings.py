"""The Spark settings and environment that follow from the machine, not from the pipeline."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

from millpond.codes import PYSPARK_NOT_FOUND
from millpond.errors import MillpondError
from millpond.runtime.java import Java


def spark_home() -> Path:
    """The folder of the installed pyspark, found without importing it.

    Raises:
        MillpondError: PYSPARK_NOT_FOUND.
    """
    spec = importlib.util.find_spec("pyspark")
    if spec is None or not spec.submodule_search_locations:
        raise MillpondError(PYSPARK_NOT_FOUND)
    return Path(spec.submodule_search_locations[0])


def machine_settings(jars: Sequence[Path]) -> dict[str, str]:
    """The settings a session needs to find the jars and to write files fast.

    The jars go on the class path of the JVM itself, not into `spark.jars`: only then does the
    class-data archive cover them. The last three keep Hadoop from starting a shell for each
    file it writes; all three are needed for that (docs/decisions/0002).
    """
    return {
        "spark.driver.extraClassPath": os.pathsep.join(str(jar) for jar in jars),
        "spark.hadoop.fs.file.impl": "com.globalmentor.apache.hadoop.fs.BareLocalFileSystem",
        "spark.sql.streaming.checkpointFileManagerClass": (
            "org.apache.spark.sql.execution.streaming.checkpointing"
            ".FileSystemBasedCheckpointFileManager"
        ),
        "spark.delta.logStore.file.impl": "io.delta.storage.LocalLogStore",
    }


def machine_environment(java: Java) -> dict[str, str]:
    """The variables to set in the process that starts Spark.

    `SPARK_HOME` is set because one from elsewhere would start another Spark than pyspark's.
    """
    return {"JAVA_HOME": str(java.home), "SPARK_HOME": str(spark_home())}
