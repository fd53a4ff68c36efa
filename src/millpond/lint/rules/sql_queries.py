"""Rules about queries that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from millpond.lint.conditions import (
    unrepeatable,
)
from millpond.lint.finding import Finding, Severity
from millpond.lint.rule import Category, Rule
from millpond.lint.sql_source import Query, SqlSource
from millpond.sql.tokens import Token, TokenKind


class OrderInTable(Rule):
    """A table has no order.

    ORDER BY at the end of a stored query costs a shuffle, and its readers see any order; a stream
    cannot be sorted at all.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales AS
    SELECT shop, count(*) AS n FROM orders GROUP BY shop ORDER BY n DESC;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales AS
    SELECT shop, count(*) AS n FROM orders GROUP BY shop;
    ```
    """

    code = "SQ-06"
    severity = Severity.ADVICE
    category = Category.SQL
    hint = "Sort where the table is read; CLUSTER BY makes that cheap."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """ORDER BY outside of brackets and without LIMIT, in a query that is stored."""
        for statement in source.statements:
            query, dataset = statement.query, statement.dataset
            if query is None or dataset is None or dataset.kind.value == "VIEW":
                continue
            if query.streams:
                continue  # refused, which is another rule's business
            top = [(index, token) for index, token in query.depth_zero()]
            if any(token.upper == "LIMIT" for _, token in top):
                continue
            for index, token in top:
                after = query.tokens[index + 1] if index + 1 < len(query.tokens) else None
                if token.upper == "ORDER" and after is not None and after.upper == "BY":
                    yield self.found(
                        query.span(token, after), "the order is lost when the dataset is stored"
                    )


class PivotInSql(Rule):
    """A dataset has columns that are known before it runs.

    The PIVOT clause is not supported in pipelines.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales AS
    SELECT * FROM orders PIVOT (sum(amount) FOR year IN (2025, 2026));
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales AS
    SELECT sum(amount) FILTER (WHERE year = 2025) AS y2025,
           sum(amount) FILTER (WHERE year = 2026) AS y2026
    FROM orders;
    ```
    """

    code = "SQ-08"
    severity = Severity.REQUIRED
    category = Category.SQL
    hint = "Write an aggregate with FILTER for each column."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """PIVOT and a bracket in the query of a dataset."""
        for statement in source.statements:
            if statement.dataset is not None:
                for index in statement.phrases("PIVOT", "("):
                    at = statement.span(statement.tokens[index])
                    yield self.found(at, "pipelines do not support PIVOT")


class UnnamedColumn(Rule):
    """Every column of a materialized view has a name.

    An expression without an alias is refused, or called after its text, which readers have to
    quote.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales AS SELECT shop, count(*) FROM orders GROUP BY shop;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW sales AS
    SELECT shop, count(*) AS n FROM orders GROUP BY shop;
    ```
    """

    code = "SQ-09"
    severity = Severity.REQUIRED
    category = Category.SQL
    hint = "Add AS <name>."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """Calls that are a whole item of the select list of a stored query."""
        for statement in source.statements:
            query, dataset = statement.query, statement.dataset
            if query is None or dataset is None or dataset.schema or dataset.column_comments:
                continue
            if query.tokens and query.tokens[0].upper == "SELECT":
                for first, last in _items(query):
                    called = last.upper == ")" and first.kind is TokenKind.WORD
                    if called and _is_call(query, first, last):
                        yield self.found(query.span(first, last), "this column has no name")


def _items(query: Query) -> Iterator[tuple[Token, Token]]:
    """The first and last token of each item of the first select list."""
    depth = 0
    item: list[Token] = []
    for token in query.tokens[1:]:
        depth += (token.upper in ("(", "[")) - (token.upper in (")", "]"))
        if depth == 0 and token.upper in (",", "FROM"):
            if item:
                yield item[0], item[-1]
            item = []
            if token.upper == "FROM":
                return
        else:
            item.append(token)


_NAMES_ITSELF = frozenset(
    {"CAST", "TRY_CAST", "EXPLODE", "EXPLODE_OUTER", "INLINE", "POSEXPLODE", "STACK", "STRUCT"}
)
"""CAST keeps the name of its column; generators name their columns."""


def _is_call(query: Query, first: Token, last: Token) -> bool:
    """Whether the tokens from `first` to `last` are one call and nothing else."""
    start, end = query.tokens.index(first), query.tokens.index(last)
    if end <= start or query.tokens[start + 1].upper != "(" or first.upper in _NAMES_ITSELF:
        return False
    depth = 0
    for index in range(start + 1, end + 1):
        word = query.tokens[index].upper
        depth += (word == "(") - (word == ")")
        if depth == 0:
            return index == end
    return False


class NotInSubquery(Rule):
    """Rows that are not in another table are found by NOT EXISTS.

    `NOT IN (SELECT ...)` keeps no row at all as soon as the subquery gives one NULL.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW kept AS
    SELECT * FROM orders WHERE id NOT IN (SELECT order_id FROM returned);
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW kept AS
    SELECT * FROM orders AS o
    WHERE NOT EXISTS (SELECT 1 FROM returned AS r WHERE r.order_id = o.id);
    ```
    """

    code = "SQ-12"
    severity = Severity.ADVICE
    category = Category.SQL
    hint = "Write NOT EXISTS, or LEFT ANTI JOIN."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """NOT IN and a SELECT in brackets."""
        for statement in source.statements:
            for index in statement.phrases("NOT", "IN", "(", "SELECT"):
                at = statement.span(statement.tokens[index], statement.tokens[index + 1])
                yield self.found(at, "one NULL in the subquery, and no row is kept")


class UnrepeatableView(Rule):
    """A materialized view is computed from its inputs alone.

    With the current time or a random number no refresh can be incremental: every row is written
    again each time.

    **Anti-pattern**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders_seen AS
    SELECT *, current_timestamp() AS seen_at FROM orders;
    ```

    **Best practice**

    ```sql
    CREATE OR REFRESH MATERIALIZED VIEW orders_seen AS
    SELECT *, ingested_at AS seen_at FROM orders;
    ```
    """

    code = "SQ-13"
    severity = Severity.ADVICE
    category = Category.SQL
    hint = "Take the time from a column, or add it in the streaming table before."

    def check_sql(self, source: SqlSource) -> Iterable[Finding]:
        """The first such function in the query of a materialized view."""
        for statement in source.statements:
            query, dataset = statement.query, statement.dataset
            if query is None or dataset is None or dataset.kind.value != "MATERIALIZED_VIEW":
                continue
            word = next(unrepeatable(query.tokens), None)
            if word is not None:
                at = query.span(word)
                yield self.found(at, f"with {word.text} every refresh writes all rows again")
