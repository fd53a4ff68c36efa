"""Rules about the condition of a quarantine (reference 3.8)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from millpond.graph.static.declared import DeclaredExpectation
from millpond.lint.conditions import (
    identifiers,
    is_never_null,
    tokens_of,
)
from millpond.lint.finding import Finding, Severity
from millpond.lint.pipeline import DatasetFacts, Pipeline
from millpond.lint.python_source import PythonSource
from millpond.lint.rule import Category, Rule
from millpond.lint.sql_source import Query, SqlSource, SqlStatement
from millpond.sql.tokens import Token


class QuarantineLosesNulls(Rule):
    """A quarantine is the exact opposite of the rules, for NULL too.

    A rule over NULL is NULL, and so is `NOT (rule)`: such a row is dropped from the table and not
    put
    into the quarantine. `NOT coalesce(rule, false)` keeps it.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE quarantine_orders AS
    SELECT * FROM STREAM raw.orders WHERE NOT (amount > 0 AND id IS NOT NULL);
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE quarantine_orders AS
    SELECT * FROM STREAM raw.orders WHERE NOT coalesce(amount > 0 AND id IS NOT NULL, false);
    ```
    """

    code = "EX-10"
    severity = Severity.CRITICAL
    category = Category.EXPECTATIONS
    hint = "Write NOT coalesce(<rules>, false), or (<rules>) IS NOT TRUE."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """NOT and a bracket with comparisons in it, in a quarantine or as a flag of one."""
        for statement in source.statements:
            query = statement.query
            if query is None or statement.dataset is None:
                continue
            name = statement.dataset.name[-1].casefold()
            for index, token in enumerate(query.tokens[:-1]):
                if token.upper != "NOT" or query.tokens[index + 1].upper != "(":
                    continue
                group, after = _group(query, index + 1)
                flag = any("quarantin" in each.text.casefold() for each in after)
                guarded = index > 0 and _guarded(query, index)
                exact = is_never_null(group) or guarded
                if ("quarantin" in name or flag) and not exact:
                    message = "rows for which a rule is NULL are in neither table"
                    yield self.found(query.span(token, group[-1]), message)

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """`NOT(...)` around rules that are joined to a text."""
        pipeline = source.pipeline
        if pipeline is None:
            return
        for node in [*source.all(ast.JoinedStr), *source.all(ast.BinOp), *source.all(ast.Call)]:
            if _negates_rules(source, node) and not _minds_null(pipeline, source.file):
                at = source.span(node)
                yield self.found(at, "rows for which a rule is NULL are in neither table")


def _minds_null(pipeline: Pipeline, file: Path) -> bool:
    """Whether no rule of a file, or of the pipeline if it has none, can be NULL."""
    datasets = [each for each in pipeline.datasets if each.at.file == file]
    known = [e.condition for d in datasets for e in d.expectations if e.condition]
    rules = known or [e.condition for d in pipeline.datasets for e in d.expectations if e.condition]
    together = tokens_of(" AND ".join(f"({rule})" for rule in rules))
    each = all(is_never_null(tokens_of(rule)) for rule in rules)
    return bool(rules) and (each or is_never_null(together))


def _group(query: Query, opening: int) -> tuple[list[Token], tuple[Token, ...]]:
    depth = 0
    for index in range(opening, len(query.tokens)):
        word = query.tokens[index].upper
        depth += (word == "(") - (word == ")")
        if depth == 0:
            return list(query.tokens[opening : index + 1]), query.tokens[index + 1 : index + 3]
    return list(query.tokens[opening:]), ()


def _guarded(query: Query, index: int) -> bool:
    before = [token.upper for token in query.tokens[max(0, index - 2) : index]]
    return bool({"COALESCE", "IFNULL", "NVL"} & set(before)) and before[-1] == "("


def _negates_rules(source: PythonSource, node: ast.AST) -> bool:
    """`f"NOT({...})"`, `"NOT(" + ... + ")"` and `"NOT({})".format(...)` over joined rules."""
    first: ast.AST | None = None
    if isinstance(node, ast.JoinedStr) and len(node.values) > 1:
        first = node.values[0]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        first = node
        while isinstance(first, ast.BinOp):
            first = first.left
        if isinstance(source.parents.get(node), ast.BinOp):
            return False
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        first = node.func.value if node.func.attr == "format" else None
    text = first.value if isinstance(first, ast.Constant) else None
    if not isinstance(text, str) or not re.match(r"\s*NOT\s*\(", text, re.IGNORECASE):
        return False
    if re.search("coalesce|ifnull|nvl", ast.unparse(node), re.IGNORECASE):
        return False
    return not re.search(r"exists|\bin\b|\(\s*select", text, re.IGNORECASE) and _joins(source, node)


def _joins(source: PythonSource, node: ast.AST) -> bool:
    """Whether the text is about rules: a `" AND ".join`, or a name that says so."""
    around = ast.unparse(source.parents.get(node) or node).casefold()
    return "join(" in around or "rule" in around or "quarantin" in around


class QuarantineOverlooksRule(Rule):
    """A quarantine keeps what any of the rules drops.

    A rule that was added to the table and not to the quarantine drops rows that are kept nowhere.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (
      CONSTRAINT has_id EXPECT (id IS NOT NULL) ON VIOLATION DROP ROW,
      CONSTRAINT positive EXPECT (amount > 0) ON VIOLATION DROP ROW
    ) AS SELECT * FROM STREAM raw.orders;
    CREATE OR REFRESH STREAMING TABLE quarantine_orders
    AS SELECT * FROM STREAM raw.orders WHERE id IS NULL;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (
      CONSTRAINT has_id EXPECT (id IS NOT NULL) ON VIOLATION DROP ROW,
      CONSTRAINT positive EXPECT (amount > 0) ON VIOLATION DROP ROW
    ) AS SELECT * FROM STREAM raw.orders;
    CREATE OR REFRESH STREAMING TABLE quarantine_orders
    AS SELECT * FROM STREAM raw.orders WHERE id IS NULL OR NOT coalesce(amount > 0, false);
    ```
    """

    code = "EX-11"
    severity = Severity.CRITICAL
    category = Category.EXPECTATIONS
    hint = "Add the opposite of the rule to the quarantine's condition."

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Drop rules on columns that the condition of the only quarantine beside it leaves out."""
        for dataset in pipeline.datasets:
            dropped = dataset.dropping()
            if dataset.is_quarantine or not dropped:
                continue
            beside = [
                each
                for each in pipeline.datasets
                if each.is_quarantine and _same_inputs(each, dataset)
            ]
            statement = pipeline.statement_of(beside[0]) if len(beside) == 1 else None
            condition = _where(statement) if statement is not None else None
            if condition is None:
                continue
            named = identifiers(condition)
            for each in dropped:
                columns = identifiers(tokens_of(each.condition or ""))
                if columns and not columns & named and named & _columns_of(dropped):
                    message = f"rows that {each.name} drops are not in {beside[0].short}"
                    yield self.found(pipeline.condition_span(each), message)


