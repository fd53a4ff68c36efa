"""A column of Spark Connect as SQL text, for statements that take no column objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import Column

_INFIX = {
    "==": "=",
    "<=>": "<=>",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
    "and": "AND",
    "or": "OR",
    "+": "+",
    "-": "-",
}
_TESTS = {"isNull": "IS NULL", "isnull": "IS NULL", "isNotNull": "IS NOT NULL"}


def column_text(column: str | Column) -> str:
    """A column as SQL; text is SQL already.

    Raises:
        NotImplementedError: for an expression that the engine's own conditions do not have.
    """
    return column if isinstance(column, str) else _text(column._expr)


def _text(expression: Any) -> str:
    from pyspark.sql.connect import expressions as kinds

    if isinstance(expression, kinds.SQLExpression):
        return f"({expression._expr})"
    if isinstance(expression, kinds.ColumnReference):
        return str(expression._unparsed_identifier)
    if isinstance(expression, kinds.ColumnAlias):
        return _text(expression._child)
    if isinstance(expression, kinds.CastExpression):
        kind = expression._data_type
        type_ = kind if isinstance(kind, str) else kind.simpleString()
        return f"CAST({_text(expression._expr)} AS {type_})"
    if isinstance(expression, kinds.LiteralExpression):
        return _literal(expression._value, expression._dataType)
    if isinstance(expression, kinds.UnresolvedFunction):
        return _call(expression._name, [_text(each) for each in expression._args])
    raise NotImplementedError(f"no SQL text for {expression!r}")


def _call(name: str, arguments: list[str]) -> str:
    if name in _INFIX:
        return f"({arguments[0]} {_INFIX[name]} {arguments[1]})"
    if name in _TESTS:
        return f"({arguments[0]} {_TESTS[name]})"
    if name in ("not", "!"):
        return f"(NOT {arguments[0]})"
    return f"{name}({', '.join(arguments)})"


def _literal(value: Any, kind: Any) -> str:
    """A literal of the type that it has; values are as Spark Connect keeps them."""
    type_ = kind.simpleString()
    if value is None:
        return f"CAST(NULL AS {type_})"
    if type_ == "string":
        text = str(value).replace("\\", "\\\\").replace("'", "\\'")
        return f"'{text}'"
    if type_ == "binary":
        return f"X'{bytes(value).hex()}'"
    if type_ == "date":
        return f"date_from_unix_date({value})"
    if type_.startswith("timestamp"):
        return f"CAST(timestamp_micros({value}) AS {type_})"
    if type_.startswith("decimal"):
        return f"{value:f}BD"
    return f"CAST('{value}' AS {type_})"
