"""Errors of reading and running pipeline source: Python files and notebooks."""

from __future__ import annotations

from millpond.codes.code import Code

# --- loading source ---------------------------------------------------------------------------

PYTHON_SYNTAX_ERROR = Code(
    "PYTHON_SYNTAX_ERROR",
    "this is not valid Python: {reason}",
    "Mend the syntax; the caret marks where Python stopped reading.",
)

PYTHON_SOURCE_UNREADABLE = Code(
    "PYTHON_SOURCE_UNREADABLE",
    "the Python source cannot be read: {reason}",
    "Pipeline source is text in UTF-8, or in the encoding that its first line declares.",
)

PYTHON_SOURCE_FAILED = Code(
    "PYTHON_SOURCE_FAILED",
    "the source file stopped with {error}",
    "The exception is raised by the code at this line.",
)

MODULE_NOT_FOUND = Code(
    "MODULE_NOT_FOUND",
    "no module named {module!r} can be imported",
    "A package: install it in the environment Millpond runs in. A file of yours: it must lie under"
    " the pipeline's root_path, {root}.",
)

# --- notebooks --------------------------------------------------------------------------------

NOTEBOOK_NOT_VALID = Code(
    "NOTEBOOK_NOT_VALID",
    "this is not a notebook: {reason}",
    "A .ipynb file is JSON with a list of cells; save it again from Databricks or Jupyter.",
)

RUN_MAGIC_NOT_VALID = Code(
    "RUN_MAGIC_NOT_VALID",
    "%run cannot be read: {reason}",
    'Write the path of a notebook, and its widgets if any: %run ./setup $schema="sales"',
)

RUN_NOTEBOOK_NOT_FOUND = Code(
    "RUN_NOTEBOOK_NOT_FOUND",
    "there is no notebook {path!r}",
    "A path is relative to the notebook that names it; looked for it (.py, .sql, .ipynb) from {folder}.",
)

RUN_NOTEBOOK_CYCLE = Code(
    "RUN_NOTEBOOK_CYCLE",
    "notebooks run each other in a circle: {cycle}",
    "Break the circle: move what both need into a notebook of its own.",
)

PACKAGE_NOT_INSTALLED = Code(
    "PACKAGE_NOT_INSTALLED",
    "the notebook asks for the package {package!r}, which is not installed here",
    "Millpond installs nothing by itself; run: pip install {requirement!r}",
)

PACKAGE_VERSION = Code(
    "PACKAGE_VERSION",
    "the notebook asks for {requirement!r}, and {package} {version} is installed",
    "Millpond installs nothing by itself; run: pip install {requirement!r}",
)

DBUTILS_NOT_SUPPORTED = Code(
    "DBUTILS_NOT_SUPPORTED",
    "{call} needs a Databricks workspace or cluster, and there is none here",
    "{advice}",
)

INPUT_WIDGET_NOT_DEFINED = Code(
    "INPUT_WIDGET_NOT_DEFINED",
    "no input widget named {name} is defined",
    "Define it with dbutils.widgets.text({name!r}, default), or set {name} in the pipeline's"
    " configuration.",
)

FS_PATH_NOT_FOUND = Code(
    "FS_PATH_NOT_FOUND",
    "java.io.FileNotFoundException: {path} does not exist",
    "Here it is {local}; put the data there, or correct the mapping in millpond.yml.",
)

FS_FAILED = Code(
    "FS_FAILED",
    "{call} failed at {path}: {reason}",
    "It is what dbutils.fs does on Databricks as well; see the path and the arguments.",
)

FS_WRITE_NOT_MAPPED = Code(
    "FS_WRITE_NOT_MAPPED",
    "{call} would change {path!r}, a path of this machine that millpond.yml does not give to source",
    "Add it under `paths:` in millpond.yml, with the local folder that source may change.",
)

SPARK_CONTEXT_NOT_AVAILABLE = Code(
    "SPARK_CONTEXT_NOT_AVAILABLE",
    "{name} does not exist on serverless compute, which this target asks for",
    "Use `spark`; RDDs and the Spark context are for classic compute.",
)
