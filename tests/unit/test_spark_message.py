"""What Spark's exceptions say, as Spark builds them."""

from __future__ import annotations

import pytest
from pyspark.errors import AnalysisException, PySparkException

from millpond.spark_message import hint, named, one_line, subject


class Told(PySparkException):
    """An exception with a condition and parameters, as one from the JVM has them."""

    def __init__(self, condition: str, **parameters: str) -> None:
        self._told = condition, parameters

    def getCondition(self) -> str:  # noqa: N802
        return self._told[0]

    def getMessageParameters(self) -> dict[str, str]:  # noqa: N802
        return self._told[1]


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("[A.B] No `x` here. SQLSTATE: 42703; line 1 pos 3;\n'Project", "No `x` here."),
        ("no condition", "no condition."),
        ("", "."),
    ],
)
def test_one_line(message: str, line: str) -> None:
    assert one_line(message) == line


def test_the_name_it_is_about() -> None:
    assert subject(Told("UNRESOLVED_COLUMN", objectName="`t`.`amount`")) == "t.amount"
    assert subject(Told("PARSE_SYNTAX_ERROR", error="'BY'")) == "BY"
    assert subject(AnalysisException("no parameters")) == ""
    assert subject(ValueError("not Spark's")) == ""


def test_what_to_do_about_a_setting_that_is_missing() -> None:
    missing = Told("SQL_CONF_NOT_FOUND", sqlConf='"shop.region"')
    assert "--set shop.region=VALUE" in str(hint(missing))


def test_what_to_do_about_anything_else_is_said_in_general() -> None:
    assert hint(Told("UNRESOLVED_COLUMN", objectName="`a`")) is None
    assert hint(ValueError("not Spark's")) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`file:/home/me/.millpond/dev/tables/main/default/orders/0` is", "main.default.orders is"),
        ("delta.`/a/tables/main/my%20schema/o%2Ex/12` is", "main.my schema.o.x is"),
        ("file:///a/tables/m/d/orders/3/part-0.parquet, next", "m.d.orders, next"),
        ("dbfs:/Volumes/m/d/tables/x is", "dbfs:/Volumes/m/d/tables/x is"),
    ],
)
def test_a_table_is_told_by_its_name(text: str, shown: str) -> None:
    assert named(text) == shown


def test_a_function_that_is_not_found_is_told_without_where_spark_looks() -> None:
    message = "[UNRESOLVED_ROUTINE] Cannot resolve routine `f` on search path [`system`.`builtin`]."
    assert one_line(message) == "Cannot resolve routine `f`."
    assert "spark.udf.register('f', ...)" in str(hint(Told("UNRESOLVED_ROUTINE", routineName="f")))
