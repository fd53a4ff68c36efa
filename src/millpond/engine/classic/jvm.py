"""Plans of Catalyst, read and made in Spark's own process."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from millpond.definitions import quoted

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class Jvm:
    """The constructors and questions that a walk over a plan needs."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        jvm: Any = session._jvm
        self._jvm = jvm
        self._expressions = jvm.org.apache.spark.sql.catalyst.expressions
        self._logical = jvm.org.apache.spark.sql.catalyst.plans.logical
        self._none = jvm.scala.Option.empty()

    def each(self, sequence: Any) -> Iterator[Any]:
        """The members of a Scala sequence."""
        for index in range(sequence.size()):
            yield sequence.apply(index)

    def id(self, attribute: Any) -> int:
        """What tells an attribute from all others of the session."""
        return int(attribute.exprId().id())

    def is_of_several_rows(self, expression: Any) -> bool:
        """Whether it is an aggregate, a window function or a subquery, or has one in it."""
        return bool(
            self._expressions.aggregate.AggregateExpression.containsAggregate(expression)
            or self._expressions.WindowExpression.hasWindowExpression(expression)
            or self._expressions.SubqueryExpression.hasSubquery(expression)
        )

    def alias(self, expression: Any, name: str, id: Any = None) -> Any:
        """An expression with a name, and with an identity of its own unless one is given."""
        key = self._expressions.NamedExpression.newExprId() if id is None else id
        return self._expressions.Alias(
            expression, name, key, self._seq([]), self._none, self._seq([])
        )

    def project(self, expressions: Sequence[Any], child: Any) -> Any:
        """SELECT these."""
        return self._logical.Project(self._seq(expressions), child)

    def filter(self, condition: Any, child: Any) -> Any:
        """WHERE this."""
        return self._logical.Filter(condition, child)

    def generate(self, node: Any, output: Sequence[Any], child: Any) -> Any:
        """The same generator over another child, all of whose columns are kept."""
        return self._logical.Generate(
            node.generator(),
            self._seq([]),
            node.outer(),
            node.qualifier(),
            self._seq(output),
            child,
        )

    def expand(
        self, projections: Sequence[Sequence[Any]], output: Sequence[Any], child: Any
    ) -> Any:
        """Each row once for each projection."""
        rows = self._seq([self._seq(each) for each in projections])
        return self._logical.Expand(rows, self._seq(output), child)

    def frame(self, plan: Any) -> DataFrame:
        """The frame of a plan."""
        from pyspark.sql.classic.dataframe import DataFrame

        dataset = self._jvm.org.apache.spark.sql.classic.Dataset
        return DataFrame(dataset.ofRows(self._session._jsparkSession, plan), self._session)

    def with_file(self, plan: Any) -> tuple[Any, Any]:
        """A plan and, if it reads files, its column with the path of each row's file."""
        if any(_is_delta(leaf) for leaf in self.each(plan.collectLeaves())):
            return plan, None
        offered = [*self.each(plan.output()), *self.each(plan.metadataOutput())]
        if not any(str(each.name()) == "_metadata" for each in offered):
            return plan, None
        frame = self.frame(plan).select("*", "_metadata.file_path")
        found: Any = frame._jdf.queryExecution().analyzed()
        return found, list(self.each(found.output()))[-1]

    def as_table(self, stream: Any) -> Any:
        """What a stream of files or of a table reads, all of it; None if it has no path."""
        from pyspark.sql import functions as F
        from pyspark.sql.types import StructType

        source = stream.dataSource()
        options = dict(self._jvm.scala.jdk.javaapi.CollectionConverters.asJava(source.options()))
        path = options.pop("path", None)
        if path is None:
            return None
        reader = self._session.read.format(str(source.className())).options(**options)
        schema = StructType.fromJson(json.loads(stream.schema().json()))
        columns = [each for each in schema.fields if each.name != "_metadata"]
        if str(source.className()).casefold() != "delta":
            reader = reader.schema(StructType(columns))
        names = [str(each.name()) for each in self.each(stream.output())]
        frame = reader.load(path).select(*(F.col(quoted(name)) for name in names))
        table: Any = frame._jdf.queryExecution().analyzed()
        pairs = zip(self.each(table.output()), self.each(stream.output()), strict=True)
        aliases = [self.alias(one, str(other.name()), other.exprId()) for one, other in pairs]
        return self.project(aliases, table)

    def _seq(self, members: Sequence[Any]) -> Any:
        return self._jvm.org.apache.spark.api.python.PythonUtils.toSeq(list(members))


def _is_delta(leaf: Any) -> bool:
    """Whether a relation is of a Delta table, whose files are no concern of its readers."""
    if str(leaf.getClass().getSimpleName()) != "LogicalRelation":
        return False
    return str(leaf.relation().getClass().getName()).startswith("org.apache.spark.sql.delta.")
