"""Rules about old and misleading words in SQL, with their fixes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from millpond.lint.finding import Finding, Severity
from millpond.lint.python_source import PythonSource
from millpond.lint.rule import Category, Rule, replacing
from millpond.lint.sql_source import SqlSource


class LiveLeftOver(Rule):
    """Datasets are read by their names, without LIVE.

    `LIVE` is the schema of the legacy publishing mode; today it is ignored, and as the qualifier
    of a
    column it is an error.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales AS SELECT count(*) AS n FROM LIVE.orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales AS SELECT count(*) AS n FROM orders;
    ```
    """

    code = "SQ-01"
    severity = Severity.REQUIRED
    category = Category.SQL
    hint = "Write the name alone."
    fixable = True

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """`LIVE.` in front of a name, except behind a dot."""
        for statement in source.statements:
            for index in statement.phrases("LIVE", "."):
                if index and statement.tokens[index - 1].upper == ".":
                    continue
                at = statement.span(statement.tokens[index], statement.tokens[index + 1])
                fix = replacing(at, "", "Remove LIVE.")
                yield self.found(at, "LIVE. is left over from the legacy publishing mode", fix=fix)

    def check_python(self, source: PythonSource) -> Iterable[Finding]:
        """Names that begin with `LIVE.` in reads."""
        for node in source.all(ast.Constant):
            text = node.value if isinstance(node.value, str) else ""
            parent = source.parents.get(node)
            if not re.fullmatch(r"LIVE\.\w+", text, re.IGNORECASE) or not isinstance(
                parent, ast.Call
            ):
                continue
            written = source.written(node)
            fix = replacing(
                source.span(node), re.sub(r"(?i)\bLIVE\.", "", written, count=1), "Remove LIVE."
            )
            message = "LIVE. is left over from the legacy publishing mode"
            yield self.found(source.span(node), message, fix=fix)


class LegacyCreate(Rule):
    """Datasets are created in today's words.

    `CREATE LIVE TABLE` is a materialized view, `STREAMING LIVE TABLE` a streaming table, `LIVE
    VIEW` a
    temporary view.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH LIVE TABLE sales AS SELECT count(*) AS n FROM orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales AS SELECT count(*) AS n FROM orders;
    ```
    """

    code = "SQ-02"
    severity = Severity.REQUIRED
    category = Category.DEPRECATED
    hint = "Write {words}."
    fixable = True

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """`LIVE` and `INCREMENTAL` between CREATE and the name."""
        for statement in source.statements:
            for words, modern in _MODERN.items():
                index = next(statement.phrases(*words), None)
                if index is None or index > 4 or statement.tokens[0].upper != "CREATE":
                    continue
                at = statement.span(
                    statement.tokens[index], statement.tokens[index + len(words) - 1]
                )
                fix = replacing(at, modern, f"Write {modern}")
                message = f"{' '.join(words)} is the old name of {modern}"
                yield self.found(at, message, hint=self.hint.format(words=modern), fix=fix)
                break


_MODERN = {
    ("TEMPORARY", "STREAMING", "LIVE", "VIEW"): "TEMPORARY VIEW",
    ("TEMPORARY", "LIVE", "VIEW"): "TEMPORARY VIEW",
    ("TEMPORARY", "STREAMING", "LIVE", "TABLE"): "PRIVATE STREAMING TABLE",
    ("TEMPORARY", "LIVE", "TABLE"): "PRIVATE MATERIALIZED VIEW",
    ("TEMPORARY", "STREAMING", "TABLE"): "PRIVATE STREAMING TABLE",
    ("STREAMING", "LIVE", "TABLE"): "STREAMING TABLE",
    ("INCREMENTAL", "LIVE", "TABLE"): "STREAMING TABLE",
    ("STREAMING", "LIVE", "VIEW"): "TEMPORARY VIEW",
    ("INCREMENTAL", "LIVE", "VIEW"): "TEMPORARY VIEW",
    ("LIVE", "TABLE"): "MATERIALIZED VIEW",
    ("LIVE", "VIEW"): "TEMPORARY VIEW",
}
"""Longer phrases first: each holds some of those below it."""


class OrReplace(Rule):
    """Datasets are created or refreshed, not replaced.

    `OR REPLACE` is accepted and means `OR REFRESH`: nothing is replaced.

    **Anti-pattern**

    ```sql
    CREATE OR REPLACE MATERIALIZED VIEW sales AS SELECT count(*) AS n FROM orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales AS SELECT count(*) AS n FROM orders;
    ```
    """

    code = "SQ-03"
    severity = Severity.ADVICE
    category = Category.SQL
    hint = "Write OR REFRESH."
    fixable = True

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """OR REPLACE in front of a streaming table or materialized view."""
        for statement in source.statements:
            kind = statement.dataset.kind.value if statement.dataset is not None else ""
            index = next(statement.phrases("OR", "REPLACE"), None)
            if kind in ("STREAMING_TABLE", "MATERIALIZED_VIEW") and index == 1:
                at = statement.span(statement.tokens[2])
                fix = replacing(at, "REFRESH", "Write OR REFRESH")
                yield self.found(at, "nothing is replaced here", fix=fix)


class ApplyChangesInSql(Rule):
    """Changes are applied by AUTO CDC.

    `APPLY CHANGES INTO` is the old name of `CREATE FLOW ... AS AUTO CDC INTO`. The flow's name is
    its
    checkpoint's: keep that of the target when you rewrite a pipeline that runs.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    APPLY CHANGES INTO customers FROM STREAM raw.changes KEYS (id) SEQUENCE BY changed_at;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE customers (CONSTRAINT has_id EXPECT (id IS NOT NULL));
    CREATE FLOW customers AS AUTO CDC INTO customers
    FROM STREAM raw.changes KEYS (id) SEQUENCE BY changed_at;
    ```
    """

    code = "SQ-04"
    severity = Severity.ADVICE
    category = Category.DEPRECATED
    hint = "Write CREATE FLOW <target> AS AUTO CDC INTO <target>."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Statements that begin with APPLY CHANGES."""
        for statement in source.statements:
            if next(statement.phrases("APPLY", "CHANGES"), None) == 0:
                at = statement.span(statement.tokens[0], statement.tokens[1])
                yield self.found(at, "APPLY CHANGES is the old name of AUTO CDC")


class CloudFilesFunction(Rule):
    """Files are read by read_files.

    `cloud_files(path, format, map(...))` is the old form of `STREAM read_files(path, ...)`.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM cloud_files('${landing}/orders', 'json');
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH STREAMING TABLE orders (CONSTRAINT has_id EXPECT (id IS NOT NULL))
    AS SELECT * FROM STREAM read_files('${landing}/orders', format => 'json');
    ```
    """

    code = "SQ-05"
    severity = Severity.ADVICE
    category = Category.DEPRECATED
    hint = "Write STREAM read_files(path, format => '...')."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Calls of the function."""
        for statement in source.statements:
            for index in statement.phrases("CLOUD_FILES", "("):
                at = statement.span(statement.tokens[index])
                yield self.found(at, "cloud_files is the old form of read_files")
