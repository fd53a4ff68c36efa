"""Errors of the pytest plugin."""

from __future__ import annotations

from millpond.codes.code import Code

TEST_PROJECT_NOT_FOUND = Code(
    "TEST_PROJECT_NOT_FOUND",
    "there is no databricks.yml in {folder} or above it",
    "Name the bundle, or a file or folder of source: pipeline.open(path), @pytest.mark.millpond(path),"
    " or `millpond_path` in pytest's settings.",
)
TEST_PIPELINE_CLOSED = Code(
    "TEST_PIPELINE_CLOSED",
    "the pipeline of a test is used after that test ended",
    "Take the `pipeline` fixture as an argument of each test, and keep nothing of it between tests.",
)
TEST_PIPELINE_OPENED_LATE = Code(
    "TEST_PIPELINE_OPENED_LATE",
    "pipeline.open is called after the pipeline was fed or run",
    "Open it first; a test has one pipeline.",
)
TEST_PIPELINE_NOT_RUN = Code(
    "TEST_PIPELINE_NOT_RUN",
    "the pipeline has not been run in this test",
    "Call pipeline.run() first.",
)
TEST_DATASET_UNKNOWN = Code(
    "TEST_DATASET_UNKNOWN",
    "{name!r} is no dataset of this pipeline{suggestion}",
    "Datasets of this pipeline: {known}.",
)
TEST_DATASET_WITHOUT_ROWS = Code(
    "TEST_DATASET_WITHOUT_ROWS",
    "{name} is defined, and has no table: {reason}",
    "Name it in pipeline.run(...); a temporary view that is named there is stored like a table.",
)
TEST_INPUT_RUN = Code(
    "TEST_INPUT_RUN",
    "{name} is to be run, and rows are fed in its place",
    "Feed what it reads instead, or run what reads it.",
)
TEST_INPUT_TOO_LATE = Code(
    "TEST_INPUT_TOO_LATE",
    "rows are fed to {name}, which the pipeline itself has filled already",
    "Feed it before the first run; what has read the table goes on from there.",
)
TEST_INPUT_NOT_READ = Code(
    "TEST_INPUT_NOT_READ",
    "rows are fed to {name}, which is no dataset of the pipeline and which nothing that ran reads{suggestion}",
    "Use the name that the source uses. Read here: {known}.",
)
TEST_INPUT_COLUMNS = Code(
    "TEST_INPUT_COLUMNS",
    "the rows fed to {name} have columns it does not have: {extra} (not given: {missing})",
    "Columns of {name}: {known}.",
)
TEST_INPUT_NOT_VALID = Code(
    "TEST_INPUT_NOT_VALID",
    "the rows fed to {name} are no frame: {reason}",
    'Give the columns and their types: pipeline.feed(name, rows, schema="id BIGINT, amount DOUBLE").',
)
TEST_PATH_NOT_VALID = Code(
    "TEST_PATH_NOT_VALID",
    "{path!r} is no path as pipeline source writes it",
    "Write it as in the source, such as /Volumes/main/default/landing/orders.json.",
)
TEST_SESSION_WITHOUT_DELTA = Code(
    "TEST_SESSION_WITHOUT_DELTA",
    "a Spark session without Delta is running in this process",
    "Let your own fixture return that of `millpond_spark`, or run these tests in a process of their own.",
)
