"""`pyspark.sql.functions` as Databricks' runtime has it."""

from __future__ import annotations

import functools as tools
from typing import Any

from millpond.engine.evaluation import expressions

_EXPORTED = (
    "ArrayType",
    "Column",
    "DataType",
    "StringType",
    "StructType",
    "approxCountDistinct",
    "bitwiseNOT",
    "countDistinct",
    "shiftLeft",
    "shiftRight",
    "shiftRightUnsigned",
    "sumDistinct",
    "toDegrees",
    "toRadians",
)
"""What `import *` gives there, and open-source Spark has but leaves out of `__all__`."""


def install() -> None:
    """Change the module, once in the life of the process."""
    from pyspark.sql import functions
    from pyspark.sql.functions import builtin

    original = functions.input_file_name

    @tools.wraps(original)
    def input_file_name() -> Any:
        # Spark writes `dbfs:///x` there, Databricks `dbfs:/x`.
        name = functions.regexp_replace(original(), "^dbfs:///", "dbfs:/")
        return name.alias("input_file_name()")

    functions.input_file_name = builtin.input_file_name = input_file_name
    parsed = functions.expr

    @tools.wraps(parsed)
    def expr(str: str) -> Any:
        return parsed(expressions.alone(str))

    functions.expr = builtin.expr = expr
    for name in _EXPORTED:
        if not hasattr(functions, name):
            setattr(functions, name, getattr(builtin, name))
        if name not in functions.__all__:
            functions.__all__.append(name)