def _same_inputs(one: DatasetFacts, other: DatasetFacts) -> bool:
    def places(dataset: DatasetFacts) -> set[object]:
        return {(read.name, read.path) for read in dataset.reads}

    return bool(places(one) & places(other))


def _columns_of(expectations: Iterable[DeclaredExpectation]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for each in expectations:
        found |= identifiers(tokens_of(each.condition or ""))
    return found


def _where(statement: SqlStatement) -> list[Token] | None:
    """The tokens behind the only WHERE of a query."""
    query = statement.query
    if query is None:
        return None
    places = [index for index, token in enumerate(query.tokens) if token.upper == "WHERE"]
    return list(query.tokens[places[0] + 1 :]) if len(places) == 1 else None


class QuarantineForgetsNull(Rule):
    """A quarantine that compares columns asks for NULL too.

    A row whose amount is NULL does not meet `amount > 0` and is dropped; `col("amount") <= 0` is
    NULL for it, so the quarantine does not take it either.

    **Anti-pattern**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @dp.table
    @dp.expect_or_drop("positive", "amount > 0")
    def orders():
        return spark.readStream.table("raw_orders")


    @dp.table
    def quarantine_orders():
        return spark.readStream.table("raw_orders").where(F.col("amount") <= 0)
    ```

    **Best practice**

    ```python
    from pyspark import pipelines as dp
    from pyspark.sql import functions as F


    @dp.table
    @dp.expect_or_drop("positive", "amount > 0")
    def orders():
        return spark.readStream.table("raw_orders")


    @dp.table
    def quarantine_orders():
        broken = F.col("amount").isNull() | (F.col("amount") <= 0)
        return spark.readStream.table("raw_orders").where(broken)
    ```
    """

    code = "EX-12"
    severity = Severity.CRITICAL
    category = Category.EXPECTATIONS
    hint = 'Add F.col("...").isNull() to the condition, or negate coalesce(<rule>, false).'

    def check_pipeline(self, pipeline: Pipeline) -> Iterable[Finding]:
        """Comparisons in a quarantine of columns that a rule beside it compares."""
        for quarantine in pipeline.datasets:
            if not quarantine.is_quarantine:
                continue
            rules = [
                each
                for dataset in pipeline.datasets
                if not dataset.is_quarantine and _same_inputs(quarantine, dataset)
                for each in dataset.dropping()
                if each.condition and not is_never_null(tokens_of(each.condition))
            ]
            for source, function in _functions_of(pipeline, quarantine):
                yield from self._in(source, function, rules)

    def _in(
        self, source: PythonSource, function: ast.AST, rules: list[DeclaredExpectation]
    ) -> Iterator[Finding]:
        text = ast.unparse(function)
        for compared in (n for n in ast.walk(function) if isinstance(n, ast.Compare)):
            column = _column(source, compared.left)
            if column is None or _asks_for_null(text, column):
                continue
            for rule in rules:
                if column.casefold() in identifiers(tokens_of(rule.condition or "")):
                    message = (
                        f"rows that {rule.name} drops because {column} is NULL are kept nowhere"
                    )
                    yield self.found(source.span(compared), message)
                    break


def _functions_of(
    pipeline: Pipeline, dataset: DatasetFacts
) -> Iterator[tuple[PythonSource, ast.AST]]:
    for flow in dataset.flows:
        for source in pipeline.python_at(flow.at.file):
            if flow.function is not None and flow.function in source.parents:
                yield source, flow.function


def _column(source: PythonSource, node: ast.expr) -> str | None:
    """The name in `col("name")`."""
    if isinstance(node, ast.Call) and source.column_function(node) in ("col", "column"):
        return source.text(node.args[0]) if node.args else None
    return None


def _asks_for_null(text: str, column: str) -> bool:
    """Whether a function tests this column for NULL, or minds NULL in another way."""
    name = re.escape(column)
    tested = rf"['\"]{name}['\"]\)\.is(Not)?Null|\b{name}\b\s+IS\s+(NOT\s+)?NULL"
    other = r"coalesce|ifnull|nvl|eqNullSafe|fillna|\.na\b"
    return bool(re.search(f"{tested}|{other}", text, re.IGNORECASE))
